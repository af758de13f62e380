import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  news2Advice,
  scoreNews2,
  type News2Measurements,
  type News2Parameter,
  type News2Patient,
  type Spo2Scale,
} from '../../../../domain/clinical/news2.ts';

const adult: News2Patient = { ageYears: 65, pregnancy: 'not-pregnant' };
const scale1: Spo2Scale = { scale: 1 };
const scale2: Spo2Scale = { scale: 2, confirmedBy: 'Dr A', confirmedOn: '2026-01-01' };
const well: News2Measurements = {
  respiration: 16,
  spo2: 97,
  oxygen: 'air',
  systolic: 120,
  pulse: 70,
  consciousness: 'alert',
  temperature: 37,
};

function partScore(
  parameter: News2Parameter,
  measured: News2Measurements,
  scale = scale1,
): number | null | undefined {
  const result = scoreNews2(measured, adult, scale);
  return result.kind === 'not-applicable'
    ? undefined
    : result.parts.find((part) => part.parameter === parameter)?.score;
}

describe('NEWS2 chart 1, at every boundary', () => {
  it.each([
    [8, 3],
    [9, 1],
    [11, 1],
    [12, 0],
    [20, 0],
    [21, 2],
    [24, 2],
    [25, 3],
    [1, 3],
    [120, 3],
  ])('respiration %d scores %d', (respiration, score) => {
    expect(partScore('respiration', { ...well, respiration })).toBe(score);
  });

  it.each([
    [91, 3],
    [92, 2],
    [93, 2],
    [94, 1],
    [95, 1],
    [96, 0],
    [100, 0],
    [30, 3],
  ])('SpO2 %d on scale 1 scores %d', (spo2, score) => {
    expect(partScore('spo2', { ...well, spo2 })).toBe(score);
    expect(partScore('spo2', { ...well, spo2, oxygen: 'oxygen' })).toBe(score);
  });

  it.each([
    [83, 3, 3],
    [84, 2, 2],
    [85, 2, 2],
    [86, 1, 1],
    [87, 1, 1],
    [88, 0, 0],
    [92, 0, 0],
    [93, 0, 1],
    [94, 0, 1],
    [95, 0, 2],
    [96, 0, 2],
    [97, 0, 3],
    [100, 0, 3],
  ])('SpO2 %d on scale 2 scores %d on air and %d on oxygen', (spo2, onAir, onOxygen) => {
    expect(partScore('spo2', { ...well, spo2 }, scale2)).toBe(onAir);
    expect(partScore('spo2', { ...well, spo2, oxygen: 'oxygen' }, scale2)).toBe(onOxygen);
  });

  it('does not guess air or oxygen on scale 2 from 93 %', () => {
    expect(partScore('spo2', { ...well, spo2: 93, oxygen: undefined }, scale2)).toBeNull();
    expect(partScore('spo2', { ...well, spo2: 92, oxygen: undefined }, scale2)).toBe(0);
  });

  it.each([
    [90, 3],
    [91, 2],
    [100, 2],
    [101, 1],
    [110, 1],
    [111, 0],
    [219, 0],
    [220, 3],
  ])('systolic %d scores %d', (systolic, score) => {
    expect(partScore('systolic', { ...well, systolic })).toBe(score);
  });

  it.each([
    [40, 3],
    [41, 1],
    [50, 1],
    [51, 0],
    [90, 0],
    [91, 1],
    [110, 1],
    [111, 2],
    [130, 2],
    [131, 3],
  ])('pulse %d scores %d', (pulse, score) => {
    expect(partScore('pulse', { ...well, pulse })).toBe(score);
  });

  it.each([
    [35.0, 3],
    [35.1, 1],
    [36.0, 1],
    [36.1, 0],
    [38.0, 0],
    [38.1, 1],
    [39.0, 1],
    [39.1, 2],
    [38.04, 0],
    [38.05, 1],
    [39.05, 2],
  ])('temperature %d scores %d', (temperature, score) => {
    expect(partScore('temperature', { ...well, temperature })).toBe(score);
  });

  it.each([
    ['alert', 0],
    ['usual-confusion', 0],
    ['new-confusion', 3],
    ['voice', 3],
    ['pain', 3],
    ['unresponsive', 3],
  ] as const)('consciousness %s scores %d', (consciousness, score) => {
    expect(partScore('consciousness', { ...well, consciousness })).toBe(score);
  });

  it('scores oxygen 2 and air 0', () => {
    expect(partScore('oxygen', { ...well, oxygen: 'oxygen' })).toBe(2);
    expect(partScore('oxygen', well)).toBe(0);
  });

  it('scores the widely copied example 5 by the chart, not 6', () => {
    const result = scoreNews2(
      {
        respiration: 21,
        pulse: 95,
        spo2: 93,
        oxygen: 'air',
        temperature: 37.5,
        systolic: 120,
        consciousness: 'alert',
      },
      adult,
      scale1,
    );
    expect(result).toMatchObject({ kind: 'complete', total: 5, band: 'urgent' });
  });
});

describe('NEWS2 bands and precedence', () => {
  it.each([
    [{}, 0, 'low'],
    [{ respiration: 21, pulse: 95, temperature: 38.5 }, 4, 'low'],
    [{ respiration: 25 }, 3, 'low-medium'],
    [{ consciousness: 'voice', pulse: 95 }, 4, 'low-medium'],
    [{ respiration: 25, oxygen: 'oxygen' }, 5, 'urgent'],
    [{ respiration: 25, systolic: 90 }, 6, 'urgent'],
    [{ respiration: 25, systolic: 90, pulse: 95 }, 7, 'emergency'],
    [{ respiration: 21, oxygen: 'oxygen', pulse: 111, temperature: 38.5 }, 7, 'emergency'],
  ] as const)('%j: total %d, %s', (change, total, band) => {
    expect(scoreNews2({ ...well, ...change }, adult, scale1)).toMatchObject({
      kind: 'complete',
      total,
      band,
    });
  });

  it('reaches 20 at most', () => {
    expect(
      scoreNews2(
        {
          respiration: 30,
          spo2: 80,
          oxygen: 'oxygen',
          systolic: 80,
          pulse: 140,
          consciousness: 'pain',
          temperature: 34,
        },
        adult,
        scale1,
      ),
    ).toMatchObject({ total: 20 });
  });

  it('never words a low score as safety', () => {
    expect(news2Advice('low')).toContain('does not rule out');
    for (const band of ['emergency', 'urgent', 'low-medium', 'low'] as const) {
      expect(news2Advice(band)).not.toMatch(/not sepsis|hourly|ward/i);
    }
    expect(news2Advice('emergency')).toContain('999');
    expect(news2Advice('urgent')).toContain('same-day');
  });
});

describe('NEWS2 with a part missing', () => {
  it('gives no total and names what is missing', () => {
    const result = scoreNews2({ ...well, pulse: 95, temperature: undefined }, adult, scale1);
    expect(result).toMatchObject({
      kind: 'incomplete',
      atLeast: 1,
      missing: ['temperature'],
      band: null,
      advice: null,
    });
    expect(result.kind === 'incomplete' && result.words).toBe('At least 1, incomplete: temperature missing');
    expect('total' in result).toBe(false);
  });

  it.each([
    [{ respiration: 25, spo2: undefined }, 'low-medium'],
    [{ respiration: 25, oxygen: undefined, systolic: 95 }, 'urgent'],
    [{ respiration: 25, systolic: 85, consciousness: 'voice', temperature: undefined }, 'emergency'],
  ] as const)('still raises %j', (change, band) => {
    expect(scoreNews2({ ...well, ...change }, adult, scale1)).toMatchObject({ kind: 'incomplete', band });
  });

  it('treats an unrecordable pressure as an emergency', () => {
    const result = scoreNews2({ ...well, systolic: 'unrecordable' }, adult, scale1);
    expect(result).toMatchObject({ kind: 'incomplete', band: 'emergency', missing: ['systolic'] });
    expect(result.kind === 'incomplete' && result.cautions[0]).toContain('treat as an emergency');
  });
});

describe('NEWS2 exclusions', () => {
  it.each([
    [{ ageYears: 15, pregnancy: 'not-pregnant' }, 'under-16'],
    [{ ageYears: null, pregnancy: 'not-pregnant' }, 'age-unknown'],
    [{ ageYears: 30, pregnancy: 'pregnant' }, 'pregnant'],
    [{ ageYears: 30, pregnancy: 'recent-birth' }, 'recent-birth'],
  ] as const)('%j is not scored', (patient, reason) => {
    const result = scoreNews2(well, patient, scale1);
    expect(result).toMatchObject({ kind: 'not-applicable', reason });
    expect('total' in result || 'atLeast' in result).toBe(false);
  });

  it('scores at 16, cautions in spinal cord injury, and says so when pregnancy was not asked', () => {
    expect(scoreNews2(well, { ageYears: 16, pregnancy: 'not-pregnant' }, scale1).kind).toBe('complete');
    const result = scoreNews2(well, { ageYears: 40, pregnancy: 'not-asked', spinalCordInjury: true }, scale1);
    expect(result.kind === 'complete' && result.cautions).toHaveLength(2);
  });

  it('stores the rule version', () => {
    expect(scoreNews2(well, adult, scale2)).toMatchObject({
      scale: 2,
      ruleVersion: expect.stringContaining('2017') as string,
    });
  });
});

describe('NEWS2 properties', () => {
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const measurements = fc.record({
    respiration: optional(fc.integer({ min: 1, max: 120 })),
    spo2: optional(fc.integer({ min: 30, max: 100 })),
    oxygen: optional(fc.constantFrom<'air' | 'oxygen'>('air', 'oxygen')),
    systolic: optional(fc.integer({ min: 20, max: 350 })),
    pulse: optional(fc.integer({ min: 10, max: 350 })),
    consciousness: optional(
      fc.constantFrom('alert', 'new-confusion', 'voice', 'pain', 'unresponsive', 'usual-confusion'),
    ),
    temperature: optional(fc.integer({ min: 200, max: 450 }).map((tenths) => tenths / 10)),
  });
  const scales = fc.constantFrom(scale1, scale2);

  it('an added measurement never lowers the least score', () => {
    fc.assert(
      fc.property(
        measurements,
        scales,
        fc.constantFrom(...(Object.keys(well) as (keyof News2Measurements)[])),
        (measured, scale, key) => {
          const less = scoreNews2({ ...measured, [key]: undefined }, adult, scale);
          const more = scoreNews2(measured, adult, scale);
          if (less.kind !== 'incomplete' || more.kind === 'not-applicable')
            throw new Error('one part is missing');
          expect(more.kind === 'complete' ? more.total : more.atLeast).toBeGreaterThanOrEqual(less.atLeast);
        },
      ),
    );
  });

  it('is complete exactly when nothing is missing, and its total is the sum of its parts', () => {
    fc.assert(
      fc.property(measurements, scales, (measured, scale) => {
        const result = scoreNews2(measured, adult, scale);
        if (result.kind === 'not-applicable') throw new Error('adult');
        const sum = result.parts.reduce((total, part) => total + (part.score ?? 0), 0);
        const whole = Object.values(measured).every((value) => value !== undefined);
        expect(result.kind).toBe(whole ? 'complete' : 'incomplete');
        expect(result.kind === 'complete' ? result.total : result.atLeast).toBe(sum);
        expect(sum).toBeLessThanOrEqual(20);
      }),
    );
  });
});
