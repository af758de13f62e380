import { describe, expect, it } from 'vitest';
import type { GroupId } from '../../../../domain/identifiers.ts';
import { sendableGroups } from '../../../../domain/sync/outbox.ts';
import type { LaneHold, PushPlanInput } from '../../../../domain/sync/outbox.ts';
import type { Author, Lane, SignedOperation } from '../../../../domain/sync/operation.ts';
import { signedOperation, theGp } from '../../../support/signed-operation.ts';

const nurse: Author = {
  ...theGp,
  userId: 'user-nurse' as Author['userId'],
  name: 'Ruth Ellison',
  role: 'nurse',
};

function plan(waiting: readonly SignedOperation[], more: Partial<PushPlanInput> = {}): readonly string[] {
  return sendableGroups({ waiting, inFlight: new Set(), holds: new Map(), monotonicMs: 0, ...more }).map(
    (group) => group.operations.map((signed) => signed.operation.opId).join('+'),
  );
}

const laneOfFirst = (signed: SignedOperation): Lane => signed.operation.lane;

describe('what may be sent', () => {
  it('L26: one group a lane, in the order of the lane, whatever the order of the journal', () => {
    const second = signedOperation('b', { laneSeq: 2, deviceSeq: 2 });
    const first = signedOperation('a', { laneSeq: 1 });
    expect(plan([second, first])).toEqual(['a']);
  });

  it('L4: lanes are independent: a permuted and partly acknowledged log never throws, other patients drain', () => {
    const waiting = [
      signedOperation('c', { laneSeq: 7, patientId: 'p3' }),
      signedOperation('a', { laneSeq: 3, patientId: 'p1' }),
      signedOperation('b', { laneSeq: 9, patientId: 'p2', prevOpId: 'long acknowledged' }),
    ];
    expect([...plan(waiting)].sort()).toEqual(['a', 'b', 'c']);
  });

  it('Q4: a lane that waits for a person holds no other lane, not even of the same patient', () => {
    const stuck = signedOperation('nurse', { author: nurse });
    const free = signedOperation('doctor', { deviceSeq: 2 });
    const hold: LaneHold = { kind: 'person', reason: 'refused', message: '' };
    expect(plan([stuck, free], { holds: new Map([[laneOfFirst(stuck), hold]]) })).toEqual(['doctor']);
  });

  it('D8: work that builds on an unsettled operation of another lane waits for it; the rest does not', () => {
    const base = signedOperation('base', { author: nurse, resource: 'MedicationRequest/m' });
    const dependant = signedOperation('dependant', {
      prevOpId: 'base',
      resource: 'MedicationRequest/m',
      kind: 'amend',
    });
    const other = signedOperation('other', { patientId: 'p2' });
    expect(plan([dependant, base, other])).toEqual(['base', 'other']);
    expect(plan([dependant, other])).toEqual(['dependant', 'other']);
  });

  it('sends a save group whole, in one request, and not twice at a time', () => {
    const group = [
      signedOperation('a', { groupId: 'g', groupSize: 2, laneSeq: 1 }),
      signedOperation('b', { groupId: 'g', groupSize: 2, laneSeq: 2 }),
    ];
    expect(plan(group)).toEqual(['a+b']);
    expect(plan(group, { inFlight: new Set(['g' as GroupId]) })).toEqual([]);
  });

  it('Q1: a lane that backs off goes on by itself when its pause is over', () => {
    const signed = signedOperation('a');
    const holds = new Map([
      [laneOfFirst(signed), { kind: 'until', monotonicMs: 5_000, failures: 3 } as const],
    ]);
    expect(plan([signed], { holds, monotonicMs: 4_999 })).toEqual([]);
    expect(plan([signed], { holds, monotonicMs: 5_000 })).toEqual(['a']);
  });
});
