/**
 * Peak flow beside best ever (clinical.md, Observations). No value is predicted here: a formula on the EN 13826 scale awaits
 * its signed source. All values are in litres a minute.
 */
export interface PeakFlow {
  readonly value: number;
  /** FHIR date or dateTime on which it was measured or recorded. */
  readonly when: string;
}

interface PeakFlowSeries {
  readonly kind: string;
  /** In words, as the record's series have it. */
  readonly unit: string;
  readonly points: readonly PeakFlow[];
}

/**
 * The highest that the record holds, recorded as best ever (271306003) or measured (18491006); null where it holds none.
 * Values in another unit are not compared.
 */
export function bestPeakFlow(series: readonly PeakFlowSeries[]): PeakFlow | null {
  return series
    .filter(({ kind, unit }) => (kind === 'peakFlow' || kind === 'peakFlowBest') && unit === 'L/min')
    .flatMap(({ points }) => points)
    .reduce<PeakFlow | null>(
      (best, point) => (best === null || point.value > best.value ? point : best),
      null,
    );
}

/** `78% of best ever`, of a value that is being entered; whole per cent. */
export function peakFlowComparison(value: number, best: PeakFlow): string {
  return value > best.value
    ? 'above the best ever'
    : `${Math.round((value / best.value) * 100)}% of best ever`;
}
