import { describe, expect, it } from 'vitest';
import {
  childWeightWarning,
  missedAppointmentWords,
  needsAccompanyingAdult,
} from '../../../../domain/clinical/child-warnings.ts';
import { comparePeakFlow } from '../../../../domain/clinical/peak-flow.ts';
import { alcoholUnits, alcoholWords, packYears } from '../../../../domain/clinical/smoking-alcohol.ts';

const today = '2026-11-22';

describe('a child', () => {
  it.each([
    ['2024-11-22', undefined, 'No weight recorded'],
    ['2024-11-22', '2026-11-22', null],
    ['2024-11-22', '2026-08-22', 'Weight of 22-Aug-2026.'],
    ['2024-11-22', '2026-08-21', 'too old'],
    ['2026-09-01', '2026-10-22', 'Weight of 22-Oct-2026.'],
    ['2026-09-01', '2026-10-21', 'too old'],
    ['2018-11-22', '2026-05-22', 'Weight of 22-May-2026.'],
    ['2018-11-22', '2026-05-21', 'too old'],
    ['2018-11-22', '2026', 'weigh again'],
    ['2008-11-22', undefined, null],
    [undefined, undefined, null],
  ])('born %s, weighed %s: %s', (birthDate, weighed, words) => {
    const warning = childWeightWarning({ birthDate, weighed, today });
    if (words === null) expect(warning).toBeNull();
    else expect(warning).toContain(words);
  });

  it('was not brought; an adult did not attend', () => {
    expect(missedAppointmentWords('2008-11-23', today)).toBe('Was not brought');
    expect(missedAppointmentWords('2008-11-22', today)).toBe('Did not attend');
    expect(missedAppointmentWords(undefined, today)).toBe('Did not attend');
    expect(needsAccompanyingAdult('2010-11-23', today)).toBe(true);
    expect(needsAccompanyingAdult('2010-11-22', today)).toBe(false);
  });
});

describe('peak flow beside best ever', () => {
  it.each([
    [131, 400, 'severe'],
    [132, 400, 'severe'],
    [130, 400, 'severe'],
    [128, 400, 'life-threatening'],
    [200, 400, 'severe'],
    [204, 400, 'moderate'],
    [300, 400, 'moderate'],
    [304, 400, null],
  ])('%d of %d is %s', (value, best, band) => {
    expect(comparePeakFlow(value, best, null).band).toBe(band);
  });

  it('says when there is no best, and when this is it', () => {
    expect(comparePeakFlow(400, null, 500)).toMatchObject({
      percentOfBest: null,
      percentOfExpected: 80,
      words: 'Best ever not recorded; 80% of expected 500',
    });
    expect(comparePeakFlow(450, 400, null)).toMatchObject({
      isNewBest: true,
      words: '113% of best ever 400',
    });
    expect(comparePeakFlow(450, null, null).band).toBeNull();
  });
});

describe('smoking and alcohol', () => {
  it('counts UK units and pack-years', () => {
    expect(alcoholUnits(568, 4)).toBe(2.3);
    expect(alcoholUnits(175, 13)).toBe(2.3);
    expect(alcoholWords(0)).toBe('No alcohol');
    expect(alcoholWords(1)).toBe('1 unit a week');
    expect(alcoholWords(14)).toBe('14 units a week');
    expect(alcoholWords(15)).toContain('above the advised 14');
    expect(packYears(20, 10)).toBe(10);
    expect(packYears(5, 3)).toBe(0.8);
    expect(packYears(null, 3)).toBeNull();
    expect(packYears(-1, 3)).toBeNull();
  });
});
