import type { ReactNode, SyntheticEvent } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { SaveGuard } from '../patient-banner/index.ts';
import { ErrorNotice } from '../session/index.ts';
import { Button, Dialog } from '../../ui/index.ts';
import './lists.css';

/** The frame of every list dialogue: whose record, one main action named for the patient, Escape goes back. */
export function EntryDialog({
  title,
  whose,
  action,
  ready,
  busy,
  error,
  extra,
  readOnly = false,
  onSubmit,
  onClose,
  children,
}: {
  readonly title: string;
  readonly whose: string;
  readonly action: string;
  readonly ready: boolean;
  readonly busy: boolean;
  readonly error: BridgeError | null;
  readonly extra?: ReactNode;
  /** Nothing can be saved: no button offers it. */
  readonly readOnly?: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (ready && !busy) onSubmit();
  };
  return (
    <Dialog title={title} aside={<strong>{whose}</strong>} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {children}
        {readOnly ? null : <SaveGuard />}
        <ErrorNotice error={error} />
        <div className="row row-end">
          {extra}
          <Button keys="Esc" onClick={onClose}>
            Close
          </Button>
          {readOnly ? null : (
            <Button tone="primary" submit keys="Enter" disabled={!ready || busy}>
              {busy ? 'Saving…' : `${action} for ${whose}`}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
