/** Two other ways to find a patient as one types, each as its own documentation advises. */
import { Dexie, type EntityTable } from 'dexie';
import MiniSearch from 'minisearch';
import type { DirectoryEntry } from '../../../domain/record/directory-entry.ts';

export interface PatientPeer {
  readonly fill: (entries: readonly DirectoryEntry[]) => Promise<void>;
  /** How many of the first thirty were found. */
  readonly find: (words: string) => Promise<number>;
}

const SHOWN = 30;

function wordsOf(entry: DirectoryEntry): readonly string[] {
  return [
    entry.family,
    ...entry.given,
    entry.nhsNumber ?? '',
    entry.birthDate?.replaceAll('-', '') ?? '',
    entry.address?.postcode?.replaceAll(' ', '') ?? '',
    ...entry.phones.map((phone) => phone.replaceAll(' ', '')),
  ]
    .flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((word) => word !== '');
}

/** Dexie's recipe for full text: a multi-entry index of words, one range of keys a word, and their intersection. */
export function dexieWords(): PatientPeer {
  interface Row {
    readonly id: string;
    readonly words: readonly string[];
    readonly entry: DirectoryEntry;
  }
  class Words extends Dexie {
    declare readonly patients: EntityTable<Row, 'id'>;
    constructor() {
      super('words', { cache: 'disabled', chromeTransactionDurability: 'relaxed' });
      this.version(1).stores({ patients: 'id, *words' });
    }
  }
  const database = new Words();
  return {
    fill: async (entries) => {
      for (let from = 0; from < entries.length; from += 2_000) {
        const rows = entries.slice(from, from + 2_000);
        await database.patients.bulkPut(
          rows.map((entry) => ({ id: entry.id, words: [...new Set(wordsOf(entry))], entry })),
        );
      }
    },
    find: async (typed) => {
      const beginnings = typed.toLowerCase().split(/\s+/).filter(Boolean);
      return await database.transaction('r', database.patients, async () => {
        const keys = await Promise.all(
          beginnings.map((word) => database.patients.where('words').startsWith(word).primaryKeys()),
        );
        const [first = [], ...others] = keys.map((list) => [...new Set(list)]);
        const sets = others.map((list) => new Set(list));
        const both = first.filter((key) => sets.every((set) => set.has(key)));
        return (await database.patients.bulkGet(both.slice(0, SHOWN))).length;
      });
    },
  };
}

export function miniSearch(): PatientPeer {
  const index = new MiniSearch<{ readonly id: string; readonly words: string }>({
    fields: ['words'],
    searchOptions: { prefix: true, combineWith: 'AND' },
  });
  const entryOf = new Map<string, DirectoryEntry>();
  return {
    fill: async (entries) => {
      for (const entry of entries) entryOf.set(entry.id, entry);
      await index.addAllAsync(entries.map((entry) => ({ id: entry.id, words: wordsOf(entry).join(' ') })));
    },
    find: (typed) =>
      Promise.resolve(
        index
          .search(typed)
          .slice(0, SHOWN)
          .map(({ id }) => entryOf.get(id as string)).length,
      ),
  };
}
