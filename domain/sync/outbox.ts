import type { GroupId, OperationId } from '../identifiers.ts';
import type { Lane, OperationOutcome, SignedOperation } from './operation.ts';

/** What the service did with an operation, as the journal keeps it. `held` is no outcome: nothing was stored. */
export interface Settlement {
  readonly outcome: Exclude<OperationOutcome, { outcome: 'held' }>;
  /** The history in which it happened. */
  readonly epoch: string;
  /** The commit's position in that history, where one was made. */
  readonly position?: number;
  /** False where the service did not promise that it is on disk. */
  readonly durable: boolean;
}

/** The operations of one clinical save, in order of `laneSeq`. */
export interface SaveGroup {
  readonly groupId: GroupId;
  readonly lane: Lane;
  readonly operations: readonly SignedOperation[];
}

/** Why a lane does not send at the moment. Other lanes never wait for it. */
export type LaneHold =
  /** Backing off until this moment of the monotonic clock. */
  | { readonly kind: 'until'; readonly monotonicMs: number; readonly failures: number }
  /** A person decides: retry, or skip with a reason. */
  | { readonly kind: 'person'; readonly reason: HoldReason; readonly message: string };

export type HoldReason =
  'forbidden' | 'refused' | 'too-large' | 'gap' | 'base-moved' | 'forked' | 'uncertified';

/** Groups the waiting operations of a journal, in the order of the device. */
export function saveGroups(waiting: readonly SignedOperation[]): readonly SaveGroup[] {
  const groups = new Map<GroupId, SignedOperation[]>();
  for (const signed of waiting) {
    const group = groups.get(signed.operation.groupId);
    if (group === undefined) groups.set(signed.operation.groupId, [signed]);
    else group.push(signed);
  }
  return [...groups].flatMap(([groupId, operations]) => {
    const ordered = [...operations].sort((left, right) => left.operation.laneSeq - right.operation.laneSeq);
    const first = ordered[0];
    return first === undefined ? [] : [{ groupId, lane: first.operation.lane, operations: ordered }];
  });
}

export interface PushPlanInput {
  /** Operations without a settlement. An operation whose place a `skip` gave up is not among them. */
  readonly waiting: readonly SignedOperation[];
  /** Groups that are on their way now. */
  readonly inFlight: ReadonlySet<GroupId>;
  readonly holds: ReadonlyMap<Lane, LaneHold>;
  readonly monotonicMs: number;
}

/**
 * The groups that may be sent now: the first of every lane that nothing holds, and of those only such as build on
 * no unsettled operation of another lane (the service could not know its base). One request a group.
 */
export function sendableGroups(input: PushPlanInput): readonly SaveGroup[] {
  const waitingIds = new Set<OperationId>(input.waiting.map((signed) => signed.operation.opId));
  const heads = new Map<Lane, SaveGroup>();
  for (const group of saveGroups(input.waiting)) {
    const head = heads.get(group.lane);
    if (head === undefined || firstSeq(group) < firstSeq(head)) heads.set(group.lane, group);
  }
  return [...heads.values()].filter(
    (group) =>
      !input.inFlight.has(group.groupId) &&
      !isHeld(input.holds.get(group.lane), input.monotonicMs) &&
      !waitsForAnother(group, waitingIds),
  );
}

/** The moment of the monotonic clock at which the first backing-off lane may go on; null if none backs off. */
export function nextRelease(holds: ReadonlyMap<Lane, LaneHold>): number | null {
  const moments = [...holds.values()].flatMap((hold) => (hold.kind === 'until' ? [hold.monotonicMs] : []));
  return moments.length === 0 ? null : Math.min(...moments);
}

function isHeld(hold: LaneHold | undefined, monotonicMs: number): boolean {
  return hold !== undefined && (hold.kind === 'person' || hold.monotonicMs > monotonicMs);
}

function waitsForAnother(group: SaveGroup, waiting: ReadonlySet<OperationId>): boolean {
  return group.operations.some(({ operation }) => {
    const base = operation.prevOpId;
    return (
      base !== undefined && waiting.has(base) && !group.operations.some((own) => own.operation.opId === base)
    );
  });
}

function firstSeq(group: SaveGroup): number {
  return group.operations[0]?.operation.laneSeq ?? Number.POSITIVE_INFINITY;
}
