import { canonicalJson } from '../../domain/sync/canonical-json.ts';
import type { Author, MergeRule, Operation, ResourceJson } from '../../domain/sync/operation.ts';
import { conflictClassOf } from '../../domain/sync/resource-class.ts';
import { reviewInputSystem, reviewTaskSystem, type ReviewKind } from '../../contract/review-task.ts';
import { TASK_CATEGORY_SYSTEM } from '../identity/access.ts';
import { derivedId } from './derived-id.ts';
import type { SafetyFinding } from './combined-safety-port.ts';

/** A person's Practitioner, by logical id, and name. */
export interface TaskOwner {
  readonly practitionerId: string;
  readonly name: string;
}

interface ReviewTask {
  readonly kind: ReviewKind;
  /** What makes this task the same task when the work is done again. */
  readonly seed: readonly string[];
  readonly category: 'clinical' | 'administrative';
  readonly priority: 'routine' | 'urgent';
  readonly description: string;
  readonly patientId: string | undefined;
  readonly focus: string;
  /** Who is to look; absent for the duty queue. */
  readonly owner?: TaskOwner;
  readonly authoredOn: string;
  readonly inputs: readonly { readonly code: string; readonly value: string }[];
}

/** Both the author and the duty queue hear of a conflict: a locum who has left blocks nothing. */
export function conflictTasks(
  operation: Operation,
  conflictId: string,
  rule: MergeRule,
  currentVersion: number | null,
  now: Date,
): readonly ResourceJson[] {
  const [type = ''] = operation.resource.split('/');
  const resourceClass = conflictClassOf(type);
  const isAdministrative = resourceClass === 'demographics' || type === 'Appointment' || type === 'Slot';
  const common = {
    kind: 'sync-conflict',
    category: isAdministrative ? 'administrative' : 'clinical',
    priority: resourceClass === 'safety-list' || resourceClass === 'medication' ? 'urgent' : 'routine',
    description: `Changed since you saw this patient: ${type} was changed in two places. Both versions are kept.`,
    patientId: operation.patientId,
    focus: operation.resource,
    authoredOn: now.toISOString(),
    inputs: [
      { code: 'conflict-id', value: conflictId },
      { code: 'rule', value: rule },
      { code: 'losing-operation', value: operation.opId },
      { code: 'current-version', value: String(currentVersion ?? '') },
      // The union shows until resolved, on devices that are offline as well: so both versions travel.
      ...(operation.after === undefined
        ? []
        : [{ code: 'losing-version', value: canonicalJson(operation.after) }]),
    ],
  } as const;
  return [
    reviewTask({ ...common, seed: [conflictId, 'author'], ...ownedBy(operation.author) }),
    reviewTask({ ...common, seed: [conflictId, 'duty'] }),
  ];
}

/** One task for each author whose work met, and one for the duty queue. */
export function safetyTasks(
  finding: SafetyFinding,
  groupId: string,
  patientId: string,
  owners: readonly TaskOwner[],
  now: Date,
): readonly ResourceJson[] {
  const common = {
    kind: 'combined-safety',
    category: 'clinical',
    priority: finding.severity === 'serious' ? 'urgent' : 'routine',
    description: `Changed since you saw this patient: ${finding.text}`,
    patientId,
    focus: finding.resources[0] ?? `Patient/${patientId}`,
    authoredOn: now.toISOString(),
    inputs: [
      { code: 'rule', value: finding.code },
      ...finding.resources.map((value) => ({ code: 'resource', value })),
    ],
  } as const;
  const seed = [groupId, finding.key];
  return [
    reviewTask({ ...common, seed: [...seed, 'duty'] }),
    ...owners.map((owner) =>
      reviewTask({ ...common, seed: [...seed, owner.practitionerId], ...ownedBy(owner) }),
    ),
  ];
}

/** Work that arrived for someone who died, left the practice or was merged meanwhile: it landed; somebody looks. */
export function arrivalTask(
  kind: 'record-closed' | 'patient-merged',
  why: string,
  author: Author,
  groupId: string,
  patientId: string,
  now: Date,
): ResourceJson {
  return reviewTask({
    kind,
    seed: [groupId, kind],
    category: 'clinical',
    priority: 'urgent',
    description: `Work by ${author.name} arrived ${why}. It was kept and needs a look.`,
    patientId,
    focus: `Patient/${patientId}`,
    authoredOn: now.toISOString(),
    inputs: [{ code: 'save-group', value: groupId }],
  });
}

/** For the practice's queue: one task a pair, whichever of the two arrived later. */
export function probableMatchTask(
  registeredId: string,
  otherId: string,
  author: Author,
  now: Date,
): ResourceJson {
  const pair = [registeredId, otherId];
  return reviewTask({
    kind: 'probable-match',
    seed: [...pair].sort(),
    category: 'administrative',
    priority: 'routine',
    description: `Registered by ${author.name}, and may stand here already as the same person. Compare the two records; nothing was joined.`,
    patientId: registeredId,
    focus: `Patient/${registeredId}`,
    authoredOn: now.toISOString(),
    inputs: pair.map((id) => ({ code: 'resource', value: `Patient/${id}` })),
  });
}

function ownedBy({ practitionerId, name }: TaskOwner): { readonly owner?: TaskOwner } {
  return practitionerId === '' ? {} : { owner: { practitionerId, name } };
}

function reviewTask(task: ReviewTask): ResourceJson {
  return {
    resourceType: 'Task',
    id: derivedId('review-task', task.kind, ...task.seed),
    status: 'requested',
    intent: 'order',
    priority: task.priority,
    code: {
      coding: [
        { system: TASK_CATEGORY_SYSTEM, code: task.category },
        { system: reviewTaskSystem, code: task.kind },
      ],
    },
    description: task.description,
    focus: { reference: task.focus },
    ...(task.patientId === undefined ? {} : { for: { reference: `Patient/${task.patientId}` } }),
    authoredOn: task.authoredOn,
    requester: { display: 'Record service' },
    ...(task.owner === undefined
      ? {}
      : {
          owner: {
            reference: `Practitioner/${task.owner.practitionerId}`,
            ...(task.owner.name === '' ? {} : { display: task.owner.name }),
          },
        }),
    input: task.inputs.map((input) => ({
      type: { coding: [{ system: reviewInputSystem, code: input.code }] },
      valueString: input.value,
    })),
  };
}
