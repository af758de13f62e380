/** What a program and everything it started use, as Linux tells it. Elsewhere all figures are 0. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ticksASecond = 100;

export interface ProcessUse {
  readonly id: number;
  /** Chromium's name for it (`renderer`, `gpu-process`, `utility` …); `main` for the one that was started. */
  readonly kind: string;
  /** Proportional set size: shared pages count by their share. */
  readonly pssMegabytes: number;
  readonly cpuSeconds: number;
}

export function processTree(root: number): readonly ProcessUse[] {
  if (process.platform !== 'linux') return [];
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const id = Number(name);
    if (!Number.isInteger(id)) continue;
    parents.set(id, Number(statOf(id)[1]));
  }
  const uses: ProcessUse[] = [];
  for (const id of parents.keys()) {
    let above: number | undefined = id;
    while (above !== undefined && above > 1 && above !== root) above = parents.get(above);
    if (above !== root) continue;
    const stat = statOf(id);
    const kind = /--type=([a-z-]+)/.exec(readText(`/proc/${id}/cmdline`))?.[1] ?? 'main';
    uses.push({
      id,
      kind,
      pssMegabytes: Number(/^Pss:\s+(\d+)/m.exec(readText(`/proc/${id}/smaps_rollup`))?.[1] ?? 0) / 1024,
      cpuSeconds: (Number(stat[11] ?? 0) + Number(stat[12] ?? 0)) / ticksASecond,
    });
  }
  return uses;
}

/** Whole megabytes. */
export function sumOfPss(root: number): number {
  return Math.round(processTree(root).reduce((sum, { pssMegabytes }) => sum + pssMegabytes, 0));
}

/**
 * Processes that run the same program file and are not of this tree. Proportional set size splits what is shared, the
 * file's pages above all: beside another Electron of the same runtime every figure is up to a third too small.
 */
export function besideOthers(root: number): number {
  if (process.platform !== 'linux') return 0;
  const own = new Set(processTree(root).map(({ id }) => id));
  const program = programOf(root);
  return readdirSync('/proc')
    .map(Number)
    .filter((id) => Number.isInteger(id) && !own.has(id) && program !== null && programOf(id) === program)
    .length;
}

/** Device and inode: hard links of one file are one program. */
function programOf(id: number): string | null {
  try {
    const { dev, ino } = statSync(`/proc/${id}/exe`);
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}

/** Of the database and of the files beside it. */
export function bytesOfCache(profile: string): number {
  return bytesBelow(join(profile, 'IndexedDB')) + bytesBelow(join(profile, 'File System'));
}

function bytesBelow(folder: string): number {
  if (!existsSync(folder)) return 0;
  let bytes = 0;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stat = statSync(path);
    bytes += stat.isDirectory() ? bytesBelow(path) : stat.size;
  }
  return bytes;
}

/** The fields of `/proc/N/stat` after the program's name; the first is its state. */
function statOf(id: number): readonly string[] {
  const stat = readText(`/proc/${id}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // A process that ended meanwhile.
    return '';
  }
}
