import { backoffMs } from './backoff.ts';
import { classifyFailure } from './transport-failure.ts';
import type { Chance } from './backoff.ts';
import type { OperationId } from '../identifiers.ts';
import type { HoldReason, LaneHold, SaveGroup, Settlement } from './outbox.ts';
import type { Lane, OperationOutcome } from './operation.ts';
import type { TransportFailure } from './transport-failure.ts';

/** The part of the service's answer to a push that decides. */
export interface PushAnswerFacts {
  readonly outcomes: readonly OperationOutcome[];
  readonly position?: number;
  readonly epoch: string;
  readonly durable: boolean;
}

export interface SettledOperation {
  readonly opId: OperationId;
  readonly settlement: Settlement;
}

/** What follows from an answer, in the order in which it must be done. */
export type PushAction =
  | { readonly do: 'settle'; readonly settled: readonly SettledOperation[] }
  /** The service lacks what this lane sent before: everything from here on is to be sent again. */
  | { readonly do: 'reopen'; readonly lane: Lane; readonly fromLaneSeq: number }
  | { readonly do: 'hold'; readonly lane: Lane; readonly hold: LaneHold }
  | { readonly do: 'release'; readonly lane: Lane }
  /**
   * Take a new device id, number and sign the unsent work anew. `copied`: another copy of this profile used the same
   * places. `unknown`: the service does not know this computer or the author's key any more (it was restored).
   */
  | { readonly do: 'fork'; readonly why: 'copied' | 'unknown' }
  /** Nobody can be reached, or the service asks for patience: end the drain, go on after the pause. */
  | { readonly do: 'pause'; readonly why: 'offline' | 'busy'; readonly forMs: number }
  | { readonly do: 'stop'; readonly why: 'sign-in' | 'upgrade' };

export interface PushContext {
  readonly group: SaveGroup;
  /** How often in a row this lane (or the connection) failed before. */
  readonly failures: number;
  readonly monotonicMs: number;
  readonly chance: Chance;
}

/** Decides after an answer that the service gave. Nothing is taken as done without an outcome of its own (L30). */
export function afterAnswer(context: PushContext, answer: PushAnswerFacts): readonly PushAction[] {
  const { group } = context;
  const outcomes = new Map(answer.outcomes.map((outcome) => [outcome.opId, outcome]));
  const mine = group.operations.map((signed) => outcomes.get(signed.operation.opId));
  if (mine.some((outcome) => outcome === undefined)) return [holdFor(context, 0)];

  const held = mine.find((outcome) => outcome?.outcome === 'held');
  if (held?.outcome === 'held') return afterHeld(context, held.expectedLaneSeq);
  if (mine.some((outcome) => outcome?.outcome === 'rejected' && outcome.code === 'device-forked')) {
    return [{ do: 'fork', why: 'copied' }];
  }

  const settled = mine.flatMap((outcome): readonly SettledOperation[] =>
    outcome === undefined || outcome.outcome === 'held'
      ? []
      : [
          {
            opId: outcome.opId,
            settlement: {
              outcome,
              epoch: answer.epoch,
              durable: answer.durable,
              ...(answer.position === undefined ? {} : { position: answer.position }),
            },
          },
        ],
  );
  return [
    { do: 'settle', settled },
    { do: 'release', lane: group.lane },
  ];
}

/** Decides after a request that brought no answer. The operations stay as they are, whatever it was (Q7). */
export function afterFailure(context: PushContext, failure: TransportFailure): readonly PushAction[] {
  const retryAfterMs = failure.kind === 'status' ? (failure.retryAfterMs ?? 0) : 0;
  const pause = (why: 'offline' | 'busy'): readonly PushAction[] => [
    { do: 'pause', why, forMs: backoffMs(context.failures + 1, context.chance, retryAfterMs) },
  ];
  if (failure.kind === 'status' && (failure.code === 'author-unknown' || failure.code === 'device-unknown')) {
    return [{ do: 'fork', why: 'unknown' }];
  }
  const kind = classifyFailure(failure);
  switch (kind) {
    case 'offline':
    case 'busy':
      return pause(kind);
    case 'retry-lane':
      return [holdFor(context, retryAfterMs)];
    case 'sign-in':
    case 'upgrade':
      return [{ do: 'stop', why: kind }];
    case 'forbidden':
      return [personDecides(context, 'forbidden', failure)];
    case 'too-large':
      return [personDecides(context, 'too-large', failure)];
    case 'conflict':
      return [personDecides(context, 'base-moved', failure)];
    case 'resync':
    case 'person':
      return [personDecides(context, 'refused', failure)];
  }
}

function afterHeld(context: PushContext, expectedLaneSeq: number): readonly PushAction[] {
  const { lane, operations } = context.group;
  const first = operations[0]?.operation.laneSeq ?? 0;
  // A service that expects exactly what it was sent, or less than nothing, contradicts itself: wait, and say so.
  if (expectedLaneSeq >= first || expectedLaneSeq < 1) return [holdFor(context, 0)];
  return [{ do: 'reopen', lane, fromLaneSeq: expectedLaneSeq }];
}

function holdFor(context: PushContext, retryAfterMs: number): PushAction {
  const failures = context.failures + 1;
  return {
    do: 'hold',
    lane: context.group.lane,
    hold: {
      kind: 'until',
      failures,
      monotonicMs: context.monotonicMs + backoffMs(failures, context.chance, retryAfterMs),
    },
  };
}

function personDecides(context: PushContext, reason: HoldReason, failure: TransportFailure): PushAction {
  const said = failure.kind === 'status' ? failure.message : undefined;
  return {
    do: 'hold',
    lane: context.group.lane,
    hold: { kind: 'person', reason, message: said ?? holdWords[reason] },
  };
}

/** What a person reads where a lane waits for a decision. */
export const holdWords: Readonly<Record<HoldReason, string>> = {
  forbidden: 'The record service does not allow this. The work is kept here and can be exported.',
  refused: 'The record service could not read this. The work is kept here and can be exported.',
  'too-large':
    'This save is larger than the record service takes. The work is kept here and can be exported.',
  gap: 'The record service misses earlier work that this computer no longer holds.',
  'base-moved': 'The record had changed in the meantime. Both versions are kept.',
  uncertified:
    'The record service does not know this signature any more. The work is kept; its author unlocks this computer and signs in once, then it is signed again and sent.',
  forked: 'This profile was copied. Unlock once, so that unsent work can be signed again.',
};
