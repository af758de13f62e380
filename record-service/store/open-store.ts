import { setTimeout as delay } from 'node:timers/promises';
import type { AuditEntry } from '../audit/audit-entry.ts';
import { insertAudit, type AttributedEntry } from '../audit/write-audit.ts';
import { migrations } from '../migrations/index.ts';
import { recordRole } from '../migrations/migration.ts';
import { isRetryable, isUnavailable, type Engine, type EngineConnection } from './engine.ts';
import { establishEpoch, replaceEpoch, type SystemIdentity } from './epoch.ts';
import { migrate } from './migrate.ts';
import { readAndAudit, type AuditedRead } from './read-audited.ts';
import { ConnectionReader } from './reader.ts';
import {
  StoreError,
  type OrganisationState,
  type RecordReader,
  type RecordStore,
  type RecordTransaction,
  type ResourceRef,
  type StoredVersion,
  type TransactionContext,
} from './record-store.ts';
import { SharedReads } from './shared-reads.ts';
import { ConnectionTransaction } from './transaction.ts';
import { Turns } from './turns.ts';

const ATTEMPTS = 8;
const SHARE_OF_WRITERS = 0.5;
const ORGANISATION = /^[A-Za-z0-9.-]{1,64}$/;

/** Brings the schema up to date, looks whether the database was restored, and opens the store over the engine. */
export async function openStore(engine: Engine): Promise<OpenStore> {
  await migrate(engine, migrations);
  const identity = await engine.withConnection((connection) => establishEpoch(engine, connection));
  return new OpenStore(engine, identity);
}

export class OpenStore implements RecordStore {
  readonly #engine: Engine;
  #identity: SystemIdentity;
  /** Links made when the epoch was last compared: a new link may lead to a restored database. */
  #comparedAtLinks: number;
  readonly #readAudit = new Map<string, PendingAudit>();
  readonly #sharedReads = new Map<string, SharedReads>();
  /** Writers wait here, not in the queue for connections: so a read never waits behind a crowd of writers. */
  readonly #writers: Turns;
  /** Organisations known to stand in the table: saves a statement, decides nothing. */
  readonly #registered = new Set<string>();
  #closing: Promise<void> | undefined;

  constructor(engine: Engine, identity: SystemIdentity) {
    this.#engine = engine;
    this.#identity = identity;
    this.#comparedAtLinks = engine.links;
    this.#writers = new Turns(Math.max(1, Math.floor(engine.connections * SHARE_OF_WRITERS)));
  }

  get engine(): 'postgres' | 'pglite' {
    return this.#engine.kind;
  }
  get durable(): boolean {
    return this.#engine.durable;
  }
  get epoch(): string {
    return this.#identity.epoch;
  }
  get pageSecret(): Buffer {
    return this.#identity.pageSecret;
  }

  async withTransaction<T>(
    context: TransactionContext,
    fn: (transaction: RecordTransaction) => Promise<T>,
  ): Promise<T> {
    const begin = `begin; ${stepInto(recordRole, context.organisation)}`;
    return this.#writers.take(() =>
      this.#attempt(async (connection) => {
        const transaction = new ConnectionTransaction(connection, context);
        let position: number | undefined;
        await this.#registerOrganisation(connection, context.organisation);
        const result = await within(
          connection,
          begin,
          () => fn(transaction),
          async () => {
            position = await transaction.finish();
          },
        );
        transaction.committed(position);
        return result;
      }),
    );
  }

  async withSnapshot<T>(context: TransactionContext, fn: (reader: RecordReader) => Promise<T>): Promise<T> {
    const begin = `begin isolation level repeatable read, read only; ${stepInto(recordRole, context.organisation)}`;
    return this.#attempt((connection) =>
      within(connection, begin, () => fn(new ConnectionReader(connection, context))),
    );
  }

  /** A transaction under another role than the record's, for the audit sealer. */
  async withRole<T>(
    role: string,
    organisation: string,
    fn: (connection: EngineConnection) => Promise<T>,
  ): Promise<T> {
    return this.#attempt(async (connection) => {
      await this.#registerOrganisation(connection, organisation);
      return within(connection, `begin; ${stepInto(role, organisation)}`, () => fn(connection));
    });
  }

  readAudited(context: TransactionContext, ref: ResourceRef): Promise<StoredVersion | undefined> {
    let shared = this.#sharedReads.get(context.organisation);
    if (shared === undefined) {
      shared = new SharedReads((batch) => this.#readAndAudit(context.organisation, batch));
      this.#sharedReads.set(context.organisation, shared);
    }
    return shared.add({ actor: context.actor, ref });
  }

  auditReads(context: TransactionContext, entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length === 0) return Promise.resolve();
    let pending = this.#readAudit.get(context.organisation);
    if (pending === undefined) {
      pending = new PendingAudit((batch) => this.#writeReadAudit(context.organisation, batch));
      this.#readAudit.set(context.organisation, pending);
    }
    return pending.add(entries.map((entry) => ({ actor: context.actor, entry })));
  }

  async organisations(): Promise<string[]> {
    return this.#attempt(async (connection) => {
      const { rows } = await connection.query<{ organisation: string }>(
        'select organisation from organisation order by organisation',
      );
      return rows.map((row) => row.organisation);
    });
  }

  async state(): Promise<OrganisationState[]> {
    const states: OrganisationState[] = [];
    for (const organisation of await this.organisations()) {
      const { rows } = await this.withRole(recordRole, organisation, (connection) =>
        connection.query<{ position: number | null; age: number | null; unsealed: number }>(
          `select counter.position, extract(epoch from clock_timestamp() - counter.committed_at)::float8 as age,
                  (select count(*) from audit_event where organisation = $1 and sequence is null) as unsealed
           from (select 1) as one left join organisation_counter as counter on counter.organisation = $1`,
          [organisation],
        ),
      );
      const [row] = rows;
      states.push({
        organisation,
        head: row?.position ?? 0,
        secondsSinceCommit: row?.age ?? 0,
        unsealed: row?.unsealed ?? 0,
      });
    }
    return states;
  }

  /** The database lacks what clients have seen. Copies of the service that notice together begin one epoch. */
  async beginNewEpoch(instead: string): Promise<void> {
    await this.#engine.withConnection(async (connection) => {
      await replaceEpoch(connection, instead);
      this.#identity = await establishEpoch(this.#engine, connection);
    });
  }

  async ping(): Promise<void> {
    await this.#attempt((connection) => connection.query('select 1'));
  }

  close(): Promise<void> {
    this.#closing ??= Promise.all(
      [...this.#readAudit.values(), ...this.#sharedReads.values()].map((pending) => pending.idle()),
    )
      .catch(() => undefined)
      .then(() => this.#engine.close());
    return this.#closing;
  }

  #readAndAudit(organisation: string, batch: readonly AuditedRead[]): Promise<StoredVersion[]> {
    return this.#attempt(async (connection) => {
      await this.#registerOrganisation(connection, organisation);
      let found: StoredVersion[] = [];
      // Beginning, statement and commit leave together: one round trip.
      const finish = async (): Promise<void> => {
        found = await readAndAudit(connection, organisation, batch);
      };
      await within(
        connection,
        `begin; ${stepInto(recordRole, organisation)}`,
        () => Promise.resolve(),
        finish,
      );
      return found;
    });
  }

  async #writeReadAudit(organisation: string, batch: readonly AttributedEntry[]): Promise<void> {
    await this.withRole(recordRole, organisation, async (connection) => {
      await insertAudit(connection, organisation, batch);
    });
  }

  async #registerOrganisation(connection: EngineConnection, organisation: string): Promise<void> {
    if (this.#registered.has(organisation) || !ORGANISATION.test(organisation)) return;
    await connection.query(
      'insert into organisation (organisation) values ($1) on conflict (organisation) do nothing',
      [organisation],
    );
    this.#registered.add(organisation);
  }

  async #attempt<T>(work: (connection: EngineConnection) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#engine.withConnection(async (connection) => {
          await this.#compareEpoch(connection);
          return await work(connection);
        });
      } catch (error) {
        if (error instanceof StoreError) throw error;
        if (isUnavailable(error)) {
          throw new StoreError(
            'unavailable',
            'The database cannot be reached. What was sent may or may not have been saved: try again.',
            undefined,
            error,
          );
        }
        if (!isRetryable(error)) throw error;
        if (attempt === ATTEMPTS) {
          throw new StoreError(
            'busy',
            'Too many are writing to the same records. Nothing was saved: try again.',
            undefined,
            error,
          );
        }
        await delay(2 ** attempt * (1 + Math.random()));
      }
    }
  }

  async #compareEpoch(connection: EngineConnection): Promise<void> {
    const links = this.#engine.links;
    if (links === this.#comparedAtLinks) return;
    this.#identity = await establishEpoch(this.#engine, connection);
    this.#registered.clear();
    this.#comparedAtLinks = links;
  }
}

/**
 * One transaction. Its beginning leaves together with its first statement, its end together with the commit: nobody
 * waits for a round trip while locks are held. `finish` sends what it has before it waits.
 */
async function within<T>(
  connection: EngineConnection,
  begin: string,
  fn: () => Promise<T>,
  finish: () => Promise<void> = () => Promise.resolve(),
): Promise<T> {
  const begun = connection.script(begin);
  // Told below, behind whatever failed because of it.
  begun.catch(() => undefined);
  try {
    const result = await fn();
    const sent = [begun, finish(), connection.script('commit')];
    for (const settled of await Promise.allSettled(sent)) {
      if (settled.status === 'rejected') throw settled.reason;
    }
    return result;
  } catch (error) {
    if (!isUnavailable(error)) await connection.script('rollback').catch(() => undefined);
    throw error;
  }
}

/** The second wall: from here to the end of the transaction the database itself shows one organisation only. */
function stepInto(role: string, organisation: string): string {
  if (!ORGANISATION.test(organisation)) {
    throw new StoreError('invalid', 'An organisation is named by 1 to 64 of A-Z a-z 0-9 . -');
  }
  return `set local role ${role}; set local gladstone.organisation = '${organisation}'`;
}

/** Audit of reads: whoever comes while a batch is being written shares the next one. */
class PendingAudit {
  readonly #write: (batch: readonly AttributedEntry[]) => Promise<void>;
  #next: AttributedEntry[] = [];
  #nextWritten: Promise<void> | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(write: (batch: readonly AttributedEntry[]) => Promise<void>) {
    this.#write = write;
  }

  add(entries: readonly AttributedEntry[]): Promise<void> {
    this.#next.push(...entries);
    if (this.#nextWritten === undefined) {
      const written = this.#writing.then(() => {
        const batch = this.#next;
        this.#next = [];
        this.#nextWritten = undefined;
        return this.#write(batch);
      });
      this.#nextWritten = written;
      this.#writing = written.catch(() => undefined);
    }
    return this.#nextWritten;
  }

  async idle(): Promise<void> {
    while (this.#nextWritten !== undefined) await this.#nextWritten.catch(() => undefined);
    await this.#writing;
  }
}
