import { protectByOrganisation, sealerRole, type Migration } from './migration.ts';

/**
 * Audit rows can be added and read, never changed or removed: the record role has no right to. Only the sealer may
 * set a row's sequence number, once, and add a seal to the chain.
 */
export const audit: Migration = {
  number: 2,
  name: 'audit',
  up: `
  create table audit_event (
    organisation text collate "C" not null,
    id text collate "C" not null,
    recorded timestamptz not null,
    sequence bigint,
    user_id text collate "C" not null,
    user_name text not null,
    role text not null,
    device_id text,
    action text not null,
    interaction text not null,
    outcome text not null,
    patient_id text collate "C",
    entity text collate "C",
    version integer,
    detail text,
    on_behalf_user_id text,
    on_behalf_role text,
    primary key (organisation, id)
  );
  create index audit_event_unsealed on audit_event (organisation, recorded, id) where sequence is null;
  create unique index audit_event_by_sequence on audit_event (organisation, sequence) where sequence is not null;
  create index audit_event_by_patient on audit_event (organisation, patient_id, recorded);
  create index audit_event_by_user on audit_event (organisation, user_id, recorded);
  create index audit_event_by_time on audit_event (organisation, recorded);
  ${protectByOrganisation('audit_event', 'select, insert')}
  grant select on audit_event to ${sealerRole};
  grant update (sequence) on audit_event to ${sealerRole};

  create table audit_seal (
    organisation text collate "C" not null,
    number bigint not null,
    first_sequence bigint not null,
    last_sequence bigint not null,
    previous_hash text not null,
    hash text not null,
    sealed_at timestamptz not null,
    primary key (organisation, number)
  );
  ${protectByOrganisation('audit_seal', 'select')}
  grant select, insert on audit_seal to ${sealerRole};
  `,
};
