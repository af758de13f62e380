/**
 * The sealed store of one bag: directory, packs, agenda, shared resources and the feed's cursor.
 *
 * Every change is opened, applied and sealed outside; then one transaction checks that the bag is the one that was
 * read (its revision rises with each change, cursor included) and puts rows and cursor together (sync.md, Pull 2;
 * sync-bugs L19). Memory follows only when the transaction is over. There is nothing here by which a caller could
 * write a clinical operation: eviction and rebuild are not deletions (I9, sync-bugs M7).
 */
import { Dexie } from 'dexie';
import type { DirectoryEntry } from '../../domain/record/directory-entry.ts';
import { EMPTY_BAG, roundsWithout, type AgendaEntry, type BagState, type PackEntry } from './bag-state.ts';
import type { CacheDatabase, ChunkRow, LogName, PackRow } from './database.ts';
import { SealedLog, type LogChange } from './sealed-log.ts';
import { TakenRowError, type KeyFile } from './key-file.ts';
import { settlingOf, type BodyPlace, type PackSegments } from './pack-segments.ts';
import { SealError, type Bytes, type Seal, type Sealer } from './sealing.ts';

export interface BagLogs {
  readonly directory: SealedLog<DirectoryEntry>;
  readonly packs: SealedLog<PackEntry>;
  readonly agenda: SealedLog<AgendaEntry>;
  /** JSON text by `Type/id` of what belongs to no patient. */
  readonly shared: SealedLog<string>;
}

/** One change of the bag, made ready by the caller. */
export interface BagChange {
  readonly state?: BagState;
  /** Rows of packs that go: their keys are destroyed as soon as the change is written. */
  readonly deletePacks?: readonly number[];
  /** Rows of the database whose body now lies in a file. */
  readonly deleteRows?: readonly number[];
  readonly directory?: LogChange<DirectoryEntry>;
  readonly packs?: LogChange<PackEntry>;
  readonly agenda?: LogChange<AgendaEntry>;
  readonly shared?: LogChange<string>;
}

/** Another writer changed the bag meanwhile (two windows, a worker that was not ended): nothing was written. */
export class StaleBagError extends Error {}

/** Rows deleted in one transaction: a hundred thousand at once would block the next opening (sync-bugs S6). */
const DELETE_SLICE = 500;

/** Bodies moved in one turn: whoever opens a record waits no longer than that. */
const MOVE_SLICE = 100;

export class BagStore {
  readonly logs: BagLogs = {
    directory: new SealedLog('directory'),
    packs: new SealedLog('packs'),
    agenda: new SealedLog('agenda'),
    shared: new SealedLog('shared'),
  };
  #state: BagState = EMPTY_BAG;
  #revision = 0;
  #generation = 0;
  #nextRow = EMPTY_BAG.nextRow;
  /** Row of the key that seals state and logs. */
  #logKey = 0;
  #logSeal!: Seal;
  readonly #database: CacheDatabase;
  readonly #keys: KeyFile;
  readonly #segments: PackSegments;
  readonly #sealer: Sealer;
  /** Bodies may lie where they need not stay: see {@link settle}. */
  #isUnsettled = true;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(database: CacheDatabase, keys: KeyFile, segments: PackSegments, sealer: Sealer) {
    this.#database = database;
    this.#keys = keys;
    this.#segments = segments;
    this.#sealer = sealer;
  }

  /** @throws SealError where what is stored was sealed with another key or is damaged */
  static async open(
    database: CacheDatabase,
    keys: KeyFile,
    segments: PackSegments,
    sealer: Sealer,
  ): Promise<BagStore> {
    const store = new BagStore(database, keys, segments, sealer);
    await store.#load();
    return store;
  }

  get state(): BagState {
    return this.#state;
  }

  /** Counts the changes written since this store was opened. */
  get generation(): number {
    return this.#generation;
  }

  close(): void {
    this.#database.close();
    this.#segments.close();
  }

  async #load(): Promise<void> {
    const database = this.#database;
    const { row, chunks } = await database.transaction('r', database.state, database.chunks, async () => ({
      row: await database.state.get('bag'),
      chunks: await database.chunks.orderBy('[log+sequence]').toArray(),
    }));
    if (row) {
      this.#logKey = row.key;
      this.#logSeal = await this.#sealOf(row.key);
      const bytes = await this.#logSeal.open(row.sealed, statePlace(row.revision));
      this.#state = JSON.parse(new TextDecoder().decode(bytes)) as BagState;
      this.#revision = row.revision;
      this.#nextRow = this.#state.nextRow;
    }
    await Promise.all(
      Object.values(this.logs).map((log: SealedLog<never>) =>
        log.load(
          this.#logSeal,
          chunks.filter((chunk) => chunk.log === log.name),
        ),
      ),
    );
    // Keys that a crash left behind: of rows that were never written, or that are gone already.
    const inUse = new Set([this.#logKey, ...[...this.logs.packs.entries.values()].map((pack) => pack.row)]);
    await this.#keys.destroy(this.#keys.rows().filter((one) => !inUse.has(one)));
    if (!row) await this.#takeLogKey();
    if (this.#state.rekeyDue) await this.#rekey();
    await this.removePatients(this.#torn(), 'unreadable');
  }

  /** Patients whose body is not there whole, because a file was lost or cut short: they are fetched again. */
  #torn(): readonly string[] {
    return [...this.logs.packs.entries]
      .filter(
        ([, { lies, bytes }]) =>
          lies !== undefined && (this.#segments.sizes.get(lies.segment) ?? 0) < lies.at + bytes,
      )
      .map(([patientId]) => patientId);
  }

  async #sealOf(row: number): Promise<Seal> {
    const salt = this.#keys.salt(row);
    if (salt === null) throw new SealError('a key of the store is not here');
    return this.#sealer.under(salt);
  }

  /** Whether a pack in this row could still be opened. */
  hasKey(row: number): boolean {
    return this.#keys.salt(row) !== null;
  }

  async #takeLogKey(): Promise<void> {
    const [row] = await this.newRows(1, true);
    if (row === undefined) return;
    this.#logSeal = await this.#sealOf(row);
    this.#logKey = row;
  }

  /** Rows with keys of their own, for packs that are new here. */
  async newRows(count: number, durable = false): Promise<readonly number[]> {
    if (count === 0) return [];
    const first = this.#nextRow;
    this.#nextRow += count;
    try {
      await this.#keys.add(first, count, durable);
    } catch (error) {
      if (error instanceof TakenRowError) throw new StaleBagError('the bag was changed by another');
      throw error;
    }
    return Array.from({ length: count }, (_, index) => first + index);
  }

  /** Runs changes one after the other; `work` reads the bag as the change before left it. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /**
   * Writes one change whole or not at all. Call within {@link exclusively}.
   * @throws StaleBagError, and Dexie's errors (QuotaExceededError, DatabaseClosedError …); memory is then unchanged
   */
  async write(change: BagChange): Promise<void> {
    const state: BagState = { ...(change.state ?? this.#state), nextRow: this.#nextRow };
    const revision = this.#revision + 1;
    const sealed = await this.#logSeal.seal(encoded(state), statePlace(revision));
    const staged: { readonly rows: readonly ChunkRow[]; readonly done: () => void }[] = [];
    const compacted: { readonly log: LogName; readonly below: number }[] = [];
    const stage = async <Value>(
      log: SealedLog<Value>,
      logChange: LogChange<Value> | undefined,
    ): Promise<void> => {
      if (logChange === undefined) return;
      const rows = await log.stage(this.#logSeal, logChange);
      const [first] = rows;
      if (logChange.clear && first) compacted.push({ log: log.name, below: first.sequence });
      staged.push({
        rows,
        done: () => {
          log.commit(logChange, rows);
        },
      });
    };
    await stage(this.logs.directory, change.directory);
    await stage(this.logs.packs, change.packs);
    await stage(this.logs.agenda, change.agenda);
    await stage(this.logs.shared, change.shared);

    await this.#transact(revision, this.#logKey, sealed, async (database) => {
      const deleted = [...(change.deletePacks ?? []), ...(change.deleteRows ?? [])];
      if (deleted.length > 0) await database.packs.bulkDelete(deleted);
      for (const { log, below } of compacted) await deleteBelow(database, log, below);
      // `add`, not `put`: a piece that is there already was written by somebody else.
      for (const { rows } of staged) await database.chunks.bulkAdd([...rows]);
    });
    this.#state = state;
    for (const { done } of staged) done();
    // The change is written; a failure to tidy up comes again with the next one, or when the store is next opened.
    await this.#tidy(change.deletePacks ?? []).catch(() => undefined);
  }

  async #tidy(deletedPacks: readonly number[]): Promise<void> {
    if (deletedPacks.length > 0) this.#isUnsettled = true;
    await this.#keys.destroy(deletedPacks);
    if (this.#state.rekeyDue) await this.#rekey();
    else await this.#compact();
  }

  async #transact(
    revision: number,
    key: number,
    sealed: Bytes,
    write: (database: CacheDatabase) => Promise<void>,
  ): Promise<void> {
    const expected = this.#revision;
    const database = this.#database;
    await database.transaction('rw', database.state, database.packs, database.chunks, async () => {
      const present = await database.state.get('bag');
      if ((present?.revision ?? 0) !== expected) throw new StaleBagError('the bag was changed by another');
      await write(database);
      await database.state.put({ name: 'bag', revision, key, sealed });
    });
    this.#revision = revision;
    this.#generation += 1;
  }

  async #compact(): Promise<void> {
    for (const log of Object.values(this.logs) as SealedLog<never>[]) {
      if (!log.wantsCompacting) continue;
      const { rows, below } = await log.stageWhole(this.#logSeal);
      const revision = this.#revision + 1;
      const sealed = await this.#logSeal.seal(encoded(this.#state), statePlace(revision));
      await this.#transact(revision, this.#logKey, sealed, async (database) => {
        await deleteBelow(database, log.name, below);
        await database.chunks.bulkAdd([...rows]);
      });
      log.commitWhole(rows);
    }
  }

  /**
   * All logs once more under a fresh key, and the key before it destroyed: old pieces that still lie on the disk
   * name who left the scope.
   */
  async #rekey(): Promise<void> {
    const [key] = await this.newRows(1, true);
    if (key === undefined) return;
    const seal = await this.#sealOf(key);
    const logs = Object.values(this.logs) as SealedLog<never>[];
    const whole: {
      readonly log: SealedLog<never>;
      readonly rows: readonly ChunkRow[];
      readonly below: number;
    }[] = [];
    for (const log of logs) whole.push({ log, ...(await log.stageWhole(seal)) });
    const state: BagState = { ...this.#state, nextRow: this.#nextRow, rekeyDue: false };
    const revision = this.#revision + 1;
    const sealed = await seal.seal(encoded(state), statePlace(revision));
    await this.#transact(revision, key, sealed, async (database) => {
      for (const { log, rows, below } of whole) {
        await deleteBelow(database, log.name, below);
        await database.chunks.bulkAdd([...rows]);
      }
    });
    for (const { log, rows } of whole) log.commitWhole(rows);
    const before = this.#logKey;
    this.#state = state;
    this.#logKey = key;
    this.#logSeal = seal;
    await this.#keys.destroy([before]);
  }

  /** The gzip bytes of a pack. @throws SealError where body or key are missing, older than known, or damaged */
  async readPack(entry: PackEntry): Promise<Bytes> {
    const sealed = await this.#readBody(entry);
    return (await this.#sealOf(entry.row)).open(sealed, packPlace(entry.row, entry.revision));
  }

  async #readBody(entry: PackEntry): Promise<Bytes> {
    try {
      if (entry.lies !== undefined) return await this.#segments.read(entry.lies, entry.bytes);
      const row = await this.#database.packs.get(entry.row);
      if (row?.revision === entry.revision) return row.sealed;
      throw new SealError('a sealed value of packs is not the one known');
    } catch (error) {
      // It may have moved while it was looked for.
      for (const present of this.logs.packs.entries.values()) {
        if (present.row !== entry.row || present.revision !== entry.revision) continue;
        if (present.lies !== undefined && present !== entry) {
          return this.#segments.read(present.lies, present.bytes);
        }
      }
      throw error;
    }
  }

  async sealPack(row: number, revision: number, gzip: Bytes): Promise<PackRow> {
    const seal = await this.#sealOf(row);
    return { row, revision, sealed: await seal.seal(gzip, packPlace(row, revision)) };
  }

  /** Puts sealed bodies on the disk; they count once a change names their places. */
  async storeBodies(packs: readonly PackRow[]): Promise<readonly BodyPlace[]> {
    if (packs.some(({ revision }) => revision > 1)) this.#isUnsettled = true;
    return this.#segments.append(packs.map(({ sealed }) => sealed));
  }

  /**
   * One turn of tidying up: bodies that a store of before kept in the database move to files, files that are mostly
   * dead are written anew, empty ones go. Call within {@link exclusively}, until nothing is left.
   * @returns patients whose body was not there, and whether another turn is due
   */
  async settle(): Promise<{ readonly lost: readonly string[]; readonly isDone: boolean }> {
    if (!this.#isUnsettled) return { lost: [], isDone: true };
    const packs = [...this.logs.packs.entries];
    const live = new Map<string, number>();
    for (const [, { lies, bytes }] of packs) {
      if (lies !== undefined) live.set(lies.segment, (live.get(lies.segment) ?? 0) + bytes);
    }
    const { empty, move } = settlingOf(this.#segments.sizes, live, this.#segments.current);
    for (const segment of empty) await this.#segments.remove(segment);
    const old = packs.filter(([, { lies }]) => lies === undefined);
    const moving = old.length > 0 ? old : packs.filter(([, { lies }]) => lies?.segment === move);
    if (moving.length > 0) return { lost: await this.#move(moving.slice(0, MOVE_SLICE)), isDone: false };
    this.#isUnsettled = false;
    return { lost: [], isDone: true };
  }

  async #move(packs: readonly (readonly [string, PackEntry])[]): Promise<readonly string[]> {
    const lost: string[] = [];
    const found: { readonly patientId: string; readonly entry: PackEntry; readonly body: Bytes }[] = [];
    for (const [patientId, entry] of packs) {
      try {
        found.push({ patientId, entry, body: await this.#readBody(entry) });
      } catch (error) {
        if (!(error instanceof SealError)) throw error;
        lost.push(patientId);
      }
    }
    const places = await this.#segments.append(found.map(({ body }) => body));
    const put = found.map(({ patientId, entry }, index): readonly [string, PackEntry] => [
      patientId,
      { ...entry, ...(places[index] && { lies: places[index] }) },
    ]);
    const inDatabase = found.filter(({ entry }) => entry.lies === undefined);
    await this.write({ packs: { put }, deleteRows: inDatabase.map(({ entry }) => entry.row) });
    await this.removePatients(lost, 'unreadable');
    return lost;
  }

  /**
   * Removes packs in slices, and their keys with them.
   * @param why `unreadable`: a fresh pack is to come. `evicted`: out of the bag; the directory still names them.
   *   `left`: out of the directory too. After the last two nothing on the disk tells of them any more.
   */
  async removePatients(patientIds: readonly string[], why: 'unreadable' | 'evicted' | 'left'): Promise<void> {
    for (let from = 0; from < patientIds.length; from += DELETE_SLICE) {
      const slice = patientIds.slice(from, from + DELETE_SLICE);
      const rows = slice.flatMap((id) => this.logs.packs.entries.get(id)?.row ?? []);
      const isLast = from + DELETE_SLICE >= patientIds.length;
      const left = new Set(why === 'left' ? slice : []);
      await this.write({
        state: {
          ...this.#state,
          booked: this.#state.booked.filter(({ patientId }) => !left.has(patientId)),
          recent: this.#state.recent.filter((patientId) => !left.has(patientId)),
          rounds: roundsWithout(this.#state.rounds, left),
          rekeyDue: this.#state.rekeyDue || (isLast && why !== 'unreadable'),
        },
        deletePacks: rows,
        packs: { remove: slice },
        agenda: { remove: slice },
        ...(why === 'left' && { directory: { remove: slice } }),
      });
    }
  }
}

function deleteBelow(database: CacheDatabase, log: LogName, below: number): Promise<number> {
  return database.chunks
    .where('[log+sequence]')
    .between([log, Dexie.minKey], [log, below], true, false)
    .delete();
}

function statePlace(revision: number): string {
  return `state|bag|${revision}`;
}

function packPlace(row: number, revision: number): string {
  return `packs|${row}|${revision}`;
}

function encoded(state: BagState): Bytes {
  return new TextEncoder().encode(JSON.stringify(state));
}
