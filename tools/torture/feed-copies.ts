import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Copies of the record service as processes of their own, which can be killed. */
export interface ServiceCopies {
  /** The address of a copy that runs, one or another; undefined while none does. */
  any(random: () => number): string | undefined;
  /** SIGKILL of one copy; a new one takes its place. */
  killOne(random: () => number): Promise<void>;
  /** Process ids of the copies that run. */
  pids(): readonly number[];
  stop(): Promise<void>;
}

interface Copy {
  readonly process: ChildProcess;
  readonly folder: string;
  readonly base: string;
}

export async function startCopies(
  count: number,
  databaseUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServiceCopies> {
  const copies: Copy[] = [];
  for (let n = 0; n < count; n += 1) copies.push(await startCopy(databaseUrl, environment));
  return {
    any: (random) => copies[Math.floor(random() * copies.length)]?.base,
    async killOne(random) {
      const [copy] = copies.splice(Math.floor(random() * copies.length), 1);
      if (copy !== undefined) await endCopy(copy);
      copies.push(await startCopy(databaseUrl, environment));
    },
    pids: () => copies.flatMap((copy) => copy.process.pid ?? []),
    async stop() {
      for (const copy of copies.splice(0)) await endCopy(copy);
    },
  };
}

async function startCopy(databaseUrl: string, environment: Readonly<Record<string, string>>): Promise<Copy> {
  for (let attempt = 1; ; attempt += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'gladstone-copy-'));
    const child = spawn(process.execPath, [join(import.meta.dirname, 'service-copy.ts')], {
      env: { ...process.env, ...environment, DATABASE_URL: databaseUrl, GLADSTONE_DATA_DIR: folder },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const base = await firstLine(child);
    if (base !== undefined) return { process: child, folder, base };
    rmSync(folder, { recursive: true, force: true });
    // PostgreSQL may be down at this very moment: that is the point of it all.
    if (attempt === 20) throw new Error('A service copy does not start.');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  if (child.stdout === null) return undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('http')) return line;
  }
  return undefined;
}

async function endCopy(copy: Copy): Promise<void> {
  const ended = new Promise((resolve) => copy.process.once('exit', resolve));
  if (copy.process.exitCode === null && copy.process.signalCode === null) {
    copy.process.kill('SIGKILL');
    await ended;
  }
  rmSync(copy.folder, { recursive: true, force: true });
}
