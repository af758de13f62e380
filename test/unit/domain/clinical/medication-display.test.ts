import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clearDose,
  medicationLine,
  medicationSegments,
} from '../../../../domain/clinical/medication-display.ts';

describe('a medicine on screen', () => {
  it('has its parts in order, generic in small letters, BRAND in capitals, DOSE labelled', () => {
    const parts = {
      frequency: 'three times a day',
      route: 'oral',
      dose: '500mg',
      form: 'capsule',
      strength: '250mg',
      brand: 'Amoxil',
      drug: 'Amoxicillin',
      duration: '7 days',
    };
    expect(medicationLine(parts)).toBe(
      'amoxicillin — AMOXIL — 250 mg — capsule — DOSE 500 mg — 7 days — oral — three times a day',
    );
    expect(
      medicationSegments(parts)
        .filter(({ bold }) => bold)
        .map(({ part }) => part),
    ).toEqual(['drug', 'dose']);
    expect(medicationLine({ drug: 'Warfarin' })).toBe('warfarin');
  });

  it('is never cut', () => {
    const drug = 'x'.repeat(400);
    expect(medicationLine({ drug, dose: ' ' })).toBe(drug);
  });

  it.each([
    ['5.0mg', '5 mg'],
    ['.5 mg', '0.5 mg'],
    ['0.250mg', '0.25 mg'],
    ['1000mg', '1,000 mg'],
    ['1000000units', '1,000,000 units'],
    ['100mcg', '100 micrograms'],
    ['100µg', '100 micrograms'],
    ['100micrograms/dose', '100 micrograms/dose'],
    ['10iu', '10 units'],
    ['1-2 tablets @ night', '1-2 tablets at night'],
    ['<5 ml & rest', 'less than 5 ml and rest'],
    ['20 mg', '20 mg'],
    ['10mL', '10 ml'],
  ])('%s shows as %s', (text, shown) => {
    expect(clearDose(text)).toBe(shown);
  });

  it('changes no value', () => {
    fc.assert(
      fc.property(fc.nat({ max: 99_999 }), fc.integer({ min: 0, max: 3 }), (number, decimals) => {
        const written = (number / 10 ** decimals).toFixed(decimals);
        const shown = clearDose(`${written}mg`);
        expect(Number(shown.replace(' mg', '').replaceAll(',', ''))).toBe(Number(written));
        expect(shown).not.toMatch(/\.\d*0 mg$|^\./);
        expect(clearDose(shown)).toBe(shown);
      }),
    );
  });
});
