import { dayOfWeek, fromDayNumber, toDayNumber, type CivilDate } from './civil-date.ts';
import { earliestMoment, parsePartialDate, type PartialDate } from './partial-date.ts';

/** What a clock on the wall of an English surgery showed. */
export type LocalTime = {
  readonly date: CivilDate;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Minutes east of UTC: 0 in winter (GMT), 60 in summer (BST). */
  readonly offsetMinutes: number;
};

const HOUR = 3_600_000;
const DAY = 86_400_000;

/**
 * The offset from UTC of local time in England at a moment (milliseconds since 1970 UTC).
 * Summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October
 * (the rule since 1996; moments before then are read by today's rule and may be an hour out).
 */
export function englishOffsetMinutes(moment: number): number {
  const { year } = fromDayNumber(Math.floor(moment / DAY));
  return moment >= lastSundayAtOne(year, 3) && moment < lastSundayAtOne(year, 10) ? 60 : 0;
}

function lastSundayAtOne(year: number, month: number): number {
  const last = { year, month, day: 31 };
  return (toDayNumber(last) - dayOfWeek(last)) * DAY + HOUR;
}

/** Local English time of a moment in milliseconds since 1970 UTC. */
export function localTimeOf(moment: number): LocalTime {
  const offsetMinutes = englishOffsetMinutes(moment);
  const local = moment + offsetMinutes * 60_000;
  const days = Math.floor(local / DAY);
  const seconds = Math.floor((local - days * DAY) / 1000);
  return {
    date: fromDayNumber(days),
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    offsetMinutes,
  };
}

/**
 * Local English time of a FHIR dateTime with a time; a value without a zone is taken as already local.
 * Null where the value has no time.
 */
export function localTimeOfPartial(date: PartialDate): LocalTime | null {
  if (date.precision !== 'time') return null;
  if (date.offsetMinutes !== null) return localTimeOf(earliestMoment(date));
  return {
    date: { year: date.year, month: date.month, day: date.day },
    hour: date.hour,
    minute: date.minute,
    second: date.second ?? 0,
    offsetMinutes: englishOffsetMinutes(earliestMoment(date)),
  };
}

/** The local English day of a FHIR instant or dateTime, `YYYY-MM-DD`; null where it is less than a day. */
export function localDayOf(text: string): CivilDate | null {
  const date = parsePartialDate(text);
  if (!date || date.precision === 'year' || date.precision === 'month') return null;
  if (date.precision === 'day') return { year: date.year, month: date.month, day: date.day };
  return localTimeOfPartial(date)?.date ?? null;
}
