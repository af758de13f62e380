import type { Task } from '@medplum/fhirtypes';
import { conceptText } from '../fhir/codeable-concept.ts';
import type { ItemSource, TaskView } from './record-view.ts';

export type { TaskView };

const CLOSED: ReadonlySet<string> = new Set([
  'completed',
  'cancelled',
  'rejected',
  'failed',
  'entered-in-error',
]);

/** A task or note about a patient, for a person or a team. */
export function taskView(task: Task, source: ItemSource, patientId: string | null): TaskView {
  const status = typeof task.status === 'string' ? task.status : 'unknown';
  return {
    source,
    patientId,
    text: task.description ?? conceptText(task.code) ?? task.note?.[0]?.text ?? 'Task without words',
    status,
    open: !CLOSED.has(status),
    priority: task.priority ?? 'routine',
    due: task.restriction?.period?.end ?? task.executionPeriod?.end ?? null,
    raised: task.authoredOn ?? null,
    requester: task.requester?.display ?? null,
    owner:
      task.owner === undefined
        ? null
        : { reference: task.owner.reference ?? null, name: task.owner.display ?? 'Not named' },
    kind: kindOf(task),
    focus: task.focus?.reference ?? null,
    notes: (task.note ?? []).map((note) => note.text),
  };
}

const PRIORITY_ORDER = { stat: 0, asap: 1, urgent: 2, routine: 3 } as const;

/** Open before closed, urgent first, then by due date, those without a due date last. */
export function compareTasks(left: TaskView, right: TaskView): number {
  return (
    Number(right.open) - Number(left.open) ||
    PRIORITY_ORDER[left.priority] - PRIORITY_ORDER[right.priority] ||
    compareText(left.due ?? '9999', right.due ?? '9999') ||
    compareText(left.source.key, right.source.key)
  );
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `safety` where the record service found that work made apart meets (I16); such a task bears its category as well. */
function kindOf({ code }: Task): string | null {
  const codes = (code?.coding ?? []).map((coding) => coding.code);
  return codes.includes('combined-safety') ? 'safety' : (codes[0] ?? conceptText(code));
}
