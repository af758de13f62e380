import { describe, expect, it } from 'vitest';
import { backoffMs, nextBatchSize } from '../../../../domain/sync/backoff.ts';

const never = (): number => 0;
const always = (): number => 0.999_999;

describe('backoff', () => {
  it('Q1: grows to its longest pause and goes on for ever, without a budget', () => {
    expect(backoffMs(1, always)).toBe(1_000);
    expect(backoffMs(3, always)).toBe(4_000);
    expect(backoffMs(1_000_000, always)).toBe(60_000);
  });

  it('Q14: leaves half of the pause to chance, so that 200 computers do not return together', () => {
    let seed = 1;
    const chance = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const pauses = Array.from({ length: 200 }, () => backoffMs(6, chance));
    expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(10_000);
    // In no tenth of the span more than a fifth of them.
    const span = (Math.max(...pauses) - Math.min(...pauses)) / 10;
    const first = Math.min(...pauses);
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const within = pauses.filter((pause) => Math.floor((pause - first) / span) === tenth).length;
      expect(within).toBeLessThan(40);
    }
  });

  it('Q14: never comes back before Retry-After, and does not obey an absurd one', () => {
    expect(backoffMs(1, never, 20_000)).toBe(20_000);
    expect(backoffMs(1, always, 20_000)).toBeLessThanOrEqual(30_000);
    expect(backoffMs(1, always, 86_400_000)).toBeLessThanOrEqual(1.5 * 15 * 60_000);
  });

  it('Q15: a batch that shrank on a slow line grows again when the line recovers', () => {
    const limits = { least: 5, most: 400, targetMs: 1_000 };
    let size = 200;
    for (let batch = 0; batch < 10; batch += 1) size = nextBatchSize(size, 8_000, limits);
    expect(size).toBe(5);
    for (let batch = 0; batch < 10; batch += 1) size = nextBatchSize(size, 100, limits);
    expect(size).toBe(400);
    expect(nextBatchSize(200, 'failed', limits)).toBe(50);
  });
});
