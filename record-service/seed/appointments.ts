import type { Appointment, Schedule, Slot } from '@medplum/fhirtypes';
import { addDays, compareCivilDates, dayOfWeek, formatCivilDate } from '../../domain/fhir/civil-date.ts';
import type { CivilDate } from '../../domain/fhir/civil-date.ts';
import { VISIT_TIME_URLS } from '../../domain/record/agenda.ts';
import { momentOf } from './clock.ts';
import { demoOrganisation, demoStaff } from './demo-practice.ts';
import type { DemoRole, DemoStaff } from './demo-practice.ts';
import type { Person } from './people.ts';
import { staffReference } from './record-writer.ts';
import { chanceOf } from './random.ts';

/** Minutes of one appointment, and of one place in a session. */
const LENGTH = 10;

export interface BookedPlace {
  readonly slotId: string;
  readonly appointmentId: string;
  readonly day: CivilDate;
  readonly minutes: number;
  readonly staff: DemoStaff;
  /** Number of the person booked; undefined for a place still free. */
  readonly person: number | undefined;
}

interface Session {
  readonly staff: DemoRole;
  readonly from: number;
  readonly places: number;
  /** Days of the week that it is held on: 1 Monday to 5 Friday. */
  readonly on: readonly number[];
}

const SESSIONS: readonly Session[] = [
  { staff: 'gp', from: 8 * 60 + 30, places: 18, on: [1, 2, 3, 4, 5] },
  { staff: 'gp', from: 14 * 60, places: 17, on: [1, 2, 4, 5] },
  { staff: 'nurse', from: 8 * 60 + 30, places: 18, on: [1, 2, 3, 4, 5] },
  { staff: 'nurse', from: 13 * 60 + 30, places: 15, on: [1, 3, 4] },
  { staff: 'locum', from: 9 * 60, places: 16, on: [1, 3, 5] },
  { staff: 'locum', from: 14 * 60, places: 15, on: [3, 5] },
];

/**
 * The book around today: sessions of ten-minute places, most of them booked. On a weekend's `today` the surgery is
 * held all the same, as on a Monday, so that a demonstration always has a list.
 */
export function bookAround(
  seed: number,
  people: number,
  today: CivilDate,
  days: number,
  idOf: (name: string) => string,
): readonly BookedPlace[] {
  const places: BookedPlace[] = [];
  for (let offset = -days; offset <= days; offset += 1) {
    const day = addDays(today, offset);
    const weekday = dayOfWeek(day);
    const held = offset === 0 && (weekday === 0 || weekday === 6) ? 1 : weekday;
    const chance = chanceOf(seed, `book ${formatCivilDate(day)}`);
    const seen = new Set<number>();
    // A small demonstration has few people: today's list is full, other days are thin, or everybody would come daily.
    const thin = people < 1000 && offset !== 0 ? people / 1000 : 1;
    const full = thin * (offset <= 0 ? 0.95 : Math.max(0.35, 0.9 - offset * 0.06));
    for (const session of SESSIONS) {
      if (!session.on.includes(held)) continue;
      for (let place = 0; place < session.places; place += 1) {
        const minutes = session.from + place * LENGTH;
        const name = `${formatCivilDate(day)} ${session.staff} ${minutes}`;
        const wanted = chance.whole(0, people - 1);
        const booked = chance.yes(full) && !seen.has(wanted);
        if (booked) seen.add(wanted);
        places.push({
          slotId: idOf(`slot ${name}`),
          appointmentId: idOf(`appointment ${name}`),
          day,
          minutes,
          staff: demoStaff[session.staff],
          person: booked ? wanted : undefined,
        });
      }
    }
  }
  return places;
}

const scheduleName = (role: DemoRole): string => `schedule ${role}`;

export function schedulesOf(
  today: CivilDate,
  days: number,
  idOf: (name: string) => string,
): readonly Schedule[] {
  return (['gp', 'nurse', 'locum'] as const).map((role) => ({
    resourceType: 'Schedule',
    id: idOf(scheduleName(role)),
    active: true,
    actor: [
      staffReference(demoStaff[role]),
      { reference: `Location/${demoOrganisation.mainLocationId}`, display: 'Main surgery' },
    ],
    planningHorizon: {
      start: momentOf(addDays(today, -days), 0),
      end: momentOf(addDays(today, days + 1), 0),
    },
    comment: `Surgery of ${demoStaff[role].displayName}`,
  }));
}

export function slotOf(place: BookedPlace, taken: boolean, idOf: (name: string) => string): Slot {
  return {
    resourceType: 'Slot',
    id: place.slotId,
    schedule: { reference: `Schedule/${idOf(scheduleName(place.staff.account))}` },
    status: taken ? 'busy' : 'free',
    start: momentOf(place.day, place.minutes),
    end: momentOf(place.day, place.minutes + LENGTH),
  };
}

/** Why anyone may come; a review of one condition is no reason for those who do not have it. */
const REASONS = [
  'Review',
  'Cough',
  'Blood pressure check',
  'Knee pain',
  'Medication review',
  'Rash',
  'Results',
  'Back pain',
  'Mood review',
  'Headache',
  'Travel advice',
  'Tired',
  'Ear pain',
  'Sore throat',
];

export type VisitState = 'past' | 'left' | 'with clinician' | 'waiting' | 'booked';

/** Where a visit stands at the given minute of today. */
export function visitState(place: BookedPlace, today: CivilDate, nowMinutes: number): VisitState {
  const order = compareCivilDates(place.day, today);
  if (order !== 0) return order < 0 ? 'past' : 'booked';
  if (place.minutes + LENGTH <= nowMinutes) return 'left';
  if (place.minutes <= nowMinutes) return 'with clinician';
  return place.minutes <= nowMinutes + 20 ? 'waiting' : 'booked';
}

export function appointmentOf(
  place: BookedPlace,
  person: Person,
  state: VisitState,
  chance: { pick<T>(from: readonly T[]): T; yes(probability: number): boolean },
): Appointment {
  const at = (minutes: number): string => momentOf(place.day, place.minutes + minutes);
  const missed = state === 'past' && chance.yes(0.06);
  const cancelled = state === 'past' && !missed && chance.yes(0.03);
  const arrived = state !== 'booked' && !missed && !cancelled;
  const called = state === 'past' || state === 'left' || state === 'with clinician';
  const left = state === 'past' || state === 'left';
  const status = missed
    ? 'noshow'
    : cancelled
      ? 'cancelled'
      : left
        ? 'fulfilled'
        : called
          ? 'checked-in'
          : arrived
            ? 'arrived'
            : 'booked';
  const times = [
    ...(arrived ? [{ url: VISIT_TIME_URLS.arrivedAt, valueDateTime: at(-6) }] : []),
    ...(arrived && called ? [{ url: VISIT_TIME_URLS.calledAt, valueDateTime: at(1) }] : []),
    ...(arrived && left ? [{ url: VISIT_TIME_URLS.leftAt, valueDateTime: at(10) }] : []),
  ];
  return {
    resourceType: 'Appointment',
    id: place.appointmentId,
    ...(times.length > 0 && { extension: times }),
    status,
    ...(cancelled && { cancelationReason: { text: 'Cancelled by patient' } }),
    appointmentType: { text: chance.yes(0.8) ? 'Face to face' : 'Telephone' },
    reasonCode: [{ text: chance.pick(REASONS) }],
    slot: [{ reference: `Slot/${place.slotId}` }],
    start: at(0),
    end: at(LENGTH),
    minutesDuration: LENGTH,
    created: momentOf(addDays(place.day, -3), 520),
    participant: [
      {
        actor: { reference: `Patient/${person.id}`, display: `${person.given} ${person.family}` },
        status: 'accepted',
      },
      { actor: staffReference(place.staff), status: 'accepted' },
      {
        actor: { reference: `Location/${demoOrganisation.mainLocationId}`, display: 'Main surgery' },
        status: 'accepted',
      },
    ],
  };
}
