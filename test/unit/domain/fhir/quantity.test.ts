import { describe, expect, it } from 'vitest';
import type { Quantity } from '@medplum/fhirtypes';
import { parseExact } from '../../../../domain/fhir/exact-json.ts';
import { quantityNumber, quantityWritten, ucumQuantity } from '../../../../domain/fhir/quantity.ts';

describe('quantities', () => {
  it.each(['37.0', '8.000', '120', '70.50', '0.30'])('keeps %s as typed through plain JSON', (written) => {
    const quantity = JSON.parse(JSON.stringify(ucumQuantity(written, '°C', 'Cel'))) as Quantity;
    expect(quantityWritten(quantity)).toBe(written);
    expect(quantityNumber(quantity)).toBe(Number(written));
    expect(quantity.value).toBe(Number(written));
  });

  it('reads exact JSON', () => {
    const quantity = parseExact('{"value":8.000,"unit":"mmol/L"}') as Quantity;
    expect(quantityWritten(quantity)).toBe('8.000');
    expect(quantityNumber(quantity)).toBe(8);
  });

  it('never cuts digits that were recorded', () => {
    const quantity = {
      value: 7.125,
      _value: {
        extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/quantity-precision', valueInteger: 1 }],
      },
    };
    expect(quantityWritten(quantity as Quantity)).toBe('7.125');
    expect(quantityWritten(undefined)).toBeNull();
    expect(quantityWritten({})).toBeNull();
  });
});
