import { describe, expect, it } from 'vitest';
import { readDateText } from '../../../../../renderer/features/dates/date-text.ts';

describe('dates typed the British way', () => {
  it.each([
    ['5 1 61', '1961-01-05'],
    ['05/01/1961', '1961-01-05'],
    ['5-Jan-1961', '1961-01-05'],
    ['5 january 61', '1961-01-05'],
    ['05011961', '1961-01-05'],
    ['1961-01-05', '1961-01-05'],
    ['1 12 27', '2027-12-01'],
    ['1 12 28', '1928-12-01'],
    ['29 2 2024', '2024-02-29'],
  ])('%s is %s', (typed, date) => {
    expect(readDateText(typed, '2026-11-22')).toBe(date);
  });

  it.each(['', '31 4 2020', '29 2 2023', '5 13 2020', '5 1', 'tomorrow'])('%s is no date', (typed) => {
    expect(readDateText(typed, '2026-11-22')).toBeNull();
  });
});
