import { useState, type ReactNode, type SyntheticEvent } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import { DraftLine, type FormDraft } from '../saving/index.ts';
import { SaveGuard } from '../patient-banner/index.ts';
import { ErrorNotice } from '../session/index.ts';
import { Button, Dialog, Notice } from '../../ui/index.ts';
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
  size,
  form,
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
  readonly size?: 'wide';
  /** What is typed, kept as a draft. */
  readonly form?: FormDraft;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const [typed, setTyped] = useState(form !== undefined && form.resumedFrom !== null);
  const [asked, setAsked] = useState(false);
  // Escape never throws words away unasked (RAD: warn if unsaved).
  const close = () => {
    if (typed && !asked) setAsked(true);
    else {
      form?.giveUp();
      onClose();
    }
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setAsked(false);
    if (ready && !busy) onSubmit();
  };
  return (
    <Dialog title={title} {...(size ? { size } : {})} aside={<strong>{whose}</strong>} onClose={close}>
      <form
        className="stack"
        onSubmit={submit}
        onInput={() => {
          setTyped(true);
          setAsked(false);
        }}
      >
        {form?.resumedFrom == null ? null : (
          <Notice>What you typed on {displayDateTime(form.resumedFrom)} is here again, not yet saved.</Notice>
        )}
        {children}
        {readOnly ? null : <SaveGuard />}
        <ErrorNotice error={error} />
        {asked ? (
          <Notice tone="amber" role="alert">
            <strong>Not saved.</strong> Escape again closes this and gives up what you typed; Enter saves it.
          </Notice>
        ) : null}
        <div className="row row-end">
          {form ? <DraftLine draft={form.draft} /> : null}
          {extra}
          <Button keys="Esc" onClick={close}>
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
