import type { Schedule, Slot } from '@medplum/fhirtypes';
import { parseForView } from '../../../domain/fhir/exact-json.ts';
import { formatCivilDate } from '../../../domain/fhir/civil-date.ts';
import { localDayOf } from '../../../domain/fhir/local-time.ts';
import { parseReference } from '../../../domain/fhir/reference.ts';
import { useBagQuery } from '../bag/index.ts';

export interface FreeSlot {
  readonly id: string;
  /** `YYYY-MM-DD` in England. */
  readonly day: string;
  readonly start: string;
  readonly end: string;
  readonly minutes: number;
  readonly practitioner: { readonly id: string; readonly name: string };
}

/** Every place of the book that is free in the data here, in order of time; those of a day that is chosen: {@link useTakenSlots}. */
export function useFreeSlots(): readonly FreeSlot[] | undefined {
  return useBagQuery(
    'free slots',
    async (bag) => {
      const resources = await bag.shared(['Slot', 'Schedule']);
      return freeSlotsOf(resources.map(({ text }) => parseForView(text) as Slot | Schedule));
    },
    (notice) => notice.kind === 'shared',
  ).value;
}

/** Slots that a booking of the day has taken here already; two bookings of one slot made apart are both kept and shown. */
export function useTakenSlots(day: string): ReadonlySet<string> | undefined {
  return useBagQuery(
    `taken slots ${day}`,
    async (bag) => {
      const { lines } = await bag.appointments(day);
      const stand = lines.filter(({ appointment }) => appointment.status !== 'cancelled');
      return new Set(stand.flatMap(({ appointment }) => appointment.slots));
    },
    (notice) => notice.kind === 'agenda',
  ).value;
}

/** Free slots of the practice's schedules, each with whose it is. */
export function freeSlotsOf(resources: readonly (Slot | Schedule)[]): readonly FreeSlot[] {
  const practitioners = new Map<string, FreeSlot['practitioner']>(
    resources.flatMap((one) => {
      const practitioner = one.resourceType === 'Schedule' ? practitionerOf(one) : null;
      return practitioner ? [[`Schedule/${one.id ?? ''}`, practitioner] as const] : [];
    }),
  );
  return resources
    .flatMap((slot): FreeSlot[] => {
      if (slot.resourceType !== 'Slot' || slot.status !== 'free' || slot.id === undefined) return [];
      const day = localDayOf(slot.start);
      const practitioner = practitioners.get(slot.schedule.reference ?? '');
      if (!day || !practitioner) return [];
      const minutes = Math.round((Date.parse(slot.end) - Date.parse(slot.start)) / 60_000);
      const { id, start, end } = slot;
      return [{ id, day: formatCivilDate(day), start, end, minutes, practitioner }];
    })
    .toSorted((left, right) => Date.parse(left.start) - Date.parse(right.start));
}

function practitionerOf(schedule: Schedule): FreeSlot['practitioner'] | null {
  const actor = schedule.actor.find(
    (reference) => parseReference(reference.reference)?.type === 'Practitioner',
  );
  const id = parseReference(actor?.reference)?.id;
  const name = actor?.display ?? schedule.comment?.replace(/^Surgery of /, '') ?? 'Clinician';
  return id === undefined ? null : { id, name };
}

export const ANYBODY = '';

export interface SlotChoice {
  readonly clinicians: readonly FreeSlot['practitioner'][];
  /** The chosen one's, or {@link ANYBODY}. */
  readonly clinicianId: string;
  /** Days with a free place of that clinician, soonest first. */
  readonly days: readonly string[];
  readonly day: string;
  readonly slots: readonly FreeSlot[];
}

/**
 * What may be booked now: nothing that has begun, one clinician's places and one day's.
 * @param wanted what was chosen; the preferred clinician and day stand where nothing was
 */
export function slotChoice(
  free: readonly FreeSlot[],
  wanted: {
    readonly clinicianId: string | null;
    readonly day: string | null;
    readonly preferred: { readonly clinicianId: string; readonly day: string };
    readonly taken: ReadonlySet<string>;
    /** ISO 8601 */
    readonly now: string;
  },
): SlotChoice {
  const ahead = free.filter(({ start }) => Date.parse(start) > Date.parse(wanted.now));
  const clinicians = [...new Map(ahead.map(({ practitioner }) => [practitioner.id, practitioner])).values()];
  const asked = wanted.clinicianId ?? wanted.preferred.clinicianId;
  const clinicianId = clinicians.some(({ id }) => id === asked) ? asked : ANYBODY;
  const theirs = ahead.filter(
    ({ practitioner }) => clinicianId === ANYBODY || practitioner.id === clinicianId,
  );
  const days = [...new Set(theirs.map(({ day }) => day))];
  const from = wanted.day ?? wanted.preferred.day;
  const day = days.find((one) => one >= from) ?? days.at(-1) ?? from;
  const slots = theirs.filter((slot) => slot.day === day && !wanted.taken.has(`Slot/${slot.id}`));
  return { clinicians, clinicianId, days, day, slots };
}
