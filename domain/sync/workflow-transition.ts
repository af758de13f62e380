/**
 * Which status may follow which, for work that passes from hand to hand (sync.md: "server state machine; illegal
 * transition → conflict notice"). From FHIR R4's Task, Appointment, request and Slot state machines; an end state
 * may still become `entered-in-error`. Staying in a state is always legal.
 */
type Machine = Readonly<Record<string, readonly string[]>>;

const task: Machine = {
  draft: ['requested', 'ready', 'cancelled'],
  requested: [
    'received',
    'accepted',
    'rejected',
    'ready',
    'in-progress',
    'on-hold',
    'cancelled',
    'completed',
  ],
  received: ['accepted', 'rejected', 'ready', 'in-progress', 'on-hold', 'cancelled', 'completed'],
  accepted: ['ready', 'in-progress', 'on-hold', 'cancelled', 'completed', 'failed'],
  ready: ['accepted', 'in-progress', 'on-hold', 'cancelled', 'completed', 'failed'],
  'in-progress': ['on-hold', 'ready', 'cancelled', 'completed', 'failed'],
  'on-hold': ['ready', 'in-progress', 'cancelled', 'completed', 'failed'],
  rejected: ['requested'],
  failed: ['requested'],
  cancelled: [],
  completed: [],
};

const appointment: Machine = {
  proposed: ['pending', 'booked', 'cancelled', 'waitlist'],
  waitlist: ['proposed', 'pending', 'booked', 'cancelled'],
  pending: ['booked', 'cancelled', 'waitlist'],
  booked: ['checked-in', 'arrived', 'fulfilled', 'cancelled', 'noshow', 'pending'],
  'checked-in': ['arrived', 'fulfilled', 'booked', 'noshow', 'cancelled'],
  arrived: ['fulfilled', 'checked-in', 'booked', 'noshow', 'cancelled'],
  noshow: ['arrived', 'fulfilled', 'booked'],
  fulfilled: [],
  cancelled: [],
};

const request: Machine = {
  draft: ['active', 'revoked'],
  active: ['on-hold', 'revoked', 'completed'],
  'on-hold': ['active', 'revoked', 'completed'],
  unknown: ['active', 'on-hold', 'revoked', 'completed'],
  revoked: [],
  completed: [],
};

const slot: Machine = {
  free: ['busy', 'busy-unavailable', 'busy-tentative'],
  busy: ['free', 'busy-unavailable', 'busy-tentative'],
  'busy-unavailable': ['free', 'busy', 'busy-tentative'],
  'busy-tentative': ['free', 'busy', 'busy-unavailable'],
};

const machines: Readonly<Record<string, Machine>> = {
  Task: task,
  Appointment: appointment,
  ServiceRequest: request,
  Slot: slot,
};

/** Whether `to` may follow `from`. A resource without a state machine may go anywhere. */
export function isLegalTransition(resourceType: string, from: unknown, to: unknown): boolean {
  if (from === to) return true;
  if (to === 'entered-in-error') return true;
  const machine = machines[resourceType];
  if (machine === undefined) return true;
  return typeof from === 'string' && typeof to === 'string' && (machine[from]?.includes(to) ?? false);
}

/** A visit said to be over by a slip of the key is not over: its author takes the step back. */
const corrections: Readonly<Record<string, Machine>> = {
  Appointment: { fulfilled: ['checked-in', 'arrived', 'booked'] },
};

/** Whether a `correct` of the very version that stands may put `to` back, beyond what may follow by itself. */
export function isLegalCorrection(resourceType: string, from: unknown, to: unknown): boolean {
  return (
    isLegalTransition(resourceType, from, to) ||
    (typeof from === 'string' &&
      typeof to === 'string' &&
      (corrections[resourceType]?.[from]?.includes(to) ?? false))
  );
}
