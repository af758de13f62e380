import { useState } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { host } from '../../host/index.ts';
import { newId, offerDraft } from '../saving/index.ts';
import { ErrorNotice } from '../session/index.ts';
import { Button, Dialog, Notice } from '../../ui/index.ts';
import type { ConsultationNote } from './note.ts';
import { reopenable } from './signed-here.ts';

const draftGone: BridgeError = {
  code: 'draft-gone',
  message: 'Its draft is not on this computer any more, so it was not taken back.',
  lost: 'nothing',
  remedy: 'Write an addendum, or mark it as entered in error.',
};

/** Takes an unsent consultation of one's own back into its draft: until it is sent, or for 15 minutes. */
export function ReopenConsultation({
  entryKey,
  whose,
  onReopened,
  onClose,
}: {
  readonly entryKey: string;
  readonly whose: string;
  readonly onReopened: () => void;
  readonly onClose: () => void;
}) {
  const [error, setError] = useState<BridgeError | null>(null);
  const group = reopenable(entryKey, new Date().toISOString());
  const reopen = async () => {
    if (!group) return;
    // Its words first: nothing is taken back that could not be written on.
    const signed = await host().call('draft.restore', { draftId: group.draftId });
    if (!signed.ok || signed.value === null) {
      setError(signed.ok ? draftGone : signed.error);
      return;
    }
    const note = JSON.parse(signed.value.content) as ConsultationNote;
    const draft = {
      ...signed.value,
      draftId: newId(),
      changedAt: new Date().toISOString(),
      content: JSON.stringify({
        ...note,
        encounterId: newId(),
        earlier: [...(note.earlier ?? []), note.encounterId],
      } satisfies ConsultationNote),
    };
    const opened = await host().call('draft.put', draft);
    const undone = opened.ok ? await host().call('record.undo', { groupId: group.groupId }) : opened;
    if (undone.ok) {
      offerDraft(draft);
      onReopened();
      return;
    }
    if (opened.ok) await host().call('draft.discard', { draftId: draft.draftId });
    setError({ ...undone.error, lost: 'nothing' });
  };
  return (
    <Dialog
      title="Reopen this consultation"
      aside={<strong>{whose}</strong>}
      onClose={onClose}
      foot={
        <>
          <Button keys="Esc" onClick={onClose}>
            Close
          </Button>
          <Button tone="primary" disabled={!group} onClick={() => void reopen()}>
            Reopen for {whose}
          </Button>
        </>
      }
    >
      <ErrorNotice error={error} />
      {group ? (
        <p>It has not been sent. It opens again as your draft; the signed version is kept.</p>
      ) : (
        <Notice tone="amber">
          It was signed more than 15 minutes ago, sent already, or not in this window. Write an addendum
          instead.
        </Notice>
      )}
    </Dialog>
  );
}
