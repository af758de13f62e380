import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { newSavingRun, savingChild } from './saving-run.ts';

export interface TraceReport {
  readonly kind: 'proved' | 'violated' | 'not-possible';
  readonly saves: number;
  readonly summary: string;
}

/**
 * Traces a program that saves: before each `saved` on its standard output, an `fdatasync` of the journal's file
 * that came after the batch's write must have returned 0. Needs strace; where it is missing or forbidden the replay
 * of recorded writes stands for it, and the report says so.
 */
export function traceSaves(count: number): Promise<TraceReport> {
  const run = newSavingRun();
  const trace = join(run.folder, 'trace');
  try {
    const traced = spawnSync(
      'strace',
      [
        ...['-f', '-y', '-s', '24', '-e', 'trace=write,pwrite64,fdatasync,fsync', '-o', trace],
        ...[process.execPath, savingChild, run.directory, run.keysFile, String(count)],
      ],
      { encoding: 'utf8' },
    );
    if (traced.error !== undefined || traced.status !== 0) {
      const why =
        traced.error === undefined ? traced.stderr.trim().split('\n')[0] : 'strace is not installed';
      return Promise.resolve({
        kind: 'not-possible',
        saves: 0,
        summary: `not traced (${why ?? 'unknown'}); the replay of recorded writes stands for it`,
      });
    }
    return Promise.resolve(judge(readFileSync(trace, 'utf8').split('\n')));
  } finally {
    rmSync(run.folder, { recursive: true, force: true });
  }
}

/** Reads strace's lines in order; a call that was interrupted counts when it is resumed, that is, when it returned. */
export function judge(lines: readonly string[]): TraceReport {
  const unfinished = new Map<string, string>();
  let unsynced = 0;
  let synced = 0;
  let saves = 0;
  let tooEarly = 0;
  for (const line of lines) {
    const thread = line.split(' ')[0] ?? '';
    let call = line;
    if (line.includes('<unfinished ...>')) {
      unfinished.set(thread, line);
      continue;
    }
    if (line.includes('resumed>')) call = `${unfinished.get(thread) ?? ''} ${line}`;
    if (call.includes('.segment>')) {
      if (/ p?write(64)?\(/.test(call)) unsynced += 1;
      if (/ f(data)?sync\(/.test(call) && /= 0$/.test(call)) {
        unsynced = 0;
        synced += 1;
      }
    } else if (/ write\(1</.test(call) && call.includes('"saved ')) {
      saves += 1;
      if (unsynced > 0 || synced === 0) tooEarly += 1;
    }
  }
  const summary = `${saves} times "saved" written, ${synced} syncs of segments returned before, ${tooEarly} too early`;
  return { kind: tooEarly === 0 && saves > 0 ? 'proved' : 'violated', saves, summary };
}
