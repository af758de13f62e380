import { useState } from 'react';
import { displayDate } from '../../../domain/clinical/date-display.ts';
import type { ObservationRow, ReadingView, ReportView } from '../../../domain/record/record-view.ts';
import { Button, Empty, Skeleton, Tag } from '../../ui/index.ts';
import { BandTag } from './band-tag.tsx';
import { Nothing } from './nothing.tsx';
import { EntryLine } from './entry-line.tsx';
import { Marks } from './marks.tsx';
import { useRecordAction } from './record-actions.ts';
import { useRecordView } from './use-record.ts';

/** Observations as a table: latest larger, previous beside it, the others on request (GTAB-045..049); reports below. */
export function Results({ patientId, asAt }: { readonly patientId: string; readonly asAt: string | null }) {
  const observations = useRecordView(patientId, 'observations', asAt);
  const reports = useRecordView(patientId, 'reports', asAt);
  const error = observations.error ?? reports.error;
  if (error) return <Empty>{error}</Empty>;
  if (!observations.value || !reports.value) return <Skeleton label="Opening the results" lines={10} />;
  return (
    <div className="stack">
      <div className="record-table">
        {observations.value.length === 0 ? (
          <Nothing hint="F6 records a set.">No observations recorded.</Nothing>
        ) : (
          <table>
            <caption className="spoken">Observations, latest and previous</caption>
            <thead>
              <tr>
                <th scope="col">Observation</th>
                <th scope="col">Latest</th>
                <th scope="col">Previous</th>
                <th scope="col">Range given with it</th>
                <th scope="col">Readings</th>
              </tr>
            </thead>
            <tbody>
              {observations.value.map((row) => (
                <Observation key={row.kind} row={row} />
              ))}
            </tbody>
          </table>
        )}
      </div>
      {reports.value.map((report) => (
        <Report key={report.source.key} report={report} />
      ))}
    </div>
  );
}

function Observation({ row }: { readonly row: ObservationRow }) {
  const [open, setOpen] = useState(false);
  const [latest] = row.readings;
  // Another reading of the same set is no earlier value.
  const previous = row.readings.find((reading) => reading !== latest && !reading.besides);
  const others = row.readings.filter((reading) => reading !== latest && reading !== previous);
  return (
    <tr>
      <th scope="row">{row.name}</th>
      <td>{latest ? <Reading reading={latest} large /> : null}</td>
      <td>{previous ? <Reading reading={previous} /> : null}</td>
      <td>{latest?.range ?? (row.threshold === null ? null : `threshold ${row.threshold}`)}</td>
      <td>
        {row.readings.length}{' '}
        {others.length > 0 ? (
          <Button
            tone="plain"
            aria-expanded={open}
            onClick={() => {
              setOpen(!open);
            }}
          >
            {open ? 'Fewer' : 'All'}
          </Button>
        ) : null}
        {open ? others.map((reading) => <Reading key={reading.source.key} reading={reading} />) : null}
      </td>
    </tr>
  );
}

function Reading({ reading, large = false }: { readonly reading: ReadingView; readonly large?: boolean }) {
  const act = useRecordAction();
  return (
    <div className="reading">
      <button
        type="button"
        className="entry-head"
        onClick={() => {
          act({ kind: 'provenance', key: reading.source.key });
        }}
      >
        <strong className={large ? 'reading-latest' : undefined}>{reading.text}</strong>{' '}
        <span className="quiet nowrap">{displayDate(reading.when ?? undefined)}</span>
      </button>{' '}
      <BandTag band={reading.band} />
      {reading.abnormal ? <Tag tone="amber">outside range</Tag> : null}
      <StatusTag status={reading.status} />{' '}
      {reading.qualifiers.length > 0 ? (
        <span className="quiet small">{reading.qualifiers.join(', ')} </span>
      ) : null}
      <Marks source={reading.source} origin={reading.origin} />
      {reading.notes.map((note, index) => (
        <p key={index} className="preserve">
          {note}
        </p>
      ))}
    </div>
  );
}

/** Words for every status but the ordinary one; what is not final is said first and in the same words everywhere. */
function StatusTag({ status }: { readonly status: ReadingView['status'] }) {
  if (status === 'final') return null;
  if (status === 'preliminary') return <Tag tone="danger">Interim</Tag>;
  return <Tag tone="amber">{status}</Tag>;
}

function Report({ report }: { readonly report: ReportView }) {
  return (
    <section className="panel">
      <header>
        <h2>{report.title}</h2>
        <span>{displayDate(report.when ?? undefined)}</span>
        {report.interim ? (
          <Tag tone="danger">Interim: {report.status}</Tag>
        ) : (
          <span className="quiet">{report.status}</span>
        )}
        <Marks source={report.source} origin={report.origin} />
      </header>
      <div className="entry-note section-body">
        {[...report.specimen.map((text) => `Specimen: ${text}`), ...report.conclusion, ...report.notes].map(
          (text, index) => (
            <p key={index} className="preserve">
              {text}
            </p>
          ),
        )}
        {report.results.map((entry) => (
          <EntryLine key={entry.source.key} entry={entry} />
        ))}
      </div>
    </section>
  );
}
