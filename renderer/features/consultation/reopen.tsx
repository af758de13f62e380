import { useState } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { host } from '../../host/index.ts';
import { ErrorNotice } from '../session/index.ts';
import { Button, Dialog, Notice } from '../../ui/index.ts';
import { reopenable } from './signed-here.ts';

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
    const undone = await host().call('record.undo', { groupId: group.groupId });
    if (!undone.ok) {
      setError(undone.error);
      return;
    }
    const restored = await host().call('draft.restore', { draftId: group.draftId });
    if (restored.ok && restored.value) {
      await host().call('draft.put', restored.value);
      onReopened();
    } else {
      setError(
        restored.ok
          ? {
              code: 'draft-gone',
              message: 'The consultation was taken back; its draft is not here any more.',
              lost: 'nothing',
              remedy: 'Its words stand in the journal, marked as taken back.',
            }
          : restored.error,
      );
    }
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
