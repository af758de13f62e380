import type { MedicationAdministration, MedicationRequest, MedicationStatement } from '@medplum/fhirtypes';
import { daysBetween, parseCivilDate } from '../fhir/civil-date.ts';
import { conceptText } from '../fhir/codeable-concept.ts';
import { displayDate } from './date-display.ts';

export type MedicationEntry = MedicationRequest | MedicationStatement | MedicationAdministration;

/** The status in words that every line of a medication list carries (MEDv-162..173). */
type MedicationStatusWords =
  'Started' | 'Not Started' | 'Suspended' | 'Completed' | 'Discontinued' | 'Status not recorded';

export type MedicationCurrency = {
  readonly status: MedicationStatusWords;
  /** in the Current list; the rest are in Past, never hidden */
  readonly current: boolean;
  /** "last issue 03-Mar-2019: over a year ago", or null; an old issue is never shown as current without it */
  readonly caution: string | null;
};

/** A source may call a medicine active years after its last issue; beyond this many days the date is said. */
const STALE_DAYS = 365;

/**
 * @param lastIssue FHIR date of the last issue, where the record tells; undefined where it does not
 * @param today `YYYY-MM-DD`
 */
export function medicationCurrency(
  entry: MedicationEntry,
  lastIssue: string | undefined,
  today: string,
): MedicationCurrency {
  const status = statusWords(entry);
  const current =
    status === 'Started' ||
    status === 'Not Started' ||
    status === 'Suspended' ||
    status === 'Status not recorded';
  return { status, current, caution: current ? issueCaution(entry, lastIssue, today) : null };
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
  const status = statusWords(entry);
  return (
    status === 'Started' ||
    status === 'Not Started' ||
    status === 'Suspended' ||
    status === 'Status not recorded'
  );
}

/** The name of the medicine as recorded. */
export function medicationName(entry: MedicationEntry): string {
  return (
    conceptText(entry.medicationCodeableConcept) ?? entry.medicationReference?.display ?? 'Medicine not named'
  );
}

function statusWords(entry: MedicationEntry): MedicationStatusWords {
  const status: string = entry.status;
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
    case 'entered-in-error':
      return 'Discontinued';
    default:
      return 'Status not recorded';
  }
}

function issueCaution(entry: MedicationEntry, lastIssue: string | undefined, today: string): string | null {
  if (entry.resourceType === 'MedicationAdministration') return null;
  if (lastIssue === undefined) return 'Last issue not recorded';
  const issued = parseCivilDate(lastIssue.slice(0, 10));
  const day = parseCivilDate(today);
  if (issued === null || day === null) return `Last issue ${displayDate(lastIssue)}`;
  return daysBetween(issued, day) > STALE_DAYS
    ? `Last issue ${displayDate(lastIssue)}: over a year ago`
    : null;
}
