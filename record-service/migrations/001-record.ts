import { protectByOrganisation, recordRole, type Migration } from './migration.ts';

const versionColumns = `
    organisation text collate "C" not null,
    type text collate "C" not null,
    id text collate "C" not null,
    version integer not null check (version > 0),
    patient_id text collate "C",
    deleted boolean not null,
    content text,
    digest text not null,
    last_updated timestamptz not null,
    author text not null,
    check (deleted = (content is null))`;

/** Resources, their earlier versions, the feed with its counter, and the search index. */
export const record: Migration = {
  number: 1,
  name: 'record',
  up: `
  create table system (
    singleton boolean primary key default true check (singleton),
    epoch text not null,
    restores integer not null,
    fingerprint text not null,
    page_secret text not null
  );
  grant select on system to ${recordRole};

  -- Names only, without row-level security: scheduled work asks here for which organisations there is work.
  create table organisation (
    organisation text collate "C" primary key,
    since timestamptz not null default now()
  );
  grant select, insert on organisation to ${recordRole};

  create table organisation_counter (
    organisation text collate "C" primary key,
    position bigint not null,
    committed_at timestamptz not null
  );
  ${protectByOrganisation('organisation_counter', 'select, insert, update')}

  create table resource (${versionColumns},
    primary key (organisation, type, id)
  );
  create index resource_compartment on resource (organisation, patient_id, type, id)
    where patient_id is not null and not deleted;
  create index resource_by_time on resource (organisation, type, last_updated, id);
  ${protectByOrganisation('resource', 'select, insert, update')}

  create table resource_version (${versionColumns},
    primary key (organisation, type, id, version)
  );
  ${protectByOrganisation('resource_version', 'select, insert')}

  create table feed (
    organisation text collate "C" not null,
    position bigint not null,
    ordinal integer not null,
    group_id text not null,
    kind text not null check (kind in ('upsert', 'tombstone', 'scope-enter', 'scope-exit')),
    type text collate "C" not null,
    id text collate "C" not null,
    version integer not null,
    patient_id text collate "C",
    committed_at timestamptz not null,
    primary key (organisation, position, ordinal)
  );
  create index feed_by_patient on feed (organisation, patient_id, position) where patient_id is not null;
  create index feed_by_type on feed (organisation, type, position, ordinal);
  ${protectByOrganisation('feed', 'select, insert')}

  create table search_token (
    organisation text collate "C" not null,
    type text collate "C" not null,
    id text collate "C" not null,
    parameter text collate "C" not null,
    system text collate "C" not null,
    code text collate "C" not null,
    primary key (organisation, type, parameter, code, system, id)
  );
  create index search_token_by_resource on search_token (organisation, type, id);
  ${protectByOrganisation('search_token', 'select, insert, delete')}

  create table search_string (
    organisation text collate "C" not null,
    type text collate "C" not null,
    id text collate "C" not null,
    parameter text collate "C" not null,
    value text collate "C" not null,
    primary key (organisation, type, parameter, value, id)
  );
  create index search_string_by_resource on search_string (organisation, type, id);
  ${protectByOrganisation('search_string', 'select, insert, delete')}

  create table search_date (
    organisation text collate "C" not null,
    type text collate "C" not null,
    id text collate "C" not null,
    parameter text collate "C" not null,
    low text collate "C" not null,
    high text collate "C" not null,
    primary key (organisation, type, parameter, low, high, id)
  );
  create index search_date_by_resource on search_date (organisation, type, id);
  ${protectByOrganisation('search_date', 'select, insert, delete')}

  create table search_reference (
    organisation text collate "C" not null,
    type text collate "C" not null,
    id text collate "C" not null,
    parameter text collate "C" not null,
    target_type text collate "C" not null,
    target_id text collate "C" not null,
    primary key (organisation, type, parameter, target_id, target_type, id)
  );
  create index search_reference_by_resource on search_reference (organisation, type, id);
  ${protectByOrganisation('search_reference', 'select, insert, delete')}
  `,
};
