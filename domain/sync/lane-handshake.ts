import type { OperationId } from '../identifiers.ts';
import type { SettledOperation } from './push-answer.ts';
import type { Settlement } from './outbox.ts';
import type { Lane, SignedOperation } from './operation.ts';

/** An operation that the journal still holds, sent or not. */
export interface JournaledOperation {
  readonly signed: SignedOperation;
  readonly settlement: Settlement | null;
}

export interface LaneQuestion {
  readonly lane: Lane;
  readonly opIds: readonly OperationId[];
}

/** Lanes with work that was settled in another history than this one: they must be compared before anything is sent. */
export function lanesToCompare(
  journal: readonly JournaledOperation[],
  epoch: string,
): readonly LaneQuestion[] {
  const lanes = new Map<Lane, JournaledOperation[]>();
  for (const entry of journal) {
    const lane = lanes.get(entry.signed.operation.lane);
    if (lane === undefined) lanes.set(entry.signed.operation.lane, [entry]);
    else lane.push(entry);
  }
  return [...lanes].flatMap(([lane, entries]) =>
    entries.some((entry) => entry.settlement !== null && entry.settlement.epoch !== epoch)
      ? [{ lane, opIds: entries.map((entry) => entry.signed.operation.opId) }]
      : [],
  );
}

export interface HandshakeDecision {
  /** The ledger lacks them: they wait again. Only operations of this journal, never a cached record (M8). */
  readonly reopen: readonly OperationId[];
  /** The ledger has them: they belong to the new history too. */
  readonly confirm: readonly SettledOperation[];
}

/**
 * After a restore of the service: what to offer again. `head` stands in for the unknown position of what survived;
 * it is never lower than the true one.
 */
export function afterHandshake(
  journal: readonly JournaledOperation[],
  asked: readonly LaneQuestion[],
  answer: {
    readonly epoch: string;
    readonly lanes: readonly { readonly lane: string; readonly lacking: readonly string[] }[];
  },
  head: number,
): HandshakeDecision {
  const answered = new Map(answer.lanes.map((lane) => [lane.lane, new Set(lane.lacking)]));
  const askedIds = new Set(asked.flatMap((lane) => lane.opIds));
  const reopen: OperationId[] = [];
  const confirm: SettledOperation[] = [];
  for (const { signed, settlement } of journal) {
    const { opId, lane } = signed.operation;
    const lacking = answered.get(lane);
    if (settlement === null || lacking === undefined || !askedIds.has(opId)) continue;
    if (settlement.epoch === answer.epoch) continue;
    if (lacking.has(opId)) reopen.push(opId);
    else confirm.push({ opId, settlement: { ...settlement, epoch: answer.epoch, position: head } });
  }
  return { reopen, confirm };
}
