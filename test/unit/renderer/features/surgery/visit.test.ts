import { describe, expect, it } from 'vitest';
import { VISIT_TIME_URLS } from '../../../../../domain/record/agenda.ts';
import {
  NEXT_STEPS,
  withStepTakenBack,
  withVisitStep,
} from '../../../../../renderer/features/surgery/visit-change.ts';
import { onLeaving } from '../../../../../renderer/features/surgery/visit-walk.ts';
import { visitStatus } from '../../../../../renderer/features/surgery/visit-status.ts';

const at = '2026-11-22T09:05:00+00:00';

describe('a visit', () => {
  it.each([
    ['booked', null, null, 'booked'],
    ['arrived', null, null, 'arrived'],
    ['arrived', at, null, 'called'],
    ['checked-in', at, null, 'in'],
    ['checked-in', at, at, 'left'],
    ['fulfilled', at, null, 'left'],
    ['noshow', null, null, 'did-not-attend'],
    ['cancelled', null, null, 'cancelled'],
  ] as const)('%s, called %s, left %s is %s', (status, calledAt, leftAt, expected) => {
    expect(visitStatus({ status, calledAt, leftAt })).toBe(expected);
  });

  it('keeps the time of each step and every other extension', () => {
    const other = { url: 'https://example.org/other', valueString: 'kept' };
    const arrived = withVisitStep(
      { resourceType: 'Appointment', id: '1', extension: [other] },
      'arrived',
      at,
    );
    const called = withVisitStep(arrived, 'called', at);
    expect(called).toMatchObject({
      status: 'arrived',
      extension: [
        other,
        { url: VISIT_TIME_URLS.arrivedAt, valueDateTime: at },
        { url: VISIT_TIME_URLS.calledAt, valueDateTime: at },
      ],
    });
  });

  it('is put back as it was before a slip, with what came in between', () => {
    const before = withVisitStep({ resourceType: 'Appointment', id: '1', status: 'booked' }, 'arrived', at);
    const left = { ...withVisitStep(before, 'left', '2026-11-22T09:30:00+00:00'), comment: 'meanwhile' };
    expect(withStepTakenBack(left, before)).toEqual({ ...before, comment: 'meanwhile' });
    const booked = { resourceType: 'Appointment', id: '1', status: 'booked' };
    expect(withStepTakenBack(before, booked)).toEqual(booked);
  });
});

describe('a cancelled visit', () => {
  it('bears its reason, may be cancelled after arrival, and comes back as it stood', () => {
    expect(NEXT_STEPS.arrived.map(({ to }) => to)).toContain('cancelled');
    expect(NEXT_STEPS.in.map(({ to }) => to)).not.toContain('cancelled');
    const arrived = withVisitStep({ resourceType: 'Appointment', id: '1', status: 'booked' }, 'arrived', at);
    const cancelled = withVisitStep(arrived, 'cancelled', at, 'Booked by mistake');
    expect(cancelled).toMatchObject({
      status: 'cancelled',
      cancelationReason: { text: 'Booked by mistake' },
    });
    expect(withStepTakenBack(cancelled, arrived)).toEqual(arrived);
  });
});

describe('the next-patient key ends a visit only where its work has ended', () => {
  it.each([
    ['in', false, false, false, 'finish'],
    ['in', true, true, false, 'unsigned'],
    ['in', true, false, true, 'finish'],
    ['in', false, false, true, 'nothing-signed'],
    ['in', false, true, true, 'unsigned'],
    ['called', true, false, false, 'finish'],
    ['arrived', true, false, false, 'finish'],
    ['arrived', false, false, false, 'leave'],
    ['arrived', false, true, false, 'leave'],
    ['booked', true, false, false, 'leave'],
    ['left', true, false, false, 'leave'],
    ['did-not-attend', false, false, false, 'leave'],
  ] as const)(
    '%s, signed here %s, a draft open %s, begun by a note %s: %s',
    (status, signedHere, draftOpen, begunByNote, expected) => {
      expect(onLeaving({ status, signedHere, draftOpen, begunByNote })).toBe(expected);
    },
  );
});
