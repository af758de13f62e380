import { useEffect } from 'react';
import { changedSince, seenUpTo, type ChangedEntry } from '../../../domain/record/changed-since.ts';
import { useRecordView } from '../record/index.ts';
import { useSignedInUser } from '../session/index.ts';

/**
 * What others recorded since the note was begun, by name. The mark is kept with the draft, so that it holds after a
 * lock, a restart or a night. @param seen the note's mark; `undefined`: none yet, and `onSeen` is told it
 */
export function useChangedSince(
  patientId: string,
  seen: string | null | undefined,
  onSeen: (mark: string | null) => void,
): readonly ChangedEntry[] {
  const { name } = useSignedInUser();
  const { value: entries } = useRecordView(patientId, 'timeline', null);
  useEffect(() => {
    if (entries && seen === undefined) onSeen(seenUpTo(entries));
  });
  return entries && seen !== undefined ? changedSince(entries, seen, name) : [];
}
