import { addDays, addMonths, formatCivilDate, parseCivilDate } from '../../../domain/fhir/civil-date.ts';

const UNITS: Readonly<Record<string, 'days' | 'weeks' | 'months' | 'years'>> = {
  '/7': 'days',
  '/52': 'weeks',
  '/12': 'months',
  d: 'days',
  w: 'weeks',
  m: 'months',
  y: 'years',
};

/** `2/52`, `3/7`, `6/12`, `10d`, `6m`: how GPs write when to come back. @returns the day, `YYYY-MM-DD`, or null */
export function followUpDay(text: string, today: string): string | null {
  const match = /(?:^|\s)(\d{1,2})\s*(\/7|\/52|\/12|d|w|m|y)(?=\s|$|[.,;])/i.exec(text);
  const day = parseCivilDate(today.slice(0, 10));
  const unit = UNITS[match?.[2]?.toLowerCase() ?? ''];
  if (!match || !day || !unit) return null;
  const count = Number(match[1]);
  switch (unit) {
    case 'days':
      return formatCivilDate(addDays(day, count));
    case 'weeks':
      return formatCivilDate(addDays(day, count * 7));
    case 'months':
      return formatCivilDate(addMonths(day, count));
    case 'years':
      return formatCivilDate(addMonths(day, count * 12));
  }
}
