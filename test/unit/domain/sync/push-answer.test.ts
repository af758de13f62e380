import { describe, expect, it } from 'vitest';
import type { OperationId } from '../../../../domain/identifiers.ts';
import { saveGroups } from '../../../../domain/sync/outbox.ts';
import type { SaveGroup } from '../../../../domain/sync/outbox.ts';
import { afterAnswer, afterFailure } from '../../../../domain/sync/push-answer.ts';
import type { PushAction, PushContext } from '../../../../domain/sync/push-answer.ts';
import type { OperationOutcome } from '../../../../domain/sync/operation.ts';
import { signedOperation } from '../../../support/signed-operation.ts';

const group = saveGroups([
  signedOperation('a', { groupId: 'g', groupSize: 2, laneSeq: 4 }),
  signedOperation('b', { groupId: 'g', groupSize: 2, laneSeq: 5 }),
])[0] as SaveGroup;
const context: PushContext = { group, failures: 0, monotonicMs: 0, chance: () => 0.5 };

const applied = (opId: string, version = 1): OperationOutcome => ({
  opId: opId as OperationId,
  outcome: 'applied',
  version,
});
const held = (opId: string, expectedLaneSeq: number): OperationOutcome => ({
  opId: opId as OperationId,
  outcome: 'held',
  expectedLaneSeq,
});
const answered = (outcomes: readonly OperationOutcome[]): readonly PushAction[] =>
  afterAnswer(context, { outcomes, epoch: 'e', durable: true, position: 9 });
const kinds = (actions: readonly PushAction[]): readonly string[] => actions.map((action) => action.do);

describe('after an answer', () => {
  it('settles each operation by its own outcome', () => {
    const [settle] = answered([applied('a'), applied('b', 3)]);
    expect(settle).toMatchObject({ do: 'settle', settled: [{ opId: 'a' }, { opId: 'b' }] });
  });

  it('L30 L6: an answer that leaves out an operation acknowledges nothing', () => {
    expect(kinds(answered([applied('a')]))).toEqual(['hold']);
    expect(kinds(answered([]))).toEqual(['hold']);
    expect(kinds(answered([applied('x'), applied('y')]))).toEqual(['hold']);
  });

  it('L28: a gap at the service reopens what the service lacks; nothing counts as stored', () => {
    expect(answered([held('a', 2), held('b', 2)])).toEqual([
      { do: 'reopen', lane: group.lane, fromLaneSeq: 2 },
    ]);
  });

  it('L28: a service that expects what it was sent is asked again later, never in a tight loop', () => {
    expect(kinds(answered([held('a', 4), held('b', 4)]))).toEqual(['hold']);
  });
});

describe('after a failure', () => {
  const failed = (status: number, retryAfterMs?: number): readonly PushAction[] =>
    afterFailure(context, {
      kind: 'status',
      status,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });

  it('Q7: 401 stops and asks to sign in; it uses up no tries and drops nothing', () => {
    expect(failed(401)).toEqual([{ do: 'stop', why: 'sign-in' }]);
  });

  it('a signature or a computer that the service forgot is signed anew, never refused for ever', () => {
    for (const [status, code] of [
      [403, 'author-unknown'],
      [404, 'device-unknown'],
    ] as const) {
      expect(afterFailure(context, { kind: 'status', status, code })).toEqual([
        { do: 'fork', why: 'unknown' },
      ]);
    }
  });

  it('Q10: 403 becomes visible and waits for a person; it is not tried in silence', () => {
    expect(failed(403)).toMatchObject([{ do: 'hold', hold: { kind: 'person', reason: 'forbidden' } }]);
  });

  it('Q6: a permanent error is named once and waits for a person', () => {
    for (const status of [400, 404, 405, 415, 422]) {
      expect(failed(status)).toMatchObject([{ do: 'hold', hold: { kind: 'person', reason: 'refused' } }]);
    }
  });

  it('L18: 409 and 412 alike are a moved base, never a blind second try', () => {
    for (const status of [409, 412]) {
      expect(failed(status)).toMatchObject([{ do: 'hold', hold: { kind: 'person', reason: 'base-moved' } }]);
    }
  });

  it('Q9: a portal, a gateway and silence are offline', () => {
    expect(kinds(afterFailure(context, { kind: 'foreign-answer' }))).toEqual(['pause']);
    expect(kinds(afterFailure(context, { kind: 'truncated' }))).toEqual(['pause']);
    expect(kinds(failed(302))).toEqual(['pause']);
    expect(kinds(failed(511))).toEqual(['pause']);
  });

  it('Q14: 429 pauses everything for at least Retry-After', () => {
    expect(failed(429, 30_000)).toMatchObject([{ do: 'pause', why: 'busy' }]);
    const [pause] = failed(429, 30_000);
    expect(pause?.do === 'pause' ? pause.forMs : 0).toBeGreaterThanOrEqual(30_000);
  });

  it('L25: a 500 holds back its own lane only, and only for a while', () => {
    expect(failed(500)).toMatchObject([{ do: 'hold', lane: group.lane, hold: { kind: 'until' } }]);
  });

  it('426 keeps the queue and asks for an upgrade', () => {
    expect(failed(426)).toEqual([{ do: 'stop', why: 'upgrade' }]);
  });
});
