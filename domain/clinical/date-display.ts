import { dayOfWeek, twoDigits, type CivilDate } from '../fhir/civil-date.ts';
import { localTimeOfPartial } from '../fhir/local-time.ts';
import { parsePartialDate } from '../fhir/partial-date.ts';

/**
 * Dates and times for clinical display, whatever the computer's regional settings
 * (NHS Common User Interface D+Ta-0002..0018, D+Tb-0001..0011).
 */
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

export const DATE_NOT_RECORDED = 'Not recorded';

/**
 * `05-Jan-2009`; `Jan-2009` and `2009` where no more is known. A time is left out (the local English day shows).
 * Absent: "Not recorded". Text that is no FHIR date shows as it came.
 */
export function displayDate(text: string | undefined): string {
  if (text === undefined || text === '') return DATE_NOT_RECORDED;
  const date = parsePartialDate(text);
  if (!date) return text;
  switch (date.precision) {
    case 'year':
      return year4(date.year);
    case 'month':
      return `${shortMonth(date.month)}-${year4(date.year)}`;
    case 'day':
      return displayCivilDate(date);
    case 'time':
      return displayCivilDate(localTimeOfPartial(date)?.date ?? date);
  }
}

/** `05-Jan-2009` */
function displayCivilDate(date: CivilDate): string {
  return `${twoDigits(date.day)}-${shortMonth(date.month)}-${year4(date.year)}`;
}

/** `05-Jan-2009 14:05` in local English time; without a time as {@link displayDate}. */
export function displayDateTime(text: string | undefined): string {
  const time = displayTime(text);
  return time === null ? displayDate(text) : `${displayDate(text)} ${time}`;
}

/**
 * `05-Jul-2009 14:05:09 BST`: to the second, with the zone that the local time is in, for provenance (clinical.md,
 * Governance: Provenance, Time). Less than a time as {@link displayDate}.
 */
export function displayExactTime(text: string | undefined): string {
  const date = text === undefined ? null : parsePartialDate(text);
  const local = date && localTimeOfPartial(date);
  if (date?.precision !== 'time' || !local) return displayDate(text);
  const seconds = date.second === null ? '' : `:${twoDigits(local.second)}`;
  return `${displayDateTime(text)}${seconds} ${local.offsetMinutes === 0 ? 'GMT' : 'BST'}`;
}

/** `14:05`, 24-hour, local English time; null where the value has no time. */
export function displayTime(text: string | undefined): string | null {
  const date = text === undefined ? null : parsePartialDate(text);
  const local = date && localTimeOfPartial(date);
  return local ? `${twoDigits(local.hour)}:${twoDigits(local.minute)}` : null;
}

/** `Tue 05-Jan-2010`; less than a whole day as {@link displayDate}. */
export function displayDateWithWeekday(text: string | undefined): string {
  const shown = displayDate(text);
  const date = text === undefined ? null : parsePartialDate(text);
  if (!date || date.precision === 'year' || date.precision === 'month') return shown;
  const day = localTimeOfPartial(date)?.date ?? date;
  return `${WEEKDAYS[dayOfWeek(day)] ?? ''} ${shown}`;
}

/** `14 August 1980`: for patients and for screen readers (D+Ta-0011/0015). */
export function longDate(text: string | undefined): string {
  const date = text === undefined || text === '' ? null : parsePartialDate(text);
  if (!date) return text === undefined || text === '' ? DATE_NOT_RECORDED : text;
  if (date.precision === 'year') return year4(date.year);
  if (date.precision === 'month') return `${MONTHS[date.month - 1] ?? ''} ${year4(date.year)}`;
  const day = localTimeOfPartial(date)?.date ?? date;
  return `${day.day} ${MONTHS[day.month - 1] ?? ''} ${year4(day.year)}`;
}

/** Month number (1 to 12) of an English month name, full or its first three letters; null for anything else. */
export function monthNumber(word: string): number | null {
  const lower = word.toLowerCase();
  if (lower.length < 3) return null;
  const index = MONTHS.findIndex((month) => month.toLowerCase().startsWith(lower));
  if (index >= 0) return index + 1;
  return lower === 'sept' ? 9 : null;
}

function shortMonth(month: number): string {
  return (MONTHS[month - 1] ?? '').slice(0, 3);
}

function year4(year: number): string {
  return String(year).padStart(4, '0');
}
