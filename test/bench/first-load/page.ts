/** The same records into four stores: the product's cache, plain Dexie rows, RxDB and PouchDB. */
import '../../support/cache-harness/page.ts';
import type { FeedPage, Pack, Store } from './store.ts';
import type { DirectoryEntry } from '../../../domain/record/directory-entry.ts';

export type StoreName = 'gladstone' | 'dexie-rows' | 'rxdb' | 'pouchdb';

export interface SentPack {
  readonly patientId: string;
  readonly resources: number;
  /** Base64 of the gzip that the service sends. */
  readonly body: string;
}

export interface Measured {
  /** Until every record can be read. */
  readonly storedMs: number;
  /** Gladstone: until the lists about many patients hold them as well. */
  readonly listedMs: number | null;
  /** Opening one whole record: median and 95th percentile of those asked, none of them open before. */
  readonly openMs: { readonly p50: number; readonly p95: number };
}

const BATCH = 100;
const packs: Pack[] = [];

async function gladstone(): Promise<Store> {
  const { cacheHarness } = window;
  cacheHarness.start();
  await cacheHarness.open('secret');
  const entries = packs.map(({ patientId, resources }, index): DirectoryEntry => ({
    id: patientId as DirectoryEntry['id'],
    family: `Family${index}`,
    given: ['Given'],
    phones: [],
    protectedPatient: false,
    registration: 'registered',
    safety: { allergyTitle: 'Allergies not recorded', allergies: [], flags: [] },
    pack: { resources, bytes: 0 },
  }));
  await cacheHarness.request({
    type: 'put-directory',
    cursor: { epoch: 'e', position: 1 },
    organisationName: 'Practice',
    entries,
    booked: [],
    shared: [],
  });
  return {
    put: async (batch) => {
      const answer = await cacheHarness.request({
        type: 'put-packs',
        epoch: 'e',
        packs: batch.map(({ patientId, resources, body }) => ({
          header: { patientId, resources, validAt: 1, digest: '' },
          body,
        })),
      });
      if (answer.type !== 'stored' || answer.refused.length > 0) throw new Error('not stored');
    },
    apply: async ({ from, next, changes }) => {
      const answer = await cacheHarness.request({
        type: 'apply-changes',
        from: { epoch: 'e', position: from },
        next,
        entries: changes.map((change) => ({ kind: 'upsert', ...change })),
        directory: [],
      });
      if (answer.type !== 'applied') throw new Error(`not applied: ${answer.type}`);
    },
    finish: () => cacheHarness.indexed(),
    open: async (patientId) => {
      const opened = await cacheHarness.client.openRecord(patientId);
      if (opened.state !== 'ready') throw new Error(`not opened: ${opened.state}`);
      return opened.record.completeness.resources;
    },
  };
}

// Each on its own: RxDB brings a Dexie of its own version, and a page takes only one.
const stores: Readonly<Record<StoreName, () => Promise<Store>>> = {
  gladstone,
  'dexie-rows': async () => (await import('./dexie-rows.ts')).dexieRows(),
  rxdb: async () => (await import('./rxdb.ts')).rxdb(),
  pouchdb: async () => (await import('./pouchdb.ts')).pouchdb(),
};

class FirstLoad {
  #store: Store | null = null;

  take(sent: readonly SentPack[]): void {
    for (const { patientId, resources, body } of sent) {
      packs.push({ patientId, resources, body: Uint8Array.fromBase64(body).buffer });
    }
  }

  /** Milliseconds for these pages, one after the other, in the store of the last run. */
  async apply(pages: readonly FeedPage[]): Promise<number> {
    const begun = performance.now();
    for (const page of pages) await this.#store?.apply?.(page);
    return performance.now() - begun;
  }

  async run(name: StoreName, asked: readonly string[]): Promise<Measured> {
    const store = await stores[name]();
    this.#store = store;
    const expected = new Map(packs.map(({ patientId, resources }) => [patientId, resources]));
    const begun = performance.now();
    for (let from = 0; from < packs.length; from += BATCH) await store.put(packs.slice(from, from + BATCH));
    const storedMs = performance.now() - begun;
    await store.finish();
    const listedMs = name === 'gladstone' ? performance.now() - begun : null;
    const times: number[] = [];
    for (const patientId of asked) {
      const before = performance.now();
      const resources = await store.open(patientId);
      times.push(performance.now() - before);
      if (resources !== expected.get(patientId)) throw new Error('a record is not whole');
    }
    times.sort((left, right) => left - right);
    const at = (share: number): number =>
      times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
    return { storedMs, listedMs, openMs: { p50: at(0.5), p95: at(0.95) } };
  }
}

declare global {
  interface Window {
    readonly firstLoad: FirstLoad;
  }
  interface Uint8ArrayConstructor {
    /** In Chromium since 140; TypeScript's ES2024 library does not know it yet. */
    fromBase64(text: string): Uint8Array<ArrayBuffer>;
  }
}
Object.defineProperty(window, 'firstLoad', { value: new FirstLoad() });
