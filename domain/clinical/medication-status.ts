import type { MedicationAdministration, MedicationRequest, MedicationStatement } from '@medplum/fhirtypes';
import { daysBetween, parseCivilDate } from '../fhir/civil-date.ts';
import { conceptText } from '../fhir/codeable-concept.ts';

export type MedicationEntry = MedicationRequest | MedicationStatement | MedicationAdministration;

/**
 * The status in words that every line of a medication list carries in bold (MEDv-042, 162..173). `Disputed` counts as
 * current for nobody and shows first; `Given` is of what was given once.
 */
export type MedicationStatus =
  | 'Started'
  | 'Not Started'
  | 'Suspended'
  | 'Completed'
  | 'Discontinued'
  | 'Entered in error'
  | 'Disputed'
  | 'Given'
  | 'Status not recorded';

/** @param status a code of MedicationRequest, MedicationStatement or MedicationAdministration */
export function statusWords(status: string | undefined): MedicationStatus {
  switch (status) {
    case 'active':
    case 'in-progress':
      return 'Started';
    case 'draft':
    case 'intended':
      return 'Not Started';
    case 'on-hold':
      return 'Suspended';
    case 'completed':
      return 'Completed';
    case 'stopped':
    case 'cancelled':
    case 'not-taken':
    case 'not-done':
      return 'Discontinued';
    case 'entered-in-error':
      return 'Entered in error';
    case undefined:
    default:
      return 'Status not recorded';
  }
}

/** Over, so that it stands in Past: what is not surely over never does. */
export function isOver(status: MedicationStatus): boolean {
  return status === 'Completed' || status === 'Discontinued' || status === 'Entered in error';
}

/** Whether safety rules count it: everything that is not surely over. Something given once counts while recent. */
export function isInUse(entry: MedicationEntry, today: string): boolean {
  if (entry.resourceType === 'MedicationAdministration') {
    if (entry.status === 'entered-in-error' || entry.status === 'not-done') return false;
    const given = parseCivilDate(
      (entry.effectiveDateTime ?? entry.effectivePeriod?.start ?? '').slice(0, 10),
    );
    const day = parseCivilDate(today);
    return given === null || day === null || daysBetween(given, day) <= 28;
  }
  return !isOver(statusWords(entry.status));
}

/** The name of the medicine as recorded. */
export function medicationName(entry: MedicationEntry): string {
  return (
    conceptText(entry.medicationCodeableConcept) ?? entry.medicationReference?.display ?? 'Medicine not named'
  );
}
