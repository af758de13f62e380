import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newRandomSecret } from './service-secrets.ts';

/** Where the secret of the client `gladstone-system` lies in the service's data folder, readable by its owner only. */
export function systemSecretPath(dataFolder: string): string {
  return join(dataFolder, 'system-client-secret');
}

/** Reads the secret, making it at the first start. Import and seed read the same file. */
export async function ensureSystemSecret(dataFolder: string): Promise<string> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const path = systemSecretPath(dataFolder);
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(newRandomSecret());
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(path, 'utf8')).trim();
}
