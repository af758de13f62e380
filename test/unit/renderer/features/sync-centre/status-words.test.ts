import { describe, expect, it } from 'vitest';
import type { SyncStatus } from '../../../../../contract/channels/sync.ts';
import {
  ageWords,
  clockWords,
  noticeCount,
  statusWords,
} from '../../../../../renderer/features/sync-centre/status-words.ts';

const now = '2026-11-22T10:42:00Z';
const status: SyncStatus = {
  connection: 'connected',
  inStep: true,
  lastInStep: now,
  pending: { groups: 0, operations: 0, byPatient: [] },
  attention: 0,
  sending: false,
  serviceDurable: true,
  notices: [],
};

describe('what the indicator says', () => {
  it('says in step only when main says so (I15)', () => {
    expect(statusWords(status, now).words).toBe('In step 10:42');
    expect(statusWords({ ...status, inStep: false }, now).words).not.toMatch(/in step/i);
  });

  it('offline is a steady line that says since when and what waits', () => {
    const offline: SyncStatus = {
      ...status,
      connection: 'offline',
      inStep: false,
      offlineSince: '2026-11-22T09:10:00Z',
      pending: { ...status.pending, operations: 3 },
    };
    expect(statusWords(offline, now)).toMatchObject({
      tone: 'amber',
      words: 'Offline since 09:10 · 3 waiting',
    });
  });

  it.each([
    ['2026-11-22T10:40:00Z', '2 min'],
    ['2026-11-22T08:37:00Z', '2 h 5 min'],
    ['2026-11-18T10:42:00Z', '4 days'],
  ])('the age of %s is %s', (since, words) => {
    expect(ageWords(since, now)).toBe(words);
  });
});

describe('a clock that is wrong', () => {
  it.each([
    [-259_200, '3 days ahead of'],
    [180, '3 minutes behind'],
    [-60, '1 minute ahead of'],
    [7_200, '2 hours behind'],
  ])('%d s', (offset, words) => {
    expect(clockWords(offset)).toBe(`This computer’s clock is ${words} the record service’s.`);
  });

  it('is pointed at on every screen, like a notice', () => {
    expect(noticeCount(status)).toBe(0);
    const notice = { code: 'resynced', message: 'A sentence.', since: now };
    expect(noticeCount({ ...status, notices: [notice], clockOffsetSeconds: 200 })).toBe(2);
  });
});
