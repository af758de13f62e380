import type { Draft } from '../../../contract/channels/record.ts';
import type { GroupId, UserId } from '../../../domain/identifiers.ts';
import type { Journal } from '../journal/journal.ts';

/** Note in the journal: draftId → the save that marked its words as entered in error in another record. */
export const movedTopic = 'draft.moved';

/** The draft that a save ended: it ended in the very frame in which the save stands. */
export function draftOfSave(journal: Journal, groupId: GroupId, userId: UserId): Draft | null {
  const [first] = journal.group(groupId);
  if (first === undefined) return null;
  const { patientId } = first.signed.operation;
  const found = journal
    .drafts()
    .find(
      (one) =>
        one.userId === userId &&
        one.ended === 'signed' &&
        one.endedAt === first.savedAt &&
        one.draft.patientId === patientId,
    );
  return found?.draft ?? null;
}

/** The save of one's own that made an entry, and the draft that it ended. */
export function saveOf(
  journal: Journal,
  resource: string,
  userId: UserId,
): { readonly resources: string[]; readonly draft: Draft | null } | null {
  const made = journal
    .operations()
    .find(
      ({ signed: { operation } }) => operation.resource === resource && operation.author.userId === userId,
    );
  if (made === undefined) return null;
  const { groupId } = made.signed.operation;
  const resources = journal.group(groupId).map(({ signed }) => signed.operation.resource);
  return { resources, draft: draftOfSave(journal, groupId, userId) };
}
