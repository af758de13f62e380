/** An organisation's place in commit order: `epoch` names the history, `position` the commit within it. */
export interface FeedCursor {
  readonly epoch: string;
  readonly position: number;
}

/** What is known when the next step of a pull is chosen. */
export interface PullState {
  /** The cache's cursor; null when it is empty. */
  readonly cursor: FeedCursor | null;
  /** The service's history and head, as last heard. */
  readonly epoch: string;
  readonly head: number;
  /** The service refused the cursor (410), or its history changed. */
  readonly resyncNeeded: boolean;
  /** A new history's lanes were compared; before that nothing of it is pulled (the outbox must come first). */
  readonly lanesCompared: boolean;
  /** Records to fetch, most urgent first, with whether a person waits for it and the least position it must show. */
  readonly wanted: readonly {
    readonly patientId: string;
    readonly urgent: boolean;
    readonly notBefore: number;
  }[];
  readonly paused: boolean;
  /** The disk is nearly full or the cache refused for want of space: fetch no more records. */
  readonly full: boolean;
  readonly batchSize: number;
  /** Batches fetched since the feed was last read: both must come on. */
  readonly batchesSinceFeed: number;
  readonly manifestDue: boolean;
}

export type PullStep =
  | { readonly step: 'directory' }
  /** One bounded resync: directory and cursor anew, then only records whose digest differs. */
  | { readonly step: 'resync' }
  | { readonly step: 'changes'; readonly from: FeedCursor }
  | {
      readonly step: 'packs';
      readonly epoch: string;
      readonly patients: readonly string[];
      readonly notBefore: number;
    }
  | { readonly step: 'manifest' }
  /** Everything that may be done is done. */
  | { readonly step: 'idle' };

const feedEveryBatches = 8;

/**
 * The next step of a pull (sync.md, Pull 3 and 6): the feed's position before the first record; a record read
 * before the cursor is of no use, so `notBefore` is never lower than the cursor.
 */
export function nextPullStep(state: PullState): PullStep {
  if (state.cursor === null) return state.lanesCompared ? { step: 'directory' } : { step: 'idle' };
  if (state.resyncNeeded || state.cursor.epoch !== state.epoch) {
    return state.lanesCompared ? { step: 'resync' } : { step: 'idle' };
  }
  const urgent = state.wanted.filter((pack) => pack.urgent);
  if (urgent.length > 0 && !state.full) return packsStep(state, state.cursor, urgent);
  const behind = state.cursor.position < state.head;
  const mayFetch = state.wanted.length > 0 && !state.paused && !state.full;
  if (behind || (mayFetch && state.batchesSinceFeed >= feedEveryBatches)) {
    return { step: 'changes', from: state.cursor };
  }
  if (mayFetch) return packsStep(state, state.cursor, state.wanted);
  return state.manifestDue ? { step: 'manifest' } : { step: 'idle' };
}

function packsStep(state: PullState, cursor: FeedCursor, wanted: PullState['wanted']): PullStep {
  const batch = wanted.slice(0, Math.max(1, state.batchSize));
  return {
    step: 'packs',
    epoch: cursor.epoch,
    patients: batch.map((pack) => pack.patientId),
    notBefore: Math.max(cursor.position, ...batch.map((pack) => pack.notBefore)),
  };
}

export interface ManifestEntry {
  readonly patientId: string;
  readonly digest: string;
}

export interface ManifestComparison {
  /** Here, but not as the service has it: fetch again. */
  readonly different: readonly string[];
  /** Of those, how many had not changed in between: drift that the feed does not explain. */
  readonly drifted: number;
  /** In scope, and not here. */
  readonly missing: readonly string[];
  /** Here, and no longer in scope: evict. */
  readonly surplus: readonly string[];
}

/**
 * Compares the service's digests with the cache's. `touched`: patients who changed between the cursor and the
 * manifest. They are fetched again all the same: a change in between may hide a drift from before.
 */
export function compareManifest(
  service: readonly ManifestEntry[],
  cache: readonly ManifestEntry[],
  touched: ReadonlySet<string>,
): ManifestComparison {
  const here = new Map(cache.map((entry) => [entry.patientId, entry.digest]));
  const there = new Set(service.map((entry) => entry.patientId));
  const different = service
    .filter((entry) => here.has(entry.patientId) && here.get(entry.patientId) !== entry.digest)
    .map((entry) => entry.patientId);
  return {
    different,
    drifted: different.filter((patientId) => !touched.has(patientId)).length,
    missing: service.filter((entry) => !here.has(entry.patientId)).map((entry) => entry.patientId),
    surplus: cache.filter((entry) => !there.has(entry.patientId)).map((entry) => entry.patientId),
  };
}
