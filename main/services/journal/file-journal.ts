import { failure, success } from '../../../domain/result.ts';
import { compactSegments } from './compaction.ts';
import { journalErrorOf, Refusal, refused } from './journal-error.ts';
import { loadJournal } from './journal-loader.ts';
import { JournalState } from './journal-state.ts';
import { openFrames } from './open-frames.ts';
import { sealFrame } from './sealed-frame.ts';
import { Numbering, subjectOfLane } from './numbering.ts';
import { layDownReserve, SegmentWriter, usualSegmentBytes } from './segment-writer.ts';
import { frameContent } from './frame-content.ts';
import { framesToCarry, receiptIdOf } from './sealed-work.ts';
import { coalesce, ringClassOf } from './write-job.ts';
import { WriteQueue } from './write-queue.ts';
import type { Draft } from '../../../contract/channels/record.ts';
import type { SealedFrameHeader } from '../../../contract/sealed-frame.ts';
import type { DeviceId, GroupId, OperationId, UserId } from '../../../domain/identifiers.ts';
import type { Result } from '../../../domain/result.ts';
import type { SignedOperation } from '../../../domain/sync/operation.ts';
import type { DurableFiles } from '../storage/durable-files.ts';
import type {
  AuthorSigner,
  CompactionReport,
  CompactionRequest,
  DurableReceipt,
  EscrowKey,
  GroupReceipt,
  GroupToSave,
  Journal,
  JournalCounts,
  JournalError,
  JournalKeys,
  OpenReport,
  RingClass,
  UnsealReport,
} from './journal.ts';
import type {
  JournalDraft,
  JournalEntry,
  JournalNote,
  JournalOperation,
  RecordedOutcome,
  SealedFrame,
} from './journal-entry.ts';
import type { LoadedSegment } from './journal-loader.ts';
import type { NumbersUsed } from './numbering.ts';
import type { FramesOnDisk } from './open-frames.ts';
import type { PreparedEntry, WriteJob } from './write-job.ts';

export interface JournalOptions {
  readonly files: DurableFiles;
  /** Made if missing. */
  readonly directory: string;
  readonly escrow: EscrowKey;
  /** ISO 8601. */
  readonly now: () => string;
  /** For a journal that is empty: the device that enrolment named. */
  readonly deviceId: DeviceId;
  /** False for a queue that may wait when the disk is full. True by default. */
  readonly withReserve?: boolean;
  /** A segment that reached this takes no further batch. */
  readonly segmentBytes?: number;
}

/** Opens what lies in the directory, without any key. Rejects only where the file system itself fails. */
export async function openJournal(
  options: JournalOptions,
): Promise<{ readonly journal: Journal; readonly report: OpenReport }> {
  await options.files.makeDirectory(options.directory);
  const reserve = options.withReserve === false || (await layDownReserve(options.files, options.directory));
  const loaded = await loadJournal(options.files, options.directory);
  const state = new JournalState();
  for (const { frame, place } of loaded.frames) state.addFrame({ ...frame, place });
  const writer = new SegmentWriter(
    options.files,
    options.directory,
    loaded.tip,
    loaded.lastNumber,
    options.segmentBytes ?? usualSegmentBytes,
  );
  const journal = new FileJournal(options, state, writer, loaded.segments);
  return { journal, report: { ...loaded.report, entries: loaded.frames.length, reserve } };
}

class FileJournal implements Journal {
  readonly #options: JournalOptions;
  #state: JournalState;
  readonly #writer: SegmentWriter;
  readonly #queue: WriteQueue<WriteJob>;
  readonly #listeners = new Set<() => void>();
  readonly #groupsUnderWay = new Map<GroupId, Promise<Result<GroupReceipt, JournalError>>>();
  #keys: JournalKeys | null = null;
  #closed = false;
  #segments: readonly LoadedSegment[];

  constructor(
    options: JournalOptions,
    state: JournalState,
    writer: SegmentWriter,
    segments: readonly LoadedSegment[],
  ) {
    this.#options = options;
    this.#state = state;
    this.#writer = writer;
    this.#segments = segments;
    this.#queue = new WriteQueue((jobs) => this.#writeBatch(jobs));
  }

  get deviceId(): DeviceId {
    return this.#state.deviceId ?? this.#options.deviceId;
  }

  operations(): readonly JournalOperation[] {
    return this.#state.operationsInOrder();
  }

  operation(opId: OperationId): JournalOperation | undefined {
    return this.#state.operations.get(opId);
  }

  group(groupId: GroupId): readonly JournalOperation[] {
    return (this.#state.groups.get(groupId) ?? []).flatMap((opId) => this.operation(opId) ?? []);
  }

  drafts(): readonly JournalDraft[] {
    return this.#state.drafts();
  }

  notes(topic: string): ReadonlyMap<string, unknown> {
    const notes = this.#state.notes.get(topic) ?? new Map<string, JournalNote>();
    return new Map([...notes].map(([key, note]) => [key, note.value]));
  }

  counts(): JournalCounts {
    return this.#state.counts();
  }

  saveGroup(group: GroupToSave): Promise<Result<GroupReceipt, JournalError>> {
    const known = this.group(group.groupId);
    if (known.length > 0) {
      const operations = known.map(({ signed }) => signed);
      return Promise.resolve(success({ operations, repeated: true, durableAt: known[0]?.savedAt ?? '' }));
    }
    const underWay = this.#groupsUnderWay.get(group.groupId);
    if (underWay !== undefined) {
      return underWay.then((result) => (result.ok ? success({ ...result.value, repeated: true }) : result));
    }
    const saving = this.#saveNewGroup(group).finally(() => this.#groupsUnderWay.delete(group.groupId));
    this.#groupsUnderWay.set(group.groupId, saving);
    return saving;
  }

  async #saveNewGroup(group: GroupToSave): Promise<Result<GroupReceipt, JournalError>> {
    let operations: readonly SignedOperation[] = [];
    const result = await this.#enqueue((numbering) => {
      if (group.signer.deviceId !== numbering.deviceId) throw new Refusal(refused['wrong-device']);
      operations = numbering.signGroup(group);
      const facts = {
        opIds: operations.map(({ operation }) => operation.opId),
        ...(group.endsDraft !== undefined && { endedDraftId: group.endsDraft }),
        last: numbering.last,
      };
      const { userId, role } = group.signer.author;
      return [
        this.#seal({ entry: 'operations', operations }, 'operations', userId, facts, ringClassOf(role)),
      ];
    });
    return result.ok ? success({ ...result.value, operations, repeated: false }) : result;
  }

  putDraft(draft: Draft, userId: UserId): Promise<Result<DurableReceipt, JournalError>> {
    return this.#enqueue(() => {
      // Its save stands in the journal: a late keystroke must not bring it back.
      const known = this.#state.knownDrafts.get(draft.draftId);
      if (known !== undefined && known.ended !== null) return [];
      if (known !== undefined && known.userId !== userId) throw new Refusal(refused.sealed);
      const facts = { draftId: draft.draftId };
      return [this.#seal({ entry: 'draft', draft }, 'draft', userId, facts, `drafts:${userId}`)];
    }, `draft:${draft.draftId}`);
  }

  endDraft(
    draftId: string,
    userId: UserId,
    how: 'discarded' | 'restored',
  ): Promise<Result<DurableReceipt, JournalError>> {
    return this.#enqueue(() => {
      const facts = how === 'discarded' ? { endedDraftId: draftId } : { draftId };
      const entry = { entry: 'draft-ended', draftId, how } as const;
      return [this.#seal(entry, 'draft-ended', userId, facts, `drafts:${userId}`)];
    });
  }

  recordOutcomes(outcomes: readonly RecordedOutcome[]): Promise<Result<DurableReceipt, JournalError>> {
    return this.#enqueue(() => {
      const byClass = new Map<RingClass, RecordedOutcome[]>();
      for (const recorded of outcomes) {
        const role = this.operation(recorded.outcome.opId)?.signed.operation.author.role ?? 'gp';
        const ofClass = byClass.get(ringClassOf(role)) ?? [];
        ofClass.push(recorded);
        byClass.set(ringClassOf(role), ofClass);
      }
      return [...byClass].map(([ringClass, ofClass]) => {
        const facts = {
          opIds: ofClass.map(({ outcome }) => outcome.opId),
          settled: ofClass.flatMap((recorded) => this.#settledBy(recorded)),
        };
        return this.#seal({ entry: 'outcomes', outcomes: ofClass }, 'outcomes', '', facts, ringClass);
      });
    });
  }

  /** A rejected operation stands nowhere but here until a person's `skip` is accepted: it stays unsent. */
  #settledBy({ outcome }: RecordedOutcome): readonly string[] {
    if (outcome.outcome === 'rejected') return [];
    const skipped = this.operation(outcome.opId)?.signed.operation.skippedOpId;
    return skipped === undefined ? [outcome.opId] : [outcome.opId, skipped];
  }

  putNotes(
    notes: readonly JournalNote[],
    reopens: readonly OperationId[] = [],
  ): Promise<Result<DurableReceipt, JournalError>> {
    return this.#enqueue(() => {
      const facts = reopens.length === 0 ? {} : { reopened: [...reopens] };
      const ringClass = this.#keys?.sealingRing('clinical') ? 'clinical' : 'directory';
      return [this.#seal({ entry: 'note', notes }, 'note', '', facts, ringClass)];
    });
  }

  recordReceipt(frameIds: readonly string[]): Promise<Result<DurableReceipt, JournalError>> {
    return this.#enqueue(() => {
      // A frame that the escrow had and got again can only be a draft's that ended since.
      const receipts = frameIds.map((frameId) =>
        this.#state.receipts.has(frameId) ? receiptIdOf({ frameId, ended: true }) : frameId,
      );
      const entry = { entry: 'receipt', frameIds: receipts } as const;
      return [this.#seal(entry, 'receipt', '', { receivedFrames: receipts }, null)];
    });
  }

  renumber(
    deviceId: DeviceId,
    opIds: readonly OperationId[],
    signer: AuthorSigner,
  ): Promise<Result<DurableReceipt, JournalError>> {
    return this.#enqueue((numbering) => {
      if (signer.deviceId !== deviceId) throw new Refusal(refused['wrong-device']);
      const deviceFacts = deviceId === numbering.deviceId ? {} : { deviceId };
      if (deviceId !== numbering.deviceId) numbering.beginDevice(deviceId);
      const wanted = new Set(opIds);
      const renumbered = this.operations()
        .map(({ signed }) => signed.operation)
        .filter(
          (operation) =>
            wanted.has(operation.opId) &&
            operation.deviceId !== deviceId &&
            operation.author.userId === signer.author.userId &&
            this.#state.isUnsent(operation.opId),
        )
        .map((operation) => numbering.signNext(operation, subjectOfLane(operation), signer));
      const last = numbering.last;
      if (renumbered.length === 0) {
        return [this.#seal({ entry: 'device', deviceId }, 'device', '', { ...deviceFacts, last }, null)];
      }
      const facts = { opIds: renumbered.map(({ operation }) => operation.opId), ...deviceFacts, last };
      const { userId, role } = signer.author;
      const entry = { entry: 'operations', operations: renumbered } as const;
      return [this.#seal(entry, 'operations', userId, facts, ringClassOf(role))];
    });
  }

  sealedFrames(which: 'without-receipt' | 'unsent'): Promise<readonly SealedFrame[]> {
    return framesToCarry(this.#options.files, this.#options.directory, this.#state, which);
  }

  async compact(request: CompactionRequest): Promise<Result<CompactionReport, JournalError>> {
    const keys = this.#keys;
    if (keys === null) return failure(refused.sealed);
    return await this.#queue.exclusively(async () => {
      try {
        const compacted = await compactSegments({
          ...this.#options,
          ...request,
          keys,
          state: this.#state,
          writer: this.#writer,
          deviceId: this.deviceId,
          damaged: new Set(this.#segments.filter(({ damaged }) => damaged).map(({ segmentId }) => segmentId)),
        });
        await this.#reload();
        return success(compacted);
      } catch (error) {
        return failure(journalErrorOf(error));
      }
    });
  }

  /** Reads back what compaction wrote: what the files say is what counts. */
  async #reload(): Promise<void> {
    const loaded = await loadJournal(this.#options.files, this.#options.directory);
    this.#segments = loaded.segments;
    this.#state = new JournalState();
    for (const { frame, place } of loaded.frames) this.#state.addFrame({ ...frame, place });
    if (this.#keys !== null) await openFrames(this.#onDisk(), this.#keys);
  }

  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async unseal(keys: JournalKeys): Promise<UnsealReport> {
    const report = await this.#queue.exclusively(async () => {
      this.#state.forgetContent();
      const opened = await openFrames(this.#onDisk(), keys);
      this.#keys = keys;
      return opened;
    });
    // Whoever read meanwhile found nothing.
    for (const listener of this.#listeners) listener();
    return report;
  }

  #onDisk(): FramesOnDisk {
    const { files, directory } = this.#options;
    return { files, directory, state: this.#state, segments: this.#segments };
  }

  async seal(): Promise<void> {
    await this.#queue.exclusively(() => {
      this.#keys = null;
      this.#state.forgetContent();
      return Promise.resolve();
    });
  }

  async close(): Promise<void> {
    await this.seal();
    this.#closed = true;
    await this.#writer.endSegment();
  }

  #enqueue(
    prepare: WriteJob['prepare'],
    coalesceKey?: string,
  ): Promise<Result<DurableReceipt, JournalError>> {
    if (this.#closed) return Promise.resolve(failure(refused.closed));
    return new Promise((settle, fail) => {
      this.#queue.add({ prepare, settle, fail, ...(coalesceKey !== undefined && { coalesceKey }) });
    });
  }

  async #writeBatch(jobs: readonly WriteJob[]): Promise<void> {
    const numbering = new Numbering(this.#numbersUsed());
    const entries: PreparedEntry[] = [];
    const waiting: WriteJob[] = [];
    for (const job of coalesce(jobs)) {
      try {
        entries.push(...numbering.attempt(() => job.prepare(numbering)));
        waiting.push(job);
      } catch (error) {
        if (error instanceof Refusal) job.settle(failure(error.error));
        else job.fail(error);
      }
    }
    try {
      const result = entries.length === 0 ? this.#durableNow() : await this.#append(entries);
      for (const job of waiting) job.settle(result);
      if (result.ok) this.#tellListeners(entries);
    } catch (error) {
      for (const job of waiting) job.fail(error);
    }
  }

  async #append(entries: readonly PreparedEntry[]): Promise<Result<DurableReceipt, JournalError>> {
    const { deviceId } = this.#options;
    const all =
      this.#state.deviceId === null
        ? [this.#seal({ entry: 'device', deviceId }, 'device', '', { deviceId }, null), ...entries]
        : entries;
    try {
      const places = await this.#writer.append(all.map(({ frame }) => frame.bytes));
      for (const [index, { frame, entry }] of all.entries()) {
        const place = places[index];
        if (place === undefined) throw new Error('a written frame has no place');
        this.#state.addFrame({ frameId: frame.frameId, header: frame.header, place });
        this.#state.addContent(frame.frameId, entry);
      }
      return this.#durableNow();
    } catch (error) {
      return failure(journalErrorOf(error));
    }
  }

  #durableNow(): Result<DurableReceipt, JournalError> {
    return success({ durableAt: this.#options.now() });
  }

  #numbersUsed(): NumbersUsed {
    const { lastDeviceSeq, lastHash, laneHeads } = this.#state;
    const skippedPlace: NumbersUsed['skippedPlace'] = (opId) => {
      const skipped = this.operation(opId);
      return skipped?.outcome === null ? skipped.signed.operation : undefined;
    };
    return { deviceId: this.deviceId, lastDeviceSeq, lastHash, laneHeads, skippedPlace };
  }

  #seal(
    entry: JournalEntry,
    kind: SealedFrameHeader['kind'],
    userId: string,
    facts: SealedFrameHeader['facts'],
    ringClass: RingClass | null,
  ): PreparedEntry {
    const ring = ringClass === null ? null : (this.#keys?.sealingRing(ringClass) ?? null);
    if (ringClass !== null && ring === null) throw new Refusal(refused.sealed);
    const frame = sealFrame({
      kind,
      userId,
      since: this.#options.now(),
      facts,
      content: frameContent(entry),
      ...(ring !== null && { ring: { ring, segmentSalt: this.#writer.salt } }),
      escrow: this.#options.escrow,
    });
    return { entry, frame };
  }

  #tellListeners(entries: readonly PreparedEntry[]): void {
    if (entries.every(({ entry }) => quietEntries.has(entry.entry))) return;
    for (const listener of this.#listeners) listener();
  }
}

/** Nothing that waits to be sent, or that a person decides on, is changed by them. */
const quietEntries: ReadonlySet<JournalEntry['entry']> = new Set(['draft', 'draft-ended', 'receipt']);
