/** Patients for rounds of visits: residents of one home by room, a neighbour, and one whose whereabouts are protected. */
import type {
  AllergyIntolerance,
  Appointment,
  DocumentReference,
  Flag,
  Patient,
  Resource,
} from '@medplum/fhirtypes';
import type { Page } from '@playwright/test';
import { directoryEntryOf } from '../../../domain/record/make-directory-entry.ts';
import { digestOf } from '../cache-records.ts';
import type { WorkspaceFixture } from './fake-main.ts';

interface RoundPeople {
  readonly directory: WorkspaceFixture['directory'];
  readonly packs: WorkspaceFixture['packs'];
}

export const roundIds = {
  roomTwo: '00000000-0000-4000-8000-0000000e0002',
  roomTen: '00000000-0000-4000-8000-0000000e0010',
  roomTwelve: '00000000-0000-4000-8000-0000000e0012',
  neighbour: '00000000-0000-4000-8000-0000000e0020',
  protected: '00000000-0000-4000-8000-0000000e0030',
} as const;

const home = (room: number): string[] => [`Room ${room}`, 'Willow Court Care Home', '2 Park Lane'];

function patient(id: string, given: string, birthDate: string, number: string, line: string[]): Patient {
  return {
    resourceType: 'Patient',
    id,
    name: [{ use: 'official', family: 'Testround', given: [given], prefix: ['Mrs'] }],
    gender: 'female',
    birthDate,
    identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: number }],
    address: [{ use: 'home', line, city: 'Netherby', postalCode: 'ZZ99 1AB' }],
  };
}

function letter(
  of: Patient,
  name: string,
  attachment: DocumentReference['content'][number]['attachment'],
): DocumentReference {
  return {
    resourceType: 'DocumentReference',
    id: `round-${name}`,
    status: 'current',
    date: '2026-05-01T09:00:00Z',
    subject: { reference: `Patient/${of.id ?? ''}` },
    content: [{ attachment }],
  };
}

/**
 * The bag as it is on a good morning: these patients in it, two weeks of lease left.
 * @param day of the booked visit, `YYYY-MM-DD`
 */
export async function packForRound(page: Page, day: string, practitionerId: string): Promise<void> {
  await page.evaluate(
    async ({ people, until }) => {
      window.fakeMain.setSession({ lease: { until, expired: false, hoursLeft: 336 } });
      await window.fakeMain.register(people.directory, people.packs);
    },
    {
      people: roundPeople(day, practitionerId),
      until: new Date(Date.now() + 14 * 86_400_000).toISOString(),
    },
  );
}

function roundPeople(day: string, practitionerId: string): RoundPeople {
  const two = patient(roundIds.roomTwo, 'Beatrice', '1936-02-03', '9990000034', home(2));
  const ten = patient(roundIds.roomTen, 'Agnes', '1940-11-30', '9990000042', home(10));
  const twelve = patient(roundIds.roomTwelve, 'Cora', '1931-07-21', '9990000050', home(12));
  const neighbour = patient(roundIds.neighbour, 'Dora', '1950-01-05', '9990000069', ['20 Park Lane']);
  const hidden: Patient = {
    ...patient(roundIds.protected, 'Edith', '1944-04-04', '9990000077', home(4)),
    meta: { security: [{ code: 'R' }] },
  };
  const allergy: AllergyIntolerance = {
    resourceType: 'AllergyIntolerance',
    id: 'round-allergy',
    patient: { reference: `Patient/${roundIds.roomTwo}` },
    clinicalStatus: { coding: [{ code: 'active' }] },
    code: { text: 'Penicillin' },
  };
  const flag = (of: Patient, id: string, text: string, safeguarding: boolean): Flag => ({
    resourceType: 'Flag',
    id,
    status: 'active',
    subject: { reference: `Patient/${of.id ?? ''}` },
    category: [{ text: safeguarding ? 'Safeguarding' : 'Alert' }],
    code: { text },
  });
  const visit: Appointment = {
    resourceType: 'Appointment',
    id: 'round-visit',
    status: 'booked',
    start: `${day}T13:10:00Z`,
    end: `${day}T13:30:00Z`,
    appointmentType: { text: 'Home visit' },
    participant: [
      { status: 'accepted', actor: { reference: `Patient/${roundIds.neighbour}` } },
      { status: 'accepted', actor: { reference: `Practitioner/${practitionerId}` } },
    ],
  };
  const people: readonly (readonly [Patient, readonly Resource[]])[] = [
    [
      two,
      [
        allergy,
        flag(two, 'round-alert', 'Dog in the garden', false),
        letter(two, 'here', { title: 'Clinic letter', contentType: 'text/plain', data: btoa('Dear Doctor') }),
        letter(two, 'away', {
          title: 'Scan',
          contentType: 'application/pdf',
          url: 'https://records.example.org/Binary/9',
        }),
      ],
    ],
    [ten, [flag(ten, 'round-safeguarding', 'Adult at risk', true)]],
    [twelve, []],
    [neighbour, [visit]],
    [hidden, []],
  ];
  return {
    directory: people.map(([one, resources]) =>
      directoryEntryOf(
        {
          patient: one,
          clinical: {
            allergies: resources.filter((resource) => resource.resourceType === 'AllergyIntolerance'),
            flags: resources.filter((resource) => resource.resourceType === 'Flag'),
          },
          pack: { resources: resources.length + 1, bytes: 1_000 },
        },
        day,
      ),
    ),
    packs: people.map(([one, resources]) => {
      const text = JSON.stringify(
        [one, ...resources].map((resource) => ({
          ...resource,
          meta: { ...resource.meta, versionId: '1', lastUpdated: `${day}T08:00:00Z` },
        })),
      );
      const header = {
        patientId: one.id ?? '',
        validAt: 10,
        resources: resources.length + 1,
        digest: digestOf(text),
      };
      return { header, text };
    }),
  };
}
