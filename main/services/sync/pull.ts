import type { ChangesPage } from '../../../contract/record-service.ts';
import { nextBatchSize } from '../../../domain/sync/backoff.ts';
import type { LoadProgress } from '../../../domain/sync/first-load.ts';
import { compareManifest, nextPullStep } from '../../../domain/sync/pull.ts';
import type { FeedCursor, PullStep } from '../../../domain/sync/pull.ts';
import { classifyFailure } from '../../../domain/sync/transport-failure.ts';
import type { TransportFailure } from '../../../domain/sync/transport-failure.ts';
import type { CacheLink, CacheTrouble } from './cache-link.ts';
import type { Connectivity } from './connectivity.ts';
import { fetchPacks } from './pack-fetch.ts';
import type { Clock, RecordServicePort } from './ports.ts';
import { WantedRecords } from './wanted-records.ts';
import type { CarriedScope, WantedRecord } from './wanted-records.ts';

export interface PullerParts {
  readonly client: Pick<RecordServicePort, 'changes' | 'packs' | 'directory' | 'manifest'>;
  readonly connectivity: Connectivity;
  readonly clock: Clock;
  /** Whether the outbox has been compared with this history's ledger: until then nothing of it is pulled. */
  readonly lanesCompared: (epoch: string) => boolean;
  /** Patients who leave this device's scope: their unsent work goes first, as operations or sealed (M13). */
  readonly beforeExit: (patientIds: readonly string[]) => Promise<boolean>;
  readonly offlineScope: () => 'all' | 'booked';
  /** Patients opened on this computer, latest first. */
  readonly recent: () => readonly string[];
  /** `YYYY-MM-DD` at the practice. */
  readonly today: () => string;
  /** The cursor moved, to the feed's head or on the way there: the overlay may shrink. */
  readonly moved: (atHead: FeedCursor | null) => Promise<void>;
  /** All is fetched; what is here is compared with the service next. */
  readonly beforeComparison: () => Promise<void>;
  readonly notice: (code: PullNotice) => void;
  /** The history with which the records here were last compared; null for none. Survives a restart. */
  readonly comparedEpoch: () => string | null;
  /** The records here agree with this history; whether that was found by comparing them with the manifest. */
  readonly compared: (epoch: string, byManifest: boolean) => Promise<void>;
}

export type PullNotice = 'disk-full' | 'cache-rebuilt' | 'cache-drift' | 'resynced' | 'outside-scope';

const packBatches = { least: 5, most: 800, targetMs: 1_000 };
const feedPages = { least: 50, most: 2_000, targetMs: 1_000 };

/** Of compressed records: a thousand of usual length. */
const muchBytes = 16_000_000;

/** Resyncs in one run before the engine takes a pause: a service that refuses its own cursor must not be asked in a loop. */
const resyncsInARun = 1;

/** Tries to compare cache and manifest at one position, before it waits for the next run. */
const comparisonsInARun = 3;

/** Fetches what others did (sync.md, Pull). {@link run} is to be called by one caller at a time. */
export class Puller {
  readonly #parts: PullerParts;
  #cache: CacheLink | null = null;
  #described = false;
  #describing: Promise<boolean> | null = null;
  #head = 0;
  #durableThrough: FeedCursor | null = null;
  #resyncNeeded = false;
  #resyncs = 0;
  #comparisons = 0;
  #paused = false;
  #full = false;
  #manifestDue = false;
  /** After a resync: the records here belong to another history until they were compared. */
  #isUncompared = false;
  #packBatch = 40;
  #feedPage = 500;
  #batchesSinceFeed = 0;
  readonly #records = new WantedRecords();
  #fetchedBytes = 0;
  #fetchingMs = 0;
  #toldBytes = 0;

  constructor(parts: PullerParts) {
    this.#parts = parts;
  }

  attach(cache: CacheLink): void {
    this.#cache = cache;
    this.#described = false;
    this.#describing = null;
    this.#records.unknow();
    this.#full = false;
    // Not only when the service is reached: what is saved in a whole day without network says what its author had seen.
    void this.#describe(cache);
  }

  detach(): void {
    this.#cache = null;
    this.#described = false;
    this.#describing = null;
  }

  set paused(paused: boolean) {
    this.#paused = paused;
  }

  get cursor(): FeedCursor | null {
    return this.#described ? (this.#cache?.cursor ?? null) : null;
  }

  /**
   * The place in the feed up to which the screen is known to agree with the service; null while that is not so,
   * because a record may still be of another history.
   */
  get seen(): FeedCursor | null {
    return this.#isUncompared || this.#records.hasOutdated ? null : this.cursor;
  }

  /** The service's backup has everything up to here. */
  get durableThrough(): FeedCursor | null {
    return this.#durableThrough;
  }

  /** Cache at the head as last heard, and nothing left to fetch. */
  get isAtHead(): boolean {
    const cursor = this.cursor;
    const probe = this.#parts.connectivity.lastProbe;
    return (
      cursor !== null &&
      probe !== null &&
      !this.#resyncNeeded &&
      !this.#isUncompared &&
      cursor.epoch === probe.epoch &&
      cursor.position >= Math.max(this.#head, probe.head) &&
      this.#records.isKnown &&
      this.#wanted().length === 0
    );
  }

  get progress(): LoadProgress | null {
    const scope = this.#scope();
    if (scope === null) return null;
    return this.#records.progress(scope, {
      fetchedBytes: this.#fetchedBytes,
      fetchingMs: this.#fetchingMs,
      paused: this.#paused || this.#full,
    });
  }

  /** Whether so much was fetched that its traces in memory are worth a look; true once for each such load. */
  hasLoadedMuch(): boolean {
    if (this.#fetchedBytes - this.#toldBytes < muchBytes) return false;
    this.#toldBytes = this.#fetchedBytes;
    return true;
  }

  /** A person opened this record and it is not here, or does not open: the cache says so, whatever it said before. */
  wantNow(patientId: string): void {
    this.#cache?.markStale([patientId]);
    this.#records.wantNow(patientId);
  }

  wantManifest(): void {
    this.#manifestDue = true;
  }

  /** The feed reaches at least this far: what this device sent itself is in it too. */
  heardOf(epoch: string, position: number): void {
    if (this.#cache?.cursor?.epoch === epoch) this.#head = Math.max(this.#head, position);
  }

  /** The disk is filling: the feed goes on, no record is fetched until {@link spaceFreed}. */
  spaceShort(): void {
    this.#full = true;
  }

  /** There is space again, or a person says so. */
  spaceFreed(): void {
    this.#full = false;
  }

  async run(): Promise<void> {
    this.#resyncs = 0;
    this.#comparisons = 0;
    for (;;) {
      const cache = this.#cache;
      if (cache === null || !this.#parts.connectivity.isConnected) return;
      if (!(await this.#prepare(cache))) return;
      if (this.#cache !== cache) continue;
      const step = this.#nextStep(cache);
      if (step === null || step.step === 'idle') return;
      // The service reads everything for a comparison: meanwhile the screen says what is so already.
      if (step.step === 'manifest') await this.#parts.beforeComparison();
      if (!(await this.#take(cache, step))) return;
    }
  }

  /** What the cache holds, asked once of each cache; after trouble, again. */
  #describe(cache: CacheLink): Promise<boolean> {
    if (this.#described && this.#cache === cache) return Promise.resolve(true);
    this.#describing ??= this.#askWhatIsThere(cache);
    return this.#describing;
  }

  async #askWhatIsThere(cache: CacheLink): Promise<boolean> {
    const survived = await this.#survived(cache, await cache.describe());
    if (this.#cache !== cache) return false;
    this.#describing = null;
    if (!survived) return false;
    this.#described = true;
    this.#isUncompared = cache.cursor !== null && cache.cursor.epoch !== this.#parts.comparedEpoch();
    const differing = this.#records.differing;
    if (this.#isUncompared && differing === null) this.#manifestDue = true;
    cache.markStale([...(differing ?? [])]);
    return true;
  }

  /** What the cache holds, and, while records are missing, what the directory says of them. */
  async #prepare(cache: CacheLink): Promise<boolean> {
    if (!(await this.#describe(cache))) return false;
    if (!this.#records.isKnown && cache.cursor !== null) {
      if (cache.present.size >= cache.directoryEntries) {
        this.#records.learn([...cache.present].map(([patientId, pack]) => [patientId, pack.bytes]));
      } else {
        const answer = await this.#parts.client.directory();
        if (!answer.ok) return this.#failed(answer.error);
        if (answer.value.epoch === cache.cursor.epoch) this.#records.learnDirectory(answer.value);
        else {
          this.#resyncNeeded = true;
          this.#records.learn([]);
        }
      }
    }
    return true;
  }

  #nextStep(cache: CacheLink): PullStep | null {
    const probe = this.#parts.connectivity.lastProbe;
    if (probe === null) return null;
    return nextPullStep({
      cursor: cache.cursor,
      epoch: probe.epoch,
      head: Math.max(this.#head, probe.head),
      resyncNeeded: this.#resyncNeeded,
      lanesCompared: this.#parts.lanesCompared(probe.epoch),
      wanted: this.#wanted(),
      paused: this.#paused,
      full: this.#full,
      batchSize: this.#packBatch,
      batchesSinceFeed: this.#batchesSinceFeed,
      manifestDue: this.#manifestDue,
    });
  }

  /** False ends the run. */
  #take(cache: CacheLink, step: Exclude<PullStep, { step: 'idle' }>): Promise<boolean> {
    switch (step.step) {
      case 'directory':
        return this.#startFeed(cache);
      case 'resync':
        return this.#resync(cache);
      case 'changes':
        return this.#readFeed(cache, step.from);
      case 'packs':
        return this.#fetchPacks(cache, step);
      case 'manifest':
        return this.#compareManifest(cache);
    }
  }

  async #startFeed(cache: CacheLink): Promise<boolean> {
    const answer = await this.#parts.client.directory();
    if (!answer.ok) return this.#failed(answer.error);
    const directory = answer.value;
    const trouble = await cache.putDirectory({
      type: 'put-directory',
      cursor: { epoch: directory.epoch, position: directory.position },
      organisationName: directory.organisation.name,
      entries: directory.entries,
      booked: directory.booked,
      shared: directory.shared,
    });
    if (!(await this.#survived(cache, trouble))) return false;
    this.#head = directory.position;
    this.#records.beginFrom(directory);
    // Nothing here is nothing to compare.
    if (cache.present.size === 0) {
      this.#isUncompared = false;
      await this.#parts.compared(directory.epoch, false);
    }
    await this.#parts.moved(null);
    return true;
  }

  async #resync(cache: CacheLink): Promise<boolean> {
    if (this.#resyncs >= resyncsInARun) {
      // Bounded (sync-bugs Q12): the pause of a failing service, then one more.
      this.#parts.connectivity.failed({ kind: 'status', status: 500 });
      return false;
    }
    this.#resyncs += 1;
    this.#manifestDue = true;
    this.#isUncompared = true;
    if (!(await this.#startFeed(cache))) return false;
    this.#resyncNeeded = false;
    this.#parts.notice('resynced');
    // Records whose digest still agrees stay: only the others are fetched anew.
    return this.#compareManifest(cache);
  }

  async #readFeed(cache: CacheLink, from: FeedCursor): Promise<boolean> {
    const { client, clock } = this.#parts;
    const started = clock.monotonicMs();
    const answer = await client.changes(from, this.#feedPage);
    this.#feedPage = nextBatchSize(
      this.#feedPage,
      answer.ok ? clock.monotonicMs() - started : 'failed',
      feedPages,
    );
    if (!answer.ok) {
      if (classifyFailure(answer.error) === 'resync') {
        this.#resyncNeeded = true;
        return true;
      }
      return this.#failed(answer.error);
    }
    const page = answer.value;
    if (page.epoch !== from.epoch) {
      this.#resyncNeeded = true;
      return true;
    }
    this.#batchesSinceFeed = 0;
    this.#head = page.head;
    if (page.durableThrough !== null) {
      this.#durableThrough = { epoch: page.epoch, position: page.durableThrough };
    }
    if (page.next <= from.position) {
      // Nothing beyond: whatever head was heard of before, this is it.
      this.#head = from.position;
      return page.head <= from.position;
    }
    return this.#applyPage(cache, from, page);
  }

  async #applyPage(cache: CacheLink, from: FeedCursor, page: ChangesPage): Promise<boolean> {
    const scope = lastScopeOf(page);
    const exits = [...scope].filter(([, kind]) => kind === 'scope-exit').map(([patientId]) => patientId);
    if (scope.size > 0) {
      // In this order, so that a crash in between repeats the page: the work, then the record, then the cursor.
      // Who left and came back is fetched anew: nobody can tell what was left out in between.
      if (exits.length > 0 && !(await this.#parts.beforeExit(exits))) return false;
      if (!(await this.#survived(cache, await cache.evict([...scope.keys()])))) return false;
      for (const patientId of exits) this.#records.forget(patientId);
    }
    const applied = await cache.applyChanges({
      type: 'apply-changes',
      from,
      next: page.next,
      entries: page.entries,
      directory: page.directory,
    });
    if ('trouble' in applied) return this.#survived(cache, applied.trouble);
    for (const entry of page.directory) {
      if (scope.get(entry.id) !== 'scope-exit') this.#records.include(entry.id, entry.pack.bytes);
    }
    for (const { patientId, notBefore } of applied.wanted) {
      cache.markStale([patientId]);
      this.#records.outdate(patientId, notBefore);
    }
    await this.#parts.moved(page.next >= page.head ? { epoch: page.epoch, position: page.next } : null);
    return true;
  }

  async #fetchPacks(cache: CacheLink, step: Extract<PullStep, { step: 'packs' }>): Promise<boolean> {
    const { client, clock } = this.#parts;
    const started = clock.monotonicMs();
    const fetched = await fetchPacks(
      client,
      cache,
      { epoch: step.epoch, patients: [...step.patients], notBefore: step.notBefore },
      ({ patientId }) => {
        this.#records.isNowhere(patientId);
      },
    );
    const { stored, trouble, error } = fetched;
    const elapsed = clock.monotonicMs() - started;
    this.#fetchedBytes += fetched.storedBytes;
    this.#fetchingMs += elapsed;
    this.#batchesSinceFeed += 1;
    this.#packBatch = nextBatchSize(this.#packBatch, error === null ? elapsed : 'failed', packBatches);
    for (const patientId of stored) this.#records.arrived(patientId);
    await this.#endComparison(step.epoch);
    if (trouble !== null) return this.#survived(cache, trouble);
    if (error !== null) {
      // Nobody may wait behind a record that is not handed out: neither the feed nor the day's own records.
      if (isOutsideScope(error) && this.#records.isOutsideScope(step.patients)) {
        this.#parts.notice('outside-scope');
        return true;
      }
      if (classifyFailure(error) !== 'resync') return this.#failed(error);
      this.#resyncNeeded = true;
      return true;
    }
    if (stored.size === 0 && step.patients.some((patientId) => !this.#records.isAbsent(patientId))) {
      // Everything was refused as older than the cursor, or never came: the feed first, then another try later.
      this.#batchesSinceFeed = Number.POSITIVE_INFINITY;
      return cache.cursor !== null && cache.cursor.position < this.#head;
    }
    return true;
  }

  async #compareManifest(cache: CacheLink): Promise<boolean> {
    const answer = await this.#parts.client.manifest();
    if (!answer.ok) return this.#failed(answer.error);
    const manifest = answer.value;
    const cursor = cache.cursor;
    if (cursor === null || manifest.epoch !== cursor.epoch) {
      this.#resyncNeeded = true;
      return true;
    }
    // Both of the same moment, else a record that is merely on its way would count as drift.
    const touched = await this.#touchedBetween(cursor, manifest.position);
    if (touched === 'failed') return false;
    if (touched === 'again') return (this.#comparisons += 1) < comparisonsInARun;
    const here = await cache.digests();
    if (here === null) return this.#survived(cache, 'other');
    const compared = compareManifest(manifest.patients, here, touched);
    cache.markStale(compared.different);
    for (const patientId of compared.different) {
      this.#records.outdate(patientId, Math.max(manifest.position, cursor.position));
    }
    for (const patientId of compared.missing) this.#records.want(patientId);
    if (compared.surplus.length > 0) {
      if (!(await this.#parts.beforeExit(compared.surplus))) return false;
      if (!(await this.#survived(cache, await cache.evict(compared.surplus)))) return false;
      for (const patientId of compared.surplus) this.#records.forget(patientId);
    }
    this.#manifestDue = false;
    if (compared.drifted > 0 && !this.#isUncompared) this.#parts.notice('cache-drift');
    this.#records.compared(compared.different);
    await this.#endComparison(cursor.epoch);
    return true;
  }

  /** Only when every record that differed was fetched again, so that a crash before that compares once more. */
  async #endComparison(epoch: string): Promise<void> {
    if (this.#records.differing?.size !== 0) return;
    this.#records.endComparison();
    this.#isUncompared = false;
    await this.#parts.compared(epoch, true);
  }

  /** Patients who changed between the cursor and the manifest; `again` when the feed must be read first. */
  async #touchedBetween(
    cursor: FeedCursor,
    position: number,
  ): Promise<ReadonlySet<string> | 'again' | 'failed'> {
    if (position === cursor.position) return new Set();
    if (position < cursor.position) return 'again';
    const answer = await this.#parts.client.changes(cursor, feedPages.most);
    if (!answer.ok) {
      if (classifyFailure(answer.error) === 'resync') this.#resyncNeeded = true;
      else this.#failed(answer.error);
      return 'failed';
    }
    if (answer.value.next < position) {
      this.#head = Math.max(this.#head, position);
      return 'again';
    }
    return new Set(
      answer.value.entries.flatMap((entry) => (entry.patientId === undefined ? [] : [entry.patientId])),
    );
  }

  #scope(): CarriedScope | null {
    if (this.#cache === null) return null;
    const { offlineScope, recent, today } = this.#parts;
    return {
      present: this.#cache.present,
      offlineScope: offlineScope(),
      recent: recent(),
      today: today(),
    };
  }

  #wanted(): readonly WantedRecord[] {
    const scope = this.#scope();
    return scope === null ? [] : this.#records.wanted(scope);
  }

  #failed(failure: TransportFailure): false {
    this.#parts.connectivity.failed(failure);
    return false;
  }

  /** Whether the run can go on after what the cache said. */
  async #survived(cache: CacheLink, trouble: CacheTrouble | null): Promise<boolean> {
    switch (trouble) {
      case null:
        return true;
      case 'wrong-cursor':
        return (await cache.describe()) === null;
      case 'quota':
        this.#full = true;
        this.#parts.notice('disk-full');
        return true;
      case 'damaged':
        this.#parts.notice('cache-rebuilt');
        this.#records.unknow();
        return (await cache.rebuild()) === null;
      case 'gone':
      case 'other':
        return false;
    }
  }
}

/** The last word of a page on each patient's scope. */
function lastScopeOf(page: ChangesPage): ReadonlyMap<string, 'scope-enter' | 'scope-exit'> {
  const scope = new Map<string, 'scope-enter' | 'scope-exit'>();
  for (const entry of page.entries) {
    if (entry.kind === 'scope-enter' || entry.kind === 'scope-exit') scope.set(entry.patientId, entry.kind);
  }
  return scope;
}

function isOutsideScope(error: TransportFailure): boolean {
  return error.kind === 'status' && error.status === 403 && error.code === 'outside-scope';
}
