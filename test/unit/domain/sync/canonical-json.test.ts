import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { parseExact, stringifyExact } from '../../../../domain/fhir/exact-json.ts';
import { canonicalJson, sameJson } from '../../../../domain/sync/canonical-json.ts';

describe('canonical JSON', () => {
  it('sorts keys by code unit, leaves white space and absent properties out', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'é'], Z: { y: undefined, x: '' } })).toBe(
      '{"Z":{"x":""},"a":[true,null,"é"],"b":1}',
    );
  });

  it('keeps decimals as they were written, before and after a structured clone', () => {
    const value = parseExact('{"value": 8.000, "low": 1e2}');
    expect(canonicalJson(value)).toBe('{"low":1e2,"value":8.000}');
    expect(canonicalJson({ value: { rawJSON: '8.000' }, low: { rawJSON: '1e2' } })).toBe(
      '{"low":1e2,"value":8.000}',
    );
  });

  it('tells 8.0 from 8.00: precision is content', () => {
    expect(sameJson(parseExact('8.0'), parseExact('8.00'))).toBe(false);
  });

  it('refuses what has no JSON form', () => {
    expect(() => canonicalJson(undefined)).toThrow(TypeError);
  });

  it('survives a journey over the wire unchanged, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const travelled = parseExact(stringifyExact(value));
        expect(canonicalJson(travelled)).toBe(canonicalJson(value));
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
      { numRuns: 300 },
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
