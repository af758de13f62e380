import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatNhsNumber,
  hasValidCheckDigit,
  nhsNumberFaultWords,
  nhsNumberRange,
  readNhsNumber,
} from '../../../../domain/clinical/nhs-number.ts';

const live = { allowTestRange: false };
const testing = { allowTestRange: true };

function faultOf(text: string, options = live): string | null {
  const result = readNhsNumber(text, options);
  return result.ok ? null : result.fault.code;
}

/** Valid numbers from any nine digits whose check digit exists. */
const validNumber = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 9, maxLength: 9 })
  .map((digits) => {
    const check = 11 - (digits.reduce((sum, digit, index) => sum + digit * (10 - index), 0) % 11);
    return check === 10 ? null : digits.join('') + String(check === 11 ? 0 : check);
  })
  .filter((number) => number !== null);

describe('NHS numbers', () => {
  it.each([
    ['9434765919', 'test'],
    ['943 476 5919', 'test'],
    ['4010232137', 'england-wales-iom'],
    ['9465698490', 'test'],
    ['9465699918', 'test'],
  ])('accepts %s (%s)', (text, range) => {
    expect(readNhsNumber(text, testing)).toMatchObject({ ok: true, range });
  });

  it.each([
    '401 023 2137',
    '401-023-2137',
    '401.023.2137',
    ' 401/023\\2137 ',
    '401:023,2137',
    '401\u00a0023\u200b2137\ufeff',
    '401\u2013023\u20132137',
  ])('reads %j with its junk', (text) => {
    expect(readNhsNumber(text, live)).toMatchObject({ ok: true, value: '4010232137' });
  });

  it.each([
    ['', 'empty'],
    [' - ', 'empty'],
    ['401023213', 'not-ten-digits'],
    ['40102321370', 'not-ten-digits'],
    ['ABC 1234', 'stray-characters'],
    ['4O10232137', 'stray-characters'],
    ['4010232138', 'check-digit'],
    ['1234567890', 'check-digit'],
    ['9434765919', 'test-range'],
  ])('refuses %j as %s', (text, code) => {
    expect(faultOf(text)).toBe(code);
  });

  it('refuses all ten repeated-digit numbers, which pass the arithmetic', () => {
    for (let digit = 0; digit <= 9; digit += 1) {
      const number = String(digit).repeat(10);
      expect(hasValidCheckDigit(number)).toBe(true);
      expect(faultOf(number, testing)).toBe('repeated-digit');
    }
  });

  it.each([
    ['000', 'scotland'],
    ['319', 'scotland'],
    ['320', 'northern-ireland'],
    ['399', 'northern-ireland'],
    ['400', 'england-wales-iom'],
    ['499', 'england-wales-iom'],
    ['500', 'test'],
    ['599', 'test'],
    ['600', 'england-wales-iom'],
    ['799', 'england-wales-iom'],
    ['800', 'not-allocated'],
    ['899', 'not-allocated'],
    ['900', 'test'],
    ['999', 'test'],
  ])('places %s… in %s', (leading, range) => {
    expect(nhsNumberRange(`${leading}0000000`)).toBe(range);
  });

  it('finds every single wrong digit and every swap of neighbours', () => {
    fc.assert(
      fc.property(validNumber, fc.nat({ max: 9 }), fc.integer({ min: 1, max: 9 }), (number, at, by) => {
        const digits = Array.from(number);
        digits[at] = String((Number(digits[at]) + by) % 10);
        expect(hasValidCheckDigit(digits.join(''))).toBe(false);
      }),
    );
  });

  it('shows 3-3-4 and reads its own display', () => {
    expect(formatNhsNumber('4010232137')).toBe('401 023 2137');
    expect(formatNhsNumber('40102')).toBe('40102');
    fc.assert(
      fc.property(validNumber, (number) => {
        expect(formatNhsNumber(number).replaceAll(' ', '')).toBe(number);
      }),
    );
  });

  it('says in words what is wrong', () => {
    for (const text of ['', '1', 'A', '1111111111', '1234567890', '9434765919', '8000000009']) {
      const result = readNhsNumber(text, live);
      if (!result.ok) expect(nhsNumberFaultWords(result.fault)).toMatch(/\.$/);
    }
  });
});
