import { useState } from 'react';
import type { Task } from '@medplum/fhirtypes';
import { changeTask } from '../../../domain/record/task-edit.ts';
import type { TaskLine } from '../../cache/index.ts';
import { useBag } from '../bag/index.ts';
import type { ResourceJson } from '../../../domain/sync/operation.ts';
import { changeFrom, editContext, newId, resourceOf, useSave } from '../saving/index.ts';
import { ErrorWords, useSignedInUser } from '../session/index.ts';
import { Button, useToaster } from '../../ui/index.ts';

/** Finishes a task from the list, and takes it back while its notice stands. */
export function useFinishTask() {
  const bag = useBag();
  const user = useSignedInUser();
  const save = useSave();
  const toaster = useToaster();
  const [busy, setBusy] = useState(false);
  const takeBack = async (patientId: string, key: string, before: Task['status']) => {
    const shown = await bag.resource(patientId, key);
    if (!shown || resourceOf<Task>(shown).status !== 'completed') {
      toaster.warn('This task was changed again in the meantime. Nothing was taken back.', 'amber');
      return;
    }
    const change = changeFrom(
      {
        kind: 'correct',
        after: { ...resourceOf<ResourceJson>(shown), status: before },
        reason: 'Marked as done by a slip and taken back.',
      },
      shown,
    );
    const answer = await save({ groupId: newId(), patientId, changes: [change], shownPatientId: patientId });
    if (answer.ok) toaster.tell('The task is open again: saved on this computer');
    else toaster.warn(<ErrorWords error={answer.error} />);
  };
  /** @param shownPatientId whose identity stood on the line */
  const done = async ({ task }: TaskLine, shownPatientId: string | null) => {
    const { patientId, source } = task;
    if (patientId === null || busy) return;
    setBusy(true);
    try {
      const shown = await bag.resource(patientId, source.key);
      const before = shown ? resourceOf<Task>(shown) : null;
      if (!shown || !before) {
        toaster.warn('This task is not in the data on this computer any more. Nothing was changed.');
        return;
      }
      const change = changeFrom(
        changeTask(before, { status: 'completed' }, editContext(user, patientId)),
        shown,
      );
      const answer = await save({ groupId: newId(), patientId, changes: [change], shownPatientId });
      if (!answer.ok) {
        toaster.warn(<ErrorWords error={answer.error} />);
        return;
      }
      toaster.tell(
        <>
          Task done: saved on this computer{' '}
          <Button onClick={() => void takeBack(patientId, source.key, before.status)}>Undo</Button>
        </>,
      );
    } finally {
      setBusy(false);
    }
  };
  return { done, busy };
}
