import { monthNumber } from '../../../domain/clinical/date-display.ts';
import { civilDate, formatCivilDate } from '../../../domain/fhir/civil-date.ts';

/** `5 1 61`, `05/01/1961`, `5-Jan-61`, `5 jan 1961`, `05011961`: day, month, year, as the British write it. */
export function readDateText(text: string, today: string): string | null {
  const typed = text.trim();
  const run = /^(\d{2})(\d{2})(\d{4}|\d{2})$/.exec(typed);
  const parts = run ?? /^(\d{1,2})[\s./-]+(\d{1,2}|[a-z]{3,9})[\s./-]+(\d{4}|\d{2})$/i.exec(typed);
  if (!parts) return /^\d{4}-\d{2}-\d{2}$/.test(typed) ? typed : null;
  const [, day = '', month = '', year = ''] = parts;
  const number = /^\d+$/.test(month) ? Number(month) : monthNumber(month);
  if (number === null) return null;
  const date = civilDate(fullYear(year, Number(today.slice(0, 4))), number, Number(day));
  return date && formatCivilDate(date);
}

/** Two digits mean the past hundred years, up to next year (a due date). */
function fullYear(text: string, thisYear: number): number {
  if (text.length === 4) return Number(text);
  const year = Math.floor(thisYear / 100) * 100 + Number(text);
  return year > thisYear + 1 ? year - 100 : year;
}
