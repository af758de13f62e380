import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { englishOffsetMinutes, localDayOf, localTimeOf } from '../../../../domain/fhir/local-time.ts';

describe('English local time', () => {
  it.each([
    ['2024-03-31T00:59:59Z', 0],
    ['2024-03-31T01:00:00Z', 60],
    ['2024-10-27T00:59:59Z', 60],
    ['2024-10-27T01:00:00Z', 0],
    ['2025-03-30T01:00:00Z', 60],
    ['2025-10-26T01:00:00Z', 0],
    ['2026-01-01T00:00:00Z', 0],
  ])('at %s is %d minutes ahead of UTC', (instant, minutes) => {
    expect(englishOffsetMinutes(Date.parse(instant))).toBe(minutes);
  });

  it('moves a late summer evening in UTC to the next day', () => {
    expect(localDayOf('2024-06-30T23:30:00Z')).toEqual({ year: 2024, month: 7, day: 1 });
    expect(localDayOf('2024-01-31T23:30:00Z')).toEqual({ year: 2024, month: 1, day: 31 });
    expect(localDayOf('2024-06-30T23:30:00')).toEqual({ year: 2024, month: 6, day: 30 });
    expect(localDayOf('2024-06')).toBeNull();
  });

  it('agrees with the engine’s Europe/London since 1996', () => {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/London',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1996, 0, 1), max: Date.UTC(2037, 11, 31) }), (moment) => {
        const local = localTimeOf(moment);
        const ours = `${String(local.hour).padStart(2, '0')}:${String(local.minute).padStart(2, '0')}`;
        expect(ours).toBe(format.format(moment));
      }),
    );
  });
});
