import { displayTime } from '../../../domain/clinical/date-display.ts';
import { entryName } from '../patient-search/index.ts';
import { useSignedInUser } from '../session/index.ts';
import { useNow } from '../../ui/index.ts';
import type { AgendaLine } from '../../cache/index.ts';
import { todayOf, useAgenda } from './use-agenda.ts';
import { visitStatus } from './visit-status.ts';

/** One's own visits of today in order of time. */
export function useMyVisits(): readonly AgendaLine[] {
  const today = todayOf(useNow());
  const { practitionerId } = useSignedInUser();
  const { value } = useAgenda(today);
  return (value?.lines ?? [])
    .filter(
      ({ appointment }) =>
        appointment.practitioners.length === 0 ||
        appointment.practitioners.some((one) => one.id === practitionerId),
    )
    .toSorted((left, right) => left.appointment.start.localeCompare(right.appointment.start));
}

/**
 * Who is next: the first who was called or has arrived, else the first still booked. Never calls anybody by itself;
 * the open patient is never next.
 */
export function nextVisit(
  visits: readonly AgendaLine[],
  openPatientId: string | null,
): AgendaLine | undefined {
  const others = visits.filter((line) => line.appointment.patientId !== openPatientId);
  const by = (status: string) => others.find((line) => visitStatus(line.appointment) === status);
  return by('called') ?? by('arrived') ?? by('booked');
}

/** For the title bar: when the next one is due, without a name (no other patient's name beside an open record). */
export function nextWords(line: AgendaLine | undefined): string {
  return line ? `Next ${displayTime(line.appointment.start) ?? ''}` : 'Nobody next';
}

/** For screens without an open record. */
export function nextName(line: AgendaLine | undefined): string {
  return line?.entry ? entryName(line.entry) : '';
}
