import type { AttentionItem } from '../../../contract/channels/sync.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { markedEnteredInError } from '../../../domain/record/entered-in-error.ts';
import { parseExact, stringifyExact } from '../../../domain/fhir/exact-json.ts';
import type { OperationId } from '../../../domain/identifiers.ts';
import { failure, success } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import { attentionItems } from '../../../domain/sync/attention.ts';
import { replacements } from '../../../domain/sync/replaced.ts';
import type {
  AttentionChoice,
  AttentionFact,
  Finding,
  OpenConflicts,
} from '../../../domain/sync/attention.ts';
import type { ResourceJson } from '../../../domain/sync/operation.ts';
import type { JournalNote } from '../journal/journal-entry.ts';
import { itemOf, openConflict } from './attention-item.ts';
import { noteTopics } from './outbox-view.ts';
import type { OutboxView } from './outbox-view.ts';
import type { Clock, DecidedChange, DecisionWriter, RecordServicePort, SyncJournal } from './ports.ts';
import type { Pusher, PushReport } from './push.ts';

export interface AttentionParts {
  readonly client: Pick<RecordServicePort, 'conflicts'>;
  readonly journal: SyncJournal;
  readonly outbox: OutboxView;
  readonly pusher: Pusher;
  readonly decisions: DecisionWriter;
  readonly clock: Clock;
  /** User id of whoever is at work. */
  readonly decidedBy?: (() => string) | undefined;
  /** A UUID for the copy that `keep-both` and `restore` make. */
  readonly newId: () => string;
}

interface Choice {
  readonly choice: AttentionChoice;
  readonly at: string;
  readonly groupId?: string;
  /** The item as it was decided on, so that it can be shown, and the choice taken back. */
  readonly item: AttentionItem;
  /** What stood before the choice, as JSON text; null where nothing stood. */
  readonly stood: string | null;
  /** What `keep-mine` wrote over it, as JSON text; absent in choices of older versions: mine as it was. */
  readonly wrote?: string;
  /** The resource that the choice made in addition. */
  readonly made?: string;
}

/** A choice can be taken back this long. */
const undoWindowMs = 15 * 60_000;

/** What waits for a person, what they choose, and how to take it back. */
export class NeedsAttention {
  readonly #parts: AttentionParts;
  #openConflicts: OpenConflicts | null = null;
  /** How many answers to a push told of a conflict: a list that was asked for before knows nothing of it. */
  #born = 0;

  constructor(parts: AttentionParts) {
    this.#parts = parts;
  }

  /** Asks the service for open conflicts: the practice's queue shows those of other devices too. */
  async refresh(): Promise<void> {
    // Only what was known before the question can be missing in the answer: pushes go on meanwhile.
    const born = this.#born;
    const known = this.#conflictedOperations();
    const answer = await this.#parts.client.conflicts();
    if (!answer.ok) return;
    const open = new Set(answer.value.open);
    if (born === this.#born) this.#openConflicts = { told: answer.value.conflicts.map(openConflict), open };
    await this.#closeSettledConflicts(known, open);
  }

  /** What came with an answer to a push and a person should see. */
  async remember({ group, answer }: PushReport): Promise<void> {
    const patientId = group.operations[0]?.operation.patientId ?? null;
    const at = this.#now();
    const notes: JournalNote[] = answer.findings.map(({ taskId, text }) => ({
      topic: noteTopics.findings,
      key: taskId,
      value: { taskId, text, patientId, raisedAt: at } satisfies Finding,
    }));
    for (const { operation } of group.operations) {
      if (answer.softConflicts.includes(operation.resource)) {
        notes.push({ topic: noteTopics.softConflicts, key: operation.opId, value: at });
      }
    }
    if (notes.length > 0) await this.#parts.journal.putNotes(notes);
    if (answer.outcomes.some((outcome) => outcome.outcome === 'conflict')) {
      // The list heard before knows nothing of it; until it is heard again the journal's own outcome counts.
      this.#born += 1;
      this.#openConflicts = null;
    }
  }

  /** Operations whose conflict or refusal a person has settled: they leave the overlay. */
  closedOperations(): ReadonlySet<OperationId> {
    const { journal, outbox } = this.#parts;
    const closed = new Set([...journal.notes(noteTopics.closed).keys()] as OperationId[]);
    // What was corrected shows as its corrected version.
    for (const opId of replacements(outbox.entries()).keys()) closed.add(opId);
    const decided = new Set(
      outbox.entries().flatMap(({ signed, settlement }) => {
        const { resolvesConflict } = signed.operation;
        const took =
          settlement === null ||
          settlement.outcome.outcome === 'applied' ||
          settlement.outcome.outcome === 'merged';
        return resolvesConflict !== undefined && took ? [resolvesConflict] : [];
      }),
    );
    for (const { signed, settlement } of outbox.entries()) {
      if (settlement?.outcome.outcome === 'conflict' && decided.has(settlement.outcome.conflictId)) {
        closed.add(signed.operation.opId);
      }
    }
    return closed;
  }

  items(): readonly AttentionItem[] {
    const now = this.#parts.clock.wallMs();
    const chosen = [...this.#choices().values()]
      .filter(({ at }) => now - Date.parse(at) < undoWindowMs)
      .map(({ item, choice, at, groupId }) => ({
        ...item,
        chosen: { choice, at, ...(groupId === undefined ? {} : { groupId }) },
      }));
    return [...this.#facts().map(itemOf), ...chosen];
  }

  get count(): number {
    return this.#facts().length;
  }

  async resolve(
    itemId: string,
    choice: AttentionChoice,
    reason?: string,
  ): Promise<Result<void, BridgeError>> {
    const fact = this.#facts().find((item) => item.itemId === itemId);
    if (fact === undefined) return failure(notThere);
    if (!fact.choices.includes(choice)) return failure(notOffered);
    if (choice === 'retry' || choice === 'acknowledge') {
      if (choice === 'retry' && fact.lane !== undefined) this.#parts.pusher.release(fact.lane);
      if (choice === 'acknowledge') await this.#acknowledge(fact);
      return success(undefined);
    }
    if (choice === 'will-not-send') return this.#willNotSend(fact, reason);
    if (choice === 'skip') return this.#skip(fact, reason);
    return this.#decide(fact, choice, reason);
  }

  /** Puts back what stood before the choice. Both versions were kept all along. */
  async undo(itemId: string): Promise<Result<void, BridgeError>> {
    const chosen = this.#choices().get(itemId);
    if (chosen === undefined) return failure(notThere);
    const undone = await this.#writeBack(chosen);
    if (!undone.ok) return undone;
    await this.#parts.journal.putNotes([
      { topic: noteTopics.choices, key: itemId, value: null },
      { topic: noteTopics.closed, key: itemId, value: null },
    ]);
    return success(undefined);
  }

  async #decide(
    fact: AttentionFact,
    choice: AttentionChoice,
    reason?: string,
  ): Promise<Result<void, BridgeError>> {
    const mine = fact.mine?.resource;
    const kept = fact.kept ?? mine;
    const stood = fact.theirs?.resource ?? null;
    if (fact.resource === undefined || mine === undefined || kept === undefined) return failure(notOffered);
    const made = choice === 'keep-both' ? { ...mine, id: this.#parts.newId() } : null;
    const changes: DecidedChange[] = [];
    const settles = { resolvesConflict: fact.itemId };
    if (made !== null) {
      changes.push({
        kind: 'create',
        resource: `${made.resourceType}/${made.id}`,
        after: stringifyExact(made),
      });
    }
    if (stood === null) {
      // It was removed: put back as it is mine, or left removed, which is a decision that the service must hear too.
      const base = { baseVersion: fact.operations[0]?.operation.baseVersion ?? 1 };
      changes.push(
        choice === 'restore'
          ? {
              kind: 'correct',
              resource: fact.resource,
              after: stringifyExact(mine),
              reason: reason ?? choiceWords[choice],
              ...base,
              ...settles,
            }
          : {
              kind: 'void',
              resource: fact.resource,
              after: stringifyExact(markedEnteredInError(mine) ?? mine),
              reason: reason ?? 'It was removed and stays removed.',
              ...base,
              ...settles,
            },
      );
    } else {
      changes.push({
        kind: 'correct',
        resource: fact.resource,
        before: stringifyExact(stood),
        after: stringifyExact(choice === 'keep-mine' ? kept : stood),
        reason: reason ?? choiceWords[choice],
        ...(typeof fact.currentVersion === 'number' ? { baseVersion: fact.currentVersion } : {}),
        ...settles,
      });
    }
    const saved = await this.#parts.decisions.save({
      kind: 'resolve',
      changes,
      ...(fact.patientId === null ? {} : { patientId: fact.patientId }),
    });
    if (!saved.ok) return saved;
    await this.#noteChoice(fact, {
      choice,
      groupId: saved.value.groupId,
      stood: stood === null ? null : stringifyExact(stood),
      ...(choice === 'keep-mine' ? { wrote: stringifyExact(kept) } : {}),
      ...(made === null ? {} : { made: `${made.resourceType}/${made.id}` }),
    });
    return success(undefined);
  }

  async #skip(fact: AttentionFact, reason: string | undefined): Promise<Result<void, BridgeError>> {
    if (reason === undefined || reason.trim() === '') return failure(reasonNeeded);
    const saved = await this.#parts.decisions.save({
      kind: 'skip',
      skippedOpIds: fact.operations.map((signed) => signed.operation.opId),
      reason,
      ...(fact.patientId === null ? {} : { patientId: fact.patientId }),
    });
    if (!saved.ok) return saved;
    this.#parts.outbox.refresh();
    if (fact.lane !== undefined) this.#parts.pusher.release(fact.lane);
    return success(undefined);
  }

  async #writeBack(chosen: Choice): Promise<Result<void, BridgeError>> {
    const { item, stood, wrote, made, choice } = chosen;
    const changes: DecidedChange[] = [];
    if (choice === 'keep-mine' && stood !== null && item.resource !== undefined && item.mine !== undefined) {
      changes.push({
        kind: 'correct',
        resource: item.resource,
        before: wrote ?? item.mine.resource,
        after: stood,
        reason: 'The choice between two versions was taken back.',
      });
    }
    const putBack = made ?? (choice === 'restore' ? item.resource : undefined);
    if (putBack !== undefined && item.mine !== undefined) {
      const copy = { ...(parseExact(item.mine.resource) as ResourceJson), id: putBack.split('/')[1] ?? '' };
      changes.push({
        kind: 'void',
        resource: putBack,
        before: stringifyExact(copy),
        after: stringifyExact(markedEnteredInError(copy) ?? copy),
        reason: 'The choice between two versions was taken back.',
      });
    }
    if (changes.length === 0) return success(undefined);
    const saved = await this.#parts.decisions.save({
      kind: 'resolve',
      changes,
      ...(item.patientId === null ? {} : { patientId: item.patientId }),
    });
    return saved.ok ? success(undefined) : saved;
  }

  /** The save stays in the journal, refused; who gave it up, when and why is kept with it. */
  async #willNotSend(fact: AttentionFact, reason: string | undefined): Promise<Result<void, BridgeError>> {
    if (reason === undefined || reason.trim() === '') return failure(reasonNeeded);
    const at = this.#now();
    const kept = await this.#parts.journal.putNotes(
      [fact.itemId, ...fact.operations.map((signed) => signed.operation.opId)].map((key) => ({
        topic: noteTopics.closed,
        key,
        value: { at, reason: reason.trim(), by: this.#parts.decidedBy?.() ?? null },
      })),
    );
    return kept.ok
      ? success(undefined)
      : failure({ code: kept.error.code, message: kept.error.message, lost: 'not-saved' });
  }

  async #acknowledge(fact: AttentionFact): Promise<void> {
    await this.#parts.journal.putNotes(
      [fact.itemId, ...fact.operations.map((signed) => signed.operation.opId)].map((key) => ({
        topic: noteTopics.closed,
        key,
        value: this.#now(),
      })),
    );
  }

  async #noteChoice(fact: AttentionFact, choice: Omit<Choice, 'at' | 'item'>): Promise<void> {
    const at = this.#now();
    await this.#parts.journal.putNotes([
      { topic: noteTopics.choices, key: fact.itemId, value: { ...choice, at, item: itemOf(fact) } },
      { topic: noteTopics.closed, key: fact.itemId, value: at },
    ]);
  }

  /** Operations of this journal that conflicted and are not closed, with their conflicts. */
  #conflictedOperations(): ReadonlyMap<OperationId, string> {
    const closed = this.#parts.journal.notes(noteTopics.closed);
    return new Map(
      this.#parts.outbox
        .entries()
        .flatMap(({ signed: { operation }, settlement }): readonly (readonly [OperationId, string])[] =>
          settlement?.outcome.outcome === 'conflict' && !closed.has(operation.opId)
            ? [[operation.opId, settlement.outcome.conflictId]]
            : [],
        ),
    );
  }

  /** Those that the service no longer has open were settled by somebody. */
  async #closeSettledConflicts(
    known: ReadonlyMap<OperationId, string>,
    open: ReadonlySet<string>,
  ): Promise<void> {
    const settled = [...known].flatMap(([opId, conflictId]): readonly JournalNote[] =>
      open.has(conflictId) ? [] : [{ topic: noteTopics.closed, key: opId, value: this.#now() }],
    );
    if (settled.length > 0) await this.#parts.journal.putNotes(settled);
  }

  #facts(): readonly AttentionFact[] {
    const { journal, outbox, pusher } = this.#parts;
    return attentionItems({
      journal: outbox.entries(),
      waiting: outbox.waiting(),
      holds: pusher.holds,
      openConflicts: this.#openConflicts,
      findings: [...journal.notes(noteTopics.findings).values()] as Finding[],
      softConflicts: new Set(journal.notes(noteTopics.softConflicts).keys()),
      closed: this.#settledKeys(),
    });
  }

  /** What a person has settled. What was corrected is not: it is told until the corrected version was taken. */
  #settledKeys(): ReadonlySet<string> {
    const { journal, outbox } = this.#parts;
    const settled = new Set<string>(this.closedOperations());
    for (const opId of replacements(outbox.entries()).keys()) settled.delete(opId);
    for (const key of journal.notes(noteTopics.closed).keys()) settled.add(key);
    return settled;
  }

  #choices(): ReadonlyMap<string, Choice> {
    return this.#parts.journal.notes(noteTopics.choices) as ReadonlyMap<string, Choice>;
  }

  #now(): string {
    return new Date(this.#parts.clock.wallMs()).toISOString();
  }
}

const choiceWords: Readonly<Record<string, string>> = {
  'keep-mine': 'Chosen between two versions.',
  'keep-theirs': 'Chosen between two versions: the one that stands.',
  'keep-both': 'Both versions are kept as entries of their own.',
  restore: 'Put back after it had been removed.',
};

const notThere: BridgeError = {
  code: 'not-there',
  message: 'This has been settled in the meantime, perhaps by a colleague.',
  lost: 'nothing',
};
const notOffered: BridgeError = {
  code: 'not-offered',
  message: 'This choice is not possible here.',
  lost: 'nothing',
};
const reasonNeeded: BridgeError = {
  code: 'reason-needed',
  message: 'Leaving a save unsent needs a reason, which is kept with it.',
  lost: 'nothing',
  remedy: 'Write why it may be left out.',
};
