import { protectByOrganisation, type Migration } from './migration.ts';

/** Whose records computers may hold by the `booked` policy, as the feed has last said. */
export const scope: Migration = {
  number: 12,
  name: 'scope',
  up: `
  create table scope_patient (
    organisation text collate "C" not null,
    patient_id text collate "C" not null,
    primary key (organisation, patient_id)
  );
  ${protectByOrganisation('scope_patient', 'select, insert, delete')}
  `,
};
