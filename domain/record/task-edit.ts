import type { Task } from '@medplum/fhirtypes';
import { authorReference, edit, encounterOf, type EditContext, type RecordEdit } from './record-edit.ts';

export interface EditedTask {
  readonly id: string;
  readonly text: string;
  readonly kind: 'follow-up' | 'note' | 'call' | 'result' | 'other';
  readonly priority: Task['priority'] & string;
  /** FHIR date. */
  readonly due?: string;
  /** To whom: a colleague, oneself, or the practice as a team. */
  readonly owner:
    | { readonly practitionerId: string; readonly name: string }
    | { readonly organisationId: string; readonly name: string };
  /** What it is about, e.g. `Observation/…`. */
  readonly focus?: string;
  /** Of the front desk: roles without clinical access may read and finish it. */
  readonly administrative?: boolean;
}

/** What does not say that it is administrative is clinical (docs/access-table.md). */
const ADMINISTRATIVE = {
  system: 'https://gladstone.example/CodeSystem/task-category',
  code: 'administrative',
  display: 'Administrative',
} as const;

/** A task or a note to self, a colleague or the team, about a patient. */
export function newTask(task: EditedTask, context: EditContext): RecordEdit {
  const owner =
    'practitionerId' in task.owner
      ? `Practitioner/${task.owner.practitionerId}`
      : `Organization/${task.owner.organisationId}`;
  const resource: Task = {
    resourceType: 'Task',
    id: task.id,
    status: 'requested',
    intent: 'order',
    priority: task.priority,
    code: {
      coding: [
        { system: 'https://gladstone.example/CodeSystem/task-kind', code: task.kind },
        ...(task.administrative === true ? [ADMINISTRATIVE] : []),
      ],
      text: TASK_WORDS[task.kind],
    },
    description: task.text,
    for: { reference: `Patient/${context.patientId}` },
    ...encounterOf(context),
    authoredOn: context.recorded,
    lastModified: context.recorded,
    requester: authorReference(context),
    owner: { reference: owner, display: task.owner.name },
    ...(task.focus !== undefined && { focus: { reference: task.focus } }),
    ...(task.due !== undefined && { restriction: { period: { end: task.due } } }),
  };
  return edit('create', resource);
}

const TASK_WORDS: Readonly<Record<EditedTask['kind'], string>> = {
  'follow-up': 'Follow up',
  note: 'Note',
  call: 'Call the patient',
  result: 'Act on a result',
  other: 'Task',
};

/** The next state of a task; words are added as a note with their author and time, never put in place of others. */
export function changeTask(
  task: Task,
  change: { readonly status: Task['status']; readonly text?: string },
  context: EditContext,
): RecordEdit {
  return edit('amend', {
    ...task,
    status: change.status,
    lastModified: context.recorded,
    ...(change.text !== undefined &&
      change.text.trim() !== '' && {
        note: [
          ...(task.note ?? []),
          { text: change.text, time: context.recorded, authorReference: authorReference(context) },
        ],
      }),
  });
}
