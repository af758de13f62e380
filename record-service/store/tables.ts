/**
 * The columns of the record store, for kysely. The schema itself is in record-service/migrations.
 * Other parts of the service add their tables where they are used:
 * `declare module '../store/tables.ts' { interface Tables { sync_ledger: SyncLedgerTable } }`.
 */
import type { ColumnType, Generated } from 'kysely';

/** `timestamptz`: a Date when read, a Date or ISO 8601 text when written. An instant, never a FHIR `date`. */
export type Instant = ColumnType<Date, Date | string, Date | string>;

interface VersionColumns {
  organisation: string;
  type: string;
  id: string;
  version: number;
  patient_id: string | null;
  deleted: boolean;
  content: string | null;
  /** Hex sha-256 of `content`; '' for a tombstone. */
  digest: string;
  last_updated: Instant;
  author: string;
}

/** Current version of every resource, tombstones included. */
export type ResourceTable = VersionColumns;
/** Every version that is no longer current. */
export type ResourceVersionTable = VersionColumns;

/** The feed: what was committed, in commit order. */
export interface FeedTable {
  organisation: string;
  position: number;
  ordinal: number;
  group_id: string;
  kind: string;
  type: string;
  id: string;
  version: number;
  patient_id: string | null;
  /** Rises with `position`: both are taken while the organisation's counter row is locked. */
  committed_at: Instant;
}

/** Every organisation that ever wrote or was audited. */
export interface OrganisationTable {
  organisation: string;
  since: Generated<Date>;
}

export interface OrganisationCounterTable {
  organisation: string;
  position: number;
  committed_at: Instant;
}

/** One row. Says which history of the database this is. */
export interface SystemTable {
  singleton: boolean;
  epoch: string;
  restores: number;
  fingerprint: string;
  /** Base64 of 32 random bytes: signs page links. */
  page_secret: string;
}

export interface MigrationTable {
  number: number;
  name: string;
  applied_at: Generated<Date>;
}

interface SearchColumns {
  organisation: string;
  type: string;
  id: string;
  parameter: string;
}
export interface SearchTokenTable extends SearchColumns {
  system: string;
  code: string;
}
/** `value` is folded: lower case, no accents. */
export interface SearchStringTable extends SearchColumns {
  value: string;
}
/** UTC, `YYYY-MM-DDThh:mm:ss.sssZ`, first and last moment that the written date may mean. */
export interface SearchDateTable extends SearchColumns {
  low: string;
  high: string;
}
export interface SearchReferenceTable extends SearchColumns {
  target_type: string;
  target_id: string;
}

export interface AuditEventTable {
  organisation: string;
  id: string;
  recorded: Instant;
  /** Given by the sealer, gap-free in the organisation; null until then. */
  sequence: number | null;
  user_id: string;
  user_name: string;
  role: string;
  device_id: string | null;
  action: string;
  interaction: string;
  outcome: string;
  patient_id: string | null;
  entity: string | null;
  version: number | null;
  detail: string | null;
  on_behalf_user_id: string | null;
  on_behalf_role: string | null;
}

export interface AuditSealTable {
  organisation: string;
  number: number;
  first_sequence: number;
  last_sequence: number;
  previous_hash: string;
  hash: string;
  sealed_at: Instant;
}

export interface Tables {
  resource: ResourceTable;
  resource_version: ResourceVersionTable;
  feed: FeedTable;
  organisation: OrganisationTable;
  organisation_counter: OrganisationCounterTable;
  system: SystemTable;
  migration: MigrationTable;
  search_token: SearchTokenTable;
  search_string: SearchStringTable;
  search_date: SearchDateTable;
  search_reference: SearchReferenceTable;
  audit_event: AuditEventTable;
  audit_seal: AuditSealTable;
}
