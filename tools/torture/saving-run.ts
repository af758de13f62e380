import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '../../main/services/journal/file-journal.ts';
import { nodeFiles } from '../../main/services/storage/node-files.ts';
import { makeJournalWorkers } from './journal-keys.ts';
import type { DeviceId } from '../../domain/identifiers.ts';
import type { Journal, OpenReport } from '../../main/services/journal/journal.ts';
import type { JournalWorkers } from './journal-keys.ts';

/** A folder in which a {@link saving-child.ts} works, with its keys beside it. */
export interface SavingRun {
  readonly folder: string;
  readonly directory: string;
  readonly keysFile: string;
  readonly workers: JournalWorkers;
  readonly deviceId: DeviceId;
}

export const savingChild = join(import.meta.dirname, 'saving-child.ts');

export function newSavingRun(folder = mkdtempSync(join(tmpdir(), 'gladstone-torture-'))): SavingRun {
  const workers = makeJournalWorkers();
  const deviceId = randomUUID() as string as DeviceId;
  const keysFile = join(folder, 'keys.json');
  writeFileSync(keysFile, JSON.stringify({ deviceId, workers: workers.kept }));
  return { folder, directory: join(folder, 'journal'), keysFile, workers, deviceId };
}

/** Runs the child to its end, however that comes. */
export async function runSavingChild(
  run: SavingRun,
  count: number,
  failpoint: string,
): Promise<{ readonly output: string; readonly killed: boolean }> {
  const child = spawn(
    process.execPath,
    [savingChild, run.directory, run.keysFile, String(count), failpoint],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => {
    child.on('close', (_code, closedBy) => {
      resolve(closedBy);
    });
  });
  if (signal === null && child.exitCode !== 0) throw new Error(complaint);
  return { output, killed: signal !== null };
}

/** Opens the child's journal as a restart would. */
export async function openAfter(
  run: SavingRun,
): Promise<{ readonly journal: Journal; readonly report: OpenReport }> {
  const opened = await openJournal({
    files: nodeFiles,
    directory: run.directory,
    escrow: run.workers.escrow,
    now: () => new Date().toISOString(),
    deviceId: run.deviceId,
    withReserve: false,
  });
  await opened.journal.unseal(run.workers.keysOf('gp'));
  return opened;
}
