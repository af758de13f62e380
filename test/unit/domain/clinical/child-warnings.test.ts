import { describe, expect, it } from 'vitest';
import {
  childWeightWarning,
  missedAppointmentWords,
  needsAccompanyingAdult,
} from '../../../../domain/clinical/child-warnings.ts';

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
