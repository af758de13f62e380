import { isNews2Total } from '../clinical/news2-codes.ts';
import { numberOf } from '../fhir/exact-json.ts';
import type { GroupId } from '../identifiers.ts';
import type { JournaledOperation } from './lane-handshake.ts';
import type { Operation, ResourceJson } from './operation.ts';
import { replacements } from './replaced.ts';

/** Something urgent that the service does not have; see contract/channels/alarm.ts. */
export interface UnsentAlarm {
  readonly groupId: GroupId;
  readonly patientId: string | null;
  readonly kind: 'early-warning-score' | 'urgent-task' | 'urgent-request';
  readonly what: string;
  readonly author: string;
  readonly recordedAt: string;
  readonly state: 'waiting' | 'refused';
}

interface Matter {
  readonly kind: UnsentAlarm['kind'];
  readonly what: string;
}

/**
 * What of a journal must not wait in silence (clinical.md, Hazards of carrying a record): an early warning score of
 * urgent or emergency, an urgent task or request, whose save the service has not taken. Computed from the operations
 * alone, oldest first. What its author has taken back, ended or left out by a signed `skip` alarms no more.
 *
 * @param journal every operation that the journal holds, in the order of the device
 * @param settled ids of operations whose refusal a person has looked at
 */
export function unsentAlarms(
  journal: readonly JournaledOperation[],
  settled: ReadonlySet<string>,
): readonly UnsentAlarm[] {
  const latest = new Map<string, ResourceJson>();
  const skipped = new Set<string>();
  for (const { signed } of journal) {
    const { after, resource, skippedOpId } = signed.operation;
    if (after !== undefined) latest.set(resource, after);
    if (skippedOpId !== undefined) skipped.add(skippedOpId);
  }
  // What was corrected alarms as its corrected version, until that is taken.
  const replaced = replacements(journal);
  const alarms = new Map<GroupId, UnsentAlarm>();
  for (const { signed, settlement } of journal) {
    const { operation } = signed;
    const state = settlement === null ? 'waiting' : 'refused';
    if (settlement !== null && settlement.outcome.outcome !== 'rejected') continue;
    if (skipped.has(operation.opId) || settled.has(operation.opId) || replaced.has(operation.opId)) continue;
    const matter = raisesMatter(operation) ? matterOf(latest.get(operation.resource)) : null;
    if (matter === null) continue;
    const known = alarms.get(operation.groupId);
    alarms.set(operation.groupId, {
      groupId: operation.groupId,
      patientId: operation.patientId ?? null,
      ...joined(known, matter),
      author: operation.author.name,
      recordedAt: operation.recordedAt.wallClock,
      state: known?.state === 'refused' ? 'refused' : state,
    });
  }
  return [...alarms.values()];
}

/** A later word on a task that somebody knows to be urgent raises nothing anew. */
function raisesMatter({ kind, diff, resource }: Operation): boolean {
  if (kind === 'create' || kind === 'append' || resource.startsWith('Observation/')) return true;
  return diff.some(({ path }) => path === 'priority');
}

function matterOf(resource: ResourceJson | undefined): Matter | null {
  if (resource === undefined || ended.has(String(resource['status']))) return null;
  switch (resource.resourceType) {
    case 'Observation':
      return scoreMatter(resource);
    case 'Task':
      return isUrgent(resource) ? { kind: 'urgent-task', what: 'Urgent task' } : null;
    case 'ServiceRequest':
      return isUrgent(resource) ? { kind: 'urgent-request', what: 'Urgent request or referral' } : null;
    default:
      return null;
  }
}

/** Of no more use to anybody: states of Observation, Task and ServiceRequest. */
const ended: ReadonlySet<string> = new Set([
  'entered-in-error',
  'cancelled',
  'completed',
  'rejected',
  'failed',
  'revoked',
  'draft',
]);

function isUrgent(resource: ResourceJson): boolean {
  const priority = resource['priority'];
  return priority === 'urgent' || priority === 'asap' || priority === 'stat';
}

/** A NEWS2 total as observation-resources writes it, with its band as interpretation. */
function scoreMatter(observation: ResourceJson): Matter | null {
  const { code, interpretation, valueQuantity, component } = observation as ScoreObservation;
  if (code?.coding?.some((coding) => isNews2Total(coding.code ?? '')) !== true) return null;
  const band = interpretation
    ?.map(({ text }) => text)
    .find((text) => text === 'emergency' || text === 'urgent');
  if (band === undefined) return null;
  const total = numberOf(valueQuantity?.value);
  const least = (component ?? []).reduce((sum, part) => sum + (numberOf(part.valueQuantity?.value) ?? 0), 0);
  const score = total === null ? `at least ${least}` : `${total}`;
  return { kind: 'early-warning-score', what: `NEWS2 ${score}: ${band}` };
}

interface ScoreObservation extends ResourceJson {
  readonly code?: { readonly coding?: readonly { readonly code?: string }[] };
  readonly interpretation?: readonly { readonly text?: string }[];
  readonly valueQuantity?: { readonly value?: unknown };
  readonly component?: readonly { readonly valueQuantity?: { readonly value?: unknown } }[];
}

const gravity: Readonly<Record<UnsentAlarm['kind'], number>> = {
  'early-warning-score': 0,
  'urgent-request': 1,
  'urgent-task': 2,
};

/** One alarm a save: its gravest matter first, each matter once. */
function joined(known: Matter | undefined, matter: Matter): Matter {
  if (known === undefined) return matter;
  if (known.what.split('; ').includes(matter.what)) return known;
  return gravity[matter.kind] < gravity[known.kind]
    ? { kind: matter.kind, what: `${matter.what}; ${known.what}` }
    : { kind: known.kind, what: `${known.what}; ${matter.what}` };
}
