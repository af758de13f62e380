import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Holds a directory for one process. The lock is a file with the holder's process id and start; a lock whose holder
 * no longer runs is taken over.
 * @throws Error when another running process holds it
 * @returns gives the lock up
 */
export function lockDirectory(directory: string): () => void {
  const lock = join(directory, 'service.lock');
  const mine = join(directory, `service.lock.${process.pid}`);
  writeFileSync(mine, holder(process.pid));
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (tryLink(mine, lock)) {
        return () => {
          rmSync(lock, { force: true });
        };
      }
      clearStale(lock, directory);
    }
    throw inUse(directory);
  } finally {
    rmSync(mine, { force: true });
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function clearStale(lock: string, directory: string): void {
  const found = readIfThere(lock);
  if (found === undefined) return;
  const pid = Number(found.split(' ')[0]);
  if (isRunning(pid) && holder(pid) === found) throw inUse(directory);
  // Renamed before it is removed: whoever else saw the same stale lock must not remove the one that replaced it.
  const aside = `${lock}.stale.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  if (readIfThere(aside) !== found) tryLink(aside, lock);
  rmSync(aside, { force: true });
}

function holder(pid: number): string {
  const stat = readIfThere(`/proc/${pid}/stat`);
  // Field 22, the start in clock ticks, tells a process from a later one with the same id. Linux only.
  const started = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  return `${pid} ${started}`;
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function inUse(directory: string): Error {
  return new Error(
    `Another record service is using ${directory}. Nothing was changed. ` +
      'Stop it first, or set GLADSTONE_DATA_DIR to another folder.',
  );
}
