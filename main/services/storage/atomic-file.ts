import { dirname } from 'node:path';
import type { DurableFiles } from './durable-files.ts';

/**
 * Replaces a small file so that a crash at any point leaves the old content or the new, whole: temporary file,
 * fsync, rename, fsync of the directory. Writers of one path must take turns (the vault and audit queue do).
 */
export async function writeAtomically(files: DurableFiles, path: string, content: Uint8Array): Promise<void> {
  const temporary = `${path}.new`;
  await files.remove(temporary);
  const file = await files.create(temporary);
  try {
    await file.append(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await files.rename(temporary, path);
  await files.syncDirectory(dirname(path));
}
