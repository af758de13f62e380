import { addMonths, compareCivilDates, formatCivilDate, parseCivilDate } from '../fhir/civil-date.ts';
import { displayDate } from './date-display.ts';
import { ageInMonths } from './age.ts';

/** How long a child's weight may be used for dosing, by age (proposed; the clinical safety officer signs it). */
function weightValidMonths(ageMonths: number): number {
  if (ageMonths < 12) return 1;
  return ageMonths < 60 ? 3 : 6;
}

/**
 * What must be said of a child's weight before it is used: none, its age, or that it is too old. Null for adults (from 18)
 * and for an unknown date of birth.
 */
export function childWeightWarning(input: {
  readonly birthDate: string | undefined;
  /** FHIR date of the last weight; undefined: none recorded */
  readonly weighed: string | undefined;
  readonly today: string;
}): string | null {
  const months = ageInMonths(input.birthDate, input.today);
  if (months === null || months >= 216) return null;
  if (input.weighed === undefined) return 'No weight recorded: weigh before dosing by weight.';
  const weighed = parseCivilDate(input.weighed.slice(0, 10));
  const today = parseCivilDate(input.today.slice(0, 10));
  const shown = displayDate(input.weighed);
  if (!weighed || !today) return `Weight of ${shown}: weigh again before dosing by weight.`;
  if (formatCivilDate(weighed) === formatCivilDate(today)) return null;
  const expires = addMonths(weighed, weightValidMonths(months));
  return compareCivilDates(today, expires) > 0
    ? `Weight of ${shown} is too old for this age: weigh again before dosing by weight.`
    : `Weight of ${shown}.`;
}

/** A child who did not attend "was not brought" (clinical.md, Hazards of carrying a record: child). */
export function missedAppointmentWords(birthDate: string | undefined, today: string): string {
  const months = ageInMonths(birthDate, today);
  return months !== null && months < 216 ? 'Was not brought' : 'Did not attend';
}

/** Whether the accompanying adult must be asked for. */
export function needsAccompanyingAdult(birthDate: string | undefined, today: string): boolean {
  const months = ageInMonths(birthDate, today);
  return months !== null && months < 192;
}
