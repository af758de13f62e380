import type { Draft } from '../../../contract/channels/record.ts';
import type { DeviceId, GroupId, OperationId, UserId } from '../../../domain/identifiers.ts';
import type { Result } from '../../../domain/result.ts';
import type { Author, Operation, SignedOperation } from '../../../domain/sync/operation.ts';
import type {
  JournalDraft,
  JournalNote,
  JournalOperation,
  RecordedOutcome,
  SealedFrame,
} from './journal-entry.ts';

/**
 * The device's durable log of operations and drafts for one organisation: append-only, encrypted, fsynced.
 * Every promise of a write settles only after the fsync returned (I1), and everything that a restart knows is
 * computed from the files alone.
 *
 * Reading is synchronous: the state lies in memory while the journal is unsealed. Work that no open ring can
 * open (another person's) is counted in {@link counts} and carried by {@link sealedFrames}, never shown.
 */
export interface Journal {
  readonly deviceId: DeviceId;
  /** Saved operations in order of `deviceSeq`, settled ones too while they are kept. */
  operations(): readonly JournalOperation[];
  operation(opId: OperationId): JournalOperation | undefined;
  /** The group's operations, none when unknown. */
  group(groupId: GroupId): readonly JournalOperation[];
  /** Open and lately ended drafts of those whose ring is open. */
  drafts(): readonly JournalDraft[];
  notes(topic: string): ReadonlyMap<string, unknown>;
  /** Known while sealed. Unsent: saved, and no outcome that settles it. */
  counts(): JournalCounts;

  /** Numbers, chains, signs and saves one group; a `groupId` that is known is answered as it was saved. */
  saveGroup(group: GroupToSave): Promise<Result<GroupReceipt, JournalError>>;
  putDraft(draft: Draft, userId: UserId): Promise<Result<DurableReceipt, JournalError>>;
  /** Discards, or takes the discarding back. The content stays in the journal. */
  endDraft(
    draftId: string,
    userId: UserId,
    how: 'discarded' | 'restored',
  ): Promise<Result<DurableReceipt, JournalError>>;
  recordOutcomes(outcomes: readonly RecordedOutcome[]): Promise<Result<DurableReceipt, JournalError>>;
  /** `reopens`: operations that are unsent again from here on, because the service lost what it had answered. */
  putNotes(
    notes: readonly JournalNote[],
    reopens?: readonly OperationId[],
  ): Promise<Result<DurableReceipt, JournalError>>;

  /** Frames of unsent work and of drafts that no durable escrow receipt covers, or of all unsent work. */
  sealedFrames(which: 'without-receipt' | 'unsent'): Promise<readonly SealedFrame[]>;
  /** The escrow holds these durably. */
  recordReceipt(frameIds: readonly string[]): Promise<Result<DurableReceipt, JournalError>>;

  /**
   * After `device-forked`: the journal goes on under another device, and the author's unsent operations in
   * `opIds` are numbered, chained and signed anew (same opId). Offer only what the ledger lacks.
   */
  renumber(
    deviceId: DeviceId,
    opIds: readonly OperationId[],
    signer: AuthorSigner,
  ): Promise<Result<DurableReceipt, JournalError>>;

  /** Copies what must stay to a new segment and deletes the rest; see `retention.ts` for what must stay. */
  compact(request: CompactionRequest): Promise<Result<CompactionReport, JournalError>>;

  /**
   * Called after every durable change of operations, outcomes or notes, and after {@link unseal}. Drafts and receipts
   * alone tell nobody: a keystroke changes nothing that waits to be sent. Escrow reads drafts when it comes to them.
   */
  onChanged(listener: () => void): () => void;
  /** Opens what these keys can open. */
  unseal(keys: JournalKeys): Promise<UnsealReport>;
  /** Forgets keys and opened content; waits for writes under way. */
  seal(): Promise<void>;
  close(): Promise<void>;
}

export interface JournalCounts {
  readonly byUser: ReadonlyMap<string, { readonly unsentOperations: number; readonly openDrafts: number }>;
  readonly unsentOperations: number;
  readonly openDrafts: number;
}

/** An operation before the journal gave it its place. */
export type UnnumberedOperation = Omit<
  Operation,
  'deviceId' | 'deviceSeq' | 'lane' | 'laneSeq' | 'previousHash' | 'author' | 'groupId' | 'groupSize'
> & {
  /** The lane's subject where there is no patient. */
  readonly subject?: 'user' | 'org';
};

export interface GroupToSave {
  readonly groupId: GroupId;
  readonly operations: readonly UnnumberedOperation[];
  readonly signer: AuthorSigner;
  /** The draft that this save signs; it ends in the same frame. */
  readonly endsDraft?: string;
}

/** The author's certified key. Signing is synchronous: it happens while the journal holds its next number. */
export interface AuthorSigner {
  readonly author: Author;
  readonly keyId: string;
  /** The certificate is for this device. */
  readonly deviceId: DeviceId;
  /** Base64url ECDSA P-256 (IEEE P1363) over the ASCII bytes of `hash`. */
  readonly sign: (hash: string) => string;
}

/** When the fsync returned (ISO 8601). */
export interface DurableReceipt {
  readonly durableAt: string;
}

export interface GroupReceipt extends DurableReceipt {
  readonly operations: readonly SignedOperation[];
  /** The group had been saved before; nothing was written. */
  readonly repeated: boolean;
}

/** A class of content, each with rings of its own: who may open it is decided by role. */
export type RingClass = 'directory' | 'clinical' | `drafts:${string}`;

export interface Ring {
  readonly ringId: string;
  readonly ringClass: RingClass;
  readonly key: Uint8Array;
}

/** The keys that an unlocked bag lends to the journal. */
export interface JournalKeys {
  /** The newest ring of a class that is open; null when none is. */
  readonly sealingRing: (ringClass: RingClass) => Ring | null;
  readonly ring: (ringId: string) => Ring | null;
  /** Whether the key with this id signed `hash`; null when the key is not known here. */
  readonly verify: (keyId: string, hash: string, signature: string) => boolean | null;
}

/** Anything is sealed to the escrow as well; its public key is known without unlocking. */
export interface EscrowKey {
  readonly keyId: string;
  readonly publicKey: string;
}

export interface JournalError {
  readonly code: 'disk-full' | 'write-failed' | 'sealed' | 'closed' | 'wrong-device' | 'damaged-file';
  /** What happened, as a sentence for a person, without patient data. */
  readonly message: string;
  /** What to do now. */
  readonly remedy?: string;
}

export interface UnsealReport {
  readonly opened: number;
  /** Entries that none of these keys opens. */
  readonly stillSealed: number;
  /** Entries whose ring is open and that yet did not open: damage that hashes cannot show, or tampering. */
  readonly unreadable: readonly string[];
}

export interface CompactionRequest {
  /** ISO 8601. */
  readonly now: string;
  /** The service's backup watermark and its epoch; null where none is known. */
  readonly durableThrough: { readonly epoch: string; readonly position: number } | null;
  readonly signer: AuthorSigner;
}

export interface CompactionReport {
  readonly segmentsBefore: number;
  readonly segmentsAfter: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly entriesDropped: number;
}

/** What opening found. Everything but `ready` is shown to a person. */
export interface OpenReport {
  readonly entries: number;
  /** Bytes after the last whole frame, moved to a file of their own. */
  readonly setAside: readonly { readonly bytes: number; readonly file: string }[];
  /** Damage before the last whole frame. The file stays as it is and is never compacted away. */
  readonly damaged: readonly {
    readonly file: string;
    readonly fromByte: number;
    readonly toByte: number;
  }[];
  /** Segments that the chain names and that are not there. */
  readonly missingSegments: number;
  /** False while the 16 MB reserve could not be laid down: the disk is nearly full. */
  readonly reserve: boolean;
}
