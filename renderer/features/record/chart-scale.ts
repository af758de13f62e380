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

/** Of the highest value: 13 beats at a pulse of 67, 20 at a saturation of 98 %, 16 kg at 80 kg. */
const LEAST_SPAN = 0.2;

/**
 * The vertical range: the values and the given range, with a tenth of room on both sides. It never shows less than a
 * fifth of the highest value, so that a pulse of 63 after 67 lies level and does not look like a fall.
 * @param ceiling what no value can be above, e.g. 100 of a percentage
 */
export function valueRange(
  values: readonly number[],
  normal: readonly (number | null)[],
  ceiling = Infinity,
): { readonly low: number; readonly high: number } {
  const all = [...values, ...normal.filter((value) => value !== null)];
  const [lowest, highest] = [Math.min(...all), Math.max(...all)];
  const span = Math.max(highest - lowest, Math.max(Math.abs(lowest), Math.abs(highest)) * LEAST_SPAN);
  const high = Math.min((lowest + highest + span) / 2, Math.max(highest, ceiling));
  const room = (span || 1) * 0.1;
  return { low: Math.min(lowest, high - span) - room, high: high + room };
}
