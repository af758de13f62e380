import type { Resource } from '@medplum/fhirtypes';
import {
  addDays,
  addMonths,
  compareCivilDates,
  daysBetween,
  parseCivilDate,
} from '../../domain/fhir/civil-date.ts';
import type { CivilDate } from '../../domain/fhir/civil-date.ts';
import { uuidV5 } from '../import/identity.ts';
import { appointmentOf, bookAround, schedulesOf, slotOf, visitState } from './appointments.ts';
import type { BookedPlace } from './appointments.ts';
import { addAllergies, addFlags, addLetters, addTask, addVaccinations } from './background.ts';
import { demoStaff } from './demo-practice.ts';
import { addLongTermConditions, laterOf } from './long-term-conditions.ts';
import { ageAt, patientOf, peopleOf } from './people.ts';
import type { Person } from './people.ts';
import { practiceResources } from './practice-resources.ts';
import { acutePresentation } from './presentations.ts';
import { chanceOf } from './random.ts';
import { RecordWriter } from './record-writer.ts';

export interface PracticeOptions {
  readonly patients: number;
  /** Days of the appointment book on either side of today. */
  readonly days: number;
  /** `YYYY-MM-DD`; nothing is dated after it but appointments, recalls and due dates. */
  readonly today: string;
  /** Minutes since midnight: which of today's visits are over. */
  readonly nowMinutes?: number;
  /** Another number, another practice. */
  readonly seed?: number;
}

const SEED_NAMESPACE = '0d6d3f0e-7f0f-5d44-9f52-7a1cf4b1b9c2';

/** Years of records written: registration is never further back. */
const YEARS = 10;

/**
 * A synthetic general practice, the same for the same options, one patient's whole record at a time: first what
 * belongs to no patient (organisation, staff, schedules), then each patient, last the slots of the book.
 * Nothing here is anybody's: names are common, addresses do not exist, NHS numbers are of the test range 999.
 * Bounded memory: a record is made when it is asked for.
 * @throws RangeError if `today` is no date.
 */
export function* generatePractice(options: PracticeOptions): Generator<readonly Resource[]> {
  const { patients, days, nowMinutes = 9 * 60, seed = 1 } = options;
  const today = parseCivilDate(options.today);
  if (!today) throw new RangeError('today is a date as YYYY-MM-DD');
  const idOf = (name: string): string => uuidV5(SEED_NAMESPACE, `${seed} ${name}`);

  yield [...practiceResources(), ...schedulesOf(today, days, idOf)];

  const places = patients === 0 ? [] : bookAround(seed, patients, today, days, idOf);
  const booked = new Map<number, BookedPlace[]>();
  for (const place of places) {
    if (place.person === undefined) continue;
    booked.set(place.person, [...(booked.get(place.person) ?? []), place]);
  }
  const kept = new Set<string>();
  for (const person of peopleOf(seed, patients, today, idOf)) {
    let count = 0;
    const newId = (): string => idOf(`${person.number} ${(count += 1)}`);
    const record = new RecordWriter(person, chanceOf(seed, `record ${person.number}`), today, newId);
    const visits = person.died === undefined ? (booked.get(person.number) ?? []) : [];
    for (const visit of visits) kept.add(visit.slotId);
    writeRecord(record, visits, nowMinutes, longRecordSize(person, patients));
    yield record.resources;
  }

  for (let from = 0; from < places.length; from += 500) {
    yield places.slice(from, from + 500).map((place) => slotOf(place, kept.has(place.slotId), idOf));
  }
}

/** A few records are very long, as every practice has them: 5,000 resources, fewer in a small demonstration. */
function longRecordSize(person: Person, patients: number): number {
  if (patients < 100 || person.died !== undefined) return 0;
  if (patients < 1000) return person.number === 41 ? 1200 : 0;
  return person.number === 41 || person.number === 411 || person.number === 811 ? 5000 : 0;
}

function writeRecord(
  record: RecordWriter,
  visits: readonly BookedPlace[],
  nowMinutes: number,
  size: number,
): void {
  const { person, chance, today } = record;
  record.add(patientOf(person, record.today));
  const registered = addDays(addMonths(today, -12 * YEARS), chance.whole(0, 365 * 6));
  const firstDay = laterOf(registered, addDays(person.born, 3));
  const lastDay = person.died ?? today;
  if (compareCivilDates(firstDay, lastDay) >= 0) return;

  const allergies = addAllergies(record, firstDay);
  const conditions = addLongTermConditions(record, firstDay, addDays(lastDay, -1));
  addVaccinations(record, lastDay);

  const age = ageAt(person, today);
  const visitsAYear = age < 5 ? 2.6 : age < 18 ? 1.3 : age < 65 ? 1.7 : 3.2;
  const span = daysBetween(firstDay, lastDay);
  const expected = ((visitsAYear + conditions.length * 0.2) * 0.82 * span) / 365;
  const acute = Math.max(0, Math.round(chance.near(expected, expected * 0.3)));
  const visit = (day: CivilDate, minutes: number, place?: BookedPlace): void => {
    const consultation = record.consultation({
      day,
      minutes,
      by:
        place?.staff ??
        (chance.yes(0.7) ? demoStaff.gp : chance.yes(0.5) ? demoStaff.nurse : demoStaff.locum),
      kind: place
        ? 'GP Surgery'
        : chance.yes(0.75)
          ? 'GP Surgery'
          : age > 80 && chance.yes(0.4)
            ? 'Home visit'
            : 'Telephone call to a patient',
      ...(place && { appointment: place.appointmentId }),
    });
    acutePresentation(record, consultation, allergies.penicillin);
  };
  const lastPast = Math.max(1, span - 1);
  for (let index = 0; index < acute; index += 1)
    visit(addDays(firstDay, chance.whole(0, lastPast)), 510 + chance.whole(0, 48) * 10);

  addLetters(record, firstDay, lastDay, Math.min(9, conditions.length + chance.whole(0, 2)));
  if (person.died === undefined && chance.yes(0.06)) addTask(record);
  addFlags(record);
  for (const place of visits) {
    const state = visitState(place, today, nowMinutes);
    const appointment = appointmentOf(place, person, state, chance);
    record.add(appointment);
    if (appointment.status === 'fulfilled') visit(place.day, place.minutes, place);
  }
  while (record.resources.length < size)
    visit(addDays(firstDay, chance.whole(0, lastPast)), 510 + chance.whole(0, 48) * 10);
}
