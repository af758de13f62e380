import {
  displayDateWithWeekday,
  displayDateTime,
  displayTime,
} from '../../../domain/clinical/date-display.ts';
import type { JournalConsultation, JournalItem, JournalTopic } from '../../../domain/record/record-view.ts';
import { Button, Empty, Skeleton, Tag } from '../../ui/index.ts';
import { Nothing } from './nothing.tsx';
import { EntryLine } from './entry-line.tsx';
import { Marks } from './marks.tsx';
import { useRecordAction } from './record-actions.ts';
import { useRecordView } from './use-record.ts';

/** Every entry in time, newest first; consultations keep their headings, items and texts in order (hazard 28). */
export function Journal({ patientId, asAt }: { readonly patientId: string; readonly asAt: string | null }) {
  const { value, error } = useRecordView(patientId, 'journal', asAt);
  if (error) return <Empty>{error}</Empty>;
  if (!value) return <Skeleton label="Opening the journal" lines={12} />;
  if (value.length === 0)
    return <Nothing hint="F4 begins a consultation.">Nothing has been recorded yet.</Nothing>;
  return (
    <div className="journal scroll" tabIndex={0} role="group" aria-label="Journal, newest first">
      {value.map((item, index) => (
        <JournalLine key={keyOf(item)} item={item} sameDay={isSameDay(item, value[index - 1])} />
      ))}
    </div>
  );
}

function JournalLine({ item, sameDay }: { readonly item: JournalItem; readonly sameDay: boolean }) {
  if (item.kind === 'entry') {
    return (
      <article className="journal-item" data-same-day={sameDay || undefined}>
        <div className="journal-when">{displayDateWithWeekday(item.when ?? undefined)}</div>
        <div className="journal-what">
          <EntryLine entry={item.entry} />
        </div>
      </article>
    );
  }
  return <Consultation item={item} />;
}

function Consultation({ item }: { readonly item: JournalConsultation }) {
  const act = useRecordAction();
  const key = item.source.key;
  return (
    <article
      className="journal-item journal-consultation"
      id={`entry-${key}`}
      data-error={item.enteredInError ? true : undefined}
    >
      <div className="journal-when">
        {displayDateWithWeekday(item.when ?? undefined)}
        <div className="quiet">
          {displayTime(item.when ?? undefined)}
          {item.end ? `–${displayTime(item.end) ?? ''}` : ''}
        </div>
      </div>
      <div className="journal-what">
        <header className="journal-head">
          <h2 className="journal-type">
            <button
              type="button"
              className="entry-head"
              onClick={() => {
                act({ kind: 'provenance', key });
              }}
            >
              <strong>{item.type}</strong>
            </button>
          </h2>{' '}
          {item.staff.map((one) => `${one.name}${one.role ? `, ${one.role}` : ''}`).join('; ')}{' '}
          <span className="quiet small">{[item.organisation, item.location].filter(Boolean).join(', ')}</span>{' '}
          {item.status === 'draft' ? <Tag tone="amber">draft</Tag> : null}
          {item.status === 'amended' ? <Tag>amended</Tag> : null}{' '}
          <Marks
            source={item.source}
            origin={item.origin}
            enteredInError={item.enteredInError}
            sensitive={item.sensitive}
          />
          <span className="journal-acts">
            <Button
              tone="plain"
              onClick={() => {
                act({ kind: 'addendum', key });
              }}
            >
              Addendum
            </Button>
            {item.source.pending?.state === 'waiting' ? (
              <Button
                tone="plain"
                onClick={() => {
                  act({ kind: 'reopen', key });
                }}
              >
                Reopen
              </Button>
            ) : null}
            <Button
              tone="plain"
              onClick={() => {
                act({ kind: 'entered-in-error', key });
              }}
            >
              Entered in error
            </Button>
            <Button
              tone="plain"
              onClick={() => {
                act({ kind: 'move-entry', key });
              }}
            >
              Move to the right patient
            </Button>
          </span>
        </header>
        {item.circumstances.length === 0 ? null : (
          <p className="quiet small">
            {item.circumstances.map(({ label, value }) => `${label}: ${value}`).join(' · ')}
          </p>
        )}
        {item.topics.map((topic, index) => (
          <Topic key={index} topic={topic} />
        ))}
        {item.addenda.map((addendum) => (
          <section
            key={addendum.source.key}
            className="addendum"
            aria-label="Addendum"
            data-error={addendum.enteredInError ? true : undefined}
          >
            <strong>Addendum</strong> {displayDateTime(addendum.when ?? undefined)},{' '}
            {addendum.author ?? 'author not recorded'}{' '}
            <Marks source={addendum.source} enteredInError={addendum.enteredInError} />
            {addendum.text.map((text, index) => (
              <p key={index} className="preserve">
                {text}
              </p>
            ))}
            {addendum.entries.map((entry) => (
              <EntryLine key={entry.source.key} entry={entry} />
            ))}
          </section>
        ))}
      </div>
    </article>
  );
}

function Topic({ topic }: { readonly topic: JournalTopic }) {
  return (
    <section className="topic" data-guarded={topic.guarded || undefined}>
      {topic.title === '' ? null : <h3 className="topic-title">{topic.title}</h3>}
      {topic.headings.map((heading, index) => (
        <div key={index} className="heading">
          {heading.title === '' ? <span /> : <h4 className="heading-title">{heading.title}</h4>}
          <div className="heading-body">
            {heading.lines.map((line, at) =>
              line.kind === 'text' ? (
                <p key={at} className="preserve">
                  {line.text}
                </p>
              ) : (
                <EntryLine key={at} entry={line.entry} />
              ),
            )}
          </div>
        </div>
      ))}
    </section>
  );
}

function keyOf(item: JournalItem): string {
  const source = item.kind === 'entry' ? item.entry.source : item.source;
  return `${source.key} ${source.disputed ?? ''}`;
}

/** An entry by itself under another of the same day: its date is there once for the eye and each time for a screen reader. */
function isSameDay(item: JournalItem, before: JournalItem | undefined): boolean {
  return item.kind === 'entry' && item.when !== null && before?.when?.slice(0, 10) === item.when.slice(0, 10);
}
