import { describe, expect, it } from 'vitest';
import { runFeedTorture } from '../../../../tools/torture/feed.ts';

describe('the feed under writers, kills and a restore (I6)', () => {
  // The long form with 100,000 changes, and the plain sequence that misses some, is `npm run torture -- feed`.
  it('misses nothing, splits no save group, lets no version fall', async () => {
    const report = await runFeedTorture({ changes: 1_200, writers: 10, killAfterChanges: 150, seed: 7 });
    expect(report.changes).toBeGreaterThan(1_200);
    expect(report.kills.copies).toBeGreaterThan(0);
    expect(report).toMatchObject({ missed: 0, groupsSplit: 0, versionsFell: 0 });
    if (report.restored) expect(report.epochChanged).toBe(true);
  }, 300_000);
});
