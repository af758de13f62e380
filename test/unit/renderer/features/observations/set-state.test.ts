import { describe, expect, it } from 'vitest';
import {
  bmiOf,
  EMPTY_SET,
  enteredOf,
  news2Of,
  withKept,
  withText,
} from '../../../../../renderer/features/observations/set-state.ts';

const adult = { ageMonths: 600, ageYears: 50 };

const NOTHING = { pregnancy: null, spo2Scale: null, sex: 'not-recorded' } as const;

describe('a set of observations', () => {
  it('skips blanks, refuses what cannot be, asks once about what is unlikely', () => {
    const typed = withText(
      withText(withText(EMPTY_SET, 'pulse', '72'), 'spo2', '20'),
      'bloodPressure',
      '215/118',
    );
    const set = enteredOf(['bloodPressure', 'pulse', 'respiration', 'spo2'], typed, adult);
    expect(set.open.map(({ key, unusual }) => [key, unusual])).toEqual([
      ['bloodPressure', true],
      ['spo2', false],
    ]);
    const kept = enteredOf(['bloodPressure', 'pulse'], withKept(typed, 'bloodPressure'), adult);
    expect(kept.open).toEqual([]);
    expect(kept.entered.map(({ key }) => key)).toEqual(['bloodPressure', 'pulse']);
  });

  it('a changed text is asked about again', () => {
    const kept = withKept(withText(EMPTY_SET, 'pulse', '140'), 'pulse');
    expect(enteredOf(['pulse'], withText(kept, 'pulse', '141'), adult).open).toHaveLength(1);
  });

  it('records no position, site or method that nobody chose', () => {
    const texts = { bloodPressure: '128/76', temperature: '37.2', glucose: '5.6', hba1c: '48' };
    const boxes = ['bloodPressure', 'temperature', 'glucose', 'hba1c'] as const;
    const { entered } = enteredOf(boxes, { ...EMPTY_SET, texts }, adult);
    expect(entered.map(({ key, ...more }) => [key, { ...more, value: null }])).toEqual([
      ['bloodPressure', { state: 'on-examination', value: null }],
      ['temperature', { value: null }],
      ['glucose', { value: null }],
      ['hba1c', { value: null }],
    ]);
  });

  it('unrecordable alarms and is kept', () => {
    const set = enteredOf(['spo2'], withText(EMPTY_SET, 'spo2', 'u'), adult);
    expect(set.alarms).toHaveLength(1);
    expect(set.entered).toHaveLength(1);
  });

  it('NEWS2 is incomplete until all is there, and still raises a single three', () => {
    const { result } = news2Of(withText(EMPTY_SET, 'respiration', '26'), adult, {
      by: 'Nurse',
      on: '2026-11-22',
      standing: NOTHING,
    });
    expect(result).toMatchObject({ kind: 'incomplete', atLeast: 3, band: 'low-medium' });
  });

  it('BMI takes the last height where only a weight was taken, and says so', () => {
    const bmi = bmiOf(
      withText(EMPTY_SET, 'weight', '80'),
      adult,
      { cm: 180, on: '2020-01-01' },
      '2026-11-22',
      NOTHING,
    );
    expect(bmi?.written).toBe('24.7');
    expect(bmi?.notes.join(' ')).toContain('01-Jan-2020');
  });
});
