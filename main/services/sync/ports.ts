/**
 * Everything that the sync engine touches. The real ports are the journal, the record client, the cache worker's
 * port, the vault and the system's clock; the fuzzer gives others and plays the same engine on virtual time.
 */
import type {
  Cursor,
  ChangesPage,
  ConflictList,
  DirectoryAnswer,
  EscrowReceipt,
  EscrowRequest,
  LaneHandshakeAnswer,
  ManifestAnswer,
  OfflineAuditRequest,
  PackHeader,
  PacksRequest,
  Probe,
  PushAnswer,
} from '../../../contract/record-service.ts';
import type { CacheAnswer, CacheRequest } from '../../../contract/cache-port.ts';
import type { ResourceChange } from '../../../contract/channels/record.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { Result } from '../../../domain/result.ts';
import type { Lane, SignedOperation } from '../../../domain/sync/operation.ts';
import type { TransportFailure } from '../../../domain/sync/transport-failure.ts';
import type { Journal } from '../journal/journal.ts';

/** One try each, never a retry: when and whether to try again is the engine's decision. */
export interface RecordServicePort {
  probe(): Promise<Answered<Probe>>;
  push(operations: readonly SignedOperation[]): Promise<Answered<PushAnswer>>;
  lanes(
    lanes: readonly { readonly lane: Lane; readonly opIds: readonly string[] }[],
  ): Promise<Answered<LaneHandshakeAnswer>>;
  changes(cursor: Cursor, count: number): Promise<Answered<ChangesPage>>;
  /**
   * Hands over each record as it arrives and waits for `receive` before it reads on (the window is bounded).
   * After a failure the records received so far stay received.
   */
  packs(request: PacksRequest, receive: (pack: ReceivedPack) => Promise<void>): Promise<Answered<void>>;
  directory(): Promise<Answered<DirectoryAnswer>>;
  manifest(): Promise<Answered<ManifestAnswer>>;
  escrow(request: EscrowRequest): Promise<Answered<EscrowReceipt>>;
  audit(request: OfflineAuditRequest): Promise<Answered<{ readonly accepted: number }>>;
  conflicts(): Promise<Answered<ConflictList>>;
  orderDone(orderId: string): Promise<Answered<void>>;
}

export type Answered<T> = Result<T, TransportFailure>;

export interface ReceivedPack {
  readonly header: PackHeader;
  readonly body: ArrayBuffer;
}

/** The part of the journal that the engine uses. It never deletes. */
export type SyncJournal = Pick<
  Journal,
  | 'deviceId'
  | 'operations'
  | 'operation'
  | 'notes'
  | 'counts'
  | 'recordOutcomes'
  | 'putNotes'
  | 'sealedFrames'
  | 'recordReceipt'
  | 'onChanged'
>;

/** The cache worker, while a bag is unlocked. A request fails with `failed`/`other` when the worker is gone. */
export interface CachePort {
  ask(request: CacheRequest): Promise<CacheAnswer>;
  onWantedNow(listener: (patientId: string) => void): () => void;
}

/** What a person's decision about an item turns into: a save like any other, signed by the one who decided. */
export interface DecisionWriter {
  save(decision: DecisionToSave): Promise<Result<{ readonly groupId: string }, BridgeError>>;
}

export type DecisionToSave = {
  readonly patientId?: string;
} & (
  | { readonly kind: 'resolve'; readonly changes: readonly DecidedChange[] }
  | { readonly kind: 'skip'; readonly skippedOpIds: readonly string[]; readonly reason: string }
);

export type DecidedChange = ResourceChange & {
  /** The conflict that this change settles. */
  readonly resolvesConflict?: string;
};

/** Orders of the practice to this device, and what a copied profile needs; the vault and the session carry them out. */
export interface DeviceKeeper {
  /**
   * Sealed frames are with the service, receipt in hand: destroys keys, then files. `work-remains` when something was
   * written since the receipt: nothing is destroyed.
   */
  wipe(): Promise<'done' | 'work-remains'>;
  /** Locks; nothing opens until a new sign-in. */
  revoked(): Promise<void>;
  /**
   * Another copy of this profile used the same places: takes a new device id, enrols it and numbers the unsent
   * work of `opIds` anew. `needs-unlock` while their author's key is closed.
   */
  forked(opIds: readonly string[]): Promise<'done' | 'needs-unlock'>;
}

/** Reads made offline, in a queue of their own. */
export interface AuditQueue {
  peek(most: number): Promise<OfflineAuditRequest['events']>;
  acknowledge(eventIds: readonly string[]): Promise<void>;
}

export interface Clock {
  /** Milliseconds since 1970 by this computer's clock: for people to read, never for order. */
  wallMs(): number;
  /** Milliseconds that only rise. */
  monotonicMs(): number;
  /** Runs once after `ms`; the returned function takes it back. */
  after(ms: number, run: () => void): () => void;
}
