/** A number from 0 up to, not including, 1. Chance is a port, so that a schedule can be played again. */
export type Chance = () => number;

export interface BackoffPolicy {
  readonly firstMs: number;
  /** Longest pause without a word from the service. There is no retry budget: it goes on for ever (sync-bugs Q1). */
  readonly longestMs: number;
}

const retryPolicy: BackoffPolicy = { firstMs: 1_000, longestMs: 60_000 };

/** Longest `Retry-After` that is obeyed, so that a broken header does not silence a computer for a day. */
const longestRetryAfterMs = 15 * 60_000;

/**
 * How long to wait after `failures` failures in a row (1 or more): doubling, with half of it left to chance, so
 * that 200 computers which lost the service together do not come back together (sync-bugs Q14). `Retry-After`
 * is obeyed as the least, and up to half as much again is left to chance.
 */
export function backoffMs(
  failures: number,
  chance: Chance,
  retryAfterMs = 0,
  policy: BackoffPolicy = retryPolicy,
): number {
  const steps = Math.min(Math.max(failures, 1) - 1, 30);
  const ceiling = Math.min(policy.longestMs, policy.firstMs * 2 ** steps);
  const asked = Math.min(retryAfterMs, longestRetryAfterMs);
  return Math.round(
    asked > ceiling ? asked * (1 + chance() / 2) : Math.max(asked, (ceiling * (1 + chance())) / 2),
  );
}

export interface BatchLimits {
  readonly least: number;
  readonly most: number;
  /** How long one batch should take. */
  readonly targetMs: number;
}

/**
 * The next batch's size from how long the last one took: it shrinks on a slow line and grows again when the line
 * recovers (sync-bugs Q15: a limiter that stays small for ever). A failed batch counts as four targets.
 */
export function nextBatchSize(size: number, elapsedMs: number | 'failed', limits: BatchLimits): number {
  const elapsed = elapsedMs === 'failed' ? limits.targetMs * 4 : Math.max(elapsedMs, 1);
  const factor = Math.min(2, Math.max(0.25, limits.targetMs / elapsed));
  return Math.min(limits.most, Math.max(limits.least, Math.round(size * factor)));
}
