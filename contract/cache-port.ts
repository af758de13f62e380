/**
 * What main and the cache worker say to each other over a MessagePort that the page passes on and never reads.
 * Main asks, the worker answers with the same `id`; the worker may also tell without being asked.
 * The worker holds one derived, non-extractable cache key and is ended at lock.
 */
import type { ChangeEntry, Cursor, PackHeader } from './record-service.ts';
import type { DirectoryEntry } from '../domain/record/directory-entry.ts';
import type { Operation } from '../domain/sync/operation.ts';

/** An operation whose resulting version is unknown or higher than the cached one: laid over the record. */
export interface PendingOperation {
  readonly operation: Operation;
  /** `after` as JSON text, decimals as written. */
  readonly after?: string;
  /** `waiting`: not sent; `conflict` or `rejected`: needs attention; `applied`: known version, cache behind. */
  readonly state: 'waiting' | 'applied' | 'conflict' | 'rejected';
  readonly resultVersion?: number;
}

export type CacheRequest =
  | {
      readonly type: 'open';
      readonly organisation: string;
      /** Opaque name of this bag's database: no person, no organisation in clear. */
      readonly database: string;
      /** 32 bytes; imported as non-extractable AES-GCM key and overwritten. */
      readonly key: ArrayBuffer;
    }
  /** Cursor, how many packs of which patients are here. */
  | { readonly type: 'describe' }
  /** A fresh directory with the position taken before it was read; starts (or restarts) the feed from there. */
  | {
      readonly type: 'put-directory';
      readonly cursor: Cursor;
      readonly organisationName: string;
      readonly entries: readonly DirectoryEntry[];
      readonly booked: readonly { readonly patientId: string; readonly start: string }[];
      readonly shared: readonly string[];
    }
  /** Bodies are gzip bytes as received; refused one by one when `validAt` is older than the cursor. */
  | {
      readonly type: 'put-packs';
      readonly epoch: string;
      readonly packs: readonly { readonly header: PackHeader; readonly body: ArrayBuffer }[];
    }
  /** One page, applied with its cursor in one transaction; refused when the cursor is not `from`. */
  | {
      readonly type: 'apply-changes';
      readonly from: Cursor;
      readonly next: number;
      readonly entries: readonly ChangeEntry[];
      readonly directory: readonly DirectoryEntry[];
    }
  /** Eviction is not deletion: it emits no operation (I9). */
  | { readonly type: 'evict'; readonly patientIds: readonly string[] }
  /** The whole overlay; replaces the one before. */
  | { readonly type: 'put-pending'; readonly pending: readonly PendingOperation[] }
  /**
   * The offline terminology: gzip of the text that domain/terminology/terminology-asset.ts reads. It belongs to no
   * bag; sent once to each worker, before or after `open`. The worker cannot fetch it: `connect-src 'none'`.
   */
  | { readonly type: 'put-terminology'; readonly asset: ArrayBuffer }
  /** What the page shows as the state of its data. */
  | { readonly type: 'put-as-of'; readonly dataAsOf: string | null }
  /** Digest per patient for the manifest check, of these or of all. */
  | { readonly type: 'digests'; readonly patientIds?: readonly string[] }
  /** Sets the store aside under another name and starts an empty one (never deletes in silence). */
  | { readonly type: 'rebuild' };

export interface CacheDescription {
  readonly cursor: Cursor | null;
  readonly directoryEntries: number;
  /** Patients whose pack is here and complete, with the position it was read at. */
  readonly packs: readonly { readonly patientId: string; readonly validAt: number; readonly bytes: number }[];
}

export type CacheAnswer =
  | { readonly type: 'opened'; readonly description: CacheDescription }
  | { readonly type: 'description'; readonly description: CacheDescription }
  | { readonly type: 'stored'; readonly stored: readonly string[]; readonly refused: readonly string[] }
  | {
      readonly type: 'applied';
      readonly cursor: Cursor;
      /** Scope entered: packs wanted, not before this position. */ readonly wanted: readonly {
        readonly patientId: string;
        readonly notBefore: number;
      }[];
    }
  | {
      readonly type: 'digests';
      readonly digests: readonly { readonly patientId: string; readonly digest: string }[];
    }
  | { readonly type: 'done' }
  | {
      readonly type: 'failed';
      /** `wrong-cursor`: re-read from the given one. `quota`: stop fetching. `damaged`: ask for `rebuild`. */
      readonly code: 'wrong-cursor' | 'quota' | 'damaged' | 'wrong-key' | 'other';
      readonly cursor?: Cursor | null;
      readonly message: string;
    };

export type MainToCache = { readonly id: number; readonly request: CacheRequest };
export type CacheToMain =
  | { readonly id: number; readonly answer: CacheAnswer }
  /** A person opened this patient and the pack is not here: fetch it before all others. */
  | { readonly tell: 'wanted-now'; readonly patientId: string };
