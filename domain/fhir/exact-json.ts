import type { Extension } from '@medplum/fhirtypes';

/** FHIR's own extension for written precision; it survives ports and parsers that know nothing of exact decimals. */
export const QUANTITY_PRECISION_URL = 'http://hl7.org/fhir/StructureDefinition/quantity-precision';

/**
 * JSON that keeps the written form of decimals (`8.000` stays `8.000`; sync.md, Pull 9).
 *
 * A number whose JavaScript form differs from what was written becomes an {@link ExactDecimal}, the engine's own
 * `JSON.rawJSON` object, which every `JSON.stringify` writes back verbatim; all others stay plain numbers.
 * Such an object cannot be cloned (`DataCloneError`): a resource crosses a port (worker, IPC) as JSON text, or is read
 * with {@link parseForView}. Use `parseExact` where the result will be written again.
 */
export type ExactDecimal = { readonly rawJSON: string };

type RawJson = {
  rawJSON(text: string): ExactDecimal;
  isRawJSON(value: unknown): boolean;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context?: { source?: string }) => unknown,
  ): unknown;
};

// TypeScript's ES2024 library does not know these three yet; Node 22+ and Chromium 114+ have them.
const json = JSON as unknown as RawJson;

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Parses JSON; throws `SyntaxError` as `JSON.parse` does. */
export function parseExact(text: string): unknown {
  return json.parse(text, (_key, value, context) => {
    if (typeof value !== 'number') return value;
    const source = context?.source;
    return source === undefined || source === String(value) ? value : json.rawJSON(source);
  });
}

/** Writes JSON, decimals as they were written, also where they stand as plain `{ rawJSON }` copies. */
export function stringifyExact(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isExactDecimal(item) && !json.isRawJSON(item) ? json.rawJSON(item.rawJSON) : item,
  );
}

/**
 * Parses JSON for display: numbers stay plain numbers, so the result can be cloned and computed with, and the trailing
 * zeros of a `value` are kept by FHIR's precision extension on `_value`, where `quantityWritten` finds them.
 * Not for writing back: the extension would be added to the record.
 */
export function parseForView(text: string): unknown {
  return json.parse(text, function (this: unknown, key, value, context) {
    const source = context?.source;
    if (key !== 'value' || typeof value !== 'number' || source === undefined || source === String(value))
      return value;
    const decimals = /^-?\d+\.(\d+)$/.exec(source)?.[1]?.length;
    const holder = this as PrecisionHolder;
    if (decimals !== undefined && !holder._value) {
      holder._value = { extension: [{ url: QUANTITY_PRECISION_URL, valueInteger: decimals }] };
    }
    return value;
  });
}

type PrecisionHolder = { _value?: { extension?: Extension[] } };

/** The engine's own object, or its plain copy `{ rawJSON: "8.000" }` that a port can carry. */
export function isExactDecimal(value: unknown): value is ExactDecimal {
  if (json.isRawJSON(value)) return true;
  if (typeof value !== 'object' || value === null || !('rawJSON' in value)) return false;
  return (
    typeof value.rawJSON === 'string' && JSON_NUMBER.test(value.rawJSON) && Object.keys(value).length === 1
  );
}

/** The number to compute with; null where the value is none. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return isExactDecimal(value) ? Number(value.rawJSON) : null;
}

/** The number as it was written, for display; null where the value is none. */
export function writtenOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null;
  return isExactDecimal(value) ? value.rawJSON : null;
}
