import type { AppointmentView } from '../../../domain/record/agenda.ts';

/** The six states of a visit (issue 5), from the appointment's status and the times of the visit. */
export type VisitStatus = 'booked' | 'arrived' | 'called' | 'in' | 'left' | 'did-not-attend' | 'cancelled';

export interface VisitWords {
  readonly mark: string;
  readonly words: string;
}

export const VISIT_WORDS: Readonly<Record<VisitStatus, VisitWords>> = {
  booked: { mark: '○', words: 'Booked' },
  arrived: { mark: '◐', words: 'Arrived' },
  called: { mark: '◑', words: 'Called' },
  in: { mark: '●', words: 'In consultation' },
  left: { mark: '✓', words: 'Left' },
  'did-not-attend': { mark: '✕', words: 'Did not attend' },
  cancelled: { mark: '–', words: 'Cancelled' },
};

export function visitStatus({
  status,
  calledAt,
  leftAt,
}: Pick<AppointmentView, 'status' | 'calledAt' | 'leftAt'>): VisitStatus {
  switch (status) {
    case 'fulfilled':
      return 'left';
    case 'noshow':
      return 'did-not-attend';
    case 'cancelled':
    case 'entered-in-error':
      return 'cancelled';
    case 'checked-in':
      return leftAt === null ? 'in' : 'left';
    case 'arrived':
      return calledAt === null ? 'arrived' : 'called';
    default:
      return 'booked';
  }
}

/** Whole minutes since arrival; null where nobody waits. */
export function waitingMinutes(appointment: AppointmentView, now: string): number | null {
  const status = visitStatus(appointment);
  if (appointment.arrivedAt === null || (status !== 'arrived' && status !== 'called')) return null;
  return Math.max(0, Math.floor((Date.parse(now) - Date.parse(appointment.arrivedAt)) / 60_000));
}
