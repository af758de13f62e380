/** What main asks of the cache, one request after the other, and the errors in words that main can act on. */
import type { CacheAnswer, CacheDescription, CacheRequest } from '../../contract/cache-port.ts';
import { Dexie } from 'dexie';
import { databaseName, generationsOf, openNewest, openNext } from './bag-opening.ts';
import {
  applyPage,
  digestOf,
  preparePacks,
  putDirectory,
  putPacks,
  type PreparedPack,
} from './bag-feeding.ts';
import { KeyFile } from './key-file.ts';
import { PackSegments } from './pack-segments.ts';
import { isUnreadable } from './pack-reading.ts';
import { BagStore, StaleBagError } from './bag-store.ts';
import type { CacheDatabase } from './database.ts';
import { PendingStore } from './pending-store.ts';
import { RecordReader } from './record-reader.ts';
import { decompressText, letGo, sealerFrom, SealError, type Sealer } from './sealing.ts';
import type { TermSearch } from './term-search.ts';
import type { CacheNotice } from './queries.ts';

/** What stands open while the bag is unlocked. */
export interface OpenBag {
  readonly bag: BagStore;
  readonly reader: RecordReader;
  readonly name: string;
  readonly generation: number;
}

export interface CacheEvents {
  readonly notify: (notice: CacheNotice) => void;
  /** Records came; told of with those that come right after. */
  readonly arrived: (patientIds: readonly string[]) => void;
  /** There is something to index: packs came or the bag was opened. */
  readonly wakeIndexer: () => void;
  readonly wait: (milliseconds: number) => Promise<void>;
}

export class MainRequests {
  readonly pending = new PendingStore();
  #open: OpenBag | null = null;
  #sealer: Sealer | null = null;
  #name = '';
  #notice: string | null = null;
  readonly #events: CacheEvents;
  readonly #terms: TermSearch;

  constructor(events: CacheEvents, terms: TermSearch) {
    this.#events = events;
    this.#terms = terms;
  }

  get open(): OpenBag | null {
    return this.#open;
  }

  /** A sentence for the screen about the store itself; `null` where all is well. */
  get notice(): string | null {
    return this.#notice;
  }

  async answer(request: CacheRequest): Promise<CacheAnswer> {
    try {
      return await this.#answer(request);
    } catch (error) {
      if (isLostConnection(error) && (await this.#reopen())) {
        return { type: 'failed', code: 'other', message: 'The store had been closed and is open again.' };
      }
      return this.#failure(error);
    }
  }

  /** The engine closed the connection or failed under us: the same store once more, before it counts as damaged. */
  async #reopen(): Promise<boolean> {
    const before = this.#open;
    if (!before) return false;
    before.bag.close();
    const opened = await openNewest(this.#name, this.#events.wait);
    if (!opened.ok) return false;
    try {
      await this.#take(opened.database, opened.generation);
      return true;
    } catch {
      opened.database.close();
      return false;
    }
  }

  async #answer(request: CacheRequest): Promise<CacheAnswer> {
    switch (request.type) {
      case 'open':
        return this.#openBag(request);
      case 'rebuild':
        return this.#rebuild();
      case 'put-terminology': {
        const fault = this.#terms.load(await decompressText(new Uint8Array(request.asset)));
        this.#events.notify({ kind: 'state' });
        return fault === null ? { type: 'done' } : { type: 'failed', code: 'other', message: fault };
      }
      case 'put-pending': {
        const sharedBefore = this.pending.sharedMark;
        const changed = this.pending.replace(request.pending);
        if (this.pending.sharedMark !== sharedBefore) this.#events.notify({ kind: 'shared' });
        if (changed.length > 0) this.#tell(changed);
        return { type: 'done' };
      }
      case 'put-packs': {
        const open = this.#open;
        if (!open) return { type: 'failed', code: 'other', message: 'No bag is open.' };
        const packs = await preparePacks(open.bag, request.packs);
        const answer = await open.bag.exclusively(() => this.#putPacks(open, request, packs));
        for (const { body } of request.packs) letGo(body);
        for (const { sealed } of packs) if (sealed !== null) letGo(sealed.sealed.buffer);
        return answer;
      }
      case 'describe':
      case 'put-directory':
      case 'apply-changes':
      case 'evict':
      case 'put-as-of':
      case 'digests': {
        const open = this.#open;
        if (!open) return { type: 'failed', code: 'other', message: 'No bag is open.' };
        return open.bag.exclusively(() => this.#withBag(open, request));
      }
    }
  }

  async #withBag(
    open: OpenBag,
    request: Exclude<
      CacheRequest,
      { type: 'open' | 'rebuild' | 'put-packs' | 'put-pending' | 'put-terminology' }
    >,
  ): Promise<CacheAnswer> {
    const { bag, reader } = open;
    switch (request.type) {
      case 'describe':
        return { type: 'description', description: describe(bag) };
      case 'put-directory': {
        const gone = await putDirectory(bag, request);
        reader.forget(gone);
        this.#events.notify({ kind: 'directory' });
        this.#events.notify({ kind: 'shared' });
        this.#tell(gone);
        return { type: 'done' };
      }
      case 'apply-changes': {
        const result = await applyPage(bag, request);
        if (!result.ok) {
          return {
            type: 'failed',
            code: 'wrong-cursor',
            cursor: result.cursor,
            message: 'The page does not follow on what is here.',
          };
        }
        reader.forget(result.left);
        if (result.left.length > 0) await this.#dropSetAside(open, 'now');
        if (request.directory.length + result.left.length > 0) this.#events.notify({ kind: 'directory' });
        if (request.entries.some((entry) => entry.patientId === undefined))
          this.#events.notify({ kind: 'shared' });
        this.#tell(result.touched);
        return { type: 'applied', cursor: result.cursor, wanted: result.wanted };
      }
      case 'evict':
        await bag.removePatients(request.patientIds, 'evicted');
        reader.forget(request.patientIds);
        await this.#dropSetAside(open, 'now');
        this.#events.wakeIndexer();
        this.#tell(request.patientIds);
        return { type: 'done' };
      case 'put-as-of':
        await bag.write({ state: { ...bag.state, dataAsOf: request.dataAsOf } });
        this.#events.notify({ kind: 'state' });
        return { type: 'done' };
      case 'digests':
        return { type: 'digests', digests: await digests(bag, request.patientIds) };
    }
  }

  async #putPacks(
    open: OpenBag,
    request: Extract<CacheRequest, { type: 'put-packs' }>,
    packs: readonly PreparedPack[],
  ): Promise<CacheAnswer> {
    const stored = await putPacks(open.bag, request.epoch, packs);
    this.#events.arrived(stored);
    this.#events.wakeIndexer();
    await this.#dropSetAside(open, 'once-filled');
    const taken = new Set(stored);
    const refused = request.packs.map(({ header }) => header.patientId).filter((id) => !taken.has(id));
    return { type: 'stored', stored, refused };
  }

  async #openBag(request: Extract<CacheRequest, { type: 'open' }>): Promise<CacheAnswer> {
    this.#open?.bag.close();
    this.#open = null;
    this.#name = request.database;
    this.#sealer = await sealerFrom(request.key, `${request.organisation}|${request.database}`);
    const opened = await openNewest(request.database, this.#events.wait);
    if (!opened.ok) {
      this.#notice =
        'The records on this computer could not be opened and are being set aside. Nothing that you saved is lost.';
      return { type: 'failed', code: 'damaged', message: `The store did not open (${opened.reason}).` };
    }
    try {
      await this.#take(opened.database, opened.generation);
    } catch (error) {
      opened.database.close();
      // A state row that does not open under this key is another key's; any other piece that does not is damage.
      if (error instanceof SealError && error.message.includes('state')) {
        return {
          type: 'failed',
          code: 'wrong-key',
          message: 'The store was sealed with another key.',
        };
      }
      throw error;
    }
    return { type: 'opened', description: this.#description() };
  }

  async #take(database: CacheDatabase, generation: number): Promise<void> {
    if (!this.#sealer) throw new Error('a bag is opened with its key');
    const name = databaseName(this.#name, generation);
    const [keys, segments] = await Promise.all([KeyFile.open(name), PackSegments.open(name)]);
    const bag = await BagStore.open(database, keys, segments, this.#sealer);
    this.#open = { bag, reader: new RecordReader(bag, this.pending), name: this.#name, generation };
    // Another worker wants to delete or upgrade: let go, so that neither hangs (sync-bugs S10).
    database.on('versionchange', () => {
      database.close();
      return false;
    });
    this.#events.notify({ kind: 'state' });
    this.#events.notify({ kind: 'directory' });
    this.#events.notify({ kind: 'agenda' });
    this.#events.wakeIndexer();
  }

  async #rebuild(): Promise<CacheAnswer> {
    if (!this.#sealer) return { type: 'failed', code: 'other', message: 'No bag is open.' };
    this.#open?.bag.close();
    this.#open = null;
    const { database, generation } = await openNext(this.#name);
    await this.#take(database, generation);
    this.#notice =
      'The copy of the records on this computer was damaged and is being fetched again. Nothing that you saved is lost.';
    this.#events.notify({ kind: 'state' });
    return { type: 'done' };
  }

  /**
   * Once the new generation holds as many records as it expects, what was set aside has served. It also goes when
   * somebody leaves the scope: it may hold their record, and nobody can take one record out of it (I10).
   */
  async #dropSetAside({ bag, name, generation }: OpenBag, when: 'now' | 'once-filled'): Promise<void> {
    if (generation === 1) return;
    if (when === 'once-filled' && bag.logs.packs.entries.size < bag.logs.directory.entries.size) return;
    const older = (await generationsOf(name)).filter((one) => one < generation);
    for (const one of older) {
      await KeyFile.destroy(databaseName(name, one)).catch(() => undefined);
      await PackSegments.destroy(databaseName(name, one)).catch(() => undefined);
      await Dexie.delete(databaseName(name, one)).catch(() => undefined);
    }
    if (older.length > 0) {
      this.#notice = null;
      this.#events.notify({ kind: 'state' });
    }
  }

  #description(): CacheDescription {
    if (!this.#open) throw new Error('described only while open');
    return describe(this.#open.bag);
  }

  #tell(patientIds: readonly string[]): void {
    if (patientIds.length === 0) return;
    this.#events.notify({ kind: 'patients', patientIds });
    this.#events.notify({ kind: 'agenda' });
  }

  #failure(error: unknown): CacheAnswer {
    const name = error instanceof Error ? error.name : 'unknown';
    const inner = (error as { readonly inner?: { readonly name?: string } } | null)?.inner?.name;
    if (name === 'QuotaExceededError' || inner === 'QuotaExceededError') {
      this.#notice = 'The disk is full: no more records can be fetched. What is here stays.';
      this.#events.notify({ kind: 'state' });
      return { type: 'failed', code: 'quota', message: 'The disk is full.' };
    }
    if (isUnreadable(error)) {
      return { type: 'failed', code: 'damaged', message: `The store is damaged (${name}).` };
    }
    const code = isLostConnection(error) ? 'damaged' : 'other';
    const words =
      error instanceof StaleBagError ? 'Another window changed the store.' : `The store failed (${name}).`;
    return { type: 'failed', code, message: words };
  }
}

const LOST: ReadonlySet<string> = new Set([
  'DatabaseClosedError',
  'InvalidStateError',
  'NotFoundError',
  'UnknownError',
  'DataError',
]);

function isLostConnection(error: unknown): boolean {
  const { name, inner } = error as { readonly name?: string; readonly inner?: { readonly name?: string } };
  return LOST.has(name ?? '') || LOST.has(inner?.name ?? '');
}

function describe(bag: BagStore): CacheDescription {
  const { cursor, run } = bag.state;
  return {
    cursor,
    directoryEntries: bag.logs.directory.entries.size,
    packs: [...bag.logs.packs.entries]
      .filter(([, pack]) => pack.run === run)
      .map(([patientId, { validAt, bytes }]) => ({ patientId, validAt, bytes })),
  };
}

async function digests(
  bag: BagStore,
  patientIds: readonly string[] | undefined,
): Promise<readonly { readonly patientId: string; readonly digest: string }[]> {
  const answers: { patientId: string; digest: string }[] = [];
  for (const [patientId, pack] of bag.logs.packs.entries) {
    if (pack.run !== bag.state.run || (patientIds && !patientIds.includes(patientId))) continue;
    answers.push({ patientId, digest: await digestOf(bag, pack) });
  }
  return answers;
}
