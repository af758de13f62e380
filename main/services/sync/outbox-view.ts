import type { OperationId } from '../../../domain/identifiers.ts';
import type { JournaledOperation } from '../../../domain/sync/lane-handshake.ts';
import type { Settlement } from '../../../domain/sync/outbox.ts';
import type { SettledOperation } from '../../../domain/sync/push-answer.ts';
import type { Lane, SignedOperation } from '../../../domain/sync/operation.ts';
import type { JournalNote, RecordedOutcome } from '../journal/journal-entry.ts';
import type { SyncJournal } from './ports.ts';

/** Notes of the engine in the journal. Each lives as long as the journal does. */
export const noteTopics = {
  /** opId → the outcome that no longer counts, because the service lost it (restore). */
  reopened: 'reopened',
  /** opId → settled for the person: its conflict was resolved, or its refusal acknowledged. */
  closed: 'closed',
  /** taskId → what I16's rules found. */
  findings: 'findings',
  /** opId → changed by a colleague between this operation's base and its commit, though the base was fresh. */
  softConflicts: 'soft-conflicts',
  /** itemId → the choice that a person made. */
  choices: 'choices',
  /** `at-head` → where the cache last stood at the feed's head. */
  feed: 'feed',
  /** `last` → the date of the last comparison with the manifest; `epoch` → the history with which the cache agrees. */
  manifest: 'manifest',
} as const;

/**
 * The journal as the outbox: which operations wait, which are settled and how. Computed anew after every change of
 * the journal, so there is no second memory that could disagree with it.
 */
export class OutboxView {
  readonly #journal: SyncJournal;
  #entries: readonly JournaledOperation[] | null = null;
  #waiting: readonly SignedOperation[] | null = null;
  readonly #stopListening: () => void;

  constructor(journal: SyncJournal) {
    this.#journal = journal;
    this.#stopListening = journal.onChanged(() => {
      this.refresh();
    });
  }

  refresh(): void {
    this.#entries = null;
    this.#waiting = null;
  }

  close(): void {
    this.#stopListening();
  }

  /** Everything that the journal still holds, in the order of the device. */
  entries(): readonly JournaledOperation[] {
    if (this.#entries === null) {
      const reopened = this.#journal.notes(noteTopics.reopened);
      this.#entries = this.#journal.operations().map(({ signed, outcome }) => ({
        signed,
        settlement:
          outcome !== null && !isVoid(outcome, reopened.get(signed.operation.opId)) ? outcome : null,
      }));
    }
    return this.#entries;
  }

  /** Without an outcome, and not given up by a `skip`. */
  waiting(): readonly SignedOperation[] {
    if (this.#waiting === null) {
      const entries = this.entries();
      const skipped = new Set(
        entries.flatMap(({ signed }) =>
          signed.operation.skippedOpId === undefined ? [] : [signed.operation.skippedOpId],
        ),
      );
      this.#waiting = entries
        .filter(({ signed, settlement }) => settlement === null && !skipped.has(signed.operation.opId))
        .map(({ signed }) => signed);
    }
    return this.#waiting;
  }

  inLaneAt(lane: Lane, laneSeq: number): JournaledOperation | undefined {
    return this.entries().find(
      ({ signed }) => signed.operation.lane === lane && signed.operation.laneSeq === laneSeq,
    );
  }

  waitingFor(patientId: string): readonly SignedOperation[] {
    return this.waiting().filter(({ operation }) => operation.patientId === patientId);
  }

  /** False when the disk refused: the operations stay as they were, and the service answers them alike again. */
  async settle(settled: readonly SettledOperation[], at: string): Promise<boolean> {
    const reopened = this.#journal.notes(noteTopics.reopened);
    const recorded = await this.#journal.recordOutcomes(
      settled.map(({ settlement }) => ({ ...settlement, at })),
    );
    if (recorded.ok) {
      const stale = settled.filter(({ opId }) => reopened.has(opId));
      if (stale.length > 0) {
        await this.#journal.putNotes(
          stale.map(({ opId }) => ({ topic: noteTopics.reopened, key: opId, value: null })),
        );
      }
    }
    this.refresh();
    return recorded.ok;
  }

  /** The service lost these outcomes: the operations wait again. */
  async reopen(opIds: readonly OperationId[]): Promise<boolean> {
    const notes = opIds.flatMap((opId): readonly JournalNote[] => {
      const outcome = this.#journal.operation(opId)?.outcome;
      if (outcome === undefined || outcome === null) return [];
      return [{ topic: noteTopics.reopened, key: opId, value: voidMark(outcome) }];
    });
    if (notes.length === 0) return true;
    const written = await this.#journal.putNotes(
      notes,
      notes.map(({ key }) => key as OperationId),
    );
    this.refresh();
    return written.ok;
  }
}

function isVoid(outcome: RecordedOutcome, mark: unknown): boolean {
  return mark !== undefined && mark === voidMark(outcome);
}

function voidMark(outcome: Settlement): string {
  return `${outcome.epoch}#${outcome.position ?? 'none'}`;
}
