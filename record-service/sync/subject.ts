import { parseReference } from '../../domain/fhir/reference.ts';
import type { Operation, ResourceJson } from '../../domain/sync/operation.ts';
import { compartmentOf } from '../../domain/record/patient-compartment.ts';

/**
 * Wrong-patient guard (I14, sync-bugs D9): whose record an operation touches, as far as its own words tell.
 * Null where they agree; otherwise what does not fit, in words.
 */
export function subjectMismatch(operation: Operation, after: ResourceJson): string | null {
  const patientId = operation.patientId ?? null;
  const subject = compartmentOf(after);
  if (subject !== patientId) {
    return patientId === null
      ? 'it names a patient, but was saved without one'
      : 'its subject is not the patient on the banner at save';
  }
  const strangers = patientsNamed(after).filter((named) => named !== patientId);
  if (strangers.length > 0 && !mayNameSeveral.has(after.resourceType))
    return 'it names another patient as well';
  const encounter = encounterOf(after);
  if (operation.encounterId !== undefined && encounter !== null && encounter !== operation.encounterId) {
    return 'it names another consultation than the one it was saved in';
  }
  return null;
}

/** A couple's appointment, a link between two records, a household list: these name others rightly. */
const mayNameSeveral = new Set([
  'Patient',
  'Appointment',
  'AppointmentResponse',
  'Provenance',
  'List',
  'Group',
]);

const subjectElements = ['subject', 'patient', 'for', 'beneficiary', 'individual'] as const;

function patientsNamed(resource: ResourceJson): readonly string[] {
  return subjectElements.flatMap((element) => {
    const value = resource[element];
    if (typeof value !== 'object' || value === null || !('reference' in value)) return [];
    const reference = typeof value.reference === 'string' ? parseReference(value.reference) : null;
    return reference?.type === 'Patient' ? [reference.id] : [];
  });
}

/** Logical id of the Encounter that the resource says it belongs to. */
export function encounterOf(resource: ResourceJson): string | null {
  for (const element of ['encounter', 'context'] as const) {
    const value = resource[element];
    if (typeof value !== 'object' || value === null || !('reference' in value)) continue;
    const reference = typeof value.reference === 'string' ? parseReference(value.reference) : null;
    if (reference?.type === 'Encounter') return reference.id;
  }
  return null;
}

/** Logical id of the record that replaced this Patient, after a merge. */
export function replacedBy(patient: ResourceJson): string | null {
  const links = patient['link'];
  if (!Array.isArray(links)) return null;
  for (const link of links as {
    readonly type?: unknown;
    readonly other?: { readonly reference?: string };
  }[]) {
    if (link.type === 'replaced-by') return parseReference(link.other?.reference)?.id ?? null;
  }
  return null;
}

/** Why a record wants a second look at work that arrives late: the person died, or left the practice. */
export function closedRecord(patient: ResourceJson): 'deceased' | 'deducted' | null {
  if (patient['deceasedBoolean'] === true || patient['deceasedDateTime'] !== undefined) return 'deceased';
  return patient['active'] === false ? 'deducted' : null;
}
