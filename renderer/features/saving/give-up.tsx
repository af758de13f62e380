import { useState } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { host } from '../../host/index.ts';
import { ErrorNotice } from '../session/index.ts';
import { Button, Dialog, Notice } from '../../ui/index.ts';

/** Ends a draft by its author's explicit choice: its words are shown before they go. */
export function GiveUp({
  title,
  whose,
  draftId,
  words,
  stays,
  onGivenUp,
  onClose,
}: {
  readonly title: string;
  readonly whose: string;
  readonly draftId: string;
  /** What would go, as it stands in the draft. */
  readonly words: readonly string[];
  /** What was saved meanwhile and stays. */
  readonly stays?: string | undefined;
  readonly onGivenUp: () => void;
  readonly onClose: () => void;
}) {
  const [error, setError] = useState<BridgeError | null>(null);
  const [busy, setBusy] = useState(false);
  const giveUp = async () => {
    setBusy(true);
    const answer = await host().call('draft.discard', { draftId });
    setBusy(false);
    if (answer.ok) onGivenUp();
    else setError(answer.error);
  };
  return (
    <Dialog
      title={title}
      aside={<strong>{whose}</strong>}
      onClose={onClose}
      foot={
        <>
          <Button keys="Esc" autoFocus onClick={onClose}>
            Keep it
          </Button>
          <Button tone="danger" disabled={busy} onClick={() => void giveUp()}>
            Give it up for {whose}
          </Button>
        </>
      }
    >
      <div className="stack">
        <Notice tone="amber">
          <strong>These words were never saved in the record, and they do not come back:</strong>
        </Notice>
        {words.length === 0 ? <p>Nothing was written in it.</p> : null}
        <ul aria-label="What is given up">
          {words.map((one, at) => (
            <li key={at} className="preserve">
              {one}
            </li>
          ))}
        </ul>
        {stays === undefined ? null : <p>{stays}</p>}
        <ErrorNotice error={error} />
      </div>
    </Dialog>
  );
}
