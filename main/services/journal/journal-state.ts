import type { Draft } from '../../../contract/channels/record.ts';
import type { SealedFrameHeader } from '../../../contract/sealed-frame.ts';
import type { DeviceId, GroupId, OperationId, UserId } from '../../../domain/identifiers.ts';
import type { Lane } from '../../../domain/sync/operation.ts';
import type { JournalCounts } from './journal.ts';
import type { JournalDraft, JournalEntry, JournalNote, JournalOperation } from './journal-entry.ts';
import type { FramePlace } from './segment-writer.ts';

export interface KnownFrame {
  readonly frameId: string;
  readonly header: SealedFrameHeader;
  readonly place: FramePlace;
}

export interface KnownDraft {
  readonly userId: UserId;
  /** The latest content. */
  readonly frameId: string;
  readonly durableAt: string;
  readonly ended: JournalDraft['ended'];
  readonly endedAt: string | null;
}

/** Where a note came from, so that compaction seals it again in the same class. */
export interface KnownNote extends JournalNote {
  readonly frameId: string;
}

export interface LaneHead {
  readonly laneSeq: number;
  readonly frameId: string;
}

/**
 * Everything known from the journal: what headers tell while it is sealed, and what opened entries tell. Entries
 * must come in the order in which they were written.
 */
export class JournalState {
  readonly frames = new Map<string, KnownFrame>();
  /** The frame that holds an operation's latest form, and whose it is. */
  readonly operationFrames = new Map<string, { readonly frameId: string; readonly userId: string }>();
  readonly settled = new Set<string>();
  /** Settled once, and waiting again since. */
  readonly reopened = new Set<string>();
  readonly knownDrafts = new Map<string, KnownDraft>();
  readonly receipts = new Set<string>();
  deviceId: DeviceId | null = null;
  lastDeviceSeq = 0;
  lastHash = '';

  readonly operations = new Map<OperationId, JournalOperation>();
  readonly groups = new Map<GroupId, OperationId[]>();
  readonly openDrafts = new Map<string, Draft>();
  readonly notes = new Map<string, Map<string, KnownNote>>();
  /** The last number of each lane, and the frame that tells it. */
  readonly laneHeads = new Map<Lane, LaneHead>();
  /** Frames whose content is counted in. */
  readonly opened = new Set<string>();
  #inOrder: readonly JournalOperation[] | null = null;

  /** What a sealed frame tells. A frame that stands twice counts once. */
  addFrame(frame: KnownFrame): void {
    if (this.frames.has(frame.frameId)) return;
    this.frames.set(frame.frameId, frame);
    const { header } = frame;
    const { facts } = header;
    const userId = header.userId as UserId;
    if (header.kind === 'operations') {
      for (const opId of facts.opIds ?? [])
        this.operationFrames.set(opId, { frameId: frame.frameId, userId });
    }
    for (const opId of facts.settled ?? []) {
      this.settled.add(opId);
      this.reopened.delete(opId);
    }
    for (const opId of facts.reopened ?? []) {
      this.settled.delete(opId);
      this.reopened.add(opId);
    }
    for (const frameId of facts.receivedFrames ?? []) this.receipts.add(frameId);
    if (facts.deviceId !== undefined) {
      // Another device begins its own numbers and its own chain.
      if (this.deviceId !== null && facts.deviceId !== this.deviceId) {
        this.lastDeviceSeq = 0;
        this.lastHash = '';
      }
      this.deviceId = facts.deviceId as DeviceId;
    }
    if (facts.last !== undefined) {
      this.lastDeviceSeq = facts.last.deviceSeq;
      this.lastHash = facts.last.hash;
    }
    this.#followDraft(frame, userId);
  }

  #followDraft(frame: KnownFrame, userId: UserId): void {
    const { kind, since, facts } = frame.header;
    if (kind === 'draft' && facts.draftId !== undefined) {
      const before = this.knownDrafts.get(facts.draftId);
      this.knownDrafts.set(facts.draftId, {
        userId,
        frameId: frame.frameId,
        durableAt: since,
        ended: before?.ended ?? null,
        endedAt: before?.endedAt ?? null,
      });
    }
    const endedId = facts.endedDraftId;
    if (endedId !== undefined) {
      // Known from here on even if no keystroke of it came before its save: one that comes late must find its end.
      const ended = this.knownDrafts.get(endedId) ?? { userId, frameId: frame.frameId, durableAt: since };
      const how = kind === 'operations' ? 'signed' : 'discarded';
      this.knownDrafts.set(endedId, { ...ended, ended: how, endedAt: since });
    }
    if (kind === 'draft-ended' && facts.draftId !== undefined) {
      const restored = this.knownDrafts.get(facts.draftId);
      if (restored?.ended === 'discarded') {
        this.knownDrafts.set(facts.draftId, { ...restored, ended: null, endedAt: null });
      }
    }
  }

  /** What the opened content of a frame tells; after {@link addFrame}. */
  addContent(frameId: string, entry: JournalEntry): void {
    const since = this.frames.get(frameId)?.header.since ?? '';
    this.opened.add(frameId);
    switch (entry.entry) {
      case 'operations':
        for (const signed of entry.operations) {
          const { opId, groupId, lane, laneSeq } = signed.operation;
          // A renumbered operation has a later frame; the earlier one's form counts no more.
          if (this.operationFrames.get(opId)?.frameId !== frameId) continue;
          const known = this.operations.get(opId);
          this.operations.set(opId, {
            signed,
            frameId,
            savedAt: known?.savedAt ?? since,
            outcome: known?.outcome ?? null,
          });
          const group = this.groups.get(groupId) ?? [];
          if (!group.includes(opId)) group.push(opId);
          this.groups.set(groupId, group);
          this.#raiseLaneHead(lane, laneSeq, frameId);
        }
        this.#inOrder = null;
        return;
      case 'outcomes':
        for (const recorded of entry.outcomes) {
          const operation = this.operations.get(recorded.outcome.opId);
          if (operation !== undefined) {
            this.operations.set(recorded.outcome.opId, { ...operation, outcome: recorded });
          }
        }
        this.#inOrder = null;
        return;
      case 'draft':
        if (this.knownDrafts.get(entry.draft.draftId)?.frameId === frameId) {
          this.openDrafts.set(entry.draft.draftId, entry.draft);
        }
        return;
      case 'note':
        for (const note of entry.notes) this.#note({ ...note, frameId });
        return;
      case 'draft-ended':
      case 'device':
      case 'receipt':
        return;
    }
  }

  #note(note: KnownNote): void {
    if (note.topic === laneHeadTopic) {
      this.#raiseLaneHead(note.key, Number(note.value), note.frameId);
      return;
    }
    const topic = this.notes.get(note.topic) ?? new Map<string, KnownNote>();
    if (note.value === null) topic.delete(note.key);
    else topic.set(note.key, note);
    this.notes.set(note.topic, topic);
  }

  #raiseLaneHead(lane: Lane, laneSeq: number, frameId: string): void {
    if (laneSeq > (this.laneHeads.get(lane)?.laneSeq ?? 0)) this.laneHeads.set(lane, { laneSeq, frameId });
  }

  forgetContent(): void {
    this.opened.clear();
    this.operations.clear();
    this.groups.clear();
    this.openDrafts.clear();
    this.notes.clear();
    this.laneHeads.clear();
    this.#inOrder = null;
  }

  /** By device, oldest device first, then by number. */
  operationsInOrder(): readonly JournalOperation[] {
    this.#inOrder ??= [...this.operations.values()].sort(
      (left, right) =>
        Number(left.signed.operation.deviceId === this.deviceId) -
          Number(right.signed.operation.deviceId === this.deviceId) ||
        left.signed.operation.deviceSeq - right.signed.operation.deviceSeq,
    );
    return this.#inOrder;
  }

  drafts(): readonly JournalDraft[] {
    return [...this.openDrafts].flatMap(([draftId, draft]) => {
      const known = this.knownDrafts.get(draftId);
      return known === undefined ? [] : [{ draft, ...known }];
    });
  }

  isUnsent(opId: string): boolean {
    return this.operationFrames.has(opId) && !this.settled.has(opId);
  }

  counts(): JournalCounts {
    const byUser = new Map<string, { unsentOperations: number; openDrafts: number }>();
    const of = (userId: string): { unsentOperations: number; openDrafts: number } => {
      const counts = byUser.get(userId) ?? { unsentOperations: 0, openDrafts: 0 };
      byUser.set(userId, counts);
      return counts;
    };
    let unsentOperations = 0;
    let openDrafts = 0;
    for (const [opId, { userId }] of this.operationFrames) {
      if (this.settled.has(opId)) continue;
      of(userId).unsentOperations += 1;
      unsentOperations += 1;
    }
    for (const draft of this.knownDrafts.values()) {
      if (draft.ended !== null) continue;
      of(draft.userId).openDrafts += 1;
      openDrafts += 1;
    }
    return { byUser, unsentOperations, openDrafts };
  }
}

/** The journal's own notes: the last number of a lane whose operations were compacted away. */
export const laneHeadTopic = 'journal.lane-head';
