/**
 * Whose record an entry belongs to, by its own words: the guard against the wrong patient (I14, sync-bugs D9). The desktop
 * asks before it writes to the journal, the service asks again before it keeps the operation; both ask here.
 */
import { parseReference } from '../fhir/reference.ts';
import type { ResourceJson } from '../sync/operation.ts';
import { compartmentOf } from './patient-compartment.ts';

/** What does not fit; `patient-not-said`: it names a patient and was saved for none. */
export type SubjectMismatch = 'patient-not-said' | 'other-patient' | 'second-patient' | 'other-encounter';

/**
 * Null where the resource agrees with what it is saved for.
 * @param saved the patient on the banner at the save, null for what is the practice's; the open consultation, if one was
 */
export function subjectMismatch(
  resource: ResourceJson,
  saved: { readonly patientId: string | null; readonly encounterId?: string | undefined },
): SubjectMismatch | null {
  if (compartmentOf(resource) !== saved.patientId)
    return saved.patientId === null ? 'patient-not-said' : 'other-patient';
  const strangers = patientsNamed(resource).filter((named) => named !== saved.patientId);
  if (strangers.length > 0 && !MAY_NAME_SEVERAL.has(resource.resourceType)) return 'second-patient';
  const encounter = encounterNamed(resource);
  return encounter !== null && saved.encounterId !== undefined && encounter !== saved.encounterId
    ? 'other-encounter'
    : null;
}

/** A couple's appointment, a link between two records, a household list: these name others rightly. */
const MAY_NAME_SEVERAL: ReadonlySet<string> = new Set([
  'Patient',
  'Appointment',
  'AppointmentResponse',
  'Provenance',
  'List',
  'Group',
]);

const SUBJECT_ELEMENTS = ['subject', 'patient', 'for', 'beneficiary', 'individual', 'actor'] as const;

function patientsNamed(resource: ResourceJson): readonly string[] {
  return SUBJECT_ELEMENTS.flatMap((element) => idIn(resource[element], 'Patient') ?? []);
}

/** Logical id of the Encounter that the resource says it belongs to. */
export function encounterNamed(resource: ResourceJson): string | null {
  return idIn(resource['encounter'], 'Encounter') ?? idIn(resource['context'], 'Encounter');
}

function idIn(value: unknown, type: string): string | null {
  if (typeof value !== 'object' || value === null || !('reference' in value)) return null;
  const reference = typeof value.reference === 'string' ? parseReference(value.reference) : null;
  return reference?.type === type ? reference.id : null;
}
