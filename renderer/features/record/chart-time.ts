import { displayDate } from '../../../domain/clinical/date-display.ts';

export interface TimeTick {
  /** Milliseconds since 1970. */
  readonly moment: number;
  readonly words: string;
}

const DAY_MS = 86_400_000;
const DAYS = [1, 2, 7, 14] as const;
const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240] as const;

/**
 * Labels of a time axis at the beginnings of days, months or years, at most `most` of them: a clinician reads time by
 * the calendar, not by sixths of whatever range the readings happen to span (GTAB-085: time stays proportional).
 */
export function timeTicks(low: number, high: number, most: number): readonly TimeTick[] {
  for (const days of DAYS) {
    const ticks = everyDays(low, high, days);
    if (ticks.length <= most) return ticks.length > 0 ? ticks : [{ moment: low, words: dayWords(low) }];
  }
  for (const months of MONTHS) {
    const ticks = everyMonths(low, high, months);
    if (ticks.length <= most) return ticks;
  }
  return [];
}

function everyDays(low: number, high: number, days: number): TimeTick[] {
  const step = days * DAY_MS;
  const ticks: TimeTick[] = [];
  for (let moment = Math.ceil(low / step) * step; moment <= high && ticks.length < 100; moment += step) {
    ticks.push({ moment, words: dayWords(moment) });
  }
  return ticks;
}

/** From January on, so that a step of three months falls on quarters. */
function everyMonths(low: number, high: number, months: number): TimeTick[] {
  const ticks: TimeTick[] = [];
  const start = new Date(low);
  let month = Math.ceil((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months;
  for (;;) {
    const moment = Date.UTC(Math.floor(month / 12), month % 12, 1);
    if (moment > high || ticks.length > 100) return ticks;
    if (moment >= low)
      ticks.push({ moment, words: months >= 12 ? String(Math.floor(month / 12)) : monthWords(moment) });
    month += months;
  }
}

function dayWords(moment: number): string {
  return displayDate(new Date(moment).toISOString().slice(0, 10));
}

function monthWords(moment: number): string {
  return displayDate(new Date(moment).toISOString().slice(0, 7));
}
