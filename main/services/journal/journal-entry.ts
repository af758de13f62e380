import type { Draft } from '../../../contract/channels/record.ts';
import type { OperationId, UserId } from '../../../domain/identifiers.ts';
import type { OperationOutcome, SignedOperation } from '../../../domain/sync/operation.ts';

/** What the service answered for one operation. `held` is never recorded: nothing was stored there. */
export interface RecordedOutcome {
  readonly outcome: Exclude<OperationOutcome, { outcome: 'held' }>;
  /** The commit that it took part in; absent where nothing was committed. */
  readonly position?: number;
  readonly epoch: string;
  /** False where the service keeps no durable copy: this device keeps its own. */
  readonly durable: boolean;
  /** ISO 8601 instant on this computer. */
  readonly at: string;
}

/** A small fact that the sync engine keeps with the journal; the latest of a topic and key counts. */
export interface JournalNote {
  readonly topic: string;
  readonly key: string;
  /** Plain JSON; null takes the note away. */
  readonly value: unknown;
}

/** The sealed content of one journal entry. */
export type JournalEntry =
  | { readonly entry: 'operations'; readonly operations: readonly SignedOperation[] }
  | { readonly entry: 'outcomes'; readonly outcomes: readonly RecordedOutcome[] }
  | { readonly entry: 'draft'; readonly draft: Draft }
  | { readonly entry: 'draft-ended'; readonly draftId: string; readonly how: 'discarded' | 'restored' }
  | { readonly entry: 'note'; readonly notes: readonly JournalNote[] }
  | { readonly entry: 'device'; readonly deviceId: string }
  | { readonly entry: 'receipt'; readonly frameIds: readonly string[] };

/** One saved operation with all that the journal knows of it. */
export interface JournalOperation {
  readonly signed: SignedOperation;
  /** The sealed frame that it lies in. */
  readonly frameId: string;
  readonly savedAt: string;
  /** The latest outcome; null while none is known. */
  readonly outcome: RecordedOutcome | null;
}

export interface JournalDraft {
  readonly draft: Draft;
  readonly userId: UserId;
  readonly frameId: string;
  readonly durableAt: string;
  /** Signed (its save stands in the journal) or discarded; it stays retrievable for 30 days. */
  readonly ended: 'signed' | 'discarded' | null;
  readonly endedAt: string | null;
}

/** A sealed frame as it lies, for the escrow and for export. */
export interface SealedFrame {
  readonly frameId: string;
  readonly kind: 'operations' | 'draft' | 'key-backup';
  readonly userId: UserId;
  readonly since: string;
  readonly bytes: Uint8Array;
  /** For a draft: it was signed or discarded since. */
  readonly ended: boolean;
  /** Known without opening: the operations inside. */
  readonly opIds: readonly OperationId[];
  readonly draftId: string | null;
}
