import { displayDate } from '../../../domain/clinical/date-display.ts';
import type { ProblemView } from '../../../domain/record/record-view.ts';
import { Button, Empty, Skeleton, Tag } from '../../ui/index.ts';
import { Nothing } from './nothing.tsx';
import { Marks } from './marks.tsx';
import { useRecordAction } from './record-actions.ts';
import { useRecordView } from './use-record.ts';

const GROUPS = [
  { title: 'Active', of: (problem: ProblemView) => problem.status === 'active' },
  { title: 'Status not recorded', of: (problem: ProblemView) => problem.status === 'unknown' },
  { title: 'Past', of: (problem: ProblemView) => problem.status === 'past' },
] as const;

export function ProblemList({
  patientId,
  asAt,
}: {
  readonly patientId: string;
  readonly asAt: string | null;
}) {
  const act = useRecordAction();
  const { value, error } = useRecordView(patientId, 'problems', asAt);
  if (error) return <Empty>{error}</Empty>;
  if (!value) return <Skeleton label="Opening the problems" lines={8} />;
  return (
    <div className="record-table">
      <div className="row row-end">
        <Button
          tone="plain"
          onClick={() => {
            act({ kind: 'add-problem' });
          }}
        >
          Add a problem
        </Button>
      </div>
      {value.length === 0 ? <Nothing>No problems recorded.</Nothing> : null}
      {GROUPS.map(({ title, of }) => {
        const problems = value.filter(of);
        if (problems.length === 0) return null;
        return (
          <table key={title}>
            <caption className="spoken">{title} problems</caption>
            <thead>
              <tr>
                <th scope="col">
                  {title} ({problems.length})
                </th>
                <th scope="col">Significance</th>
                <th scope="col">Onset</th>
                <th scope="col">Ended</th>
                <th scope="col">Recorded</th>
              </tr>
            </thead>
            <tbody>
              {problems.map((problem) => (
                <tr key={`${problem.source.key} ${problem.source.disputed ?? ''}`}>
                  <td>
                    <button
                      type="button"
                      className="entry-head"
                      onClick={() => {
                        act({ kind: 'change-problem', key: problem.source.key });
                      }}
                    >
                      {problem.coded.text}
                    </button>{' '}
                    <Marks
                      source={problem.source}
                      degraded={problem.degraded}
                      origin={problem.origin}
                      enteredInError={problem.enteredInError}
                    />
                    {problem.notes.map((note, index) => (
                      <p key={index} className="preserve quiet">
                        {note}
                      </p>
                    ))}
                  </td>
                  <td>
                    {problem.significance === 'not-recorded' ? (
                      <span className="quiet">not recorded</span>
                    ) : (
                      <Tag>{problem.significance}</Tag>
                    )}
                  </td>
                  <td className="nowrap">{displayDate(problem.onset ?? undefined)}</td>
                  <td className="nowrap">
                    {problem.endsAhead ? 'to end ' : ''}
                    {problem.ended ? displayDate(problem.ended) : ''}
                  </td>
                  <td className="nowrap">
                    {displayDate(problem.recorded ?? undefined)}{' '}
                    <span className="quiet">{problem.author}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        );
      })}
    </div>
  );
}
