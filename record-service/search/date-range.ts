/**
 * The moments that a written FHIR date, dateTime or instant may mean, as UTC text that sorts by time. A date without a
 * time zone stays the calendar day that was written (it never becomes a moment elsewhere); with one it is converted.
 */
export interface DateRange {
  readonly low: string;
  readonly high: string;
}

export const BEGINNING = '0000-01-01T00:00:00.000Z';
export const END = '9999-12-31T23:59:59.999Z';

const WRITTEN =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** @returns undefined where the text is no FHIR date */
export function dateRange(text: string): DateRange | undefined {
  const match = WRITTEN.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  if (year === undefined) return undefined;
  if (month === undefined) return { low: `${year}-01-01T00:00:00.000Z`, high: `${year}-12-31T23:59:59.999Z` };
  if (Number(month) < 1 || Number(month) > 12) return undefined;
  const last = daysIn(Number(year), Number(month));
  if (day === undefined) {
    return { low: `${year}-${month}-01T00:00:00.000Z`, high: `${year}-${month}-${last}T23:59:59.999Z` };
  }
  if (Number(day) < 1 || Number(day) > last) return undefined;
  const date = `${year}-${month}-${day}`;
  if (hour === undefined || minute === undefined) {
    return { low: `${date}T00:00:00.000Z`, high: `${date}T23:59:59.999Z` };
  }
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 60) return undefined;
  const seconds = second === '60' ? '59' : second;
  const milliseconds = fraction?.slice(0, 3).padEnd(3, '0');
  return {
    low: inUtc(`${date}T${hour}:${minute}:${seconds ?? '00'}.${milliseconds ?? '000'}`, zone),
    high: inUtc(`${date}T${hour}:${minute}:${seconds ?? '59'}.${milliseconds ?? '999'}`, zone),
  };
}

function inUtc(local: string, zone: string | undefined): string {
  // A moment with an offset is an instant, not a calendar date: here, and only here, may Date convert it.
  if (zone === undefined || zone === 'Z') return `${local}Z`;
  const instant = Date.parse(`${local}${zone}`);
  return Number.isNaN(instant) ? `${local}Z` : new Date(instant).toISOString();
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
