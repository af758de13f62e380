import type { ResourceJson } from '../../domain/sync/operation.ts';
import { compartmentOf } from '../../domain/record/patient-compartment.ts';
import type { Actor } from './actor.ts';
import type { Activity } from './activities.ts';

/** FHIR REST interactions, and the two ways in which sync hands out or takes in content. */
export type Interaction =
  | 'read'
  | 'vread'
  | 'search-type'
  | 'history-instance'
  | 'history-type'
  | 'everything'
  | 'pack'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete';

export const interactions: readonly Interaction[] = [
  'read',
  'vread',
  'search-type',
  'history-instance',
  'history-type',
  'everything',
  'pack',
  'create',
  'update',
  'patch',
  'delete',
];

/** A Task is clinical unless it says that it is not: see {@link categoryOf}. */
export type TaskCategory = 'administrative' | 'clinical';

export const TASK_CATEGORY_SYSTEM = 'https://gladstone.example/CodeSystem/task-category';

type Area =
  | 'demographics'
  | 'appointments'
  | 'directory'
  | 'practice'
  | 'task'
  | 'audit'
  | 'medication-order'
  | 'clinical';

const areas: Readonly<Record<string, Area>> = {
  Patient: 'demographics',
  RelatedPerson: 'demographics',
  Appointment: 'appointments',
  AppointmentResponse: 'appointments',
  Schedule: 'appointments',
  Slot: 'appointments',
  Organization: 'directory',
  Practitioner: 'directory',
  PractitionerRole: 'directory',
  Location: 'directory',
  HealthcareService: 'directory',
  Questionnaire: 'practice',
  Basic: 'practice',
  Task: 'task',
  AuditEvent: 'audit',
  MedicationRequest: 'medication-order',
};

const viewing: Readonly<Record<Exclude<Area, 'task'>, Activity>> = {
  demographics: 'view-demographics',
  appointments: 'view-appointments',
  directory: 'view-directory',
  practice: 'view-directory',
  audit: 'view-audit',
  'medication-order': 'view-clinical',
  clinical: 'view-clinical',
};

/** `null`: nobody does it by hand. Audit is written by the service alone. */
const amending: Readonly<Record<Exclude<Area, 'task'>, Activity | null>> = {
  demographics: 'amend-demographics',
  appointments: 'amend-appointments',
  directory: 'amend-directory',
  practice: 'amend-practice-settings',
  audit: null,
  'medication-order': 'prescribe',
  clinical: 'record-clinical',
};

/**
 * Whether the actor's activities allow this interaction with this type of resource.
 *
 * A type that is not listed counts as clinical. For Task, `category` says which kind; without it the question is
 * "may there be any?", and every result must pass {@link mayAccessResource} as well.
 */
export function mayAccess(
  actor: Pick<Actor, 'activities'>,
  resourceType: string,
  interaction: Interaction,
  category?: TaskCategory,
): boolean {
  const can = (activity: Activity): boolean => actor.activities.has(activity);
  const area = areas[resourceType] ?? 'clinical';
  if (interaction === 'delete') return can('erase') && area !== 'audit';

  // Audit is read and searched; it has no versions, and no pack carries it.
  if (area === 'audit' && interaction !== 'read' && interaction !== 'search-type') return false;
  const writes = interaction === 'create' || interaction === 'update' || interaction === 'patch';
  if (area === 'task') {
    if (can(writes ? 'record-clinical' : 'view-clinical')) return true;
    return (
      category !== 'clinical' && can(writes ? 'amend-administrative-tasks' : 'view-administrative-tasks')
    );
  }
  const activity = writes ? amending[area] : viewing[area];
  return activity !== null && can(activity);
}

/**
 * {@link mayAccess} for one resource whose content is at hand: the rule for every resource that leaves or enters
 * by search, include, history, `$everything`, bundle or pack.
 */
export function mayAccessResource(
  actor: Pick<Actor, 'activities'>,
  resource: ResourceJson,
  interaction: Interaction,
): boolean {
  // A Basic without a patient is a setting of the practice; one about a patient is part of that record.
  if (resource.resourceType === 'Basic' && compartmentOf(resource) !== null)
    return mayAccess(actor, 'Observation', interaction);
  return mayAccess(actor, resource.resourceType, interaction, categoryOf(resource));
}

/** Which kind of Task it is; undefined for every other resource. What does not say `administrative` is clinical. */
export function categoryOf(resource: ResourceJson): TaskCategory | undefined {
  if (resource.resourceType !== 'Task') return undefined;
  const code = resource['code'];
  const codings =
    typeof code === 'object' && code !== null && 'coding' in code && Array.isArray(code.coding)
      ? (code.coding as readonly { readonly system?: unknown; readonly code?: unknown }[])
      : [];
  const saysAdministrative = codings.some(
    (coding) => coding.system === TASK_CATEGORY_SYSTEM && coding.code === 'administrative',
  );
  // Contained resources and inputs can carry anything; only a plain task is safe to show at the front desk.
  return saysAdministrative && resource['contained'] === undefined ? 'administrative' : 'clinical';
}

/** Resource types of which the actor may have at least some: what a search, a pack or the feed may touch at all. */
export function isWholeRecordVisible(actor: Pick<Actor, 'activities'>): boolean {
  return actor.activities.has('view-clinical');
}
