import type { DeviceId, GroupId, OperationId } from '../../domain/identifiers.ts';
import { success } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import { laneOf } from '../../domain/sync/operation.ts';
import type { Author, Operation, SignedOperation } from '../../domain/sync/operation.ts';
import type {
  JournalNote,
  JournalOperation,
  RecordedOutcome,
  SealedFrame,
} from '../../main/services/journal/journal-entry.ts';
import type {
  DurableReceipt,
  JournalCounts,
  JournalError,
  UnnumberedOperation,
} from '../../main/services/journal/journal.ts';
import type { SyncJournal } from '../../main/services/sync/ports.ts';
import type { PlantedBug } from './planted-bugs.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What survives a power cut: only what a write has put here. */
export interface DurableImage {
  deviceId: DeviceId;
  operations: Map<OperationId, JournalOperation>;
  notes: Map<string, Map<string, unknown>>;
  receipts: Set<string>;
}

export function emptyImage(deviceId: DeviceId): DurableImage {
  return { deviceId, operations: new Map(), notes: new Map(), receipts: new Set() };
}

export function copyImage(image: DurableImage): DurableImage {
  return {
    deviceId: image.deviceId,
    operations: new Map(image.operations),
    notes: new Map([...image.notes].map(([topic, notes]) => [topic, new Map(notes)])),
    receipts: new Set(image.receipts),
  };
}

/**
 * The journal in memory: what a promise has settled for is in the durable image, what is still on its way is lost
 * with a kill. Numbers are given when the write begins, in order, as in the file journal.
 */
export class MemoryJournal implements SyncJournal {
  readonly #image: DurableImage;
  readonly #time: VirtualTime;
  readonly #plant: PlantedBug | null;
  readonly #listeners = new Set<() => void>();
  #writes: Promise<unknown> = Promise.resolve();
  #killed = false;

  constructor(image: DurableImage, time: VirtualTime, plant: PlantedBug | null) {
    this.#image = image;
    this.#time = time;
    this.#plant = plant;
  }

  get deviceId(): DeviceId {
    return this.#image.deviceId;
  }

  kill(): void {
    this.#killed = true;
    this.#listeners.clear();
  }

  operations(): readonly JournalOperation[] {
    return [...this.#image.operations.values()].sort(
      (left, right) =>
        Number(left.signed.operation.deviceId === this.deviceId) -
          Number(right.signed.operation.deviceId === this.deviceId) ||
        left.signed.operation.deviceSeq - right.signed.operation.deviceSeq,
    );
  }

  operation(opId: OperationId): JournalOperation | undefined {
    return this.#image.operations.get(opId);
  }

  notes(topic: string): ReadonlyMap<string, unknown> {
    return this.#image.notes.get(topic) ?? new Map<string, unknown>();
  }

  counts(): JournalCounts {
    const unsentOperations = this.operations().filter((entry) => entry.outcome === null).length;
    return { byUser: new Map(), unsentOperations, openDrafts: 0 };
  }

  saveGroup(
    groupId: GroupId,
    author: Author,
    operations: readonly UnnumberedOperation[],
  ): Promise<readonly SignedOperation[]> {
    return this.#write(() => {
      const numbered = operations.map((operation) =>
        this.#number(operation, groupId, operations.length, author),
      );
      return numbered;
    });
  }

  recordOutcomes(outcomes: readonly RecordedOutcome[]): Promise<Result<DurableReceipt, JournalError>> {
    return this.#durably(() => {
      for (const recorded of outcomes) {
        const entry = this.#image.operations.get(recorded.outcome.opId);
        if (entry !== undefined)
          this.#image.operations.set(recorded.outcome.opId, { ...entry, outcome: recorded });
      }
    });
  }

  putNotes(notes: readonly JournalNote[]): Promise<Result<DurableReceipt, JournalError>> {
    return this.#durably(() => {
      for (const { topic, key, value } of notes) {
        const ofTopic = this.#image.notes.get(topic) ?? new Map<string, unknown>();
        if (value === null) ofTopic.delete(key);
        else ofTopic.set(key, value);
        this.#image.notes.set(topic, ofTopic);
      }
    });
  }

  sealedFrames(which: 'without-receipt' | 'unsent'): Promise<readonly SealedFrame[]> {
    const groups = new Map<string, JournalOperation[]>();
    for (const entry of this.#image.operations.values()) {
      if (entry.outcome !== null && entry.outcome.outcome.outcome !== 'rejected') continue;
      const group = groups.get(entry.frameId) ?? [];
      group.push(entry);
      groups.set(entry.frameId, group);
    }
    const frames = [...groups].filter(
      ([frameId]) => which === 'unsent' || !this.#image.receipts.has(frameId),
    );
    return Promise.resolve(
      frames.map(([frameId, entries]) => ({
        frameId,
        kind: 'operations',
        userId: entries[0]?.signed.operation.author.userId ?? ('' as never),
        since: '2026-01-01T00:00:00Z',
        bytes: Buffer.from(JSON.stringify(entries.map((entry) => entry.signed.operation.opId))),
        ended: false,
        opIds: entries.map((entry) => entry.signed.operation.opId),
        draftId: null,
      })),
    );
  }

  recordReceipt(frameIds: readonly string[]): Promise<Result<DurableReceipt, JournalError>> {
    return this.#durably(() => {
      for (const frameId of frameIds) this.#image.receipts.add(frameId);
    });
  }

  /** Another device id, and the unsent work numbered anew in its order. */
  renumber(deviceId: DeviceId, opIds: readonly string[]): Promise<unknown> {
    return this.#write(() => {
      const wanted = new Set(opIds);
      const unsent = this.operations().filter((entry) => wanted.has(entry.signed.operation.opId));
      this.#image.deviceId = deviceId;
      for (const entry of unsent) this.#image.operations.delete(entry.signed.operation.opId);
      for (const { signed } of unsent) {
        const { author, groupId, groupSize, opId, ...rest } = signed.operation;
        this.#number({ ...rest, opId }, groupId, groupSize, author);
      }
      return [];
    });
  }

  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #number(
    unnumbered: UnnumberedOperation,
    groupId: GroupId,
    groupSize: number,
    author: Author,
  ): SignedOperation {
    const { subject, ...rest } = unnumbered;
    const lane =
      this.#plant === 'stuck-lane-holds'
        ? laneOf(this.deviceId, { ...author, userId: 'device' as never }, 'org')
        : laneOf(this.deviceId, author, unnumbered.patientId ?? subject ?? 'org');
    const mine = [...this.#image.operations.values()].filter(
      ({ signed }) => signed.operation.deviceId === this.deviceId,
    );
    const inLane = mine.filter(({ signed }) => signed.operation.lane === lane);
    const skipped = rest.skippedOpId === undefined ? undefined : this.#image.operations.get(rest.skippedOpId);
    const place =
      skipped?.outcome === null && skipped.signed.operation.lane === lane
        ? skipped.signed.operation.laneSeq
        : null;
    const operation: Operation = {
      ...rest,
      deviceId: this.deviceId,
      deviceSeq: 1 + Math.max(0, ...mine.map(({ signed }) => signed.operation.deviceSeq)),
      lane,
      laneSeq: place ?? 1 + Math.max(0, ...inLane.map(({ signed }) => signed.operation.laneSeq)),
      author,
      groupId,
      groupSize,
      previousHash: '',
    };
    const signed: SignedOperation = {
      operation,
      hash: `${operation.opId}@${operation.lane}#${operation.laneSeq}`,
      signature: author.userId,
      keyId: author.userId,
    };
    this.#image.operations.set(operation.opId, {
      signed,
      frameId: groupId,
      savedAt: '2026-01-01T00:00:00Z',
      outcome: null,
    });
    return signed;
  }

  async #durably(change: () => void): Promise<Result<DurableReceipt, JournalError>> {
    await this.#write(change);
    return success({ durableAt: '2026-01-01T00:00:00Z' });
  }

  /** One write at a time; what the kill overtakes never settles and leaves nothing. */
  #write<Value>(change: () => Value): Promise<Value> {
    const written = this.#writes.then(async () => {
      await this.#time.delay(1);
      if (this.#killed) return new Promise<Value>(() => undefined);
      const value = change();
      for (const listener of this.#listeners) listener();
      return value;
    });
    this.#writes = written;
    return written;
  }
}
