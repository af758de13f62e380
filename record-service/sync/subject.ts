import { parseReference } from '../../domain/fhir/reference.ts';
import {
  encounterNamed,
  subjectMismatch as mismatchOf,
  type SubjectMismatch,
} from '../../domain/record/subject.ts';
import type { Operation, ResourceJson } from '../../domain/sync/operation.ts';

const WORDS: Readonly<Record<SubjectMismatch, string>> = {
  'patient-not-said': 'it names a patient, but was saved without one',
  'other-patient': 'its subject is not the patient on the banner at save',
  'second-patient': 'it names another patient as well',
  'other-encounter': 'it names another consultation than the one it was saved in',
};

/** Wrong-patient guard (I14, sync-bugs D9) of an operation: null where it agrees, else what does not fit, in words. */
export function subjectMismatch(operation: Operation, after: ResourceJson): string | null {
  const mismatch = mismatchOf(after, {
    patientId: operation.patientId ?? null,
    encounterId: operation.encounterId,
  });
  return mismatch && WORDS[mismatch];
}

/** Logical id of the Encounter that the resource says it belongs to. */
export const encounterOf = encounterNamed;

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
