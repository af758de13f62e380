import type { Draft } from '../../../contract/channels/record.ts';
import type { GroupId, OperationId, UserId } from '../../../domain/identifiers.ts';
import { failure, success } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import type { Journal } from '../journal/journal.ts';
import type { SaveRefusal } from './save-group.ts';

/** Note in the journal: draftId → the refused save (its groupId) whose words stand in that draft. */
export const correctsTopic = 'draft.corrects';

/** The operations of a refused save of one's own, which a corrected one may replace. */
export function refusedOperations(
  journal: Journal,
  groupId: GroupId,
  userId: UserId,
): Result<readonly OperationId[], SaveRefusal> {
  const group = journal.group(groupId);
  const refused = group.filter(({ outcome }) => outcome?.outcome.outcome === 'rejected');
  if (refused.length === 0) return failure(notRefused);
  if (refused.some(({ signed }) => signed.operation.author.userId !== userId)) return failure(notYours);
  return success(refused.map(({ signed }) => signed.operation.opId));
}

/** The draft in which the words of this refused save are being corrected. */
export function openCorrection(journal: Journal, groupId: GroupId, userId: UserId): Draft | null {
  const corrections = new Set(
    [...journal.notes(correctsTopic)].flatMap(([draftId, of]) => (of === groupId ? [draftId] : [])),
  );
  const open = journal
    .drafts()
    .find(
      ({ draft, ended, userId: owner }) =>
        ended === null && owner === userId && corrections.has(draft.draftId),
    );
  return open?.draft ?? null;
}

const notRefused: SaveRefusal = {
  code: 'unknown-save',
  message: 'The refused save is not on this computer any more. Nothing was saved; write the entry anew.',
};
const notYours: SaveRefusal = {
  code: 'not-yours',
  message: 'Only the person who saved this can correct it and send it again. Nothing was saved.',
};
