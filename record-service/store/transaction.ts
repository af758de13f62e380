import { createHash, randomUUID } from 'node:crypto';
import type { AuditEntry } from '../audit/audit-entry.ts';
import { insertAudit, type AttributedEntry } from '../audit/write-audit.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { ConnectionReader } from './reader.ts';
import { appendToFeed, type StagedEntry } from './feed.ts';
import type { EngineConnection } from './engine.ts';
import type {
  Expectation,
  RecordTransaction,
  ResourceRef,
  StoredVersion,
  TransactionContext,
} from './record-store.ts';
import { keyOf, writeVersions, type Write, type Written } from './write-versions.ts';

/**
 * A bulk write locks places, this many per organisation, instead of names: it must not fill the database's lock
 * table. Whoever locks few names shares their places, so that only the same name, or a bulk write, keeps it waiting.
 */
const LOCK_PLACES = 1024;
const MOST_NAMES = 64;

/** A bulk write is audited a patient at a time; above this many resources. */
const BULK = 50;

export class ConnectionTransaction extends ConnectionReader implements RecordTransaction {
  readonly groupId: string;
  #entries: StagedEntry[] = [];
  #audit: AttributedEntry[] = [];
  readonly #afterCommit: ((position: number | undefined) => void)[] = [];
  #savepoints = 0;

  constructor(connection: EngineConnection, context: TransactionContext) {
    super(connection, context);
    this.groupId = context.groupId ?? randomUUID();
  }

  lockResources(refs: readonly ResourceRef[]): Promise<void> {
    return this.lockNames(refs.map(keyOf));
  }

  async lockNames(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const hashes = [...new Set(names)].map((name) => createHash('sha256').update(name).digest());
    const isBulk = hashes.length > MOST_NAMES;
    const places = sortedNumbers(hashes.map((hash) => hash.readUInt16BE(0) % LOCK_PLACES));
    // Everybody takes places before names, and each in their order: nobody waits in a ring.
    await (isBulk
      ? this.connection.query(
          `select pg_advisory_xact_lock(hashtext($1), place) from unnest($2::int[]) as place`,
          [this.organisation, places],
        )
      : this.connection.query(
          `select case when place is null then pg_advisory_xact_lock(hashtextextended($1, name))
                       else pg_advisory_xact_lock_shared(hashtext($1), place) end
           from unnest($2::int[], $3::bigint[]) as one (place, name)`,
          [
            this.organisation,
            [...places, ...hashes.map(() => null)],
            [...places.map(() => null), ...sortedNumbers(hashes.map((hash) => hash.readIntBE(2, 6)))],
          ],
        ));
  }

  async write(
    resource: ResourceJson,
    expected: Expectation,
    standing?: readonly StoredVersion[],
  ): Promise<StoredVersion> {
    const [version] = await this.writeMany([{ resource, expected }], standing);
    if (version === undefined) throw new Error('A write gave no version.');
    return version;
  }

  async writeMany(
    writes: readonly { readonly resource: ResourceJson; readonly expected: Expectation }[],
    standing?: readonly StoredVersion[],
  ): Promise<StoredVersion[]> {
    if (writes.length === 0) return [];
    return this.#put(
      writes.map(({ resource, expected }) => ({
        type: resource.resourceType,
        id: resource.id,
        resource,
        expected,
      })),
      standing,
    );
  }

  async delete(type: string, id: string, expected: Exclude<Expectation, 'absent'>): Promise<StoredVersion> {
    const current = await this.read(type, id);
    if (current?.deleted === true && (expected === 'any' || expected === current.version)) return current;
    const [version] = await this.#put([{ type, id, resource: null, expected }]);
    if (version === undefined) throw new Error('A delete gave no version.');
    return version;
  }

  recordScope(kind: 'scope-enter' | 'scope-exit', patientId: string): void {
    this.#entries.push({ kind, type: '', id: '', version: 0, patientId });
  }

  audit(entry: AuditEntry): void {
    this.#audit.push({ actor: this.actor, entry });
  }

  async savepoint<T>(name: string, fn: () => Promise<T>): Promise<T> {
    this.#savepoints += 1;
    const savepoint = `${name.replaceAll(/\W/g, '_')}_${this.#savepoints}`;
    const entries = this.#entries.length;
    const audit = this.#audit.length;
    await this.connection.script(`savepoint ${savepoint}`);
    try {
      const result = await fn();
      await this.connection.script(`release savepoint ${savepoint}`);
      return result;
    } catch (error) {
      await this.connection.script(`rollback to savepoint ${savepoint}; release savepoint ${savepoint}`);
      this.#entries = this.#entries.slice(0, entries);
      this.#audit = this.#audit.slice(0, audit);
      throw error;
    }
  }

  afterCommit(fn: (position: number | undefined) => void): void {
    this.#afterCommit.push(fn);
  }

  /**
   * Sends what was staged, the position last, without waiting: the commit can follow at once, so the counter's lock is
   * held for no round trip. Nothing but the commit may follow.
   */
  async finish(): Promise<number | undefined> {
    const audited = insertAudit(this.connection, this.organisation, this.#audit);
    audited.catch(() => undefined);
    if (this.#entries.length === 0) {
      // A statement that failed and was caught leaves a transaction that COMMIT would quietly roll back: find out.
      if (this.#audit.length === 0) await this.connection.query('select 1');
      await audited;
      return undefined;
    }
    const position = appendToFeed(this.connection, this.organisation, this.groupId, this.#entries);
    position.catch(() => undefined);
    await audited;
    return position;
  }

  committed(position: number | undefined): void {
    for (const fn of this.#afterCommit) fn(position);
  }

  async #put(writes: readonly Write[], standing?: readonly StoredVersion[]): Promise<StoredVersion[]> {
    const written = await writeVersions(
      this.connection,
      this.organisation,
      this.actor.userId,
      writes,
      standing,
    );
    for (const { version } of written) {
      this.#entries.push({
        kind: version.deleted ? 'tombstone' : 'upsert',
        type: version.type,
        id: version.id,
        version: version.version,
        patientId: version.patientId,
      });
    }
    for (const entry of auditOf(written)) this.audit(entry);
    return written.map((one) => one.version);
  }
}

/** Each once, rising. */
function sortedNumbers(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function auditOf(written: readonly Written[]): AuditEntry[] {
  if (written.length <= BULK) {
    return written.map(({ version, action }) => ({
      action,
      interaction: action,
      outcome: 'success',
      entity: keyOf(version),
      version: version.version,
      ...(version.patientId === null ? {} : { patientId: version.patientId }),
    }));
  }
  const counts = new Map<string, { entry: AuditEntry; count: number }>();
  for (const { version, action } of written) {
    const key = `${action} ${version.patientId ?? ''}`;
    const entry: AuditEntry = {
      action,
      interaction: 'bulk',
      outcome: 'success',
      ...(version.patientId === null
        ? {}
        : { patientId: version.patientId, entity: `Patient/${version.patientId}` }),
    };
    counts.set(key, { entry, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].map(({ entry, count }) => ({ ...entry, detail: `resources=${count}` }));
}
