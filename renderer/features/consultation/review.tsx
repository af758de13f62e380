import { useState } from 'react';
import { hasWords, wordsOf, type ConsultationNote } from './note.ts';
import { Button, Dialog, localInstant, Notice } from '../../ui/index.ts';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import type { ChangedEntry } from '../../../domain/record/changed-since.ts';
import type { EntryView, RecordView } from '../../../domain/record/record-view.ts';
import { companionWords, isNamed } from '../../../domain/record/companion.ts';
import { circumstanceEntries } from '../../../domain/record/circumstance-entry.ts';
import { questionnaireLines } from './edited.ts';
import { usePractice } from '../practice/index.ts';
import { meantWords } from './meant-words.ts';
import {
  notOnProblemList,
  observationsInWords,
  problemsInWords,
  recordedInWords,
  tasksInWords,
  type WrittenEntry,
} from './to-write.ts';
import type { ReviewWarning } from './review-warnings.ts';
import type { NoteObservations } from './use-note-observations.ts';
import { NoteAllergies } from './line-allergies.tsx';
import { SaveGuard } from '../patient-banner/index.ts';
import { ErrorNotice } from '../session/index.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';

/** What will be signed, by heading, for whom; the button names the patient. */
export function Review({
  note,
  taken,
  recorded,
  warnings,
  record,
  changed,
  whose,
  error,
  busy,
  onSign,
  onClose,
}: {
  readonly note: ConsultationNote;
  /** Its observations. */
  readonly taken: NoteObservations;
  /** What was recorded while it was written: saved already, and part of it. */
  readonly recorded: readonly EntryView[];
  readonly warnings: readonly ReviewWarning[];
  readonly record: Pick<RecordView, 'allergies' | 'completeness'>;
  /** What others recorded since this note was begun. */
  readonly changed: readonly ChangedEntry[];
  readonly whose: string;
  readonly error: BridgeError | null;
  readonly busy: boolean;
  readonly onSign: () => void;
  readonly onClose: () => void;
}) {
  const { settings } = usePractice();
  const [now] = useState(localInstant);
  const lines = note.lines.filter(hasWords);
  const observations = observationsInWords(taken.build(now), taken.news2?.result ?? null);
  const results = questionnaireLines(note, settings);
  const isEmpty = lines.length + observations.length + results.length + recorded.length === 0;
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
          <Button tone="primary" autoFocus keys="Enter" disabled={busy || isEmpty} onClick={onSign}>
            {busy ? 'Signing…' : `Sign for ${whose}`}
          </Button>
        </>
      }
    >
      <div className="review stack">
        {warnings.map(({ words, tone }) => (
          <Notice key={words} tone={tone}>
            {words}
          </Notice>
        ))}
        <NoteAllergies lines={lines} record={record} />
        {changed.length > 0 ? <ChangedNotice changed={changed} /> : null}
        <SaveGuard />
        <ErrorNotice error={error} />
        {isEmpty ? <Notice tone="amber">Nothing is written yet.</Notice> : null}
        <p>
          <strong>{note.type}</strong> {note.about ? `about ${note.about.title}` : ''}
          {note.templates === undefined || note.templates.length === 0 ? null : (
            <span className="quiet">
              {' '}
              by {note.templates.map(({ label, version }) => `${label}, version ${version}`).join('; ')}
            </span>
          )}
        </p>
        <dl>
          {lines.map((line, at) => (
            <div key={line.id}>
              {lines[at - 1]?.heading === line.heading ? null : <dt>{line.heading}</dt>}
              <dd className="preserve">
                {line.code ? (
                  <strong>
                    {meantWords(line.meaning, line.code.term)}
                    {line.episode === null ? '' : `, ${line.episode}`}{' '}
                  </strong>
                ) : null}
                {wordsOf(line)}
              </dd>
            </div>
          ))}
          {circumstanceEntries(note.chosen ?? {}, () => '').map((entry) => (
            <div key={entry.concept.code}>
              <dd>
                <strong>{entry.concept.text}</strong> {entry.text}
              </dd>
            </div>
          ))}
          {(note.companions ?? []).filter(isNamed).map((companion) => (
            <div key={companion.id}>
              <dd>{companionWords(companion)}</dd>
            </div>
          ))}
          <Entries title="Observations" entries={observations} />
          {results.length > 0 ? (
            <div>
              <dt>Result</dt>
              {results.map((words) => (
                <dd key={words}>{words}</dd>
              ))}
            </div>
          ) : null}
          <Entries title="Recorded in this consultation, saved already" entries={recordedInWords(recorded)} />
          <Entries title="To the problem list" entries={problemsInWords(note)} />
          <Entries title="Not on the problem list" entries={notOnProblemList(note)} />
          <Entries title="Tasks for you" entries={tasksInWords(note, now.slice(0, 10))} />
        </dl>
      </div>
    </Dialog>
  );
}

/** What is written beside the words: each with its value. */
function Entries({ title, entries }: { readonly title: string; readonly entries: readonly WrittenEntry[] }) {
  if (entries.length === 0) return null;
  return (
    <div>
      <dt>{title}</dt>
      {entries.map(({ key, name, value }) => (
        <dd key={key}>
          <strong>{name}</strong> {value}
        </dd>
      ))}
    </div>
  );
}

const LISTED = 12;

/** Two clinicians with one patient: what the other did, with who and when, before the signature (clinical.md, Hazards). */
function ChangedNotice({ changed }: { readonly changed: readonly ChangedEntry[] }) {
  return (
    <Notice tone={changed.some((one) => one.safety) ? 'danger' : 'amber'} role="alert">
      <strong>Changed since you opened this consultation</strong>
      <ul>
        {changed.slice(0, LISTED).map((one) => (
          <li key={`${one.key} ${one.received}`}>
            {one.safety ? <strong>{one.words}</strong> : one.words}, {displayDateTime(one.received)}
            {one.author === null ? '' : `, ${one.author}`}
          </li>
        ))}
      </ul>
      {changed.length > LISTED ? <p>{changed.length - LISTED} more: Alt+2 shows the journal.</p> : null}
    </Notice>
  );
}
