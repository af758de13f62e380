import { describe, expect, it } from 'vitest';
import { loadProgress } from '../../../../domain/sync/first-load.ts';
import { inStepLimitMs, isInStep, pendingSummary } from '../../../../domain/sync/status.ts';
import { signedOperation } from '../../../support/signed-operation.ts';

const good = { connection: 'connected', waiting: 0, atHead: true, sinceConfirmedMs: 0 } as const;

describe('status', () => {
  it('Q13: in step exactly when nothing waits, the feed is at its head and the answer is fresh (I15)', () => {
    expect(isInStep(good)).toBe(true);
    expect(isInStep({ ...good, waiting: 1 })).toBe(false);
    expect(isInStep({ ...good, atHead: false })).toBe(false);
    expect(isInStep({ ...good, connection: 'offline' })).toBe(false);
    expect(isInStep({ ...good, sinceConfirmedMs: null })).toBe(false);
    expect(isInStep({ ...good, sinceConfirmedMs: inStepLimitMs + 1 })).toBe(false);
  });

  it('Q3: says what waits, for whom, and since when', () => {
    const pending = pendingSummary([
      signedOperation('b', { deviceSeq: 2, patientId: 'p2' }),
      signedOperation('a', {
        deviceSeq: 1,
        recordedAt: { wallClock: '2026-11-22T09:00:00Z', monotonicMs: 0 },
      }),
    ]);
    expect(pending).toMatchObject({ groups: 2, operations: 2, oldestRecordedAt: '2026-11-22T09:00:00Z' });
    expect(pending.byPatient.map((entry) => entry.patientId)).toEqual(['p1', 'p2']);
  });

  it('Q13: progress counts patients in scope: it neither passes the total nor stops short of it', () => {
    const sizes = new Map([
      ['a', 100],
      ['b', 300],
    ]);
    const input = { sizes, fetchedBytes: 100, fetchingMs: 1_000, paused: false };
    expect(loadProgress({ ...input, present: new Set(['a', 'somebody else']) })).toEqual({
      patientsDone: 1,
      patientsTotal: 2,
      bytesDone: 100,
      bytesTotal: 400,
      secondsLeft: 3,
      paused: false,
    });
    expect(loadProgress({ ...input, present: new Set(['a', 'b']) })).toBeNull();
  });
});
