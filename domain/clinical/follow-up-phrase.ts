import { addDays, addMonths, formatCivilDate, parseCivilDate } from '../fhir/civil-date.ts';

export type FollowUp = {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly count: number;
  readonly unit: 'day' | 'week' | 'month' | 'year';
  /** "in 2 weeks" */
  readonly words: string;
};

/** How GPs write it: days over 7, weeks over 52, months over 12. */
const OVER: Readonly<Record<string, FollowUp['unit']>> = { '7': 'day', '52': 'week', '12': 'month' };
const LETTER: Readonly<Record<string, FollowUp['unit']>> = { d: 'day', w: 'week', m: 'month', y: 'year' };
const LIMIT: Readonly<Record<FollowUp['unit'], number>> = { day: 366, week: 104, month: 60, year: 10 };

/**
 * Reads `3/7`, `2/52`, `6/12`, `3d`, `2w`, `6m`, `1y`, `6 months`, `in 2 weeks`, `tomorrow`. Null for anything else, and for what
 * is too far off to be meant. Called only for the follow-up box: elsewhere `2/52` is text.
 * @param today `YYYY-MM-DD`
 */
export function readFollowUp(text: string, today: string): FollowUp | null {
  const start = parseCivilDate(today);
  if (!start) return null;
  const typed = text.trim().toLowerCase();
  if (typed === 'tomorrow')
    return { date: formatCivilDate(addDays(start, 1)), count: 1, unit: 'day', words: 'tomorrow' };
  const over = /^(?:in\s+)?(\d{1,3})\s*\/\s*(7|52|12)$/.exec(typed);
  const letter = /^(?:in\s+)?(\d{1,3})\s*(d|w|m|y|days?|weeks?|wks?|months?|mths?|years?|yrs?)$/.exec(typed);
  const count = Number((over ?? letter)?.[1] ?? 0);
  const unit = over ? OVER[over[2] ?? ''] : LETTER[letter?.[2]?.charAt(0) ?? ''];
  if (!unit || count < 1 || count > LIMIT[unit]) return null;
  const date =
    unit === 'day' || unit === 'week'
      ? addDays(start, count * (unit === 'week' ? 7 : 1))
      : addMonths(start, count * (unit === 'year' ? 12 : 1));
  return { date: formatCivilDate(date), count, unit, words: `in ${count} ${unit}${count === 1 ? '' : 's'}` };
}
