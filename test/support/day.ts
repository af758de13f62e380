/** The day on which a test runs: CI may run at any hour of any day. */
import { expect, test } from '@playwright/test';
import { dayOfWeek, formatCivilDate, parseCivilDate } from '../../domain/fhir/civil-date.ts';
import { localTimeOf } from '../../domain/fhir/local-time.ts';
import { momentOf } from '../../record-service/seed/clock.ts';

/** `YYYY-MM-DD` in England, as the product counts the days of the appointment book. */
export function dayInEngland(moment = Date.now()): string {
  return formatCivilDate(localTimeOf(moment).date);
}

/** ISO instant of 10:32 in the morning of that day on a clock in England. @param day `YYYY-MM-DD` */
export function midMorning(day: string): string {
  const date = parseCivilDate(day);
  if (!date) throw new RangeError('day is a date as YYYY-MM-DD');
  return new Date(momentOf(date, 10 * 60 + 32)).toISOString();
}

/**
 * Today, and for as long as the caller needs it: where the day ends before, the next one is waited for. What is today's
 * at the beginning of a test must be today's at its end.
 */
export async function dayThatLasts(seconds: number): Promise<string> {
  const day = dayInEngland();
  if (dayInEngland(Date.now() + seconds * 1_000) === day) return day;
  const patience = (seconds + 10) * 1_000;
  allowMore(patience);
  await expect.poll(() => dayInEngland(), { timeout: patience }).not.toBe(day);
  return dayInEngland();
}

/** In a test or its hook the wait is none of its own time; elsewhere nobody counts. */
function allowMore(milliseconds: number): void {
  try {
    test.info().setTimeout(test.info().timeout + milliseconds);
  } catch {
    // Not in a test.
  }
}

/** In how many days the surgery is next held: nobody's is at the weekend. */
export function daysToNextSurgery(): number {
  const weekday = dayOfWeek(localTimeOf(Date.now()).date);
  return weekday === 5 ? 3 : weekday === 6 ? 2 : 1;
}
