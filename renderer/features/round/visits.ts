import type { AppointmentView } from '../../../domain/record/agenda.ts';
import type { AgendaLine } from '../../cache/index.ts';
import { visitStatus } from '../surgery/index.ts';

/** Home visit, care-home visit: by the words of the booking's type. */
export function isVisitAway({ type }: Pick<AppointmentView, 'type'>): boolean {
  return type !== null && /\b(?:home|house call|visit|residential|nursing)\b/i.test(type);
}

/** One's own bookings of the day that still stand: visits away first, each in order of time. */
export function bookedWithMe(lines: readonly AgendaLine[], practitionerId: string): readonly AgendaLine[] {
  const mine = lines.filter(
    ({ appointment }) =>
      (appointment.practitioners.length === 0 ||
        appointment.practitioners.some(({ id }) => id === practitionerId)) &&
      !['cancelled', 'did-not-attend', 'left'].includes(visitStatus(appointment)),
  );
  const isAway = ({ appointment }: AgendaLine) => isVisitAway(appointment);
  return [...mine.filter(isAway), ...mine.filter((line) => !isAway(line))];
}
