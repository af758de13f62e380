import { describe, expect, it } from 'vitest';
import {
  displayDate,
  displayDateTime,
  displayDateWithWeekday,
  displayExactTime,
  displayTime,
  longDate,
  monthNumber,
} from '../../../../domain/clinical/date-display.ts';

describe('dates on screen', () => {
  it.each([
    ['2009-01-05', '05-Jan-2009'],
    ['2009-05-31', '31-May-2009'],
    ['2009-09', 'Sep-2009'],
    ['2009', '2009'],
    ['2009-06-30T23:30:00Z', '01-Jul-2009'],
    ['2009-06-30T23:30:00+01:00', '30-Jun-2009'],
    [undefined, 'Not recorded'],
    ['', 'Not recorded'],
    ['last spring', 'last spring'],
  ])('%s shows as %s', (text, shown) => {
    expect(displayDate(text)).toBe(shown);
  });

  it('shows 24-hour local time with leading zeros', () => {
    expect(displayTime('2009-01-05T00:00:00Z')).toBe('00:00');
    expect(displayTime('2009-07-05T08:05:00Z')).toBe('09:05');
    expect(displayTime('2009-07-05')).toBeNull();
    expect(displayDateTime('2009-01-05T14:05:00Z')).toBe('05-Jan-2009 14:05');
    expect(displayDateTime('2009-01')).toBe('Jan-2009');
  });

  it('shows of provenance the second and the zone, and no more than was recorded', () => {
    expect(displayExactTime('2009-01-05T14:05:09Z')).toBe('05-Jan-2009 14:05:09 GMT');
    expect(displayExactTime('2009-06-30T23:30:07Z')).toBe('01-Jul-2009 00:30:07 BST');
    expect(displayExactTime('2009-07-05T14:05:09+01:00')).toBe('05-Jul-2009 14:05:09 BST');
    expect(displayExactTime('2009-01-05T14:05Z')).toBe('05-Jan-2009 14:05 GMT');
    expect(displayExactTime('2009-01-05')).toBe('05-Jan-2009');
    expect(displayExactTime(undefined)).toBe('Not recorded');
    expect(displayExactTime('last spring')).toBe('last spring');
  });

  it('names the weekday', () => {
    expect(displayDateWithWeekday('2009-01-05')).toBe('Mon 05-Jan-2009');
    expect(displayDateWithWeekday('2009-06-30T23:30:00Z')).toBe('Wed 01-Jul-2009');
    expect(displayDateWithWeekday('2009')).toBe('2009');
    expect(displayDateWithWeekday(undefined)).toBe('Not recorded');
  });

  it.each([
    ['1980-08-14', '14 August 1980'],
    ['1980-08', 'August 1980'],
    ['1980', '1980'],
    [undefined, 'Not recorded'],
    ['soon', 'soon'],
  ])('%s reads out as %s', (text, spoken) => {
    expect(longDate(text)).toBe(spoken);
  });

  it('knows months by word', () => {
    expect(monthNumber('jan')).toBe(1);
    expect(monthNumber('Sept')).toBe(9);
    expect(monthNumber('December')).toBe(12);
    expect(monthNumber('ma')).toBeNull();
    expect(monthNumber('march hare')).toBeNull();
  });
});
