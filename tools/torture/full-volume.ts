import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '../../main/services/journal/file-journal.ts';
import { nodeFiles } from '../../main/services/storage/node-files.ts';
import { groupOf } from './journal-keys.ts';
import { newSavingRun } from './saving-run.ts';
import type { DurableFiles } from '../../main/services/storage/durable-files.ts';
import type { Journal } from '../../main/services/journal/journal.ts';

export interface FullVolumeReport {
  readonly holds: boolean;
  readonly summary: string;
}

const megabyte = 1024 * 1024;

/**
 * Saves until the disk is full, on a real small volume where this process may mount one, else on a quota that
 * answers as such a disk does. The reserve lets saving go on for a while; then a save is refused in words, nothing
 * that was acknowledged is lost, and with room again saving goes on.
 */
export async function proveFullVolume(): Promise<FullVolumeReport> {
  const folder = mkdtempSync(join(tmpdir(), 'gladstone-full-'));
  const mounted =
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=700', 'tmpfs', folder]).status === 0;
  try {
    const quota = mounted ? null : new Quota(24 * megabyte);
    return await fill(folder, quota === null ? nodeFiles : quota.over(nodeFiles), mounted);
  } finally {
    if (mounted) spawnSync('umount', [folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(folder: string, files: DurableFiles, mounted: boolean): Promise<FullVolumeReport> {
  const run = newSavingRun(folder);
  const { workers, deviceId, directory } = run;
  const open = async (): Promise<Journal> => {
    const now = (): string => new Date().toISOString();
    const options = { files, directory, escrow: workers.escrow, now, deviceId };
    const { journal } = await openJournal(options);
    await journal.unseal(workers.keysOf('gp'));
    return journal;
  };
  // What else lies on the disk, and goes away later.
  const ballast = await files.create(join(folder, 'ballast'));
  await ballast.append(new Uint8Array(3 * megabyte));
  await ballast.close();
  const journal = await open();
  const signer = workers.signer(deviceId);
  const text = 'x'.repeat(200_000);
  const acknowledged: string[] = [];
  let refusal = '';
  for (let index = 0; index < 1_000 && refusal === ''; index += 1) {
    const saved = await journal.saveGroup(groupOf(signer, 'patient-0', text));
    if (saved.ok) acknowledged.push(...saved.value.operations.map(({ operation }) => operation.opId));
    else refusal = saved.error.code;
  }
  const reserveFreed = !(await files.list(directory)).includes('reserve');
  await journal.close();

  const again = await open();
  const here = new Set(again.operations().map(({ signed }) => signed.operation.opId as string));
  const lost = acknowledged.filter((opId) => !here.has(opId)).length;
  const small = await again.saveGroup(groupOf(signer, 'patient-0', 'small'));
  await files.remove(join(folder, 'ballast'));
  const after = await again.saveGroup(groupOf(signer, 'patient-0', text));
  await again.close();
  const goesOn = after.ok;
  const holds = refusal === 'disk-full' && reserveFreed && lost === 0 && goesOn;
  return {
    holds,
    summary: [
      mounted ? 'a real 24 MB volume' : 'a quota of 24 MB (no mount allowed here)',
      `${acknowledged.length} saves of 200 kB, then "${refusal}"`,
      reserveFreed ? 'reserve freed' : 'reserve NOT freed',
      `${lost} lost`,
      `a small save on the full disk: ${small.ok ? 'taken' : small.error.code}`,
      goesOn ? 'goes on with room again' : 'does NOT go on with room again',
    ].join(', '),
  };
}

/** A disk of limited size over another one. */
class Quota {
  #left: number;
  readonly #sizes = new Map<string, number>();

  constructor(bytes: number) {
    this.#left = bytes;
  }

  over(files: DurableFiles): DurableFiles {
    return {
      ...files,
      create: async (path) => {
        const file = await files.create(path);
        this.#sizes.set(path, 0);
        return {
          append: async (bytes) => {
            const fits = Math.min(this.#left, bytes.length);
            await file.append(bytes.subarray(0, fits));
            this.#left -= fits;
            this.#sizes.set(path, (this.#sizes.get(path) ?? 0) + fits);
            if (fits < bytes.length) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
          },
          sync: () => file.sync(),
          close: () => file.close(),
        };
      },
      rename: async (from, to) => {
        await files.rename(from, to);
        this.#sizes.set(to, this.#sizes.get(from) ?? 0);
        this.#sizes.delete(from);
      },
      remove: async (path) => {
        await files.remove(path);
        this.#left += this.#sizes.get(path) ?? 0;
        this.#sizes.delete(path);
      },
    };
  }
}
