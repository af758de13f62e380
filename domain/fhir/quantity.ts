import type { Extension, Quantity } from '@medplum/fhirtypes';
import { numberOf, QUANTITY_PRECISION_URL, writtenOf } from './exact-json.ts';

const UCUM_SYSTEM = 'http://unitsofmeasure.org';

type PrecisionCarrier = { readonly _value?: { readonly extension?: readonly Extension[] } };

/** The number of a quantity; null where it has none. */
export function quantityNumber(quantity: Quantity | undefined): number | null {
  return quantity === undefined ? null : numberOf(quantity.value);
}

/**
 * The number of a quantity as it was written: exact JSON first, then the precision extension, then the number.
 * Recorded precision wins over any display rule (clinical.md, Observations, Cautions).
 */
export function quantityWritten(quantity: Quantity | undefined): string | null {
  if (quantity === undefined) return null;
  const written = writtenOf(quantity.value);
  const value = numberOf(quantity.value);
  if (written === null || value === null || typeof quantity.value !== 'number') return written;
  const decimals = (quantity as PrecisionCarrier)._value?.extension?.find(
    (extension) => extension.url === QUANTITY_PRECISION_URL,
  )?.valueInteger;
  return decimals !== undefined && decimals > decimalsOf(written) && decimals <= 20
    ? value.toFixed(decimals)
    : written;
}

/**
 * A UCUM quantity from a number as written ("37.0"). Trailing zeros are kept by the precision extension.
 * @param written a plain decimal, digits with at most one point
 * @param unit words for people ("mmHg"); code: UCUM ("mm[Hg]")
 */
export function ucumQuantity(written: string, unit: string, code: string): Quantity {
  const value = Number(written);
  const quantity: Quantity = { value, unit, system: UCUM_SYSTEM, code };
  const decimals = decimalsOf(written);
  if (decimals <= decimalsOf(String(value))) return quantity;
  const carrier: PrecisionCarrier = {
    _value: { extension: [{ url: QUANTITY_PRECISION_URL, valueInteger: decimals }] },
  };
  return { ...quantity, ...carrier };
}

/** Digits after the point. */
function decimalsOf(written: string): number {
  const point = written.indexOf('.');
  return point < 0 ? 0 : written.length - point - 1;
}
