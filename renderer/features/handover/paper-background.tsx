import { Fragment } from 'react';
import { displayDate } from '../../../domain/clinical/date-display.ts';
import { lineSource } from '../../../domain/record/handover-list.ts';
import type { Handover } from '../../../domain/record/handover.ts';
import type { EntryView, MedicationView } from '../../../domain/record/record-view.ts';
import { MasterSystem, MedicationWords } from '../record/index.ts';
import { LineMarks, Mark, None, Part, Rest } from './paper-parts.tsx';

type Lists<Key extends keyof Handover> = { readonly made: Pick<Handover, Key> };

/** Disputed first, then what was stopped lately and given today, then all that is taken. */
export function PaperMedication({
  made: { disputedMedication, stoppedMedication, givenToday, medication },
  asOf,
  missing,
}: Lists<'disputedMedication' | 'stoppedMedication' | 'givenToday' | 'medication'> & {
  readonly asOf: string | null;
  readonly missing: string | null;
}) {
  return (
    <Part title="Medication" aside={<MasterSystem asOf={asOf} />} rest={[medication]}>
      <Medicines
        title="Disputed: stopped or changed in two places, not current until resolved"
        lines={disputedMedication}
      />
      <Medicines title="Stopped or ended within four weeks" lines={stoppedMedication} />
      <Medicines title="Given today" lines={givenToday} />
      {medication.items.length + medication.leftOut === 0 ? (
        <None>No current medication in the data here.{missing === null ? '' : ` ${missing}`}</None>
      ) : (
        <Medicines title="Current" lines={{ ...medication, more: 0, leftOut: 0 }} />
      )}
    </Part>
  );
}

function Medicines({ title, lines }: { readonly title: string; readonly lines: Handover['medication'] }) {
  if (lines.items.length + lines.leftOut === 0) return null;
  return (
    <>
      <h4>
        {title} ({lines.items.length})
      </h4>
      <ul className="handover-medicines">
        {lines.items.map((line) => (
          <li key={`${line.source.key} ${line.source.disputed ?? ''}`}>
            <MedicationWords line={line} /> <span className="handover-quiet">{medicineFacts(line)}</span>
            {line.endPassed ? <Mark>active in the source, its end date has passed</Mark> : null}
            {line.longSinceIssue ? <Mark>active in the source, not issued for over a year</Mark> : null}
            {line.although === null ? null : (
              <Mark>
                recorded although: {line.although.warnings.join(' ')} Reason: {line.although.reason}
              </Mark>
            )}
            <LineMarks
              source={{
                ...lineSource(line),
                ...(line.source.disputed && { disputed: line.source.disputed }),
              }}
              degraded={line.degraded}
              origin={line.origin}
            />
            {line.notes.length === 0 ? null : (
              <span className="handover-quiet"> – {line.notes.join(' · ')}</span>
            )}
          </li>
        ))}
      </ul>
      <Rest of={lines} />
    </>
  );
}

function medicineFacts(line: MedicationView): string {
  return [
    line.kind === 'not recorded' ? 'kind not recorded' : line.kind,
    line.status === 'Started' ? '' : line.status,
    line.endWords ?? '',
    line.stopReason ?? '',
    line.status === 'Given'
      ? displayDate(line.started ?? undefined)
      : line.lastIssue
        ? `last issue ${displayDate(line.lastIssue)}`
        : 'last issue not recorded',
    line.prescribingAgency ?? '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Active ones, significant first; recent diagnoses; then what is past, by name. */
export function PaperProblems({
  made: { problems, diagnoses, pastProblems },
  missing,
}: Lists<'problems' | 'diagnoses' | 'pastProblems'> & { readonly missing: string | null }) {
  return (
    <Part title="Active problems" rest={[problems]}>
      {problems.items.length + problems.leftOut === 0 ? (
        <None>None recorded in the data here.{missing === null ? '' : ` ${missing}`}</None>
      ) : (
        <ul>
          {problems.items.map(({ source, coded, significance, onset, degraded, origin }) => (
            <li key={`${source.key} ${source.disputed ?? ''}`}>
              {significance === 'significant' ? <strong>{coded.text}</strong> : coded.text}{' '}
              <span className="handover-quiet nowrap">
                {onset === null ? '' : displayDate(onset)}
                {significance === 'minor' ? ' minor' : ''}
              </span>
              <LineMarks source={source} degraded={degraded} origin={origin} />
            </li>
          ))}
        </ul>
      )}
      {diagnoses.items.length + diagnoses.leftOut === 0 ? null : (
        <>
          <h4>Recent diagnoses not on the problem list</h4>
          <ul>
            {diagnoses.items.map(({ source, coded, isSuspected, when, degraded, origin }) => (
              <li key={source.key}>
                {isSuspected ? 'Suspected: ' : ''}
                {coded.text} <span className="handover-quiet nowrap">{displayDate(when ?? undefined)}</span>
                <LineMarks source={source} degraded={degraded} origin={origin} />
              </li>
            ))}
          </ul>
          <Rest of={diagnoses} />
        </>
      )}
      {pastProblems.items.length + pastProblems.more + pastProblems.leftOut === 0 ? null : (
        <>
          <h4>Past problems</h4>
          <p>
            {pastProblems.items.map(({ source, coded, onset, ended, degraded, origin }, index) => (
              <Fragment key={`${source.key} ${source.disputed ?? ''}`}>
                {index > 0 ? ' · ' : ''}
                {coded.text}{' '}
                <span className="handover-quiet nowrap">
                  {ended ? `ended ${displayDate(ended)}` : displayDate(onset ?? undefined)}
                </span>
                <LineMarks source={source} degraded={degraded} origin={origin} />
              </Fragment>
            ))}
          </p>
          <Rest of={pastProblems} />
        </>
      )}
    </Part>
  );
}

/** The last value of each kind, with its day. */
export function PaperValues({ made: { values } }: Lists<'values'>) {
  return (
    <Part title="Last values before today" rest={[values]}>
      {values.items.length + values.leftOut === 0 ? (
        <None>None in the data here.</None>
      ) : (
        <ul>
          {values.items.map(({ kind, name, latest }) => (
            <li key={kind}>
              {name} <strong>{latest.text}</strong>
              {latest.band === null ? '' : ` · ${latest.band.words}`}{' '}
              <span className="handover-quiet nowrap">{displayDate(latest.when ?? undefined)}</span>
              {latest.abnormal && latest.band === null ? <Mark>outside range</Mark> : null}
              <LineMarks
                source={latest.source}
                origin={latest.origin}
                interim={latest.status === 'preliminary'}
              />
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

export function PaperReports({ made: { reports } }: Lists<'reports'>) {
  return (
    <Part title="Recent investigation results" rest={[reports]}>
      {reports.items.length + reports.leftOut === 0 ? (
        <None>No report in the data here.</None>
      ) : (
        <ul>
          {reports.items.map((report) => (
            <li key={`${report.source.key} ${report.source.disputed ?? ''}`}>
              <strong>{report.title}</strong>{' '}
              <span className="nowrap">{displayDate(report.when ?? undefined)}</span>
              <LineMarks source={report.source} origin={report.origin} interim={report.interim} />
              {report.results.length > 0 ? ': ' : ''}
              {report.results.map((result, index) => (
                <Fragment key={`${result.source.key} ${index}`}>
                  {index > 0 ? ' · ' : ''}
                  <Result result={result} />
                </Fragment>
              ))}
              {[...report.conclusion, ...report.notes].map((words, index) => (
                <span key={index} className="preserve">
                  {' '}
                  – {words}
                </span>
              ))}
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function Result({ result }: { readonly result: EntryView }) {
  return (
    <>
      {result.text} <strong>{result.value ?? ''}</strong>
      {result.abnormal ? <Mark>outside range</Mark> : null}
      {result.notes.length > 0 ? ` (${result.notes.join('; ')})` : ''}
      <LineMarks source={result.source} interim={result.interim} />
    </>
  );
}

export function PaperEarlier({ made: { earlier } }: Lists<'earlier'>) {
  return (
    <Part title="Recent consultations" rest={[earlier]}>
      {earlier.items.length + earlier.leftOut === 0 ? (
        <None>None in the data here.</None>
      ) : (
        <ul>
          {earlier.items.map(({ source, type, when, staff, gist }) => (
            <li key={source.key}>
              <span className="nowrap">{displayDate(when ?? undefined)}</span>{' '}
              <span className="handover-quiet">{[type, staff].filter(Boolean).join(', ')}:</span> {gist}
              <LineMarks source={source} />
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}
