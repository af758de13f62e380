/** A linear scale from a domain to pixels. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly low: number;
  readonly high: number;
}

export function scaleOf(low: number, high: number, from: number, to: number): Scale {
  const span = high - low === 0 ? 1 : high - low;
  return { low, high, at: (value) => from + ((value - low) / span) * (to - from) };
}

/** Round steps of 1, 2 or 5 times a power of ten, at most `most` of them. */
export function ticksOf(low: number, high: number, most: number): readonly number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(span / most));
  const step =
    [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= most) ?? power * 10;
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  // Counted in whole steps: adding fractions would drift.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** The vertical range: the values and the given range, with a tenth of room on both sides. */
export function valueRange(
  values: readonly number[],
  normal: readonly (number | null)[],
): { readonly low: number; readonly high: number } {
  const all = [...values, ...normal.filter((value) => value !== null)];
  const low = Math.min(...all);
  const high = Math.max(...all);
  const room = (high - low || Math.abs(high) || 1) * 0.1;
  return { low: low - room, high: high + room };
}
