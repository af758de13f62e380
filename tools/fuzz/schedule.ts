import type { LinkMood } from './network-link.ts';

/** What can happen, each with the numbers that say to whom and to what. */
export const eventKinds = [
  'edit',
  'edit',
  'edit',
  'edit-twice',
  'append',
  'append',
  'prescribe',
  'sign',
  'record-in-note',
  'record-in-note',
  'sign-note',
  'note-of-another',
  'void',
  'save-group',
  'wrong-patient',
  'unreadable',
  'decide',
  'undo',
  'link',
  'link',
  'kill',
  'kill-while-saving',
  'clock-jump',
  'lock',
  'change-user',
  'token-expires',
  'scope-exit',
  'scope-enter',
  'revoke-device',
  'evict',
  'damage-cache',
  'merge',
  'service-writes',
  'service-deletes',
  'back-up',
  'restore',
  'clone',
  'upgrade',
  'wait',
] as const;

export type EventKind = (typeof eventKinds)[number];

export interface ScheduledEvent {
  readonly kind: EventKind;
  readonly device: number;
  readonly patient: number;
  /** Which entry, which choice, which mood: whatever the event needs. */
  readonly which: number;
  /** Milliseconds until the next event. */
  readonly then: number;
}

export interface Schedule {
  /** 2 to 6. */
  readonly devices: number;
  /** Of everything that is left to chance on the way: latencies, losses, back-off. */
  readonly seed: number;
  readonly events: readonly ScheduledEvent[];
}

export const moods: readonly LinkMood[] = [
  'good',
  'offline',
  'portal',
  'lossy',
  'lossy',
  'faulty',
  'busy',
  'good',
];
