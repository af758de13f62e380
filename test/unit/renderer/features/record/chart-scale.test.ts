import { describe, expect, it } from 'vitest';
import { scaleOf, ticksOf, valueRange } from '../../../../../renderer/features/record/chart-scale.ts';

describe('the scale of a graph', () => {
  it('is proportional', () => {
    const scale = scaleOf(0, 10, 100, 200);
    expect([scale.at(0), scale.at(5), scale.at(10)]).toEqual([100, 150, 200]);
  });

  it('has round steps, free of binary drift, inside the range', () => {
    expect(ticksOf(36.1, 38.4, 5)).toEqual([36.5, 37, 37.5, 38]);
    expect(ticksOf(0, 0.7, 5)).toEqual([0, 0.2, 0.4, 0.6]);
  });

  it('leaves room around the values and the range that came with them', () => {
    const { low, high } = valueRange([120, 140], [90, null]);
    expect(low).toBeLessThan(90);
    expect(high).toBeGreaterThan(140);
  });

  it('never shows less than a fifth of the highest value: noise looks like noise', () => {
    const { low, high } = valueRange([63, 67], []);
    expect(high - low).toBeGreaterThanOrEqual(67 * 0.2);
    expect((low + high) / 2).toBeCloseTo(65);
    // A real change fills its graph as before.
    const wide = valueRange([60, 120], []);
    expect(wide.high - wide.low).toBeCloseTo(72);
  });

  it('keeps a percentage below what there is', () => {
    const { low, high } = valueRange([98, 99], [], 100);
    expect(ticksOf(low, high, 5).at(-1)).toBe(100);
    expect(low).toBeLessThan(82);
  });

  it('shows a lone value, nought too', () => {
    expect(valueRange([0], [])).toEqual({ low: -0.1, high: 0.1 });
    const { low, high } = valueRange([37], []);
    expect([low < 37, high > 37]).toEqual([true, true]);
  });
});
