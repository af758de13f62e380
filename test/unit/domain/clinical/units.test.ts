import { describe, expect, it } from 'vitest';
import {
  areSameUnit,
  canonicalUnit,
  metresAsCentimetres,
  unitWords,
} from '../../../../domain/clinical/units.ts';

describe('units', () => {
  it.each(['/min', '{beats}/min', '{Breaths}/min', 'bpm'])('%s is a rate a minute', (unit) => {
    expect(canonicalUnit(unit)).toBe('/min');
    expect(unitWords(unit)).toBe('per minute');
  });

  it.each([
    ['mmHg', 'mm[Hg]', true],
    ['mmol/l', 'mmol/L', true],
    ['mmol/L', 'mmol/mol', false],
    ['kg', 'g', false],
    ['Banana', 'Banana', true],
    ['Banana', 'kg', false],
    ['/d', '/d', true],
    ['/d', '{cigarettes}/d', false],
    ['/d', 'cigarettes/day', false],
    [undefined, undefined, false],
  ])('%s and %s in one series: %s', (left, right, same) => {
    expect(areSameUnit(left, right)).toBe(same);
  });

  it.each([
    ['1.829', '182.9'],
    ['1.8', '180'],
    ['2', '200'],
    ['0.5', '50'],
    ['1.80', '180'],
    ['0.505', '50.5'],
  ])('%s m is %s cm, exactly', (metres, centimetres) => {
    expect(metresAsCentimetres(metres)?.written).toBe(centimetres);
  });

  it('shows an unknown unit as given', () => {
    expect(unitWords('Banana')).toBe('Banana');
    expect(unitWords(undefined)).toBe('');
    expect(metresAsCentimetres('tall')).toBeNull();
  });
});
