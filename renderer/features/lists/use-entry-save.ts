import { createElement, useState } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { EditContext, RecordEdit } from '../../../domain/record/record-edit.ts';
import type { ResourceAsShown } from '../../cache/index.ts';
import { changeFrom, editContext, newId, SavedWords, useSave } from '../saving/index.ts';
import { useSignedInUser } from '../session/index.ts';
import { raiseUnsent } from '../unsent/index.ts';
import { useToaster } from '../../ui/index.ts';

/** Saves one entry from a dialogue; a second press is the same save. */
export function useEntrySave(patientId: string, onSaved: () => void) {
  const user = useSignedInUser();
  const save = useSave();
  const toaster = useToaster();
  const [groupId] = useState(newId);
  const [error, setError] = useState<BridgeError | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (
    make: (context: EditContext) => readonly RecordEdit[],
    options: { readonly shown?: ResourceAsShown; readonly urgent?: string } = {},
  ) => {
    if (busy) return;
    setBusy(true);
    const edits = make(editContext(user, patientId));
    const changes = edits.map((edit) => {
      const changesShown = options.shown?.source.key === `${edit.after.resourceType}/${edit.after.id}`;
      return changeFrom(edit, changesShown ? options.shown : undefined);
    });
    const answer = await save({ groupId, patientId, changes });
    setBusy(false);
    if (!answer.ok) {
      setError(answer.error);
      return;
    }
    toaster.tell(createElement(SavedWords, { answer: answer.value }));
    if (options.urgent !== undefined) raiseUnsent({ groupId, patientId, what: options.urgent });
    onSaved();
  };
  return { run, error, busy };
}
