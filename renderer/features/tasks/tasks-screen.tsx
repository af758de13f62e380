import { useState } from 'react';
import { displayDate } from '../../../domain/clinical/date-display.ts';
import type { TaskLine } from '../../cache/index.ts';
import { ArrivedPanel } from '../arrived/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { entryName } from '../patient-search/index.ts';
import { useSignedInUser } from '../session/index.ts';
import { Button, Empty, Skeleton, Tag, useChosenLine, useToaster } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { useFinishTask } from './finish-task.tsx';
import { ownerWords, useOwnerNames } from './task-owner.ts';

const DONE_KEY = 'Alt+D';

/** Tasks and notes of oneself or of everybody, urgent and safety ones first. */
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
  const { chosen, list, choose } = useChosenLine(value ?? [], ({ task }) => task.source.key);
  const finish = useFinishTask();
  const toaster = useToaster();
  useCommand({
    id: 'tasks.done',
    title: 'The chosen task is done',
    keys: DONE_KEY,
    group: 'Tasks',
    run: () => {
      if (!chosen) toaster.tell('No task is chosen: ↓ and ↑ choose one.');
      else
        void finish.done(
          chosen,
          list.current?.querySelector<HTMLElement>('tr[data-chosen]')?.dataset['linePatient'] ?? null,
        );
    },
  });
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
        <span className="quiet">
          A task is added in a record, with <kbd>F8</kbd>. <kbd>↓</kbd> <kbd>↑</kbd> choose one,{' '}
          <kbd>{DONE_KEY}</kbd> says that it is done.
        </span>
      </header>
      <ArrivedPanel onOpen={onOpen} />
      {error ? <Empty>{error}</Empty> : null}
      {!value && !error ? <Skeleton label="Opening the tasks" lines={6} /> : null}
      {value?.length === 0 ? (
        <Empty>No open task{whose === 'mine' ? ' for you' : ''} in the data on this computer.</Empty>
      ) : null}
      {value && value.length > 0 ? (
        <div className="surgery-list scroll" tabIndex={0} role="group" aria-label="Open tasks" ref={list}>
          <table>
            <thead>
              <tr>
                <th scope="col">Due</th>
                <th scope="col">Task</th>
                <th scope="col">Patient</th>
                <th scope="col">From</th>
                <th scope="col">For</th>
                <th scope="col">
                  <span className="spoken">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {value.map((line) => (
                <Line
                  key={line.task.source.key}
                  line={line}
                  names={names}
                  chosen={line === chosen}
                  busy={finish.busy}
                  onChosen={() => {
                    choose(line);
                  }}
                  onDone={(shownPatient) => void finish.done(line, shownPatient)}
                  onOpen={onOpen}
                />
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
  chosen,
  busy,
  onChosen,
  onDone,
  onOpen,
}: {
  readonly line: TaskLine;
  readonly names: ReadonlyMap<string, string>;
  readonly chosen: boolean;
  readonly busy: boolean;
  readonly onChosen: () => void;
  /** @param shownPatient whose identity stands on the line that was pressed */
  readonly onDone: (shownPatient: string | null) => void;
  readonly onOpen: (patientId: string) => void;
}) {
  const { task, entry } = line;
  const { patientId } = task;
  return (
    <tr data-line-patient={patientId ?? undefined} data-chosen={chosen || undefined} onFocus={onChosen}>
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
        {entry?.birthDate ? <div className="quiet nowrap">born {displayDate(entry.birthDate)}</div> : null}
      </td>
      <td>
        {task.requester} <span className="quiet nowrap">{task.raised ? displayDate(task.raised) : ''}</span>
      </td>
      <td>{ownerWords(task, names)}</td>
      <td className="nowrap">
        {patientId === null ? null : (
          <Button
            keys={chosen ? DONE_KEY : undefined}
            disabled={busy}
            onClick={(event) => {
              const row = event.currentTarget.closest<HTMLElement>('[data-line-patient]');
              onDone(row?.dataset['linePatient'] ?? null);
            }}
          >
            Done
          </Button>
        )}
      </td>
    </tr>
  );
}
