import type { AppendingFile, DurableFiles } from '../../main/services/storage/durable-files.ts';

/** Every place of the journal's disk work at which a program can die. */
export const failpoints = [
  'before-append',
  'within-append',
  'after-append',
  'before-sync',
  'after-sync',
  'after-create',
  'before-sync-directory',
  'after-sync-directory',
  'before-rename',
  'after-rename',
  'before-remove',
  'after-remove',
] as const;
export type Failpoint = (typeof failpoints)[number];

/**
 * Files that kill their own process (SIGKILL: no handler, no flush) when a failpoint is reached the n-th time,
 * written `after-sync:7`.
 */
export function failingAt(files: DurableFiles, failpoint: string): DurableFiles {
  const [name = '', count = '1'] = failpoint.split(':');
  let left = Number(count);
  const reach = (here: Failpoint): boolean => {
    if (here !== name) return false;
    left -= 1;
    return left === 0;
  };
  const dieAt = (here: Failpoint): void => {
    if (reach(here)) process.kill(process.pid, 'SIGKILL');
  };
  return {
    ...files,
    async create(path) {
      const file = await files.create(path);
      dieAt('after-create');
      return dyingFile(file, reach, dieAt);
    },
    async rename(from, to) {
      dieAt('before-rename');
      await files.rename(from, to);
      dieAt('after-rename');
    },
    async remove(path) {
      dieAt('before-remove');
      await files.remove(path);
      dieAt('after-remove');
    },
    async syncDirectory(path) {
      dieAt('before-sync-directory');
      await files.syncDirectory(path);
      dieAt('after-sync-directory');
    },
  };
}

function dyingFile(
  file: AppendingFile,
  reach: (here: Failpoint) => boolean,
  dieAt: (here: Failpoint) => void,
): AppendingFile {
  return {
    async append(bytes) {
      dieAt('before-append');
      if (reach('within-append')) {
        await file.append(bytes.subarray(0, Math.floor(bytes.length / 2)));
        process.kill(process.pid, 'SIGKILL');
      }
      await file.append(bytes);
      dieAt('after-append');
    },
    async sync() {
      dieAt('before-sync');
      await file.sync();
      dieAt('after-sync');
    },
    close: () => file.close(),
  };
}
