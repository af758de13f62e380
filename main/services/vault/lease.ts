import * as v from 'valibot';

/**
 * How long a bag opens without a new online sign-in (sync.md, Keys). The wall clock may lock, never extend (I12):
 * elapsed time is the larger of what the wall clock says and a persisted high-water mark, which monotonic running
 * time raises and which no clock set back lowers. A wall clock that alone says "expired" is not written into the
 * mark, so correcting it unlocks.
 */
export const leaseSchema = v.object({
  days: v.number(),
  /** The service's time at sign-in, for people (ISO 8601). */
  signedInAt: v.string(),
  /** This computer's clock at sign-in, milliseconds. */
  wallAnchorMs: v.number(),
  /** Certainly elapsed since then, milliseconds. */
  elapsedMs: v.number(),
});
export type Lease = v.InferOutput<typeof leaseSchema>;

export interface LeaseState {
  /** By this computer's clock, ISO 8601. */
  readonly until: string;
  readonly expired: boolean;
  readonly hoursLeft: number;
  /** The nearest of the warnings that is due: 48, 24, 4 hours. Null before the first, and once expired. */
  readonly warning: LeaseWarning | null;
  /** The high-water mark to persist. */
  readonly elapsedMs: number;
}

export type LeaseWarning = 48 | 24 | 4;

const hourMs = 3_600_000;
/** Nearest first. */
const warnings: readonly LeaseWarning[] = [4, 24, 48];

export function beginLease(days: number, serviceTime: string, wallMs: number): Lease {
  return { days, signedInAt: serviceTime, wallAnchorMs: wallMs, elapsedMs: 0 };
}

/** @param ranMs monotonic time since `lease.elapsedMs` was true */
export function leaseState(lease: Lease, wallMs: number, ranMs: number): LeaseState {
  const whole = lease.days * 24 * hourMs;
  const certain = lease.elapsedMs + Math.max(0, ranMs);
  const byWall = wallMs - lease.wallAnchorMs;
  const elapsed = Math.max(certain, byWall);
  const left = whole - elapsed;
  return {
    until: new Date(Math.min(wallMs + Math.max(0, left), 8.64e15)).toISOString(),
    expired: left <= 0,
    hoursLeft: Math.max(0, left / hourMs),
    warning: left <= 0 ? null : (warnings.find((hours) => left <= hours * hourMs) ?? null),
    elapsedMs: byWall < whole ? elapsed : certain,
  };
}

/** The service told its time: this computer's clock no longer matters for what elapsed. */
export function correctLease(lease: Lease, serviceTime: string, wallMs: number): Lease {
  const elapsedMs = Math.max(lease.elapsedMs, Date.parse(serviceTime) - Date.parse(lease.signedInAt));
  if (!Number.isFinite(elapsedMs)) return lease;
  return { ...lease, elapsedMs, wallAnchorMs: wallMs - elapsedMs };
}
