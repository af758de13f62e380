import { createElement, useCallback, useRef, useState } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { RecordEdit } from '../../../domain/record/record-edit.ts';
import { host } from '../../host/index.ts';
import { localInstant, useToaster } from '../../ui/index.ts';
import { changeFrom, flushDrafts, newId, SavedWords } from '../saving/index.ts';
import { useSignedInUser } from '../session/index.ts';
import { usePractice } from './practice.tsx';

/** Who decides for the practice, now. */
export function useSettingContext() {
  const user = useSignedInUser();
  return useCallback(
    () => ({
      author: { practitionerId: user.practitionerId, name: user.name },
      recorded: localInstant(),
      practice: user.organisationName,
    }),
    [user],
  );
}

/** Saves changes that are about no patient, through the journal as any other; answers whether they were saved. */
export function usePracticeSave() {
  const toaster = useToaster();
  const { shown } = usePractice();
  const [error, setError] = useState<BridgeError | null>(null);
  const [busy, setBusy] = useState(false);
  /** Of each act that has not succeeded yet: a second press is the same save (sync-bugs D1). */
  const groups = useRef(new Map<string, string>());
  const save = async (edits: readonly RecordEdit[], draftId?: string): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    const changes = edits.map((edit) =>
      changeFrom(
        edit,
        edit.kind === 'create' ? undefined : shown(`${edit.after.resourceType}/${edit.after.id}`),
      ),
    );
    // The last keystrokes belong to the draft that ends here.
    if (draftId !== undefined) await flushDrafts();
    const act = actOf(edits, draftId);
    const groupId = groups.current.get(act) ?? newId();
    groups.current.set(act, groupId);
    const answer = await host().call('record.save', {
      groupId,
      changes,
      ...(draftId === undefined ? {} : { draftId }),
    });
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) groups.current.delete(act);
    if (answer.ok) toaster.tell(createElement(SavedWords, { answer: answer.value }));
    return answer.ok;
  };
  return { save, error, busy };
}

/** What is asked for, by its resources: what is new has another id at every press. */
function actOf(edits: readonly RecordEdit[], draftId: string | undefined): string {
  const parts = edits.map(({ kind, after: { resourceType, id } }) =>
    kind === 'create' ? `create ${resourceType}` : `${kind} ${resourceType}/${id}`,
  );
  return [draftId ?? '', ...parts].join(' ');
}
