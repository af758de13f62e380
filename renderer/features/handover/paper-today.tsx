import { Fragment } from 'react';
import { displayDate, displayDateTime, displayTime } from '../../../domain/clinical/date-display.ts';
import {
  entryInWords,
  type HandoverConsultation,
  type HandoverLine,
} from '../../../domain/record/handover-consultation.ts';
import type { EntryView } from '../../../domain/record/record-view.ts';
import type { DraftsOnPaper, HandoverDraft } from '../../../domain/record/handover-draft.ts';
import type { Handover } from '../../../domain/record/handover.ts';
import { LineMarks, Mark, None, Part, Rest } from './paper-parts.tsx';

/** Why the patient is sent in: what was signed today and what is still being written, each plainly marked. */
export function PaperToday({
  made: { consultations, drafts, alsoToday },
  author,
}: {
  readonly made: Pick<Handover, 'consultations' | 'drafts' | 'alsoToday'>;
  readonly author: string;
}) {
  const isEmpty =
    consultations.items.length + drafts.items.length + consultations.leftOut + drafts.leftOut === 0;
  return (
    <Part title="Reason for handover: today’s consultation" rest={[consultations]}>
      {isEmpty ? <None>No consultation of today in the data here: ask whoever hands over.</None> : null}
      <PaperDrafts drafts={drafts} author={author} />
      {consultations.items.map((one) => (
        <Consultation key={`${one.source.key} ${one.source.disputed ?? ''}`} consultation={one} />
      ))}
      {alsoToday.items.length > 0 ? (
        <p>
          <strong>Also recorded today:</strong> <Timed entries={alsoToday.items} />
        </p>
      ) : null}
      <Rest of={alsoToday} />
    </Part>
  );
}

function Timed({ entries }: { readonly entries: readonly EntryView[] }) {
  return entries.map((entry, index) => (
    <Fragment key={`${entry.source.key} ${entry.source.disputed ?? ''}`}>
      {index > 0 ? ' · ' : ''}
      {entryInWords(entry)} {displayTime(entry.when ?? undefined)}
      <LineMarks source={entry.source} />
    </Fragment>
  ));
}

const STATUS_WORDS: Readonly<Record<HandoverConsultation['status'], string>> = {
  signed: 'signed',
  amended: 'signed, amended',
  draft: 'not signed',
  'entered-in-error': 'entered in error',
  unknown: 'no signature recorded',
};

function Consultation({ consultation }: { readonly consultation: HandoverConsultation }) {
  const { source, type, when, staff, status, circumstances, topics, addenda, origin, leftOut } = consultation;
  return (
    <div className="handover-consultation">
      <p>
        <strong>{type}</strong> {displayDateTime(when ?? undefined)}
        {staff === '' ? '' : `, ${staff}`} ({STATUS_WORDS[status]})
        <LineMarks source={source} origin={origin} />
      </p>
      {circumstances.length === 0 ? null : (
        <p className="handover-quiet">
          {circumstances.map(({ label, value }) => `${label}: ${value}`).join(' · ')}
        </p>
      )}
      {topics.map((topic, at) => (
        <dl key={at} className="handover-headings">
          {topic.title === '' ? null : (
            <>
              <dt>About</dt>
              <dd>
                <strong>{topic.title}</strong>
              </dd>
            </>
          )}
          {topic.headings.map(({ title, lines }, index) => (
            <Fragment key={index}>
              <dt>{title}</dt>
              <dd>
                <Lines lines={lines} whole={source.pending !== undefined} />
              </dd>
            </Fragment>
          ))}
        </dl>
      ))}
      {addenda.map((addendum) => (
        <p key={addendum.source.key}>
          <strong>Addendum</strong> {displayDateTime(addendum.when ?? undefined)},{' '}
          {addendum.author ?? 'author not recorded'}: {addendum.lines.map(({ words }) => words).join(' ')}
          <LineMarks source={addendum.source} />
        </p>
      ))}
      <Rest of={{ more: 0, leftOut }} />
    </div>
  );
}

/** Words line by line; entries that follow one another stand in one line. */
function Lines({
  lines,
  whole,
}: {
  readonly lines: readonly HandoverLine[];
  /** The mark of the consultation stands for all of them. */
  readonly whole: boolean;
}) {
  return lines.map(({ words, source }, index) => {
    const before = lines[index - 1];
    const together = source !== null && before !== undefined && before.source !== null;
    return (
      <Fragment key={index}>
        {index === 0 ? null : together ? ' · ' : <br />}
        <span className="preserve">{words}</span>
        {source === null || whole ? null : <LineMarks source={source} />}
      </Fragment>
    );
  });
}

/** What is being written, as far as it is kept: never to be taken for signed. */
export function PaperDrafts({ drafts, author }: { readonly drafts: DraftsOnPaper; readonly author: string }) {
  const { items, leftOut, older } = drafts;
  return (
    <>
      {items.map((draft) => (
        <Draft key={`${draft.kind} ${draft.startedAt}`} draft={draft} author={author} />
      ))}
      {leftOut > 0 ? (
        <p className="handover-rest">
          What {author} is writing is marked as sensitive and left out of this paper.
        </p>
      ) : null}
      {older.length > 0 ? (
        <p className="handover-rest">
          Begun earlier by {author}, never signed and not on this paper:{' '}
          {older.map((startedAt) => displayDateTime(startedAt)).join(', ')}.
        </p>
      ) : null}
    </>
  );
}

function Draft({ draft, author }: { readonly draft: HandoverDraft; readonly author: string }) {
  const { kind, type, startedAt, changedAt, circumstances, headings, observations, open } = draft;
  return (
    <div className="handover-consultation" data-unsigned>
      <p>
        <strong>
          {type}
          {kind === 'observations' ? ' (observations)' : ''}
        </strong>
        , begun {displayDateTime(startedAt)} by {author}, words as kept at {displayTime(changedAt)}
        <Mark>NOT YET SIGNED</Mark>
      </p>
      {draft.unreadable === true ? (
        <p>
          <strong>Its words cannot be read here.</strong> Ask {author}.
        </p>
      ) : null}
      {circumstances.length === 0 ? null : <p className="handover-quiet">{circumstances.join(' · ')}</p>}
      <dl className="handover-headings">
        {headings.map(({ title, lines }, index) => (
          <Fragment key={index}>
            <dt>{title}</dt>
            <dd className="preserve">{lines.join('\n')}</dd>
          </Fragment>
        ))}
        {observations.length === 0 ? null : (
          <>
            <dt>Observations</dt>
            <dd>
              {observations.map(({ label, value }, index) => (
                <Fragment key={index}>
                  {index > 0 ? ' · ' : ''}
                  {label} <strong className="nowrap">{value}</strong>
                </Fragment>
              ))}
            </dd>
          </>
        )}
        {open.length === 0 ? null : (
          <>
            <dt>To be checked</dt>
            <dd>{open.join(' ')}</dd>
          </>
        )}
      </dl>
    </div>
  );
}

/** Every value of today with its time, scores with band and parts, and the value before. */
export function PaperObservations({
  made: { observations, findings },
}: {
  readonly made: Pick<Handover, 'observations' | 'findings'>;
}) {
  return (
    <Part title="Observations today" rest={[observations, findings]}>
      {observations.items.length + findings.items.length + observations.leftOut + findings.leftOut === 0 ? (
        <None>None is recorded today in the data here.</None>
      ) : null}
      {observations.items.length === 0 ? null : (
        <table className="handover-observations">
          <thead>
            <tr>
              <th scope="col">Observation</th>
              <th scope="col">Today</th>
              <th scope="col">Before</th>
            </tr>
          </thead>
          <tbody>
            {observations.items.map(({ kind, name, readings, before }) => (
              <tr key={kind}>
                <th scope="row">{name}</th>
                <td>
                  {readings.map((reading) => (
                    <div key={`${reading.source.key} ${reading.source.disputed ?? ''}`}>
                      <strong className={reading.band?.isUrgent === true ? 'handover-loud' : undefined}>
                        {reading.text}
                        {reading.band === null ? '' : ` · ${reading.band.words}`}
                      </strong>{' '}
                      {displayTime(reading.when ?? undefined) ?? displayDate(reading.when ?? undefined)}
                      {reading.qualifiers.length > 0 ? `, ${reading.qualifiers.join(', ')}` : ''}
                      {reading.abnormal && reading.band === null ? <Mark>outside range</Mark> : null}
                      <LineMarks
                        source={reading.source}
                        origin={reading.origin}
                        interim={reading.status === 'preliminary'}
                      />
                      {reading.parts.length > 0 ? (
                        <div className="handover-quiet">
                          {reading.parts.map(({ label, value }) => `${label}: ${value}`).join(' · ')}
                        </div>
                      ) : null}
                      {reading.notes.map((note, index) => (
                        <div key={index} className="handover-quiet">
                          {note}
                        </div>
                      ))}
                    </div>
                  ))}
                </td>
                <td>
                  {before === null ? (
                    <span className="handover-quiet">none in the data here</span>
                  ) : (
                    <>
                      {before.text}
                      {before.band === null ? '' : ` · ${before.band.words}`}{' '}
                      <span className="nowrap">{displayDateTime(before.when ?? undefined)}</span>
                      <LineMarks source={before.source} />
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {findings.items.length === 0 ? null : (
        <p>
          <Timed entries={findings.items} />
        </p>
      )}
    </Part>
  );
}
