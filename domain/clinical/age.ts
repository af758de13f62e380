import {
  addMonths,
  daysBetween,
  parseCivilDate,
  wholeMonthsBetween,
  type CivilDate,
} from '../fhir/civil-date.ts';
import { localDayOf } from '../fhir/local-time.ts';
import { earliestMoment, parsePartialDate } from '../fhir/partial-date.ts';

/**
 * Ages by the units of the NHS patient banner: under 2 hours minutes; under 2 days hours; under 4 weeks days;
 * under 1 year weeks and days; under 2 years months and days; under 18 years years and months; then years.
 */
export type BirthMoment = {
  /** FHIR date: whole, or only year or month */
  readonly birthDate: string | undefined;
  /** FHIR dateTime of birth, where recorded (extension patient-birthTime) */
  readonly birthTime?: string | undefined;
};

export type AgeAt = {
  /** FHIR date or dateTime of the day to count to */
  readonly date: string;
};

/** The banner's age (`4w 1d`, `4y 1m`, `65y`); "about 65y" from a partial date of birth; null where it cannot be told. */
export function bannerAge(birth: BirthMoment, at: AgeAt): string | null {
  const exact = ageByTheClock(birth.birthTime, at.date);
  if (exact !== null) return exact;
  if (birth.birthDate === undefined) return null;
  const born = parseCivilDate(birth.birthDate);
  const day = localDayOf(at.date);
  if (!day) return null;
  if (!born) return approximateAge(birth.birthDate, day);
  const days = daysBetween(born, day);
  if (days < 0) return null;
  if (days < 28) return `${days}d`;
  const months = wholeMonthsBetween(born, day);
  if (months < 12) return `${Math.floor(days / 7)}w ${days % 7}d`;
  if (months < 24) return `${months}m ${daysBetween(addMonths(born, months), day)}d`;
  if (months < 216) return `${Math.floor(months / 12)}y ${months % 12}m`;
  return `${Math.floor(months / 12)}y`;
}

/** Minutes and hours for the first two days, when both moments have a time. */
function ageByTheClock(birthTime: string | undefined, at: string): string | null {
  const born = birthTime === undefined ? null : parsePartialDate(birthTime);
  const moment = parsePartialDate(at);
  if (born?.precision !== 'time' || moment?.precision !== 'time') return null;
  const minutes = Math.floor((earliestMoment(moment) - earliestMoment(born)) / 60_000);
  if (minutes < 0) return null;
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} hrs` : null;
}

function approximateAge(birthDate: string, day: CivilDate): string | null {
  const born = parsePartialDate(birthDate);
  if (!born) return null;
  const years = day.year - born.year;
  if (years < 0) return null;
  if (born.precision === 'year') return `about ${years}y`;
  const months = years * 12 + day.month - born.month;
  if (months < 0) return null;
  return months < 24 ? `about ${months}m` : `about ${Math.floor(months / 12)}y`;
}

/**
 * Whole years, for rules (NEWS2 from 16, BMI bands from 18). Null unless the whole date of birth is known or every day
 * that it may mean gives the same answer.
 */
export function ageInYears(birthDate: string | undefined, today: string): number | null {
  const months = ageInMonths(birthDate, today);
  if (months !== null) return Math.floor(months / 12);
  const born = birthDate === undefined ? null : parsePartialDate(birthDate);
  const day = localDayOf(today);
  if (!born || !day || born.precision === 'day' || born.precision === 'time') return null;
  const oldest = wholeMonthsBetween(
    { year: born.year, month: born.precision === 'month' ? born.month : 1, day: 1 },
    day,
  );
  const latestMonth = born.precision === 'month' ? born.month : 12;
  const youngest = wholeMonthsBetween({ year: born.year, month: latestMonth, day: 31 }, day);
  const years = Math.floor(oldest / 12);
  return years >= 0 && Math.floor(youngest / 12) === years ? years : null;
}

/** Whole months; null unless both days are whole and in order. */
export function ageInMonths(birthDate: string | undefined, today: string): number | null {
  const born = birthDate === undefined ? null : parseCivilDate(birthDate);
  const day = localDayOf(today);
  if (!born || !day) return null;
  const months = wholeMonthsBetween(born, day);
  return months < 0 ? null : months;
}
