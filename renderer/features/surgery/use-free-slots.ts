import type { Schedule, Slot } from '@medplum/fhirtypes';
import { parseForView } from '../../../domain/fhir/exact-json.ts';
import { formatCivilDate } from '../../../domain/fhir/civil-date.ts';
import { localDayOf } from '../../../domain/fhir/local-time.ts';
import { parseReference } from '../../../domain/fhir/reference.ts';
import { useBagQuery } from '../bag/index.ts';

export interface FreeSlot {
  readonly id: string;
  readonly start: string;
  readonly end: string;
  readonly minutes: number;
  readonly practitioner: { readonly id: string; readonly name: string };
}

/** What is still free on a day in the data here. Two bookings of one slot made apart are both kept and shown. */
export function useFreeSlots(day: string): readonly FreeSlot[] | undefined {
  return useBagQuery(
    `slots ${day}`,
    async (bag) => {
      const [agenda, resources] = await Promise.all([
        bag.appointments(day),
        bag.shared(['Slot', 'Schedule']),
      ]);
      const parsed = resources.map(({ text }) => parseForView(text) as Slot | Schedule);
      const taken = new Set(
        agenda.lines
          .filter((line) => line.appointment.status !== 'cancelled')
          .flatMap((line) => line.appointment.slots),
      );
      const practitioners = new Map<string, FreeSlot['practitioner']>(
        parsed.flatMap((one) => {
          if (one.resourceType !== 'Schedule') return [];
          const actor = one.actor.find(
            (reference) => parseReference(reference.reference)?.type === 'Practitioner',
          );
          const id = parseReference(actor?.reference)?.id;
          return id === undefined
            ? []
            : [
                [
                  `Schedule/${one.id ?? ''}`,
                  { id, name: actor?.display ?? one.comment?.replace(/^Surgery of /, '') ?? 'Clinician' },
                ] as const,
              ];
        }),
      );
      return parsed
        .flatMap((slot): FreeSlot[] => {
          if (slot.resourceType !== 'Slot' || slot.status !== 'free' || taken.has(`Slot/${slot.id ?? ''}`))
            return [];
          const on = localDayOf(slot.start);
          const practitioner = practitioners.get(slot.schedule.reference ?? '');
          if (!on || formatCivilDate(on) !== day || !practitioner || slot.id === undefined) return [];
          const minutes = Math.round((Date.parse(slot.end) - Date.parse(slot.start)) / 60_000);
          return [{ id: slot.id, start: slot.start, end: slot.end, minutes, practitioner }];
        })
        .sort((left, right) => left.start.localeCompare(right.start));
    },
    (notice) => notice.kind === 'agenda',
  ).value;
}
