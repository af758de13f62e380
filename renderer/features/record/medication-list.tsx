import { useState } from 'react';
import { displayDate } from '../../../domain/clinical/date-display.ts';
import type { MedicationView } from '../../../domain/record/record-view.ts';
import { Button, Empty, Notice, Skeleton, Tag } from '../../ui/index.ts';
import { Nothing } from './nothing.tsx';
import { Marks } from './marks.tsx';
import { MasterSystem } from './master-system.tsx';
import { AlthoughMark, MedicationWords } from './medication-line.tsx';
import { useRecordAction } from './record-actions.ts';
import { AsOf } from './section.tsx';
import { useRecordView } from './use-record.ts';

/** Current and past medication by buttons, each line with its bold status (MEDv-042, 063, 162..173). */
export function MedicationList({
  patientId,
  asAt,
  asOf,
}: {
  readonly patientId: string;
  readonly asAt: string | null;
  readonly asOf: string | null;
}) {
  const act = useRecordAction();
  const [list, setList] = useState<'current' | 'past'>('current');
  const { value, error } = useRecordView(patientId, 'medication', asAt);
  if (error) return <Empty>{error}</Empty>;
  if (!value) return <Skeleton label="Opening the medication" lines={8} />;
  const disputed = value.filter((line) => line.list === 'disputed');
  const shown = value.filter((line) => line.list === list);
  const count = (name: MedicationView['list']) => value.filter((line) => line.list === name).length;
  return (
    <div className="record-table medication-table">
      <div className="row">
        <div className="choices" role="group" aria-label="Which medication">
          {(['current', 'past'] as const).map((name) => (
            <Button
              key={name}
              aria-pressed={list === name}
              onClick={() => {
                setList(name);
              }}
            >
              {name === 'current' ? 'Current' : 'Past'} ({count(name)})
            </Button>
          ))}
        </div>
        <span className="quiet">{asOf ? <AsOf instant={asOf} /> : null}</span>
        <span className="grow" />
        <Button
          tone="plain"
          onClick={() => {
            act({ kind: 'add-medication' });
          }}
        >
          Record medication
        </Button>
      </div>
      <MasterSystem asOf={asOf} />
      {disputed.length > 0 ? (
        <Notice tone="danger">
          Disputed: stopped or changed in two places. Neither counts as current until resolved.
        </Notice>
      ) : null}
      {shown.length + disputed.length === 0 ? (
        <Nothing>No {list} medication in the data here.</Nothing>
      ) : (
        <MedicationTable list={list} lines={[...disputed, ...shown]} />
      )}
    </div>
  );
}

function MedicationTable({
  list,
  lines,
}: {
  readonly list: 'current' | 'past';
  readonly lines: readonly MedicationView[];
}) {
  const act = useRecordAction();
  return (
    <table>
      <caption className="spoken printed-caption">
        {list === 'current' ? 'Current' : 'Past'} medication
      </caption>
      <thead>
        <tr>
          <th scope="col" className="drug-column">
            Medication
          </th>
          <th scope="col">Status</th>
          <th scope="col">Kind</th>
          <th scope="col">Started</th>
          <th scope="col">Last issue</th>
          <th scope="col">Review due</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={`${line.source.key} ${line.source.disputed ?? ''}`}>
            <td>
              <button
                type="button"
                className="entry-head"
                onClick={() => {
                  act({ kind: 'medicine', key: line.source.key });
                }}
              >
                <MedicationWords line={line} />
              </button>{' '}
              <Marks source={line.source} degraded={line.degraded} origin={line.origin} />
              <AlthoughMark line={line} />
              {line.notes.map((note, index) => (
                <p key={index} className="preserve quiet">
                  {note}
                </p>
              ))}
            </td>
            <td>
              <strong>{line.status}</strong>
              {line.endWords ? <div className="quiet nowrap">{line.endWords}</div> : null}
              {line.endPassed ? (
                <div>
                  <Tag tone="amber">end date has passed</Tag>
                </div>
              ) : null}
              {line.stopReason ? <div>{line.stopReason}</div> : null}
            </td>
            <td>
              {line.kind}
              {line.prescribingAgency ? <div className="quiet">{line.prescribingAgency}</div> : null}
            </td>
            <td className="nowrap">{displayDate(line.started ?? undefined)}</td>
            <td>
              <span className="nowrap">{displayDate(line.lastIssue ?? undefined)}</span>
              {line.longSinceIssue ? (
                <div>
                  <Tag tone="amber">over a year ago</Tag>
                </div>
              ) : null}
              {line.issues > 0 ? (
                <div className="quiet nowrap">
                  {line.issues}{' '}
                  {line.issuesAllowed === null
                    ? line.issues === 1
                      ? 'issue'
                      : 'issues'
                    : `of ${line.issuesAllowed} issues`}
                </div>
              ) : null}
            </td>
            <td className="nowrap">{line.reviewDue ? displayDate(line.reviewDue) : ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
