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
});
