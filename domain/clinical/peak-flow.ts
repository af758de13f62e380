/**
 * Peak flow beside best ever. No value is predicted here: a formula on the EN 13826 scale awaits its signed source, so
 * "expected" is only what the record holds (271508001).
 */
export type PeakFlowComparison = {
  /** whole per cent of best ever; null where none is recorded */
  readonly percentOfBest: number | null;
  readonly percentOfExpected: number | null;
  /** bands of BTS/SIGN for acute asthma in adults, of best or else expected */
  readonly band: 'life-threatening' | 'severe' | 'moderate' | null;
  readonly isNewBest: boolean;
  readonly words: string;
};

/** Peak flow beside best ever, or expected where no best is known. Values in litres a minute. */
export function comparePeakFlow(
  value: number,
  best: number | null,
  expected: number | null,
): PeakFlowComparison {
  const percentOfBest = best !== null && best > 0 ? Math.round((value / best) * 100) : null;
  const percentOfExpected = expected !== null && expected > 0 ? Math.round((value / expected) * 100) : null;
  const percent = percentOfBest ?? percentOfExpected;
  const band =
    percent === null
      ? null
      : percent < 33
        ? 'life-threatening'
        : percent <= 50
          ? 'severe'
          : percent <= 75
            ? 'moderate'
            : null;
  const words = [
    percentOfBest === null ? 'Best ever not recorded' : `${percentOfBest}% of best ever ${best ?? ''}`,
    ...(percentOfExpected === null ? [] : [`${percentOfExpected}% of expected ${expected ?? ''}`]),
  ].join('; ');
  return { percentOfBest, percentOfExpected, band, isNewBest: best !== null && value > best, words };
}
