import { describe, expect, it } from 'vitest';
import { timeTicks } from '../../../../../renderer/features/record/chart-time.ts';

const words = (low: string, high: string): string[] =>
  timeTicks(Date.parse(low), Date.parse(high), 7).map((tick) => tick.words);

describe('the labels of a time axis', () => {
  it('stand at beginnings of days, months, quarters and years, whatever the range', () => {
    expect(words('2026-11-20T09:00:00Z', '2026-11-23T10:00:00Z')).toEqual([
      '21-Nov-2026',
      '22-Nov-2026',
      '23-Nov-2026',
    ]);
    expect(words('2026-05-23T09:00:00Z', '2026-11-23T10:00:00Z')).toEqual([
      'Jun-2026',
      'Jul-2026',
      'Aug-2026',
      'Sep-2026',
      'Oct-2026',
      'Nov-2026',
    ]);
    expect(words('2025-02-20T09:00:00Z', '2026-11-23T10:00:00Z')).toEqual([
      'Apr-2025',
      'Jul-2025',
      'Oct-2025',
      'Jan-2026',
      'Apr-2026',
      'Jul-2026',
      'Oct-2026',
    ]);
    expect(words('2020-01-26T12:20:00Z', '2024-09-09T13:20:00Z')).toEqual(['2021', '2022', '2023', '2024']);
  });

  it('are never more than asked for, never none, and never two of the same words', () => {
    const end = Date.parse('2026-11-23T10:00:00Z');
    for (let days = 0; days < 20_000; days = days * 2 + 1) {
      const ticks = timeTicks(end - days * 86_400_000, end, 7);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(7);
      expect(new Set(ticks.map((tick) => tick.words)).size).toBe(ticks.length);
    }
  });
});
