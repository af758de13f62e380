import { displayDate } from '../../../domain/clinical/date-display.ts';
import type { LastValue, RecordSummary, RecordView } from '../../../domain/record/record-view.ts';
import { Tag } from '../../ui/index.ts';
import { AllergyLines, allergyCount } from './allergy-list.tsx';
import { BandTag } from './band-tag.tsx';
import { LocalWarnings } from './local-warnings.tsx';
import { Nothing } from './nothing.tsx';
import { Marks } from './marks.tsx';
import { MasterSystem } from './master-system.tsx';
import { MedicationLine } from './medication-line.tsx';
import { Section } from './section.tsx';
import { useRecordAction } from './record-actions.ts';
import { TrendArrow } from './trend-arrow.tsx';
import './summary.css';

/** Everything at once: problems, medication, allergies, last values, last consultations, what is due. */
export function Summary({ record }: { readonly record: RecordView }) {
  const { summary } = record;
  const act = useRecordAction();
  const asOf = record.completeness.dataAsOf;
  return (
    <div className="summary">
      <div className="summary-column">
        <Section
          title="Active problems"
          count={summary.problems.length}
          add={() => {
            act({ kind: 'add-problem' });
          }}
          area="problems"
        >
          <Problems summary={summary} />
          <RecentDiagnoses diagnoses={summary.recentDiagnoses} />
        </Section>
        <Section
          title="Allergies"
          count={allergyCount(record.allergyList)}
          asOf={asOf}
          add={() => {
            act({ kind: 'add-allergy' });
          }}
          area="allergies"
        >
          <AllergyLines allergies={record.allergyList} />
          <LocalWarnings record={record} />
        </Section>
        <Section
          title="Due and open"
          count={summary.reminders.length + summary.openTasks.length}
          add={() => {
            act({ kind: 'add-task' });
          }}
          area="due"
        >
          <Due summary={summary} />
        </Section>
      </div>
      <div className="summary-column">
        <Section
          title="Current medication"
          count={summary.medication.length + summary.disputedMedication.length}
          asOf={asOf}
          add={() => {
            act({ kind: 'add-medication' });
          }}
          area="medication"
        >
          <MasterSystem asOf={asOf} />
          {summary.medication.length + summary.disputedMedication.length === 0 ? (
            <Nothing>No current medication in the data here.</Nothing>
          ) : (
            <ul className="lines">
              {[...summary.disputedMedication, ...summary.medication].map((line) => (
                <MedicationLine key={line.source.key} line={line} brief />
              ))}
            </ul>
          )}
        </Section>
        <Section title="Last consultations" count={summary.consultations.length} area="consultations">
          <Consultations summary={summary} />
        </Section>
      </div>
      <div className="summary-column">
        <Section title="Last values" count={summary.lastValues.length} area="values">
          <LastValues values={summary.lastValues} />
        </Section>
      </div>
    </div>
  );
}

function Problems({ summary }: { readonly summary: RecordSummary }) {
  const act = useRecordAction();
  if (summary.problems.length === 0)
    return (
      <>
        <Nothing>No active problems recorded.</Nothing>
        <PastProblems summary={summary} />
      </>
    );
  return (
    <>
      <ul className="lines">
        {summary.problems.map((problem) => (
          <li key={problem.source.key} className="line-item">
            <button
              type="button"
              className="line-button"
              onClick={() => {
                act({ kind: 'provenance', key: problem.source.key });
              }}
            >
              <span className={problem.significance === 'significant' ? 'strong' : undefined}>
                {problem.coded.text}
              </span>
              <span className="quiet nowrap">
                {problem.onset ? displayDate(problem.onset) : 'Onset not recorded'}
              </span>
            </button>
            <Marks
              source={problem.source}
              degraded={problem.degraded}
              origin={problem.origin}
              enteredInError={problem.enteredInError}
            />
          </li>
        ))}
      </ul>
      <PastProblems summary={summary} />
    </>
  );
}

/** What was, by name: a count alone tells nothing of it. */
function PastProblems({ summary }: { readonly summary: RecordSummary }) {
  const act = useRecordAction();
  const { lastPastProblems, pastProblems } = summary;
  if (pastProblems === 0) return <p className="line-item quiet">No past problems recorded.</p>;
  return (
    <>
      <h3 className="line-item quiet small">Past problems ({pastProblems})</h3>
      <ul className="lines" aria-label="Past problems">
        {lastPastProblems.map((problem) => (
          <li key={`${problem.source.key} ${problem.source.disputed ?? ''}`} className="line-item quiet">
            <button
              type="button"
              className="line-button"
              onClick={() => {
                act({ kind: 'provenance', key: problem.source.key });
              }}
            >
              <span>{problem.coded.text}</span>
              <span className="nowrap">
                {problem.ended
                  ? `ended ${displayDate(problem.ended)}`
                  : displayDate(problem.onset ?? undefined)}
              </span>
            </button>
            <Marks source={problem.source} degraded={problem.degraded} origin={problem.origin} />
          </li>
        ))}
        {pastProblems > lastPastProblems.length ? (
          <li className="line-item quiet">
            {pastProblems - lastPastProblems.length} more under Problems (Alt+3)
          </li>
        ) : null}
      </ul>
    </>
  );
}

/** Coded in a consultation and on no problem list: a diagnosis is not missed because nobody made it a problem. */
function RecentDiagnoses({ diagnoses }: { readonly diagnoses: RecordSummary['recentDiagnoses'] }) {
  const act = useRecordAction();
  if (diagnoses.length === 0) return null;
  return (
    <>
      <h3 className="line-item small recent-diagnoses">Recent diagnoses not on the problem list</h3>
      <ul className="lines">
        {diagnoses.map(({ source, coded, isSuspected, when, degraded, origin }) => (
          <li key={source.key} className="line-item">
            <button
              type="button"
              className="line-button"
              onClick={() => {
                act({ kind: 'provenance', key: source.key });
              }}
            >
              <span>
                {isSuspected ? 'Suspected: ' : ''}
                {coded.text}
              </span>
              <span className="quiet nowrap">{displayDate(when ?? undefined)}</span>
            </button>
            <Marks source={source} degraded={degraded} origin={origin} />
          </li>
        ))}
      </ul>
    </>
  );
}

function LastValues({ values }: { readonly values: readonly LastValue[] }) {
  const act = useRecordAction();
  if (values.length === 0) return <Nothing hint="F6 records a set.">No observations recorded.</Nothing>;
  return (
    <table className="last-values">
      <tbody>
        {values.map(({ kind, name, latest, previous, direction }) => (
          <tr key={kind}>
            <th scope="row">
              <button
                type="button"
                className="line-button"
                onClick={() => {
                  act({ kind: 'provenance', key: latest.source.key });
                }}
              >
                {name}
              </button>
            </th>
            <td className="last-value">
              <span className="latest-value">
                {latest.text} <TrendArrow direction={direction} />
              </span>{' '}
              <BandTag band={latest.band} />
              {latest.abnormal ? <Tag tone="amber">outside range</Tag> : null}
              <Marks
                source={latest.source}
                origin={latest.origin}
                interim={latest.status === 'preliminary'}
              />
              {previous ? (
                <span className="quiet previous-value">
                  before <span className="nowrap">{previous.text}</span>
                  {previous.band ? ` (${previous.band.words})` : ''}{' '}
                  <span className="nowrap">on {displayDate(previous.when ?? undefined)}</span>
                </span>
              ) : null}
            </td>
            <td className="quiet nowrap">{displayDate(latest.when ?? undefined)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Consultations({ summary }: { readonly summary: RecordSummary }) {
  const act = useRecordAction();
  if (summary.consultations.length === 0)
    return <Nothing hint="F4 begins one.">No consultations recorded.</Nothing>;
  return (
    <ul className="lines">
      {summary.consultations.map((glance) => (
        <li key={glance.source.key} className="line-item">
          <button
            type="button"
            className="line-button"
            onClick={() => {
              act({ kind: 'provenance', key: glance.source.key });
            }}
          >
            <span className="nowrap">{displayDate(glance.when ?? undefined)}</span>
            <span className="grow">{glance.gist}</span>
          </button>
          <span className="quiet small">{[glance.type, glance.staff].filter(Boolean).join(', ')}</span>{' '}
          <Marks source={glance.source} />
        </li>
      ))}
    </ul>
  );
}

function Due({ summary }: { readonly summary: RecordSummary }) {
  const act = useRecordAction();
  if (summary.reminders.length + summary.openTasks.length === 0)
    return <Nothing hint="F8 adds a task.">Nothing is due and no task is open.</Nothing>;
  return (
    <ul className="lines">
      {summary.openTasks.map((task) => (
        <li key={task.source.key} className="line-item">
          <button
            type="button"
            className="line-button"
            onClick={() => {
              act({ kind: 'complete-task', key: task.source.key });
            }}
          >
            <span className="grow">{task.text}</span>
            <span className="quiet nowrap">{task.due ? displayDate(task.due) : ''}</span>
          </button>
          {task.priority === 'routine' ? null : <Tag tone="danger">{task.priority}</Tag>}
          {task.kind === 'safety' ? <Tag tone="danger">safety</Tag> : null} <Marks source={task.source} />
        </li>
      ))}
      {summary.reminders.map((reminder, index) => (
        <li key={index} className="line-item">
          <span className="grow">{reminder.text}</span>{' '}
          <span className="quiet nowrap">{reminder.due ? displayDate(reminder.due) : ''}</span>{' '}
          {reminder.overdue ? <Tag tone="amber">overdue</Tag> : null}
        </li>
      ))}
    </ul>
  );
}
