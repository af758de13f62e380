/**
 * The face of the record store: what routes, sync, import and seed write against.
 *
 * Rules that hold on both engines (PostgreSQL, PGlite):
 *  - Every statement runs in a transaction whose role sees one organisation only (row-level security).
 *  - A transaction that changed resources takes the organisation's next position by its last statement, so
 *    positions are commit order. All its entries share that one position: the feed is cut only between positions.
 *  - Versions of a resource count 1, 2, 3 …; a deletion is a version too (a tombstone without content).
 *  - Content is text, kept as written. `meta.versionId` and `meta.lastUpdated` are the store's.
 *  - `withTransaction` runs its function again when the database says that it should (serialization failure,
 *    deadlock): the function has no effects but through its transaction. No effect outlives a throw.
 */
import type { Kysely } from 'kysely';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import type { Actor } from '../identity/actor.ts';
import type { AuditEntry } from '../audit/audit-entry.ts';
import type { Tables } from './tables.ts';

export interface ResourceRef {
  readonly type: string;
  readonly id: string;
}

/** One version of one resource as stored. */
export interface StoredVersion extends ResourceRef {
  readonly version: number;
  /** Logical id of the Patient whose compartment it stands in; null where it has none. */
  readonly patientId: string | null;
  readonly deleted: boolean;
  /** JSON text as stored, decimals as written; null for a tombstone. Parse with `parseExact`. */
  readonly content: string | null;
  /** ISO 8601, UTC. Informs; never orders. */
  readonly lastUpdated: string;
  /** Hex sha-256 of `content`, fixed at write; '' for a tombstone. The manifest's `contentDigest`. */
  readonly digest: string;
  /** User id of who wrote it. */
  readonly author: string;
}

export interface TransactionContext {
  readonly organisation: string;
  readonly actor: Actor;
  /** Names the save group in the feed; a fresh UUID where absent. */
  readonly groupId?: string;
}

/** What the writer expects to find. A number is the current version; `absent` no resource, not even a tombstone. */
export type Expectation = number | 'absent' | 'any';

export interface RecordReader {
  readonly organisation: string;
  readonly actor: Actor;
  /** Composes queries on this transaction's connection. Row-level security applies. */
  readonly database: Kysely<Tables>;
  /** A statement whose text is one of a few, prepared once a connection. Row-level security applies. */
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;

  /** The current version, tombstones included; undefined if it never was. */
  read(type: string, id: string): Promise<StoredVersion | undefined>;
  /** Current versions of those that exist, tombstones included, in no particular order. */
  readMany(refs: readonly ResourceRef[]): Promise<StoredVersion[]>;
  readVersion(type: string, id: string, version: number): Promise<StoredVersion | undefined>;
  /** Every version, newest first. */
  readHistory(type: string, id: string): Promise<StoredVersion[]>;
  /** Every live resource of a patient's compartment, the Patient first, then by type and id. */
  readCompartment(patientId: string): Promise<StoredVersion[]>;
  /** The organisation's last committed position, as this transaction sees it. */
  head(): Promise<number>;
  /** Entries after `after`, in commit order, whole positions only: at least one position if there is one. */
  readFeed(after: number, count: number): Promise<FeedPage>;
}

export interface RecordTransaction extends RecordReader {
  readonly groupId: string;

  /**
   * Locks resources until the end of the transaction, existing or not. Sorts them itself, so two transactions
   * that each lock once cannot deadlock. Lock first, then read: what is read afterwards stays.
   */
  lockResources(refs: readonly ResourceRef[]): Promise<void>;

  /**
   * The same by names, for what is not a resource: a lane, a conditional create's condition. A resource's name is
   * `Type/id`.
   */
  lockNames(names: readonly string[]): Promise<void>;

  /**
   * Writes the next version. `resource.id` is required (client ids are welcome). Does not validate and does not ask
   * whether the actor may: callers do (routes/ and sync/ each have their own rules).
   * @throws StoreError `exists` (expected `absent`), `version-conflict`, `not-found` (expected a version).
   */
  write(
    resource: ResourceJson,
    expected: Expectation,
    standing?: readonly StoredVersion[],
  ): Promise<StoredVersion>;

  /**
   * {@link write} for many; faster than one by one. All or none: throws on the first that does not fit, before
   * anything is written.
   * @param standing what this transaction read of these resources under their lock, where it did: spares a read
   */
  writeMany(
    writes: readonly { readonly resource: ResourceJson; readonly expected: Expectation }[],
    standing?: readonly StoredVersion[],
  ): Promise<StoredVersion[]>;

  /**
   * Soft delete: the next version is a tombstone. Deleting a tombstone changes nothing and returns it.
   * @throws StoreError `version-conflict`, `not-found`.
   */
  delete(type: string, id: string, expected: Exclude<Expectation, 'absent'>): Promise<StoredVersion>;

  /** Says in the feed that a patient came into or left somebody's scope. */
  recordScope(kind: 'scope-enter' | 'scope-exit', patientId: string): void;

  /** Audit that commits with this transaction. Writes record their own; this is for whatever they do not show. */
  audit(entry: AuditEntry): void;

  /** Undoes what `fn` did, feed and audit entries included, if it throws; then throws on. May be nested. */
  savepoint<T>(name: string, fn: () => Promise<T>): Promise<T>;

  /** Runs after the commit, with the position taken (undefined if no resource changed). Not run if it fails. */
  afterCommit(fn: (position: number | undefined) => void): void;
}

export type FeedKind = 'upsert' | 'tombstone' | 'scope-enter' | 'scope-exit';

export interface FeedEntry {
  readonly position: number;
  /** Order within the position, from 0. */
  readonly ordinal: number;
  readonly groupId: string;
  readonly kind: FeedKind;
  /** Empty for scope entries. */
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly patientId: string | null;
}

export interface FeedPage {
  readonly entries: readonly FeedEntry[];
  /** Position of the last entry, or `after` where there was none. */
  readonly next: number;
  readonly head: number;
}

export interface OrganisationState {
  readonly organisation: string;
  readonly head: number;
  readonly secondsSinceCommit: number;
  readonly unsealed: number;
}

export interface RecordStore {
  readonly engine: 'postgres' | 'pglite';
  /** False where a commit is not promised to be on disk (PGlite). */
  readonly durable: boolean;
  /** 32 bytes, the same in all copies of the service: seals page links. */
  readonly pageSecret: Buffer;
  /** Names this history of the database: another one after a restore (sync.md, Pull 6). */
  readonly epoch: string;

  /** Reads and writes. Read committed: lock with `lockResources` before deciding on what was read. */
  withTransaction<T>(
    context: TransactionContext,
    fn: (transaction: RecordTransaction) => Promise<T>,
  ): Promise<T>;

  /** Reads of one moment (repeatable read, read only): a pack and its `validAt`, a page and its head. */
  withSnapshot<T>(context: TransactionContext, fn: (reader: RecordReader) => Promise<T>): Promise<T>;

  /**
   * Reads one resource for an actor who may see whatever is there, and audits it if it is live; resolves when that is
   * committed. Concurrent callers share a transaction.
   */
  readAudited(context: TransactionContext, ref: ResourceRef): Promise<StoredVersion | undefined>;

  /**
   * Audits reads; resolves when they are committed, so an answer that waits for it was audited.
   * Concurrent callers share a transaction.
   */
  auditReads(context: TransactionContext, entries: readonly AuditEntry[]): Promise<void>;

  /** Work over all organisations (audit sealing, scheduled jobs) still goes one organisation at a time. */
  organisations(): Promise<string[]>;

  /** For metrics: where each organisation's feed and audit stand. */
  state(): Promise<OrganisationState[]>;

  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type StoreErrorCode = 'exists' | 'version-conflict' | 'not-found' | 'invalid' | 'busy' | 'unavailable';

/** A refusal by the store. `current` is what stands instead, where there is something. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly current: StoredVersion | undefined;

  constructor(code: StoreErrorCode, message: string, current?: StoredVersion, cause?: unknown) {
    super(message, { cause });
    this.name = 'StoreError';
    this.code = code;
    this.current = current;
  }
}
