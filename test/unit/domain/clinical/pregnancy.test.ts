import { describe, expect, it } from 'vitest';
import { asksPregnancy, pregnancyHoldsUntil, pregnancyOn } from '../../../../domain/clinical/pregnancy.ts';

describe('pregnancy has a date and an expiry', () => {
  it.each([
    ['not-pregnant', null, '2026-12-20'],
    ['pregnant', null, '2027-02-20'],
    ['recent-birth', null, '2027-01-03'],
    ['pregnant', '2027-03-01', '2027-03-15'],
    ['not-pregnant', '2027-03-01', '2026-12-20'],
  ] as const)('%s, expected %s, holds until %s', (answer, due, until) => {
    expect(pregnancyHoldsUntil(answer, '2026-11-22T10:00:00+00:00', due)).toBe(until);
  });

  it('holds on its last day and is asked again the day after, never assumed', () => {
    const recorded = { answer: 'pregnant', on: '2026-11-22', until: '2027-02-20', by: 'Nurse' } as const;
    expect(pregnancyOn(recorded, '2027-02-20T23:59:00+00:00')).toBe('pregnant');
    expect(pregnancyOn(recorded, '2027-02-21T00:00:00+00:00')).toBe('not-asked');
    expect(pregnancyOn(null, '2027-02-21')).toBe('not-asked');
  });

  it('is asked by recorded sex and age, and where neither is known', () => {
    expect([9, 10, 60, 61, null].map((age) => asksPregnancy(age, 'not-recorded'))).toEqual([
      false,
      true,
      true,
      false,
      true,
    ]);
    expect(asksPregnancy(30, 'male')).toBe(false);
    expect(asksPregnancy(30, 'female')).toBe(true);
  });
});
