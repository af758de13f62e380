import { createElement, useState } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { EditContext, RecordEdit } from '../../../domain/record/record-edit.ts';
import type { ResourceAsShown } from '../../cache/index.ts';
import { changeFrom, editContext, newId, SavedWords, useSave, type FormDraft } from '../saving/index.ts';
import { useSignedInUser } from '../session/index.ts';
import { useToaster } from '../../ui/index.ts';

/** Saves one entry from a dialogue; a second press is the same save. */
export function useEntrySave(
  patientId: string,
  onSaved: () => void,
  /** The consultation that a new entry belongs to. */
  encounterId: string | null = null,
  /** What was typed, kept as a draft until it is saved. */
  form?: FormDraft,
) {
  const user = useSignedInUser();
  const save = useSave();
  const toaster = useToaster();
  const [groupId] = useState(newId);
  const [error, setError] = useState<BridgeError | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (
    make: (context: EditContext) => readonly RecordEdit[],
    options: {
      /** What stood on the screen of each entry that is changed. */
      readonly shown?: ResourceAsShown | readonly ResourceAsShown[];
    } = {},
  ) => {
    if (busy) return;
    setBusy(true);
    const edits = make(editContext(user, patientId, encounterId ?? undefined));
    const shown = [options.shown ?? []].flat();
    const changes = edits.map((edit) =>
      changeFrom(
        edit,
        shown.find((one) => one.source.key === `${edit.after.resourceType}/${edit.after.id}`),
      ),
    );
    const draftId = form?.draftId();
    const answer = await save({ groupId, patientId, changes, ...(draftId === undefined ? {} : { draftId }) });
    setBusy(false);
    if (!answer.ok) {
      setError(answer.error);
      return;
    }
    form?.draft.ended();
    toaster.tell(createElement(SavedWords, { answer: answer.value }));
    onSaved();
  };
  return { run, error, busy };
}
