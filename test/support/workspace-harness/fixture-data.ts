/** A small synthetic practice with today's book, as the service would hand it to a desktop. */
import type { AllergyIntolerance, Flag, Patient, Resource } from '@medplum/fhirtypes';
import { directoryEntryOf } from '../../../domain/record/make-directory-entry.ts';
import { demoOrganisation, demoStaff } from '../../../record-service/seed/demo-practice.ts';
import type { DemoRole } from '../../../record-service/seed/demo-practice.ts';
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

export function workspaceFixture({ patients, now, account = 'gp' }: FixtureOptions): WorkspaceFixture {
  const today = now.slice(0, 10);
  const shared: string[] = [];
  const directory: WorkspaceFixture['directory'][number][] = [];
  const packs: WorkspaceFixture['packs'][number][] = [];
  const nowMinutes = Number(now.slice(11, 13)) * 60 + Number(now.slice(14, 16));
  const people = fixturePeople(today).map(({ patient, resources }) => [patient, ...resources]);
  for (const part of [...generatePractice({ patients, days: 7, today, nowMinutes }), ...people]) {
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
