import { sortKeyOf } from '../fhir/partial-date.ts';
import type { AppointmentView } from './agenda.ts';

/** Statuses (FHIR AppointmentStatus) whose time is not, or no longer, taken. */
const FREE: ReadonlySet<string> = new Set([
  'cancelled',
  'noshow',
  'fulfilled',
  'entered-in-error',
  'proposed',
]);

/**
 * Whom else the same person is booked with at the same time: two desks without a line may each have taken the slot,
 * and both bookings stand until a person moves one (hazard H-030).
 * @returns by `source.key`, the others in the list's order; only appointments that clash.
 */
export function bookingClashes(
  appointments: readonly AppointmentView[],
): ReadonlyMap<string, readonly AppointmentView[]> {
  const taken = appointments.filter(({ status }) => !FREE.has(status));
  const clashes = new Map<string, readonly AppointmentView[]>();
  for (const one of taken) {
    const others = taken.filter((other) => other !== one && sharePerson(one, other) && overlap(one, other));
    if (others.length > 0) clashes.set(one.source.key, others);
  }
  return clashes;
}

function sharePerson(left: AppointmentView, right: AppointmentView): boolean {
  return left.practitioners.some(({ id }) => right.practitioners.some((other) => other.id === id));
}

/** One without an end takes its moment only. */
function overlap(left: AppointmentView, right: AppointmentView): boolean {
  const [from, until] = span(left);
  const [otherFrom, otherUntil] = span(right);
  return from === otherFrom || (from < otherUntil && otherFrom < until);
}

function span({ start, end }: AppointmentView): readonly [number, number] {
  const from = sortKeyOf(start);
  return [from, end === null ? from : sortKeyOf(end)];
}
