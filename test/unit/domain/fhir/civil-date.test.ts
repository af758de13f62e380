import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  civilDate,
  compareCivilDates,
  dayOfWeek,
  daysBetween,
  formatCivilDate,
  fromDayNumber,
  parseCivilDate,
  toDayNumber,
  wholeMonthsBetween,
  type CivilDate,
} from '../../../../domain/fhir/civil-date.ts';

const anyDay = fc.integer({ min: -719_162, max: 2_932_896 }).map(fromDayNumber);

function day(text: string): CivilDate {
  const date = parseCivilDate(text);
  if (!date) throw new Error(`no such day: ${text}`);
  return date;
}

describe('civil dates', () => {
  it.each([
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['2000-02-29', 11_016],
    ['2000-03-01', 11_017],
    ['1900-03-01', -25_508],
    ['0001-01-01', -719_162],
    ['9999-12-31', 2_932_896],
  ])('counts %s as day %d', (text, number) => {
    expect(toDayNumber(day(text))).toBe(number);
    expect(formatCivilDate(fromDayNumber(number))).toBe(text);
  });

  it.each([
    '2019-02-29',
    '1900-02-29',
    '2019-13-01',
    '2019-00-01',
    '2019-04-31',
    '2019-01-00',
    '0000-01-01',
    '2019-1-1',
    '01-01-2019',
    '',
  ])('refuses %s', (text) => {
    expect(parseCivilDate(text)).toBeNull();
  });

  it('agrees with the engine’s own calendar for every day tried', () => {
    fc.assert(
      fc.property(anyDay, (date) => {
        const engine = new Date(Date.UTC(2000, date.month - 1, date.day));
        engine.setUTCFullYear(date.year, date.month - 1, date.day);
        expect(toDayNumber(date)).toBe(engine.getTime() / 86_400_000);
        expect(dayOfWeek(date)).toBe(engine.getUTCDay());
      }),
    );
  });

  it('goes there and back', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -4000, max: 4000 }), (date, days) => {
        const moved = addDays(date, days);
        if (moved.year < 1 || moved.year > 9999) return;
        expect(daysBetween(date, moved)).toBe(days);
        expect(civilDate(moved.year, moved.month, moved.day)).toEqual(moved);
        expect(Math.sign(compareCivilDates(moved, date))).toBe(Math.sign(days));
      }),
    );
  });

  it('clips a month’s end', () => {
    expect(formatCivilDate(addMonths(day('2024-01-31'), 1))).toBe('2024-02-29');
    expect(formatCivilDate(addMonths(day('2023-01-31'), 1))).toBe('2023-02-28');
    expect(formatCivilDate(addMonths(day('2024-03-31'), -13))).toBe('2023-02-28');
    expect(formatCivilDate(addMonths(day('2023-12-15'), 1))).toBe('2024-01-15');
  });

  it('counts whole months to the day', () => {
    expect(wholeMonthsBetween(day('2000-02-29'), day('2001-02-28'))).toBe(11);
    expect(wholeMonthsBetween(day('2000-02-29'), day('2001-03-01'))).toBe(12);
    expect(wholeMonthsBetween(day('2000-01-15'), day('2000-02-14'))).toBe(0);
    expect(wholeMonthsBetween(day('2000-01-15'), day('2000-02-15'))).toBe(1);
  });
});
