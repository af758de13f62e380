import { protectByOrganisation, type Migration } from './migration.ts';

/** What sync remembers besides the record: lanes, the ledger of operations, conflicts, escrow and packs. */
export const sync: Migration = {
  number: 10,
  name: 'sync',
  up: `
  create table sync_lane (
    organisation text collate "C" not null,
    lane text collate "C" not null,
    next_sequence integer not null check (next_sequence > 0),
    primary key (organisation, lane)
  );
  ${protectByOrganisation('sync_lane', 'select, insert, update')}

  create table sync_ledger (
    organisation text collate "C" not null,
    op_id text collate "C" not null,
    device_id text collate "C" not null,
    device_sequence integer not null,
    lane text collate "C" not null,
    lane_sequence integer not null,
    group_id text collate "C" not null,
    hash text not null,
    user_id text collate "C" not null,
    carried_by text not null,
    type text collate "C" not null,
    resource_id text collate "C" not null,
    patient_id text collate "C",
    signed_operation text not null,
    outcome_kind text not null,
    outcome text not null,
    result_version integer,
    branch_base integer,
    received_at timestamptz not null,
    primary key (organisation, op_id)
  );
  create unique index sync_ledger_by_lane on sync_ledger (organisation, lane, lane_sequence);
  create unique index sync_ledger_by_device on sync_ledger (organisation, device_id, device_sequence);
  create index sync_ledger_by_resource on sync_ledger (organisation, type, resource_id);
  create index sync_ledger_by_group on sync_ledger (organisation, group_id);
  ${protectByOrganisation('sync_ledger', 'select, insert')}

  create table sync_conflict (
    organisation text collate "C" not null,
    conflict_id text collate "C" not null,
    op_id text collate "C" not null,
    patient_id text collate "C",
    type text collate "C" not null,
    resource_id text collate "C" not null,
    rule text not null,
    base_version integer,
    current_version integer,
    raised_at timestamptz not null,
    resolved_by text,
    resolved_at timestamptz,
    resolving_op_id text collate "C",
    primary key (organisation, conflict_id)
  );
  create index sync_conflict_open on sync_conflict (organisation, patient_id) where resolved_at is null;
  create index sync_conflict_by_resource on sync_conflict (organisation, type, resource_id);
  ${protectByOrganisation('sync_conflict', 'select, insert, update')}

  create table escrow_frame (
    organisation text collate "C" not null,
    device_id text collate "C" not null,
    frame_id text collate "C" not null,
    kind text not null,
    user_id text collate "C" not null,
    patient_id text collate "C",
    since text not null,
    sealed bytea not null,
    ended boolean not null,
    received_at timestamptz not null,
    primary key (organisation, frame_id)
  );
  create index escrow_frame_by_user on escrow_frame (organisation, user_id, kind);
  create index escrow_frame_by_device on escrow_frame (organisation, device_id);
  ${protectByOrganisation('escrow_frame', 'select, insert, update')}

  create table pack_cache (
    organisation text collate "C" not null,
    patient_id text collate "C" not null,
    audience text collate "C" not null,
    position bigint not null,
    resources integer not null,
    digest text not null,
    body bytea not null,
    made_at timestamptz not null,
    primary key (organisation, patient_id, audience)
  );
  ${protectByOrganisation('pack_cache')}

  create table offline_audit_event (
    organisation text collate "C" not null,
    event_id text collate "C" not null,
    device_id text collate "C" not null,
    primary key (organisation, event_id)
  );
  ${protectByOrganisation('offline_audit_event', 'select, insert')}

  create table backup_watermark (
    organisation text collate "C" primary key,
    epoch text not null,
    position bigint not null,
    recorded_at timestamptz not null
  );
  ${protectByOrganisation('backup_watermark', 'select, insert, update')}
  `,
};
