/**
 * One figure of the benchmark.
 *
 * `value` is the median unless the name says otherwise, in `unit`. `budget` is the largest value allowed, in the same
 * unit, unless `better` is "more", where it is the smallest. `judgedBy` says which figure the budget is held against.
 * `baseline` is the same work done by the plain thing it is compared with, in the same run on the same machine, and
 * `ratio` is value ÷ baseline.
 */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly budget?: number;
  readonly baseline?: number;
  readonly ratio?: number;
  readonly p50?: number;
  readonly p95?: number;
  /** Which figure `budget` is held against; `value` when absent. */
  readonly judgedBy?: 'value' | 'p95' | 'ratio';
  /** Which way is good; `less` when absent. */
  readonly better?: 'less' | 'more';
  /** What the baseline is, how many times it was measured, what is synthetic. */
  readonly note?: string;
}

/** What a part of the benchmark exports as `run`. `quick` means: small numbers, to see that it works at all. */
export interface RunOptions {
  readonly quick: boolean;
  /** Sizes instead of the part's own, for the parts that grow: patients, descriptions, or resources of a record. */
  readonly sizes?: readonly number[];
}

export type Run = (options: RunOptions) => Promise<readonly Measurement[]>;
