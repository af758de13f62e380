export interface RateLimit {
  /** Requests a second that go on for ever. */
  readonly perSecond: number;
  /** Requests at once after a rest. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * A token bucket for each user, in this copy of the service: with several copies a user may have as much from each.
 * @returns seconds to wait; 0 to go on
 */
export function createRateLimiter(limit: RateLimit, now: () => number): (user: string) => number {
  const buckets = new Map<string, Bucket>();
  return (user) => {
    const at = now();
    const bucket = buckets.get(user) ?? { tokens: limit.burst, at };
    bucket.tokens = Math.min(limit.burst, bucket.tokens + ((at - bucket.at) / 1000) * limit.perSecond);
    bucket.at = at;
    buckets.set(user, bucket);
    if (buckets.size > 10_000) forgetRested(buckets, limit, at);
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / limit.perSecond));
    bucket.tokens -= 1;
    return 0;
  };
}

function forgetRested(buckets: Map<string, Bucket>, limit: RateLimit, at: number): void {
  for (const [user, bucket] of buckets) {
    if (bucket.tokens + ((at - bucket.at) / 1000) * limit.perSecond >= limit.burst) buckets.delete(user);
  }
}
