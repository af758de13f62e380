import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { redactText } from '../log/redaction.ts';

export interface CrashReport {
  readonly at: string;
  readonly version: string;
  readonly process: 'main' | 'renderer' | 'cache-worker';
  readonly reason: string;
  /** File and line of each frame; messages are left out, for they may quote what a person typed. */
  readonly frames: readonly string[];
}

const kept = 20;

/** The frames of a stack, without its message. */
export function framesOf(stack: string | undefined): readonly string[] {
  return (stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) =>
      line
        .trim()
        .replace(/\(.*[/\\]([^/\\]+:\d+:\d+)\)/, '($1)')
        .replace(/ (?:file:\/\/)?[^ (]*[/\\]([^/\\]+:\d+:\d+)$/, ' $1'),
    )
    .slice(0, 30);
}

/** Written and fsynced at once: the process may be about to end. Old reports go, newest stay. */
export function writeCrashReport(folder: string, report: CrashReport): string {
  mkdirSync(folder, { recursive: true });
  const name = `crash-${report.at.replace(/[^0-9TZ]/g, '')}-${report.process}.json`;
  const safe: CrashReport = { ...report, reason: redactText(report.reason) };
  const file = openSync(join(folder, name), 'w', 0o600);
  try {
    writeSync(file, `${JSON.stringify(safe, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  for (const old of readdirSync(folder)
    .filter((entry) => entry.startsWith('crash-'))
    .sort()
    .slice(0, -kept)) {
    rmSync(join(folder, old), { force: true });
  }
  return name;
}
