/** A small synthetic practice with today's book, as the service would hand it to a desktop. */
import type { AllergyIntolerance, Flag, Patient, Resource } from '@medplum/fhirtypes';
import { addDays, daysBetween, formatCivilDate, parseCivilDate } from '../../../domain/fhir/civil-date.ts';
import { localTimeOf } from '../../../domain/fhir/local-time.ts';
import { directoryEntryOf } from '../../../domain/record/make-directory-entry.ts';
import { demoOrganisation, demoStaff } from '../../../record-service/seed/demo-practice.ts';
import type { DemoRole } from '../../../record-service/seed/demo-practice.ts';
import { momentOf } from '../../../record-service/seed/clock.ts';
import { generatePractice } from '../../../record-service/seed/practice.ts';
import { fixturePeople } from './fixture-people.ts';
import { digestOf } from '../cache-records.ts';
import type { WorkspaceFixture } from './fake-main.ts';

export interface FixtureOptions {
  readonly patients: number;
  /** ISO instant. */
  readonly now: string;
  readonly account?: DemoRole;
}

/**
 * A Monday. Who is booked differs from day to day, and fewer surgeries are held on some: a test of a child's visit, or
 * of the fifth patient, would hold on one day and not on the next. So the practice of this day is moved to today.
 */
const MADE_FOR = '2026-11-30';

/** The text with each of its dates as many days later, its times of day as they are on the clock. */
function movedBy(days: number, text: string): string {
  return text.replaceAll(
    /(?<![\w-])(\d{4}-\d\d-\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:Z|[+-]\d\d:\d\d))?(?![\w-])/g,
    (whole, day: string, hour?: string, minute?: string, second?: string) => {
      const date = parseCivilDate(day);
      if (!date) return whole;
      const moved = addDays(date, days);
      return hour === undefined
        ? formatCivilDate(moved)
        : momentOf(moved, Number(hour) * 60 + Number(minute), Number(second));
    },
  );
}

function* practiceOf(patients: number, now: string): Generator<readonly Resource[]> {
  const [madeFor, today] = [parseCivilDate(MADE_FOR), parseCivilDate(now.slice(0, 10))];
  if (!madeFor || !today) throw new RangeError('now is an ISO instant');
  const days = daysBetween(madeFor, today);
  const { hour, minute } = localTimeOf(Date.parse(now));
  const nowMinutes = hour * 60 + minute;
  for (const part of generatePractice({ patients, days: 7, today: MADE_FOR, nowMinutes }))
    yield JSON.parse(movedBy(days, JSON.stringify(part))) as readonly Resource[];
}

export function workspaceFixture({ patients, now, account = 'gp' }: FixtureOptions): WorkspaceFixture {
  const today = now.slice(0, 10);
  const shared: string[] = [];
  const directory: WorkspaceFixture['directory'][number][] = [];
  const packs: WorkspaceFixture['packs'][number][] = [];
  const people = fixturePeople(today).map(({ patient, resources }) => [patient, ...resources]);
  for (const part of [...practiceOf(patients, now), ...people]) {
    const patient = part.find((resource): resource is Patient => resource.resourceType === 'Patient');
    if (!patient?.id) {
      shared.push(...part.map((resource) => JSON.stringify(versioned(resource, now))));
      continue;
    }
    const text = JSON.stringify(part.map((resource) => versioned(resource, now)));
    const of = <T extends Resource>(type: string) =>
      part.filter((resource) => resource.resourceType === type) as T[];
    directory.push(
      directoryEntryOf(
        {
          patient,
          clinical: { allergies: of<AllergyIntolerance>('AllergyIntolerance'), flags: of<Flag>('Flag') },
          pack: { resources: part.length, bytes: text.length },
        },
        today,
      ),
    );
    packs.push({
      text,
      header: {
        patientId: patient.id,
        validAt: 10,
        resources: part.length,
        digest: digestOf(text),
      },
    });
  }
  const staff = demoStaff[account];
  const user = {
    userId: `user-${account}`,
    practitionerId: staff.practitionerId,
    name: staff.displayName,
    role: account,
    organisation: demoOrganisation.odsCode,
    organisationName: demoOrganisation.name,
  };
  return {
    directory,
    packs,
    shared,
    place: null,
    attention: [],
    settings: {
      theme: 'light',
      textSize: 14,
      contentProtection: false,
      signInWith: 'app-window',
      tourSeen: true,
      inactivityLockMinutes: 10,
    },
    session: {
      phase: 'unlocked',
      serviceUrl: 'http://127.0.0.1:8460',
      serviceName: 'Gladstone record service',
      user,
      enrolled: [{ ...user, warmUnlock: true, unsentOperations: 2, openDrafts: 1 }],
      onlineSignInNeeded: false,
      keystore: 'system',
      inactivityLockMinutes: 10,
    },
    sync: {
      connection: 'connected',
      lastInStep: now,
      inStep: true,
      dataAsOf: now,
      pending: { groups: 0, operations: 0, byPatient: [] },
      attention: 0,
      sending: false,
      serviceDurable: true,
      notices: [],
    },
  };
}

function versioned<T extends Resource>(resource: T, now: string): T {
  return { ...resource, meta: { ...resource.meta, versionId: '1', lastUpdated: now } };
}
