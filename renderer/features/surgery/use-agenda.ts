import { localDayOf } from '../../../domain/fhir/local-time.ts';
import { addDays, formatCivilDate, parseCivilDate } from '../../../domain/fhir/civil-date.ts';
import type { AgendaAnswer } from '../../cache/index.ts';
import { useBagQuery, type BagAnswer } from '../bag/index.ts';

/** The surgery of one day, followed. @param day `YYYY-MM-DD` */
export function useAgenda(day: string): BagAnswer<AgendaAnswer> {
  return useBagQuery(
    `agenda ${day}`,
    (bag) => bag.appointments(day),
    (notice) => notice.kind !== 'state',
  );
}

/** Today in England. */
export function todayOf(now: string): string {
  const day = localDayOf(now);
  return day ? formatCivilDate(day) : now.slice(0, 10);
}

export function dayAway(day: string, days: number): string {
  const date = parseCivilDate(day);
  return date ? formatCivilDate(addDays(date, days)) : day;
}
