import type { ResourceJson } from '../sync/operation.ts';

/** Elements that say whose record a resource belongs to, most telling first (R4 patient compartment). */
const SUBJECT_ELEMENTS = ['subject', 'patient', 'beneficiary', 'for', 'individual'] as const;

const PATIENT_REFERENCE = /(?:^|\/)Patient\/([A-Za-z0-9.-]{1,64})(?:\/_history\/\d+)?$/;

/**
 * Logical id of the Patient whose compartment the resource stands in; null where it has none.
 * A resource that names several patients (an appointment of a couple) stands in the first one's.
 */
export function compartmentOf(resource: ResourceJson): string | null {
  if (resource.resourceType === 'Patient') return resource.id;
  for (const element of SUBJECT_ELEMENTS) {
    const patient = patientIn(resource[element]);
    if (patient !== null) return patient;
  }
  if (resource.resourceType === 'Appointment' || resource.resourceType === 'AppointmentResponse') {
    return firstPatient(resource['participant'], 'actor') ?? patientIn(resource['actor']);
  }
  if (resource.resourceType === 'Provenance') return firstPatient(resource['target']);
  if (resource.resourceType === 'Binary') return patientIn(resource['securityContext']);
  return null;
}

function firstPatient(list: unknown, element?: string): string | null {
  if (!Array.isArray(list)) return null;
  for (const item of list as unknown[]) {
    const patient = patientIn(
      element === undefined ? item : (item as Record<string, unknown> | null)?.[element],
    );
    if (patient !== null) return patient;
  }
  return null;
}

function patientIn(reference: unknown): string | null {
  if (typeof reference !== 'object' || reference === null || !('reference' in reference)) return null;
  if (typeof reference.reference !== 'string') return null;
  return PATIENT_REFERENCE.exec(reference.reference)?.[1] ?? null;
}
