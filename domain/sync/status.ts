import { saveGroups } from './outbox.ts';
import type { SignedOperation } from './operation.ts';

export type Connection = 'connecting' | 'connected' | 'offline' | 'sign-in-needed' | 'upgrade-needed';

/** "In step" is only said of an answer younger than this. */
export const inStepLimitMs = 5 * 60_000;

/** Oldest unsent work beyond which a person is told though nothing has failed (sync-bugs Q3: six silent hours). */
export const longWaitMs = 30 * 60_000;

export interface StepInput {
  readonly connection: Connection;
  readonly waiting: number;
  /** Cache at the feed's head, nothing to fetch. */
  readonly atHead: boolean;
  /** Milliseconds of the monotonic clock since the service last confirmed the head; null if never. */
  readonly sinceConfirmedMs: number | null;
}

/** I15: in step ⇔ nothing pending ∧ feed at head ∧ younger than the limit. */
export function isInStep(input: StepInput): boolean {
  return (
    input.connection === 'connected' &&
    input.waiting === 0 &&
    input.atHead &&
    input.sinceConfirmedMs !== null &&
    input.sinceConfirmedMs <= inStepLimitMs
  );
}

export interface PendingSummary {
  readonly groups: number;
  readonly operations: number;
  readonly oldestRecordedAt?: string;
  readonly byPatient: readonly {
    readonly patientId: string | null;
    readonly operations: number;
    readonly oldestRecordedAt: string;
  }[];
}

/** What waits, by patient, in the order in which it was recorded on this device (its sequence, not its clock). */
export function pendingSummary(waiting: readonly SignedOperation[]): PendingSummary {
  const inOrder = [...waiting].sort((left, right) => left.operation.deviceSeq - right.operation.deviceSeq);
  const byPatient = new Map<string | null, { operations: number; oldestRecordedAt: string }>();
  for (const { operation } of inOrder) {
    const patientId = operation.patientId ?? null;
    const known = byPatient.get(patientId);
    if (known === undefined) {
      byPatient.set(patientId, { operations: 1, oldestRecordedAt: operation.recordedAt.wallClock });
    } else known.operations += 1;
  }
  const oldest = inOrder[0];
  return {
    groups: saveGroups(waiting).length,
    operations: waiting.length,
    ...(oldest === undefined ? {} : { oldestRecordedAt: oldest.operation.recordedAt.wallClock }),
    byPatient: [...byPatient].map(([patientId, rest]) => ({ patientId, ...rest })),
  };
}
