import { Dexie, type EntityTable, type Table } from 'dexie';
import type { Bytes } from './sealing.ts';

/**
 * One patient's pack, sealed. Neither row nor revision say whose it is. Stores of before kept these in the database,
 * under `row`; since then they lie in files (pack-segments.ts), and settling a store moves what is left.
 */
export interface PackRow {
  /** Counts up and is never used again, so that neighbours were written together; its salt is in the key file. */
  readonly row: number;
  /** Rises by one with each write; authenticated with the sealed bytes. */
  readonly revision: number;
  /** Sealed gzip of the JSON array of resources. */
  readonly sealed: Bytes;
}

/** One piece of a sealed log: see sealed-log.ts. */
export interface ChunkRow {
  readonly log: LogName;
  /** Rises within the log; later pieces win. */
  readonly sequence: number;
  /** Sealed gzip of JSON. */
  readonly sealed: Bytes;
}

export type LogName = 'directory' | 'packs' | 'agenda' | 'shared';

/** The bag's own state; one row. */
export interface StateRow {
  readonly name: 'bag';
  /** Rises with each change: a writer that read an older one starts again. */
  readonly revision: number;
  /** Row of the key file that seals this and all logs. */
  readonly key: number;
  /** Sealed JSON, see `BagState` in store.ts: the cursor and what stands without a patient. */
  readonly sealed: Bytes;
}

/**
 * The cache's database. It holds the service's copies only, every value sealed, no patient in any key.
 * Cleared: at wipe, at scope exit (row by row), and by `rebuild`; nothing that a person saved lives here alone.
 */
export class CacheDatabase extends Dexie {
  declare readonly packs: EntityTable<PackRow, 'row'>;
  declare readonly chunks: Table<ChunkRow, [LogName, number]>;
  declare readonly state: EntityTable<StateRow, 'name'>;

  constructor(name: string) {
    super(name, {
      // A live-query cache would keep opened rows in clear in memory, and could show what was rolled back.
      cache: 'disabled',
      chromeTransactionDurability: 'relaxed',
    });
    /** 1: packs by number (of stores of before), logs by name and sequence, one state row. */
    this.version(1).stores({ packs: 'row', chunks: '[log+sequence]', state: 'name' });
  }
}
