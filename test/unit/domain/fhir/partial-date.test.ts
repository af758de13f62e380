import { describe, expect, it } from 'vitest';
import { earliestMoment, parsePartialDate, sortKeyOf } from '../../../../domain/fhir/partial-date.ts';

describe('partial dates', () => {
  it.each([
    ['2019', 'year'],
    ['2019-02', 'month'],
    ['2020-02', 'month'],
    ['2019-02-03', 'day'],
    ['2019-02-03T10:15:00+01:00', 'time'],
  ])('reads %s with %s precision', (text, precision) => {
    const date = parsePartialDate(text);
    expect(date?.precision).toBe(precision);
    expect(date?.text).toBe(text);
  });

  it.each([
    '',
    '19',
    '0000',
    '2019-13',
    '2019-02-30',
    '2019-02-03T24:00:00Z',
    '2019-02-03T10:60:00Z',
    '2019-02-03 10:00',
    'T10:00',
  ])('refuses %s', (text) => {
    expect(parsePartialDate(text)).toBeNull();
  });

  it('keeps zone and fraction', () => {
    const date = parsePartialDate('2019-07-03T10:15:30.1239-05:30');
    expect(date).toMatchObject({ offsetMinutes: -330, millisecond: 123, second: 30 });
    expect(date && earliestMoment(date)).toBe(Date.parse('2019-07-03T10:15:30.123-05:30'));
  });

  it('sorts any precision by earliest moment and loses no unreadable text', () => {
    const sorted = ['2020', 'rubbish', '2019-12-31T23:30:00Z', '2020-01-01', '2019'].sort(
      (a, b) => sortKeyOf(a) - sortKeyOf(b),
    );
    expect(sorted).toEqual(['rubbish', '2019', '2019-12-31T23:30:00Z', '2020', '2020-01-01']);
  });
});
