import { describe, expect, it } from 'vitest';
import { GatheredNotices } from '../../../../renderer/cache/gathered-notices.ts';
import type { CacheNotice } from '../../../../renderer/cache/queries.ts';

/** Notices as told, and a clock that a test turns. */
function gathering() {
  const told: CacheNotice[] = [];
  const waiting: (() => void)[] = [];
  const notices = new GatheredNotices(
    (notice) => told.push(notice),
    () => new Promise((resolve) => waiting.push(resolve)),
  );
  const turn = async (): Promise<void> => {
    for (const resolve of waiting.splice(0)) resolve();
    await Promise.resolve();
  };
  return { told, notices, turn };
}

const many = (first: number): string[] => Array.from({ length: 20 }, (_, index) => `p${first + index}`);

describe('notices of records that arrive by the thousand', () => {
  it('tells of the first at once, and of what follows together', async () => {
    const { told, notices, turn } = gathering();
    notices.add(many(0), ['agenda', 'state']);
    expect(told).toEqual([{ kind: 'patients', patientIds: many(0) }, { kind: 'agenda' }, { kind: 'state' }]);
    notices.add(many(20), ['agenda']);
    notices.add(many(40), ['agenda', 'state']);
    expect(told).toHaveLength(3);
    await turn();
    expect(told.slice(3)).toEqual([
      { kind: 'patients', patientIds: [...many(20), ...many(40)] },
      { kind: 'agenda' },
      { kind: 'state' },
    ]);
    await turn();
    expect(told).toHaveLength(6);
  });

  it('holds back no record that somebody may be waiting for', () => {
    const { told, notices } = gathering();
    notices.add(many(0), ['state']);
    notices.add(['awaited'], ['state']);
    expect(told.slice(2)).toEqual([{ kind: 'patients', patientIds: ['awaited'] }, { kind: 'state' }]);
  });
});
