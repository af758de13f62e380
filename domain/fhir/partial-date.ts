import { civilDate, toDayNumber } from './civil-date.ts';

/**
 * A FHIR `date`, `dateTime` or `instant` as it was written, with no more precision than it has.
 * `text` is always the original. Source: FHIR R4 datatypes, date and dateTime.
 */
export type PartialDate =
  | { readonly precision: 'year'; readonly text: string; readonly year: number }
  | { readonly precision: 'month'; readonly text: string; readonly year: number; readonly month: number }
  | {
      readonly precision: 'day';
      readonly text: string;
      readonly year: number;
      readonly month: number;
      readonly day: number;
    }
  | {
      readonly precision: 'time';
      readonly text: string;
      readonly year: number;
      readonly month: number;
      readonly day: number;
      readonly hour: number;
      readonly minute: number;
      /** null where the source gave only hours and minutes (not valid FHIR, but found) */
      readonly second: number | null;
      readonly millisecond: number;
      /** Minutes east of UTC; null where the source gave no zone. */
      readonly offsetMinutes: number | null;
    };

const PATTERN =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** Null for anything that is not a FHIR date or names a day or time that does not exist. */
export function parsePartialDate(text: string): PartialDate | null {
  const match = PATTERN.exec(text);
  if (!match) return null;
  const [, yearText, monthText, dayText, hourText, minuteText, secondText, fraction, zone] = match;
  const year = Number(yearText);
  if (year < 1) return null;
  if (monthText === undefined) return { precision: 'year', text, year };
  const month = Number(monthText);
  if (month < 1 || month > 12) return null;
  if (dayText === undefined) return { precision: 'month', text, year, month };
  const day = Number(dayText);
  if (!civilDate(year, month, day)) return null;
  if (hourText === undefined) return { precision: 'day', text, year, month, day };
  const hour = Number(hourText);
  const minute = Number(minuteText);
  const second = secondText === undefined ? null : Number(secondText);
  // A leap second is allowed by FHIR (`:60`).
  if (hour > 23 || minute > 59 || (second ?? 0) > 60) return null;
  return {
    precision: 'time',
    text,
    year,
    month,
    day,
    hour,
    minute,
    second,
    millisecond: fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0')),
    offsetMinutes: offsetOf(zone),
  };
}

function offsetOf(zone: string | undefined): number | null {
  if (zone === undefined) return null;
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return zone.startsWith('-') ? -minutes : minutes;
}

/**
 * A key that sorts FHIR dates of any precision newest-last by the earliest moment they may mean:
 * milliseconds since 1970 UTC. Text that is no date sorts first of all, never lost from a list.
 */
export function sortKeyOf(text: string | undefined): number {
  const date = text === undefined ? null : parsePartialDate(text);
  return date ? earliestMoment(date) : Number.NEGATIVE_INFINITY;
}

/** Milliseconds since 1970 UTC of the earliest moment; a time without a zone is read as UTC. */
export function earliestMoment(date: PartialDate): number {
  const month = date.precision === 'year' ? 1 : date.month;
  const day = date.precision === 'year' || date.precision === 'month' ? 1 : date.day;
  const days = toDayNumber({ year: date.year, month, day });
  if (date.precision !== 'time') return days * 86_400_000;
  const minutes = days * 1440 + date.hour * 60 + date.minute - (date.offsetMinutes ?? 0);
  return minutes * 60_000 + (date.second ?? 0) * 1000 + date.millisecond;
}
