import { failure, success } from '../../../domain/result.ts';
import { markedEnteredInError } from '../../../domain/record/entered-in-error.ts';
import { correctsTopic, openCorrection, refusedOperations } from './refused-save.ts';
import { draftOfSave, movedTopic, saveOf } from './saved-drafts.ts';
import { operationsOf } from './save-group.ts';
import { uuidV7 } from './uuid-v7.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { Draft, SaveAnswer, SaveRequest } from '../../../contract/channels/record.ts';
import type { Handlers } from '../../../contract/ipc.ts';
import type { GroupId, OperationId, ResourceKey, UserId } from '../../../domain/identifiers.ts';
import type { Result } from '../../../domain/result.ts';
import type { RecordedAt } from '../../../domain/sync/operation.ts';
import type { AuthorSigner, Journal, JournalError, UnnumberedOperation } from '../journal/journal.ts';
import type { Room } from '../storage/storage-watch.ts';
import type { DecisionToSave, DecisionWriter } from '../sync/ports.ts';
import type { SaveRefusal, SaveSurroundings } from './save-group.ts';

/** What a save needs of the open bag. */
export interface SavingBag {
  readonly journal: Journal;
  readonly signer: AuthorSigner;
}

export interface SaveServiceOptions {
  /** Null while nobody is at work. */
  readonly bag: () => SavingBag | null;
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
  /** The service's time last heard of, ISO 8601. */
  readonly lastServiceTime: () => string | undefined;
  /** The feed's place that this device has applied. */
  readonly seen: () => { readonly epoch: string; readonly position: number } | undefined;
  readonly newId: () => string;
  /** Whether the disk has room for a new save; always where nobody watches it. */
  readonly room?: () => Promise<Room>;
}

type Answer<Value> = Promise<Result<Value, BridgeError>>;
const undoMinutes = 15;

/** Everything that a person writes: saves, taking back, drafts, and decisions about what needs attention. */
export class SaveService implements DecisionWriter {
  readonly #options: SaveServiceOptions;

  constructor(options: SaveServiceOptions) {
    this.#options = options;
  }

  get handlers(): Pick<
    Handlers,
    | 'record.save'
    | 'record.undo'
    | 'draft.put'
    | 'draft.list'
    | 'draft.discard'
    | 'draft.restore'
    | 'draft.correct'
    | 'draft.move'
    | 'record.save-of'
  > {
    return {
      'record.save': (request) => this.saveRequest(request),
      'record.undo': ({ groupId }) => this.undo(groupId as GroupId),
      'draft.put': (draft) => this.#putDraft(draft),
      'draft.list': () => this.#withBag((bag) => Promise.resolve(success(openDraftsOf(bag)))),
      'draft.discard': ({ draftId }) => this.#discardDraft(draftId),
      'draft.restore': ({ draftId }) => this.#restoreDraft(draftId),
      'draft.correct': ({ groupId }) => this.#correct(groupId as GroupId),
      'draft.move': ({ draft, from }) => this.#move(draft, from),
      'record.save-of': ({ resource }) =>
        this.#withBag(({ journal, signer }) =>
          Promise.resolve(success(saveOf(journal, resource, signer.author.userId))),
        ),
    };
  }

  saveRequest(request: SaveRequest): Answer<SaveAnswer> {
    return this.#withBag(async (bag) => {
      const groupId = request.groupId as GroupId;
      const operations = this.#withOrigin(bag, request, operationsOf(request, this.#surroundings(bag)));
      // A second press of the same save is answered as it was saved, whatever changed since (sync-bugs D1).
      if (!operations.ok && bag.journal.group(groupId).length === 0)
        return failure(refusalWords(operations.error));
      return await this.#write(bag, groupId, operations.ok ? operations.value : [], request.draftId);
    });
  }

  /** A save that says an earlier one anew names it, so that the two are never apart. */
  #withOrigin(
    bag: SavingBag,
    { draftId, replaces }: Pick<SaveRequest, 'draftId' | 'replaces'>,
    operations: Result<readonly UnnumberedOperation[], SaveRefusal>,
  ): Result<readonly UnnumberedOperation[], SaveRefusal> {
    const [head, ...rest] = operations.ok ? operations.value : [];
    if (head === undefined) return operations;
    const from = bag.journal.notes(movedTopic).get(draftId ?? '');
    if (typeof from === 'string') return success([{ ...head, movedFrom: from as GroupId }, ...rest]);
    const corrected = replaces ?? bag.journal.notes(correctsTopic).get(draftId ?? '');
    if (typeof corrected !== 'string') return operations;
    const refused = refusedOperations(bag.journal, corrected as GroupId, bag.signer.author.userId);
    if (!refused.ok) return refused;
    return success([{ ...head, replaces: refused.value }, ...rest]);
  }

  #move(draft: Draft, from: string): Answer<{ readonly durableAt: string }> {
    return this.#withBag(async ({ journal, signer }) => {
      const noted = await journal.putNotes([{ topic: movedTopic, key: draft.draftId, value: from }]);
      if (!noted.ok) return failure(journalWords(noted.error));
      const kept = await journal.putDraft(draft, signer.author.userId);
      return kept.ok ? success({ durableAt: kept.value.durableAt }) : failure(journalWords(kept.error));
    });
  }

  #correct(groupId: GroupId): Answer<Draft | null> {
    return this.#withBag(async (bag) => {
      const { journal, signer } = bag;
      const { userId } = signer.author;
      const open = openCorrection(journal, groupId, userId);
      if (open !== null) return success(open);
      const refused = refusedOperations(journal, groupId, userId);
      if (!refused.ok) return failure(refusalWords(refused.error));
      const signed = draftOfSave(journal, groupId, userId);
      if (signed === null) return success(null);
      const draftId = this.#options.newId();
      const draft = { ...signed, draftId, changedAt: new Date(this.#options.wallMs()).toISOString() };
      // What it corrects stands first: a draft without that would be sent as something new beside the refused one.
      const noted = await journal.putNotes([{ topic: correctsTopic, key: draftId, value: groupId }]);
      if (!noted.ok) return failure(journalWords(noted.error));
      const kept = await journal.putDraft(draft, userId);
      return kept.ok ? success(draft) : failure(journalWords(kept.error));
    });
  }

  undo(groupId: GroupId): Answer<SaveAnswer> {
    return this.#withBag(async (bag) => {
      const voids = this.#voidsOf(bag, groupId);
      if (!voids.ok) return failure(refusalWords(voids.error));
      return await this.#write(bag, this.#options.newId() as GroupId, voids.value);
    });
  }

  save(decision: DecisionToSave): Answer<{ readonly groupId: string }> {
    return this.#withBag(async (bag) => {
      const operations = decision.kind === 'skip' ? this.#skips(bag, decision) : this.#changes(bag, decision);
      if (!operations.ok) return failure(refusalWords(operations.error));
      return await this.#write(bag, this.#options.newId() as GroupId, operations.value);
    });
  }

  #changes(
    bag: SavingBag,
    decision: DecisionToSave & { readonly kind: 'resolve' },
  ): Result<readonly UnnumberedOperation[], SaveRefusal> {
    const { patientId, changes } = decision;
    const patient = patientId === undefined ? {} : { patientId, bannerPatientId: patientId };
    return operationsOf({ ...patient, changes }, this.#surroundings(bag));
  }

  #skips(
    bag: SavingBag,
    decision: DecisionToSave & { readonly kind: 'skip' },
  ): Result<readonly UnnumberedOperation[], SaveRefusal> {
    const operations: UnnumberedOperation[] = [];
    for (const opId of decision.skippedOpIds) {
      const skipped = bag.journal.operation(opId as OperationId)?.signed.operation;
      if (skipped === undefined) return failure(unknownSave);
      if (skipped.author.userId !== bag.signer.author.userId) return failure(notYours);
      operations.push({
        schemaVersion: 1,
        opId: this.#newOperationId(),
        kind: 'skip',
        resource: skipped.resource,
        ...(skipped.patientId !== undefined && { patientId: skipped.patientId }),
        ...(skipped.patientId === undefined && { subject: skipped.lane.endsWith(':user') ? 'user' : 'org' }),
        diff: [],
        reason: decision.reason,
        skippedOpId: skipped.opId,
        recordedAt: this.#recordedAt(),
      });
    }
    return success(operations);
  }

  /** Only what was new can be taken back by marking it; a change of something older is changed back by its author. */
  #voidsOf(bag: SavingBag, groupId: GroupId): Result<readonly UnnumberedOperation[], SaveRefusal> {
    const group = bag.journal.group(groupId);
    const first = group[0];
    if (first === undefined) return failure(unknownSave);
    if (first.signed.operation.author.userId !== bag.signer.author.userId) return failure(notYours);
    if (group.some(({ outcome }) => outcome !== null)) return failure(alreadySent);
    const ageMs = this.#options.wallMs() - Date.parse(first.savedAt);
    if (ageMs > undoMinutes * 60_000) return failure(tooLate);
    const voids: UnnumberedOperation[] = [];
    for (const { signed } of group) {
      const { operation } = signed;
      const isNew = operation.kind === 'create' || operation.kind === 'append';
      const marked = isNew && operation.after !== undefined ? markedEnteredInError(operation.after) : null;
      if (marked === null) return failure(changedOlder);
      voids.push({
        schemaVersion: 1,
        opId: this.#newOperationId(),
        kind: 'void',
        resource: operation.resource,
        ...(operation.patientId !== undefined && { patientId: operation.patientId }),
        ...(operation.encounterId !== undefined && { encounterId: operation.encounterId }),
        prevOpId: operation.opId,
        after: marked,
        diff: [],
        reason: 'Taken back by its author right after saving',
        recordedAt: this.#recordedAt(),
      });
    }
    return success(voids);
  }

  async #write(
    bag: SavingBag,
    groupId: GroupId,
    operations: readonly UnnumberedOperation[],
    endsDraft?: string,
  ): Answer<SaveAnswer> {
    // A save that is known is only answered again, and nothing has to be written for that.
    if (bag.journal.group(groupId).length === 0 && (await this.#options.room?.()) === 'none') {
      return failure(noRoom);
    }
    const saved = await bag.journal.saveGroup({
      groupId,
      operations,
      signer: bag.signer,
      ...(endsDraft !== undefined && { endsDraft }),
    });
    if (!saved.ok) return failure(journalWords(saved.error));
    return success({
      groupId,
      savedAt: saved.value.durableAt,
      operations: saved.value.operations.map(({ operation }) => ({
        opId: operation.opId,
        resource: operation.resource,
      })),
      repeated: saved.value.repeated,
    });
  }

  #putDraft(draft: Draft): Answer<{ readonly durableAt: string }> {
    return this.#withBag(async ({ journal, signer }) => {
      const kept = await journal.putDraft(draft, signer.author.userId);
      return kept.ok ? success({ durableAt: kept.value.durableAt }) : failure(journalWords(kept.error));
    });
  }

  #discardDraft(draftId: string): Answer<undefined> {
    return this.#withBag(async (bag) => {
      if (ownDraft(bag, draftId) === undefined) return failure(refusalWords(unknownDraft));
      const ended = await bag.journal.endDraft(draftId, bag.signer.author.userId, 'discarded');
      return ended.ok ? success(undefined) : failure(journalWords(ended.error));
    });
  }

  #restoreDraft(draftId: string): Answer<Draft | null> {
    return this.#withBag(async (bag) => {
      const known = ownDraft(bag, draftId);
      if (known === undefined) return success(null);
      // A signed draft stays ended: what is taken back is written on under another id.
      if (known.ended !== 'discarded') return success(known.draft);
      const restored = await bag.journal.endDraft(draftId, bag.signer.author.userId, 'restored');
      return restored.ok ? success(known.draft) : failure(journalWords(restored.error));
    });
  }

  async #withBag<Value>(work: (bag: SavingBag) => Answer<Value>): Answer<Value> {
    const bag = this.#options.bag();
    return bag === null ? failure(lockedWords) : await work(bag);
  }

  #surroundings(bag: SavingBag): SaveSurroundings {
    const seen = this.#options.seen();
    return {
      savedOn: (resource) =>
        bag.journal
          .operations()
          .filter(({ signed }) => signed.operation.resource === (resource as ResourceKey)),
      newOperationId: () => this.#newOperationId(),
      recordedAt: this.#recordedAt(),
      ...(seen !== undefined && { seen }),
    };
  }

  #newOperationId(): OperationId {
    return uuidV7(this.#options.wallMs()) as OperationId;
  }

  #recordedAt(): RecordedAt {
    const lastServiceTime = this.#options.lastServiceTime();
    return {
      wallClock: withOffset(this.#options.wallMs()),
      monotonicMs: Math.round(this.#options.monotonicMs()),
      ...(lastServiceTime !== undefined && { lastServiceTime }),
    };
  }
}

/** ISO 8601 with this computer's offset at that moment (sync-bugs M14: clinical times keep it). */
function withOffset(wallMs: number): string {
  const minutes = -new Date(wallMs).getTimezoneOffset();
  const local = new Date(wallMs + minutes * 60_000).toISOString().slice(0, -1);
  const two = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${local}${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function openDraftsOf({ journal, signer }: SavingBag): Draft[] {
  return journal
    .drafts()
    .filter(({ userId, ended }) => ended === null && userId === signer.author.userId)
    .map(({ draft }) => draft);
}

function ownDraft({ journal, signer }: SavingBag, draftId: string) {
  const own: UserId = signer.author.userId;
  return journal.drafts().find(({ draft, userId }) => draft.draftId === draftId && userId === own);
}

const unknownSave: SaveRefusal = {
  code: 'unknown-save',
  message: 'This save is not on this computer. Nothing was changed.',
};
const unknownDraft: SaveRefusal = {
  ...unknownSave,
  message: 'This draft is not on this computer. Nothing was changed.',
};
const notYours: SaveRefusal = {
  code: 'not-yours',
  message: 'Only the person who saved this can take it back. Nothing was changed.',
};
const alreadySent: SaveRefusal = {
  code: 'already-sent',
  message: 'This has been sent already. Correct it in the record instead; nothing was changed.',
};
const tooLate: SaveRefusal = {
  code: 'too-late',
  message:
    'A save can be taken back for fifteen minutes. Correct it in the record instead; nothing was changed.',
};
const changedOlder: SaveRefusal = {
  code: 'unreadable',
  message:
    'This save changed entries that stood before. Open them and change them back; nothing was changed.',
};

const noRoom: BridgeError = {
  code: 'disk-full',
  message: 'This computer’s disk is nearly full, so nothing new is saved.',
  lost: 'not-saved',
  remedy:
    'Free some space on this computer, or ask somebody to, then press the button again. What was saved before is safe.',
};

const lockedWords: BridgeError = {
  code: 'locked',
  message: 'The bag is locked. Nothing was saved.',
  lost: 'not-saved',
  remedy: 'Unlock it and save again.',
};

function refusalWords({ code, message }: SaveRefusal): BridgeError {
  return { code, message, lost: 'not-saved' };
}

function journalWords({ code, message, remedy }: JournalError): BridgeError {
  return { code, message, lost: 'not-saved', ...(remedy !== undefined && { remedy }) };
}
