import { displayDateTime, displayTime } from '../../../domain/clinical/date-display.ts';
import type { ItemSource, Mistake, PendingMark } from '../../../domain/record/record-view.ts';
import { Tag, type Tone } from '../../ui/index.ts';

/** What must be seen beside a line of the record wherever it stands. */
export function Marks({
  source,
  degraded = false,
  origin,
  enteredInError,
  planned = false,
  interim = false,
  sensitive = [],
}: {
  readonly source: ItemSource;
  readonly degraded?: boolean;
  readonly origin?: string | null;
  readonly enteredInError?: Mistake | null;
  readonly planned?: boolean;
  readonly interim?: boolean;
  readonly sensitive?: readonly string[];
}) {
  return (
    <>
      {enteredInError ? <Tag tone="danger">{mistakeWords(enteredInError)}</Tag> : null}
      {source.disputed ? (
        <Tag tone="danger">
          Disputed: {source.disputed === 'mine' ? 'from this computer' : 'from the service'}
        </Tag>
      ) : null}
      {source.guarded ? <span hidden data-guarded={source.guarded} /> : null}
      {source.guarded === 'sensitive' && sensitive.length === 0 ? <Tag tone="amber">sensitive</Tag> : null}
      {interim ? <Tag tone="danger">Interim</Tag> : null}
      {source.pending ? <PendingTag pending={source.pending} /> : null}
      {planned ? <Tag tone="information">Planned</Tag> : null}
      {degraded ? <Tag tone="amber">Transfer degraded: words only</Tag> : null}
      {origin ? <Tag>From {origin}</Tag> : null}
      {sensitive.map((mark) => (
        <Tag key={mark} tone="amber">
          {mark}
        </Tag>
      ))}
    </>
  );
}

function mistakeWords({ reason, by, when }: Mistake): string {
  const marked = [by, when === undefined ? undefined : displayDateTime(when)].filter(Boolean).join(', ');
  return `Entered in error${reason ? `: ${reason}` : ''}${marked === '' ? '' : ` (${marked})`}`;
}

const PENDING: Readonly<Record<PendingMark['state'], { readonly words: string; readonly tone?: Tone }>> = {
  waiting: { words: 'waiting to send' },
  applied: { words: 'sent' },
  conflict: { words: 'needs a decision', tone: 'danger' },
  rejected: { words: 'refused by the service, needs a decision', tone: 'danger' },
};

function PendingTag({ pending }: { readonly pending: PendingMark }) {
  const { words, tone } = PENDING[pending.state];
  return (
    <span
      title={`Saved on this computer ${displayTime(pending.recordedAt) ?? ''} by ${pending.author}, ${words}`}
    >
      <Tag tone={tone}>
        {pending.state === 'waiting' || pending.state === 'applied' ? '◷' : '⚠'}{' '}
        {displayTime(pending.recordedAt)} {words}
      </Tag>
    </span>
  );
}
