/**
 * Pregnancy as an answer with a date and an expiry (clinical.md, Observations, Cautions): it is asked where it matters and
 * never outlives its day. How long an answer holds is proposed; the clinical safety officer signs it.
 */
import { formatCivilDate, fromDayNumber, parseCivilDate, toDayNumber } from '../fhir/civil-date.ts';
import type { News2Patient } from './news2.ts';

export type PregnancyAnswer = Exclude<News2Patient['pregnancy'], 'not-asked'>;

export type RecordedPregnancy = {
  readonly answer: PregnancyAnswer;
  /** FHIR date or dateTime of the answer */
  readonly on: string;
  /** FHIR date: the last day on which it holds */
  readonly until: string;
  readonly by: string | null;
};

/** Days for which an answer holds where no date of birth is expected or known. */
const HOLDS_DAYS: Readonly<Record<PregnancyAnswer, number>> = {
  'not-pregnant': 28,
  pregnant: 90,
  'recent-birth': 42,
};

/** A birth may come this much after the expected date; then it is asked again. */
const AFTER_DUE_DAYS = 14;

/** The last day on which an answer holds. @param due FHIR date of the expected birth, for `pregnant` only */
export function pregnancyHoldsUntil(answer: PregnancyAnswer, on: string, due: string | null): string {
  const expected = answer === 'pregnant' && due !== null ? parseCivilDate(due) : null;
  if (expected) return formatCivilDate(fromDayNumber(toDayNumber(expected) + AFTER_DUE_DAYS));
  const asked = parseCivilDate(on.slice(0, 10));
  return asked ? formatCivilDate(fromDayNumber(toDayNumber(asked) + HOLDS_DAYS[answer])) : on.slice(0, 10);
}

/** What may be taken as known today: after its last day an answer is no answer. @param today FHIR date */
export function pregnancyOn(recorded: RecordedPregnancy | null, today: string): News2Patient['pregnancy'] {
  return recorded !== null && today.slice(0, 10) <= recorded.until ? recorded.answer : 'not-asked';
}

/**
 * Whether pregnancy is asked at all. By recorded sex, never by the gender of the banner; where sex is not recorded the
 * question stays, and of unknown age too.
 */
export function asksPregnancy(
  ageYears: number | null,
  recordedSex: 'male' | 'female' | 'not-recorded',
): boolean {
  return recordedSex !== 'male' && (ageYears === null || (ageYears >= 10 && ageYears <= 60));
}
