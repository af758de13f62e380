import { describe, expect, it } from 'vitest';
import { VISIT_TIME_URLS } from '../../../../../domain/record/agenda.ts';
import { withVisitStep } from '../../../../../renderer/features/surgery/visit-change.ts';
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
});
