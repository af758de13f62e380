/**
 * The demonstration practice: the organisation and the five people whom the demonstration accounts
 * (record-service/identity) and the seed (record-service/seed) share. Ids are fixed, so that a token,
 * an appointment and a signature name the same person in every installation. Nobody here is real.
 */

export type DemoRole = 'gp' | 'nurse' | 'locum' | 'receptionist' | 'administrator';

export interface DemoStaff {
  readonly account: DemoRole;
  readonly practitionerId: string;
  readonly practitionerRoleId: string;
  readonly title: string;
  readonly given: string;
  readonly family: string;
  /** As shown on screen and written on prints. */
  readonly displayName: string;
  readonly gender: 'female' | 'male';
  /** National job role code (SDS job role). */
  readonly jobRoleCode: string;
  readonly jobRoleName: string;
  /** Days from today on which a time-limited contract ends; absent for permanent staff. */
  readonly contractDays?: number;
}

export const demoOrganisation = {
  /** FHIR id of the Organization; not the ODS code. */
  id: 'f8cad1bd-d78b-5744-a8e3-e11ff3ec663b',
  odsCode: 'A99999',
  name: 'Gladstone Demonstration Practice',
  mainLocationId: '5d4de63f-7efa-5cc5-9190-83763c169f7a',
  branchLocationId: '5fc26d7a-6cb0-575c-81b5-f9cf5feddc09',
} as const;

export const demoStaff: Readonly<Record<DemoRole, DemoStaff>> = {
  gp: {
    account: 'gp',
    practitionerId: 'c4685dd2-1f13-514a-8bbe-b44c63cafe53',
    practitionerRoleId: 'f0aa1b3f-836e-5f15-8c53-59aec464f239',
    title: 'Dr',
    given: 'Amara',
    family: 'Okafor',
    displayName: 'Dr Amara Okafor',
    gender: 'female',
    jobRoleCode: 'R0260',
    jobRoleName: 'General Medical Practitioner',
  },
  nurse: {
    account: 'nurse',
    practitionerId: 'b6fd8ac0-5fbe-5879-9749-44af45f3f9b9',
    practitionerRoleId: 'f5737da2-ee15-5394-8acd-188bebbd851f',
    title: 'Nurse',
    given: 'Ruth',
    family: 'Ellison',
    displayName: 'Nurse Ruth Ellison',
    gender: 'female',
    jobRoleCode: 'R0600',
    jobRoleName: 'Specialist Nurse Practitioner',
  },
  locum: {
    account: 'locum',
    practitionerId: 'd721e638-cd67-5d54-8015-2326ac8c2ecb',
    practitionerRoleId: '1ea5738e-4daf-585a-9dec-a0bff93bac4c',
    title: 'Dr',
    given: 'Piotr',
    family: 'Zielinski',
    displayName: 'Dr Piotr Zielinski',
    gender: 'male',
    jobRoleCode: 'R0260',
    jobRoleName: 'General Medical Practitioner',
    contractDays: 28,
  },
  receptionist: {
    account: 'receptionist',
    practitionerId: 'afdbf683-063e-50e3-9d66-62c1ed1c211b',
    practitionerRoleId: 'f659ec3b-b7be-5508-ab66-5425da19b3e4',
    title: 'Mrs',
    given: 'Jean',
    family: 'Fairley',
    displayName: 'Jean Fairley',
    gender: 'female',
    jobRoleCode: 'R8010',
    jobRoleName: 'Receptionist',
  },
  administrator: {
    account: 'administrator',
    practitionerId: 'd110c5c5-0ce9-52f4-8d17-12ed71ac64d8',
    practitionerRoleId: '37ddaa84-ce58-5733-9654-7f3341b151a5',
    title: 'Mr',
    given: 'Sam',
    family: 'Whitlock',
    displayName: 'Sam Whitlock',
    gender: 'male',
    jobRoleCode: 'R1730',
    jobRoleName: 'Practice Administrator',
  },
};
