import { addDays, formatCivilDate, toDayNumber, twoDigits } from '../../domain/fhir/civil-date.ts';
import type { CivilDate } from '../../domain/fhir/civil-date.ts';
import { englishOffsetMinutes } from '../../domain/fhir/local-time.ts';

/** FHIR dateTime of a time of day in England, with its offset. `minutes` count from midnight. */
export function momentOf(day: CivilDate, minutes: number, seconds = 0): string {
  const later = Math.floor(minutes / 1440);
  const date = later === 0 ? day : addDays(day, later);
  const within = minutes - later * 1440;
  const offset = englishOffsetMinutes(toDayNumber(date) * 86_400_000 + within * 60_000);
  const zone = offset === 0 ? '+00:00' : '+01:00';
  return `${formatCivilDate(date)}T${twoDigits(Math.floor(within / 60))}:${twoDigits(within % 60)}:${twoDigits(seconds)}${zone}`;
}
