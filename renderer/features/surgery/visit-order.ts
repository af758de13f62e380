import type { AgendaLine } from '../../cache/index.ts';
import { visitStatus, type VisitStatus } from './visit-status.ts';

/** A visit that the next-patient key went past, and where it stood then. Oldest first in a list of them. */
export interface PassedVisit {
  readonly key: string;
  readonly start: string;
  readonly status: VisitStatus;
}

const WAITS: readonly VisitStatus[] = ['called', 'arrived'];

/**
 * Who is next: whoever was called or has waited longest by booked time, else the next booked later than the visit
 * that is present. Never the open patient, never a visit that has ended, and never one that the key went past and that
 * stands as it stood: else two patients come by turns and the third never. Without an open record those who still
 * wait come last, so that nobody in the waiting room is passed over in silence. Calls nobody by itself.
 * @param visits in order of time
 */
export function nextVisit(
  visits: readonly AgendaLine[],
  openPatientId: string | null,
  passed: readonly PassedVisit[] = [],
): AgendaLine | undefined {
  const others = visits.filter((line) => line.appointment.patientId !== openPatientId);
  const stands = (line: AgendaLine) => visitStatus(line.appointment);
  const wasPassed = (line: AgendaLine) =>
    passed.some((one) => one.key === line.appointment.source.key && one.status === stands(line));
  const fresh = others.filter((line) => !wasPassed(line));
  const by = (status: VisitStatus) => fresh.find((line) => stands(line) === status);
  const from = presentVisit(visits, openPatientId)?.appointment.start ?? passed.at(-1)?.start ?? '';
  const later = fresh.find(
    (line) => stands(line) === 'booked' && Date.parse(line.appointment.start) > (Date.parse(from) || 0),
  );
  const next = by('called') ?? by('arrived') ?? later;
  if (next || openPatientId !== null) return next;
  const stillWaiting = passed.flatMap(({ key }) =>
    others.filter((line) => line.appointment.source.key === key && WAITS.includes(stands(line))),
  );
  return stillWaiting[0];
}

/** The visits passed so far with the one that is left now; each once, where it stood last. */
export function withPassed(passed: readonly PassedVisit[], line: AgendaLine): readonly PassedVisit[] {
  const { source, start } = line.appointment;
  return [
    ...passed.filter(({ key }) => key !== source.key),
    { key: source.key, start, status: visitStatus(line.appointment) },
  ];
}

/** Today's visit of the open record: the one under way, else the first that has not ended. */
export function presentVisit(
  visits: readonly AgendaLine[],
  openPatientId: string | null,
): AgendaLine | undefined {
  const own = visits.filter((line) => line.appointment.patientId === openPatientId);
  const by = (status: VisitStatus) => own.find((line) => visitStatus(line.appointment) === status);
  return by('in') ?? by('called') ?? by('arrived') ?? by('booked') ?? own.at(-1);
}
