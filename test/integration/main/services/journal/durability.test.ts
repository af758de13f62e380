import { describe, expect, it } from 'vitest';
import { runCrashMatrix } from '../../../../../tools/torture/crash.ts';
import { replayEveryCut } from '../../../../../tools/torture/disk.ts';
import { proveFullVolume } from '../../../../../tools/torture/full-volume.ts';
import { judge, traceSaves } from '../../../../../tools/torture/system-call-trace.ts';

/** Short forms of `npm run torture -- disk` and `-- crash` (I1, I2; sync-bugs L9, L27, S1, S9). */
describe('what was called saved', () => {
  it('I1, L27: is there after a power cut at any write, with unsynced bytes dropped, kept or torn', async () => {
    const report = await replayEveryCut({ seed: 7, rounds: 7, tornPerCut: 1 });
    expect(report.violations).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(8);
    expect(report.disks).toBeGreaterThan(200);
  });

  it.each(['sync', 'sync-directory'] as const)('the replay finds a forgotten %s', async (forgotten) => {
    const report = await replayEveryCut({ seed: 7, rounds: 2, tornPerCut: 0, forgotten });
    expect(report.violations.length).toBeGreaterThan(0);
  });

  it('L9, L27: is there after the program died at a failpoint of its disk work', async () => {
    const report = await runCrashMatrix({
      occurrences: [3],
      saves: 6,
      points: ['within-append', 'before-sync', 'after-rename', 'before-remove'],
    });
    expect(report.violations).toEqual([]);
    expect(report.crashes).toBeGreaterThan(1);
  });

  it('S1, S9: outlives a full disk, which refuses in words and frees the reserve first', async () => {
    const report = await proveFullVolume();
    expect(report.summary).toContain('0 lost');
    expect(report.holds, report.summary).toBe(true);
  });

  it('I1: is said only after fdatasync returned (system-call trace, where strace may run)', async () => {
    const report = await traceSaves(6);
    expect(report.kind, report.summary).not.toBe('violated');
  });

  it('the judge of the trace sees a word that came too early', () => {
    const write = '7 write(20</p/journal/a.segment>, "GJB1", 900) = 900';
    const sync = '8 fdatasync(20</p/journal/a.segment>) = 0';
    const said = '7 write(1<pipe:[1]>, "saved 1 2\\n", 10) = 10';
    expect(judge([write, sync, said]).kind).toBe('proved');
    expect(judge([write, said, sync]).kind).toBe('violated');
    const begun = '8 fdatasync(20</p/journal/a.segment> <unfinished ...>';
    const ended = '8 <... fdatasync resumed>) = 0';
    expect(judge([write, begun, said, ended]).kind).toBe('violated');
    expect(judge([write, begun, ended, said]).kind).toBe('proved');
  });
});
