import type { RecordViewName, RecordViews } from '../../domain/record/record-view.ts';
import type { TermContext } from '../../domain/terminology/term-search.ts';
import type { KeptRound } from './bag-state.ts';
import type {
  CacheFailure,
  CacheNotice,
  CacheQueries,
  CacheQueryName,
  CacheQuestion,
  CacheToPage,
  OpenOptions,
  PageToCache,
  TaskFilter,
} from './queries.ts';

/** What the page needs of the worker; a test gives both ends of a channel. */
export interface CacheWorkerEnd {
  postMessage(message: PageToCache, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<CacheToPage>) => void): void;
  terminate(): void;
}

type Answer<Name extends CacheQueryName> = Promise<CacheQueries[Name]['answer']>;

/** The page's view of the cache. All reads are what the service sent, with this computer's unsent work laid over. */
export interface CacheClient {
  state(): Answer<'state'>;
  /** Name in any order, date of birth, NHS number, postcode, phone: as typed. */
  searchPatients(words: string, limit?: number): Answer<'search-patients'>;
  patients(patientIds: readonly string[]): Answer<'patients'>;
  /** Same name, twins, household: for the alert on the banner and at sign. */
  mistakablePatients(patientId: string): Answer<'mistakable-patients'>;
  recentPatients(): Answer<'recent-patients'>;
  openRecord(patientId: string, options?: OpenOptions): Answer<'open-record'>;
  /** One tab of an open record. */
  view<Name extends RecordViewName>(
    patientId: string,
    view: Name,
    options?: OpenOptions,
  ): Promise<RecordViews[Name] | null>;
  find(patientId: string, words: string, options?: OpenOptions): Answer<'find'>;
  provenance(patientId: string, key: string): Answer<'provenance'>;
  /** What an edit starts from: `text` goes into `before`, `source.version` into `baseVersion`. */
  resource(patientId: string, key: string): Answer<'resource'>;
  resources(patientId: string, types: readonly string[]): Answer<'resources'>;
  /** Everybody registered at a street, a home, a house or a postcode; never a protected patient. */
  searchAddresses(words: string, limit?: number): Answer<'search-addresses'>;
  /** Opens each of these records and says what it holds for a visit. */
  carried(patientIds: readonly string[]): Answer<'carried'>;
  wantRecords(patientIds: readonly string[]): Answer<'want-records'>;
  round(userId: string): Answer<'round'>;
  /** Answers when it is written, sealed. */
  keepRound(userId: string, round: KeptRound): Answer<'keep-round'>;
  /** @param day `YYYY-MM-DD` */
  appointments(day: string): Answer<'appointments'>;
  tasks(filter?: TaskFilter): Answer<'tasks'>;
  /** Practitioner, Organization, Schedule, Slot …: what belongs to no patient. */
  shared(types: readonly string[]): Answer<'shared'>;
  searchTerms(words: string, context: TermContext, limit?: number): Answer<'search-terms'>;
  /** A term was taken: it comes earlier next time. */
  termUsed(code: string): Answer<'term-used'>;
  /** Tells when what is shown of this patient is no longer what is here. Answers how to stop. */
  onPatientChanged(patientId: string, listener: () => void): () => void;
  onNotice(listener: (notice: CacheNotice) => void): () => void;
  /** Ends the worker and everything it holds: at lock. Questions under way fail with `closed`. */
  end(): void;
}

export class CacheError extends Error {
  readonly code: CacheFailure;
  constructor(code: CacheFailure, message: string) {
    super(message);
    this.code = code;
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: CacheError) => void;
}

/** Speaks to a worker that was started; `mainPort` is passed on to it and never read here. */
export function cacheClientOf(worker: CacheWorkerEnd, mainPort: MessagePort): CacheClient {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(notice: CacheNotice) => void>();
  let lastId = 0;
  let ended = false;

  worker.addEventListener('message', ({ data: message }) => {
    if (message.type === 'notice') {
      for (const listener of [...listeners]) listener(message.notice);
      return;
    }
    const question = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === 'answer') question?.resolve(message.value);
    else question?.reject(new CacheError(message.code, message.message));
  });
  worker.postMessage({ type: 'connect' }, [mainPort]);

  function ask<Name extends CacheQueryName>(name: Name, what: CacheQueries[Name]['ask']): Answer<Name> {
    if (ended) return Promise.reject(new CacheError('closed', 'The bag is locked.'));
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      // The union's members are made from the same map as this function's types.
      worker.postMessage({ type: 'ask', question: { id, name, ask: what } as CacheQuestion }, []);
    });
  }

  return {
    state: () => ask('state', undefined),
    searchPatients: (words, limit = 50) => ask('search-patients', { words, limit }),
    patients: (patientIds) => ask('patients', { patientIds }),
    mistakablePatients: (patientId) => ask('mistakable-patients', { patientId }),
    recentPatients: () => ask('recent-patients', undefined),
    openRecord: (patientId, options = {}) => ask('open-record', { patientId, options }),
    view: <Name extends RecordViewName>(patientId: string, view: Name, options: OpenOptions = {}) =>
      ask('view', { patientId, view, options }) as Promise<RecordViews[Name] | null>,
    find: (patientId, words, options = {}) => ask('find', { patientId, words, options }),
    provenance: (patientId, key) => ask('provenance', { patientId, key }),
    resource: (patientId, key) => ask('resource', { patientId, key }),
    resources: (patientId, types) => ask('resources', { patientId, types }),
    searchAddresses: (words, limit = 60) => ask('search-addresses', { words, limit }),
    carried: (patientIds) => ask('carried', { patientIds }),
    wantRecords: (patientIds) => ask('want-records', { patientIds }),
    round: (userId) => ask('round', { userId }),
    keepRound: (userId, round) => ask('keep-round', { userId, round }),
    appointments: (day) => ask('appointments', { day }),
    tasks: (filter = {}) => ask('tasks', filter),
    shared: (types) => ask('shared', { types }),
    searchTerms: (words, context, limit = 20) => ask('search-terms', { words, context, limit }),
    termUsed: (code) => ask('term-used', { code }),
    onPatientChanged: (patientId, listener) =>
      subscribe(listeners, (notice) => {
        if (notice.kind === 'patients' && notice.patientIds.includes(patientId)) listener();
      }),
    onNotice: (listener) => subscribe(listeners, listener),
    end: () => {
      ended = true;
      worker.terminate();
      for (const question of waiting.values())
        question.reject(new CacheError('closed', 'The bag was locked.'));
      waiting.clear();
      listeners.clear();
    },
  };
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
