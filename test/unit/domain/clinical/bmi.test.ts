import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyMassIndex, type BmiInput } from '../../../../domain/clinical/bmi.ts';

const adult = { today: '2026-11-22', ageYears: 40, pregnancy: 'not-pregnant' } as const;
const bmi = (input: Partial<BmiInput>) => bodyMassIndex({ weightKg: 70, heightCm: 175, ...adult, ...input });

describe('body mass index', () => {
  it.each([
    [70, 175, '22.9', 'healthy weight'],
    [73.9, 200, '18.5', 'healthy weight'],
    [73.7, 200, '18.4', 'underweight'],
    [99.7, 200, '24.9', 'healthy weight'],
    [99.8, 200, '25.0', 'overweight'],
    [119.7, 200, '29.9', 'overweight'],
    [120, 200, '30.0', 'obesity class 1'],
    [140, 200, '35.0', 'obesity class 2'],
    [160, 200, '40.0', 'obesity class 3'],
    [100, 182.9, '29.9', 'overweight'],
  ])('%d kg at %d cm is %s, %s', (weightKg, heightCm, written, band) => {
    expect(bmi({ weightKg, heightCm })).toMatchObject({ written, band });
  });

  it.each([
    [{ ageYears: 17 }, 'centile'],
    [{ ageYears: null }, 'Age not known'],
    [{ pregnancy: 'pregnant' as const }, 'Pregnant'],
    [{ limbMissing: true }, 'limb'],
  ])('has no adult band for %j', (change, note) => {
    const result = bmi(change);
    expect(result?.written).toBe('22.9');
    expect(result?.band).toBeNull();
    expect(result?.notes.join(' ')).toContain(note);
  });

  it('bands from 18 and says the lower thresholds', () => {
    const result = bmi({ ageYears: 18 });
    expect(result?.band).toBe('healthy weight');
    expect(result?.notes[0]).toMatch(/Asian.*Middle Eastern.*Black.*23.*27\.5/);
  });

  it('says when the height is of another day, old or self-reported', () => {
    expect(bmi({ heightMeasured: '2026-11-22' })?.notes).toHaveLength(1);
    expect(bmi({ heightMeasured: '2026-01-05' })?.notes).toContain('Height of 05-Jan-2026.');
    expect(bmi({ heightMeasured: '2019-01-05' })?.notes).toContain(
      'Height of 05-Jan-2019: old, measure again.',
    );
    expect(bmi({ heightMeasured: '2026-10-01', ageYears: 5 })?.notes.join()).toContain('old');
    expect(bmi({ heightMeasured: '2026' })?.notes.join()).toContain('old');
    expect(bmi({ selfReported: { height: true, weight: true } })?.notes).toEqual(
      expect.arrayContaining(['Height is self-reported.', 'Weight is self-reported.']),
    );
  });

  it('gives nothing without a weight and a height', () => {
    expect(bmi({ weightKg: 0 })).toBeNull();
    expect(bmi({ heightCm: Number.NaN })).toBeNull();
  });

  it('grows with weight and shrinks with height', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 35, max: 180 }),
        fc.integer({ min: 135, max: 205 }),
        (weightKg, heightCm) => {
          const here = bmi({ weightKg, heightCm })?.value ?? 0;
          expect(bmi({ weightKg: weightKg + 5, heightCm })?.value).toBeGreaterThan(here);
          expect(bmi({ weightKg, heightCm: heightCm + 5 })?.value).toBeLessThan(here);
        },
      ),
    );
  });
});
