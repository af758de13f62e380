import { isExactDecimal } from '../fhir/exact-json.ts';

/**
 * The one written form of a JSON value, over which hashes and signatures go: keys sorted by UTF-16 code unit,
 * no white space, absent (`undefined`) properties left out, decimals as they were written (exact-json).
 * Both forms of an exact decimal (the engine's own and its structured clone) give the same text.
 */
export function canonicalJson(value: unknown): string {
  if (isExactDecimal(value)) return value.rawJSON;
  if (Array.isArray(value)) {
    return `[${value.map((item) => (item === undefined ? 'null' : canonicalJson(item))).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  // `undefined` has no JSON form; at the top level it can only be a caller's mistake.
  if (value === undefined) throw new TypeError('undefined has no JSON form');
  return JSON.stringify(value);
}

/** Whether two JSON values are the same whatever the order of their keys. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined) return false;
  return canonicalJson(left) === canonicalJson(right);
}
