import { describe, expect, test } from 'vitest';
import type { Measurement } from '../../../../tools/bench/measurement.ts';
import { median, quantile, spread } from '../../../../tools/bench/statistics.ts';
import { tableOf, verdictOf } from '../../../../tools/bench/table.ts';

const figure: Measurement = { name: 'Something', value: 10, unit: 'ms' };

describe('what a budget is held against', () => {
  test.each<[Partial<Measurement>, ReturnType<typeof verdictOf>]>([
    [{}, null],
    [{ budget: 10 }, 'met'],
    [{ budget: 9.9 }, 'missed'],
    [{ budget: 16, judgedBy: 'p95', p95: 17 }, 'missed'],
    [{ budget: 1.5, judgedBy: 'ratio', ratio: 1.4 }, 'met'],
    // What was to be measured and was not is not met.
    [{ budget: 16, judgedBy: 'p95' }, 'missed'],
    [{ budget: 16, value: Number.NaN }, 'missed'],
    [{ budget: 10, better: 'more' }, 'met'],
    [{ budget: 11, better: 'more' }, 'missed'],
  ])('%o is %s', (given, verdict) => {
    expect(verdictOf({ ...figure, ...given })).toBe(verdict);
  });
});

test('a missed budget is said loudly, and a bar in a name breaks no row', () => {
  const table = tableOf([{ ...figure, name: 'this | that', value: 12_345, budget: 100 }]);
  expect(table).toContain('**MISSED: ≤ 100 ms**');
  expect(table).toContain('this \\| that');
  expect(table).toContain('12,345 ms');
});

test('median and quantiles by nearest rank', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(quantile(hundred, 0.95)).toBe(95);
  expect(spread([7])).toEqual({ p50: 7, p95: 7 });
});
