import { describe, expect, it } from 'vitest';
import { beginLease, correctLease, leaseState } from '../../../../../main/services/vault/lease.ts';

const hour = 3_600_000;
const day = 24 * hour;
const signedInAt = '2026-11-01T08:00:00.000Z';
const wall = Date.parse(signedInAt);
const lease = beginLease(14, signedInAt, wall);

describe('the lease', () => {
  it('runs by the larger of wall clock and running time', () => {
    expect(leaseState(lease, wall + 2 * day, hour)).toMatchObject({ expired: false, hoursLeft: 12 * 24 });
    expect(leaseState(lease, wall + hour, 2 * day)).toMatchObject({ expired: false, hoursLeft: 12 * 24 });
    expect(leaseState(lease, wall + 14 * day, 0).expired).toBe(true);
    expect(leaseState(lease, wall, 14 * day).expired).toBe(true);
  });

  it('I12: a clock set back extends nothing, because the mark was kept', () => {
    const { elapsedMs } = leaseState(lease, wall + 13 * day, 0);
    const kept = { ...lease, elapsedMs };
    expect(leaseState(kept, wall - 100 * day, 0).hoursLeft).toBe(24);
    expect(leaseState(kept, wall - 100 * day, 25 * hour).expired).toBe(true);
  });

  it('M14: a clock far ahead locks and is not kept, so that setting it right opens', () => {
    const ahead = leaseState(lease, wall + 400 * day, hour);
    expect(ahead.expired).toBe(true);
    expect(leaseState({ ...lease, elapsedMs: ahead.elapsedMs }, wall + hour, 0).expired).toBe(false);
  });

  it('warns at 48, 24 and 4 hours, also where only the wall clock says so', () => {
    const warningAt = (hoursLeft: number): number | null =>
      leaseState(lease, wall, 14 * day - hoursLeft * hour).warning;
    expect([49, 48, 25, 24, 5, 4, 0.1, 0].map(warningAt)).toEqual([null, 48, 48, 24, 24, 4, 4, null]);
    expect(leaseState(lease, wall + 12 * day + hour, 0).warning).toBe(48);
  });

  it("the service's time settles what a wrong clock could not", () => {
    const corrected = correctLease(lease, '2026-11-03T08:00:00.000Z', wall + 400 * day);
    expect(leaseState(corrected, wall + 400 * day, 0)).toMatchObject({ expired: false, hoursLeft: 12 * 24 });
  });
});
