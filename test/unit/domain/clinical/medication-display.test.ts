import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  amountWords,
  clearDose,
  doseLine,
  doseSegments,
  spacedDose,
} from '../../../../domain/clinical/medication-display.ts';

describe('a dose held in parts', () => {
  it('has its parts in order, an em dash between them, the dose alone in bold', () => {
    const segments = doseSegments({
      frequency: 'three times a day',
      route: 'oral',
      dose: '500 mg',
      rate: null,
      duration: '7 days',
    });
    expect(doseLine(segments)).toBe('500 mg — 7 days — oral — three times a day');
    expect(segments.filter(({ bold }) => bold).map(({ text }) => text)).toEqual(['500 mg']);
  });

  it('is never cut, and says nothing of a part that is not there', () => {
    const route = 'x'.repeat(400);
    expect(doseLine(doseSegments({ route, dose: ' ' }))).toBe(route);
  });

  it.each([
    ['5.0', 'mg', undefined, '5 mg'],
    ['.5', 'mg', undefined, '0.5 mg'],
    ['1000', 'mg', undefined, '1,000 mg'],
    ['100', 'ug', undefined, '100 micrograms'],
    ['10', '[iU]', undefined, '10 units'],
    ['5', 'mL', '>', 'more than 5 ml'],
    ['2', null, undefined, '2'],
    ['1e3', 'mg', undefined, '1e3 mg'],
  ])('%s %s with comparator %s is %s', (number, unit, comparator, words) => {
    expect(amountWords(number, unit, comparator)).toBe(words);
  });
});

describe('a dose that is being written', () => {
  it.each([
    ['5.0mg', '5 mg'],
    ['.5 mg', '0.5 mg'],
    ['0.250mg', '0.25 mg'],
    ['1000mg', '1,000 mg'],
    ['1000000units', '1,000,000 units'],
    ['100mcg', '100 micrograms'],
    ['100µg', '100 micrograms'],
    ['100micrograms/dose', '100 micrograms per dose'],
    ['250mg/5ml', '250 mg per 5 ml'],
    ['10iu', '10 units'],
    ['10U at night', '10 units at night'],
    ['1-2 tablets @ night', '1-2 tablets at night'],
    ['<5 ml & rest', 'less than 5 ml and rest'],
    ['20 mg', '20 mg'],
    ['10mL', '10 ml'],
    ['1% cream', '1 % cream'],
  ])('%s is offered as %s', (text, shown) => {
    expect(clearDose(text)).toBe(shown);
  });

  it.each(['500mcg', '10 U @ night', '1mg & 2mg', '250mg/5ml'])(
    'no word of %s is replaced unasked',
    (text) => {
      expect(spacedDose(text).replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    },
  );

  it.each([
    'one at 8.30, one at 20.00',
    'at 0800 and 2000 hours',
    'until 2026',
    'from 01.12.2026',
    '1/2 tablet, 5/7',
    '1,5 mg',
    'half am\\pm',
    'bd or tds',
  ])('%s, which is no amount or no clear one, stays as it is', (text) => {
    expect(clearDose(text)).toBe(text);
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
