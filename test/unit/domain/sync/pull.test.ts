import { describe, expect, it } from 'vitest';
import { compareManifest, nextPullStep } from '../../../../domain/sync/pull.ts';
import type { PullState } from '../../../../domain/sync/pull.ts';

const state: PullState = {
  cursor: { epoch: 'e1', position: 10 },
  epoch: 'e1',
  head: 10,
  resyncNeeded: false,
  lanesCompared: true,
  wanted: [],
  paused: false,
  full: false,
  batchSize: 2,
  batchesSinceFeed: 0,
  manifestDue: false,
};
const pack = (patientId: string, urgent = false, notBefore = 0): PullState['wanted'][number] => ({
  patientId,
  urgent,
  notBefore,
});

describe('the next step of a pull', () => {
  it('starts with the directory, which carries the position from before the first record', () => {
    expect(nextPullStep({ ...state, cursor: null })).toEqual({ step: 'directory' });
  });

  it('a record is never asked for from before the cursor', () => {
    const step = nextPullStep({ ...state, wanted: [pack('a'), pack('b', false, 14), pack('c')] });
    expect(step).toEqual({ step: 'packs', epoch: 'e1', patients: ['a', 'b'], notBefore: 14 });
  });

  it('a record for which a person waits comes before everything', () => {
    const step = nextPullStep({ ...state, head: 99, wanted: [pack('a'), pack('b', true)], paused: true });
    expect(step).toMatchObject({ step: 'packs', patients: ['b'] });
  });

  it('the feed is read also while records are still arriving', () => {
    expect(nextPullStep({ ...state, head: 11, wanted: [pack('a')] })).toMatchObject({ step: 'changes' });
    expect(nextPullStep({ ...state, batchesSinceFeed: 8, wanted: [pack('a')] })).toMatchObject({
      step: 'changes',
    });
  });

  it('M9 M8: another history is not read on: lanes are compared first, then one resync', () => {
    expect(nextPullStep({ ...state, epoch: 'e2', lanesCompared: false })).toEqual({ step: 'idle' });
    expect(nextPullStep({ ...state, epoch: 'e2' })).toEqual({ step: 'resync' });
  });

  it('S1: a full disk stops fetching records, not the feed', () => {
    expect(nextPullStep({ ...state, full: true, wanted: [pack('a', true)] })).toEqual({ step: 'idle' });
    expect(nextPullStep({ ...state, full: true, head: 11 })).toMatchObject({ step: 'changes' });
  });
});

describe('the manifest', () => {
  it('M10: finds drift, what is missing and what should not be here', () => {
    const service = [
      { patientId: 'same', digest: '1' },
      { patientId: 'drifted', digest: '2' },
      { patientId: 'missing', digest: '3' },
      { patientId: 'changed meanwhile', digest: '4' },
    ];
    const cache = [
      { patientId: 'same', digest: '1' },
      { patientId: 'drifted', digest: 'old' },
      { patientId: 'changed meanwhile', digest: 'old' },
      { patientId: 'surplus', digest: '5' },
    ];
    expect(compareManifest(service, cache, new Set(['changed meanwhile']))).toEqual({
      different: ['drifted', 'changed meanwhile'],
      drifted: 1,
      missing: ['missing'],
      surplus: ['surplus'],
    });
  });
});
