import { useState } from 'react';
import { displayDate } from '../../../domain/clinical/date-display.ts';
import type { TaskLine } from '../../cache/index.ts';
import { ArrivedPanel } from '../arrived/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { entryName } from '../patient-search/index.ts';
import { useSignedInUser } from '../session/index.ts';
import { Button, Empty, Skeleton, Tag } from '../../ui/index.ts';
import { ownerWords, useOwnerNames } from './task-owner.ts';

/** Tasks and notes of oneself or of everybody, urgent and safety ones first. They are finished in the patient's record. */
export function TasksScreen({ onOpen }: { readonly onOpen: (patientId: string) => void }) {
  const { practitionerId } = useSignedInUser();
  const [whose, setWhose] = useState<'mine' | 'all'>('mine');
  const { value, error } = useBagQuery(
    `tasks ${whose}`,
    (bag) =>
      bag.tasks(
        whose === 'mine' ? { open: true, owners: [`Practitioner/${practitionerId}`] } : { open: true },
      ),
    (notice) => notice.kind !== 'state',
  );
  const names = useOwnerNames();
  return (
    <section className="surgery" aria-label="Tasks and notes">
      <header className="surgery-head">
        <h1>Tasks and notes</h1>
        <div className="choices" role="group" aria-label="Whose tasks">
          <Button
            aria-pressed={whose === 'mine'}
            onClick={() => {
              setWhose('mine');
            }}
          >
            Mine
          </Button>
          <Button
            aria-pressed={whose === 'all'}
            onClick={() => {
              setWhose('all');
            }}
          >
            Everyone’s
          </Button>
        </div>
        <span className="quiet">A task is added in a record, with F8.</span>
      </header>
      <ArrivedPanel onOpen={onOpen} />
      {error ? <Empty>{error}</Empty> : null}
      {!value && !error ? <Skeleton label="Opening the tasks" lines={6} /> : null}
      {value?.length === 0 ? (
        <Empty>No open task{whose === 'mine' ? ' for you' : ''} in the data on this computer.</Empty>
      ) : null}
      {value && value.length > 0 ? (
        <div className="surgery-list scroll" tabIndex={0} role="group" aria-label="Open tasks">
          <table>
            <thead>
              <tr>
                <th scope="col">Due</th>
                <th scope="col">Task</th>
                <th scope="col">Patient</th>
                <th scope="col">From</th>
                <th scope="col">For</th>
              </tr>
            </thead>
            <tbody>
              {value.map((line) => (
                <Line key={line.task.source.key} line={line} names={names} onOpen={onOpen} />
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </section>
  );
}

function Line({
  line,
  names,
  onOpen,
}: {
  readonly line: TaskLine;
  readonly names: ReadonlyMap<string, string>;
  readonly onOpen: (patientId: string) => void;
}) {
  const { task, entry } = line;
  const { patientId } = task;
  return (
    <tr>
      <td className="nowrap">{task.due ? displayDate(task.due) : ''}</td>
      <td>
        {task.kind === 'safety' ? <Tag tone="danger">safety</Tag> : null}
        {task.priority === 'routine' ? null : <Tag tone="danger">{task.priority}</Tag>} {task.text}
        {task.notes.map((note, index) => (
          <p key={index} className="preserve quiet">
            {note}
          </p>
        ))}
        {task.source.pending?.state === 'waiting' ? (
          <Tag tone={task.priority === 'routine' ? undefined : 'danger'}>
            {task.priority === 'routine' ? 'waiting to send' : 'NOT SENT: phone'}
          </Tag>
        ) : null}
      </td>
      <td>
        {patientId === null ? (
          ''
        ) : (
          <button
            type="button"
            className="entry-head surgery-name"
            onClick={() => {
              onOpen(patientId);
            }}
          >
            {entry ? entryName(entry) : 'Open the record'}
          </button>
        )}
      </td>
      <td>
        {task.requester} <span className="quiet nowrap">{task.raised ? displayDate(task.raised) : ''}</span>
      </td>
      <td>{ownerWords(task, names)}</td>
    </tr>
  );
}
