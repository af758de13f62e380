import { hasWords, type ConsultationNote } from './note.ts';
import { Button, Dialog, Notice } from '../../ui/index.ts';
import { ErrorNotice } from '../session/index.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';

/** What will be signed, by heading, for whom; the button names the patient. */
export function Review({
  note,
  observations,
  warnings,
  whose,
  error,
  busy,
  onSign,
  onClose,
}: {
  readonly note: ConsultationNote;
  readonly observations: number;
  readonly warnings: readonly string[];
  readonly whose: string;
  readonly error: BridgeError | null;
  readonly busy: boolean;
  readonly onSign: () => void;
  readonly onClose: () => void;
}) {
  const lines = note.lines.filter(hasWords);
  return (
    <Dialog
      title="Review and sign"
      aside={<strong>{whose}</strong>}
      onClose={onClose}
      foot={
        <>
          <Button keys="Esc" onClick={onClose}>
            Go on writing
          </Button>
          <Button
            tone="primary"
            autoFocus
            keys="Enter"
            disabled={busy || lines.length + observations === 0}
            onClick={onSign}
          >
            {busy ? 'Signing…' : `Sign for ${whose}`}
          </Button>
        </>
      }
    >
      <div className="review stack">
        {warnings.map((warning) => (
          <Notice key={warning} tone="amber">
            {warning}
          </Notice>
        ))}
        <ErrorNotice error={error} />
        {lines.length + observations === 0 ? <Notice tone="amber">Nothing is written yet.</Notice> : null}
        <p>
          <strong>{note.type}</strong> {note.about ? `about ${note.about.title}` : ''}
        </p>
        <dl>
          {lines.map((line, at) => (
            <div key={line.id}>
              {lines[at - 1]?.heading === line.heading ? null : <dt>{line.heading}</dt>}
              <dd className="preserve">
                {line.code ? (
                  <strong>
                    {line.meaning === 'present'
                      ? ''
                      : line.meaning === 'family'
                        ? 'Family history: '
                        : line.meaning === 'past'
                          ? 'Past: '
                          : 'Suspected: '}
                    {line.code.term}
                    {line.problem === 'no' ? '' : ` (${line.problem} problem)`}
                    {line.episode === null ? '' : `, ${line.episode}`}{' '}
                  </strong>
                ) : null}
                {line.text}
              </dd>
            </div>
          ))}
          {observations > 0 ? (
            <div>
              <dt>Examination</dt>
              <dd>{observations} observations</dd>
            </div>
          ) : null}
        </dl>
      </div>
    </Dialog>
  );
}
