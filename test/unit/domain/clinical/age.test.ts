import { describe, expect, it } from 'vitest';
import { ageInMonths, ageInYears, bannerAge } from '../../../../domain/clinical/age.ts';

const bornAt = (birthTime: string) => ({ birthDate: birthTime.slice(0, 10), birthTime });

describe('age in the banner', () => {
  it.each([
    ['2026-11-22T10:00:00Z', '2026-11-22T10:00:00Z', '0 min'],
    ['2026-11-22T10:00:00Z', '2026-11-22T11:59:59Z', '119 min'],
    ['2026-11-22T10:00:00Z', '2026-11-22T12:00:00Z', '2 hrs'],
    ['2026-11-22T10:00:00Z', '2026-11-24T09:59:00Z', '47 hrs'],
    ['2026-11-22T10:00:00Z', '2026-11-24T10:00:00Z', '2d'],
  ])('born %s, at %s: %s', (birthTime, date, age) => {
    expect(bannerAge(bornAt(birthTime), { date })).toBe(age);
  });

  it.each([
    ['2026-11-22', '2026-11-22', '0d'],
    ['2026-10-26', '2026-11-22', '27d'],
    ['2026-10-25', '2026-11-22', '4w 0d'],
    ['2026-10-24', '2026-11-22', '4w 1d'],
    ['2025-11-23', '2026-11-22', '52w 0d'],
    ['2025-11-22', '2026-11-22', '12m 0d'],
    ['2025-11-14', '2026-11-22', '12m 8d'],
    ['2024-11-23', '2026-11-22', '23m 30d'],
    ['2024-11-22', '2026-11-22', '2y 0m'],
    ['2022-10-22', '2026-11-22', '4y 1m'],
    ['2008-11-23', '2026-11-22', '17y 11m'],
    ['2008-11-22', '2026-11-22', '18y'],
    ['1961-01-05', '2026-11-22', '65y'],
    ['2008-02-29', '2026-02-28', '17y 11m'],
    ['2008-02-29', '2026-03-01', '18y'],
    ['1961', '2026-11-22', 'about 65y'],
    ['1961-12', '2026-11-22', 'about 64y'],
    ['2026-01', '2026-11-22', 'about 10m'],
    ['2026-11-23', '2026-11-22', null],
    ['rubbish', '2026-11-22', null],
    [undefined, '2026-11-22', null],
  ])('born %s, on %s: %s', (birthDate, date, age) => {
    expect(bannerAge({ birthDate }, { date })).toBe(age);
  });

  it('counts the local day: 23:30 UTC in summer is the birthday', () => {
    expect(bannerAge({ birthDate: '2000-07-01' }, { date: '2026-06-30T23:30:00Z' })).toBe('26y');
  });
});

describe('age for rules', () => {
  it.each([
    ['2010-11-22', 16],
    ['2010-11-23', 15],
    ['2010', null],
    ['2010-10', 16],
    ['2010-11', null],
    ['2010-12', 15],
    ['2030-01-01', null],
  ])('born %s is %s on 22-Nov-2026', (birthDate, years) => {
    expect(ageInYears(birthDate, '2026-11-22')).toBe(years);
  });

  it('counts whole months', () => {
    expect(ageInMonths('2026-01-22', '2026-11-22')).toBe(10);
  });
});
