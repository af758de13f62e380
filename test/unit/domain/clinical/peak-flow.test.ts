import { describe, expect, it } from 'vitest';
import { bestPeakFlow, peakFlowComparison } from '../../../../domain/clinical/peak-flow.ts';

const series = (kind: string, unit: string, ...values: readonly number[]) => ({
  kind,
  unit,
  points: values.map((value, index) => ({ value, when: `2026-0${index + 1}-01` })),
});

describe('peak flow beside best ever', () => {
  it('the best is the highest, recorded as such or measured, in litres a minute', () => {
    expect(
      bestPeakFlow([
        series('peakFlow', 'L/min', 380, 450, 400),
        series('peakFlowBest', 'L/min', 420),
        series('peakFlow', 'L/s', 600),
        series('peakFlowExpected', 'L/min', 610),
      ]),
    ).toEqual({ value: 450, when: '2026-02-01' });
    expect(bestPeakFlow([series('peakFlowBest', 'L/min', 520), series('peakFlow', 'L/min', 450)])).toEqual({
      value: 520,
      when: '2026-01-01',
    });
  });

  it('without one there is none', () => {
    expect(bestPeakFlow([series('pulse', '/min', 450)])).toBeNull();
  });

  it.each([
    [131, '33% of best ever'],
    [400, '100% of best ever'],
    [401, 'above the best ever'],
  ])('%d of 400 is %s', (value, words) => {
    expect(peakFlowComparison(value, { value: 400, when: '2026-01-01' })).toBe(words);
  });
});
