import type { Quantity } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isExactDecimal,
  numberOf,
  parseExact,
  parseForView,
  stringifyExact,
  writtenOf,
} from '../../../../domain/fhir/exact-json.ts';
import { quantityWritten } from '../../../../domain/fhir/quantity.ts';

describe('exact JSON', () => {
  it.each(['8.000', '0.0', '-1.50', '1e3', '12345678901234567890', '0.10', '37.0'])(
    'keeps %s as written',
    (written) => {
      const parsed = parseExact(`{"value":${written}}`) as { value: unknown };
      expect(writtenOf(parsed.value)).toBe(written);
      expect(numberOf(parsed.value)).toBe(Number(written));
      expect(JSON.stringify(parsed)).toBe(`{"value":${written}}`);
    },
  );

  it('leaves ordinary numbers as numbers', () => {
    expect(parseExact('[7.1,120,0,-3,"8.000",null,true]')).toEqual([7.1, 120, 0, -3, '8.000', null, true]);
  });

  it('takes no other object for a decimal', () => {
    expect(isExactDecimal({ rawJSON: '1', other: 1 })).toBe(false);
    expect(isExactDecimal({ rawJSON: '01' })).toBe(false);
    expect(stringifyExact({ rawJSON: '1}' })).toBe('{"rawJSON":"1}"}');
    expect(stringifyExact([{ rawJSON: '8.000' }])).toBe('[8.000]');
    expect(numberOf('12')).toBeNull();
    expect(writtenOf(Number.NaN)).toBeNull();
  });

  it('reads for a view: plain, cloneable, and the written form still known', () => {
    const view = structuredClone(
      parseForView('{"valueQuantity":{"value":8.000,"unit":"mmol/L"},"low":{"value":1.5}}'),
    ) as {
      valueQuantity: Quantity;
      low: Quantity;
    };
    expect(view.valueQuantity.value).toBe(8);
    expect(quantityWritten(view.valueQuantity)).toBe('8.000');
    expect(quantityWritten(view.low)).toBe('1.5');
    expect(view.low).toEqual({ value: 1.5 });
  });

  it('writes back any JSON text byte for byte', () => {
    const decimal = fc
      .tuple(
        fc.integer({ min: -9999, max: 9999 }),
        fc.integer({ min: 0, max: 9999 }),
        fc.integer({ min: 0, max: 6 }),
      )
      .map(([whole, fraction, digits]) =>
        digits === 0 ? String(whole) : `${whole}.${String(fraction).padStart(digits, '0')}`,
      );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), decimal)), (pairs) => {
        const text = `[${pairs.map(([key, number]) => `[${JSON.stringify(key)},${number}]`).join(',')}]`;
        expect(JSON.stringify(parseExact(text))).toBe(text);
      }),
    );
  });
});
