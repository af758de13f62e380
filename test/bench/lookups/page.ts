/** Searches and record opening: the product's cache, through its worker as the screens use it, and its peers. */
import '../../support/cache-harness/page.ts';
import MiniSearch from 'minisearch';
import type { DirectoryEntry } from '../../../domain/record/directory-entry.ts';
import { readTerminologyAsset } from '../../../domain/terminology/terminology-asset.ts';
import { dexieRows } from '../first-load/dexie-rows.ts';
import type { Pack } from '../first-load/store.ts';
import { dexieWords, miniSearch } from './patient-peers.ts';

export interface SentRecord {
  readonly patientId: string;
  readonly resources: number;
  /** Base64 of the gzip that the service sends. */
  readonly body: string;
}

/** Milliseconds of each turn, in the order of the questions; and until the first could be asked. */
export interface Turns {
  readonly preparedMs: number;
  readonly times: readonly number[];
}

const entries: DirectoryEntry[] = [];
const packs: Pack[] = [];
let terminology = '';

async function timed(
  questions: readonly string[],
  ask: (question: string) => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = [];
  for (const question of questions) {
    const before = performance.now();
    await ask(question);
    times.push(performance.now() - before);
  }
  return times;
}

async function openBag(directory: readonly DirectoryEntry[]): Promise<void> {
  const { cacheHarness } = window;
  cacheHarness.start();
  await cacheHarness.open('secret');
  await cacheHarness.request({
    type: 'put-directory',
    cursor: { epoch: 'e', position: 1 },
    organisationName: 'Practice',
    entries: directory,
    booked: [],
    shared: [],
  });
}

class Lookups {
  takeEntries(sent: readonly DirectoryEntry[]): void {
    entries.push(...sent);
  }

  takeRecords(sent: readonly SentRecord[]): void {
    for (const { patientId, resources, body } of sent) {
      packs.push({ patientId, resources, body: Uint8Array.fromBase64(body).buffer });
    }
  }

  takeTerminology(part: string): void {
    terminology += part;
  }

  async patients(store: 'gladstone' | 'dexie' | 'minisearch', keystrokes: readonly string[]): Promise<Turns> {
    const begun = performance.now();
    let ask: (typed: string) => Promise<unknown>;
    if (store === 'gladstone') {
      await openBag(entries);
      ask = (typed) => window.cacheHarness.client.searchPatients(typed, 30);
      // The index is made when it is first asked for.
      await ask('a');
    } else {
      const peer = store === 'dexie' ? dexieWords() : miniSearch();
      await peer.fill(entries);
      ask = peer.find;
    }
    const preparedMs = performance.now() - begun;
    await timed(keystrokes.slice(0, 50), ask);
    return { preparedMs, times: await timed(keystrokes, ask) };
  }

  async terms(store: 'gladstone' | 'minisearch', keystrokes: readonly string[]): Promise<Turns> {
    const begun = performance.now();
    let ask: (typed: string) => Promise<unknown>;
    if (store === 'gladstone') {
      window.cacheHarness.start();
      await window.cacheHarness.open('secret');
      await window.cacheHarness.putTerminology(terminology);
      ask = (typed) => window.cacheHarness.client.searchTerms(typed, 'diagnosis', 8);
      if ((await window.cacheHarness.client.state()).terminology === null) throw new Error('no terms');
    } else {
      const read = readTerminologyAsset(terminology);
      if ('fault' in read) throw new Error(read.fault.words);
      const index = new MiniSearch<{ readonly id: number; readonly term: string }>({
        fields: ['term'],
        searchOptions: { prefix: true, combineWith: 'AND' },
      });
      await index.addAllAsync(read.asset.descriptions.map(({ term }, id) => ({ id, term })));
      ask = (typed) => Promise.resolve(index.search(typed).slice(0, 8));
    }
    const preparedMs = performance.now() - begun;
    await timed(keystrokes.slice(0, 50), ask);
    return { preparedMs, times: await timed(keystrokes, ask) };
  }

  /** Opens every record once: none of them was open before. */
  async records(store: 'gladstone' | 'dexie'): Promise<Turns> {
    const begun = performance.now();
    const expected = new Map(packs.map(({ patientId, resources }) => [patientId, resources]));
    let open: (patientId: string) => Promise<number>;
    if (store === 'gladstone') {
      await openBag(
        packs.map(({ patientId, resources }, index) => ({
          id: patientId as DirectoryEntry['id'],
          family: `Family${index}`,
          given: ['Given'],
          phones: [],
          protectedPatient: false,
          registration: 'registered',
          safety: { allergyTitle: 'Allergies not recorded', allergies: [], flags: [] },
          pack: { resources, bytes: 0 },
        })),
      );
      for (const { patientId, resources, body } of packs) {
        const answer = await window.cacheHarness.request({
          type: 'put-packs',
          epoch: 'e',
          packs: [{ header: { patientId, resources, validAt: 1, digest: '' }, body }],
        });
        if (answer.type !== 'stored' || answer.refused.length > 0) throw new Error('not stored');
      }
      await window.cacheHarness.indexed();
      open = async (patientId) => {
        const opened = await window.cacheHarness.client.openRecord(patientId);
        if (opened.state !== 'ready') throw new Error(`not opened: ${opened.state}`);
        return opened.record.completeness.resources;
      };
    } else {
      const rows = await dexieRows();
      for (const pack of packs) await rows.put([pack]);
      await rows.finish();
      open = (patientId) => rows.open(patientId);
    }
    const preparedMs = performance.now() - begun;
    const times = await timed([...expected.keys()], async (patientId) => {
      if ((await open(patientId)) !== expected.get(patientId)) throw new Error('a record is not whole');
    });
    // The first ones warm the engine up.
    return { preparedMs, times: times.slice(4) };
  }
}

declare global {
  interface Window {
    readonly lookups: Lookups;
  }
}
Object.defineProperty(window, 'lookups', { value: new Lookups() });

export type { Lookups };
