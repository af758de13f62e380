import { constants } from 'node:fs';
import { copyFile, chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemActor } from '../identity/actor.ts';
import { escrowKeyId, EscrowKeys } from '../identity/escrow-keys.ts';
import { flush } from './flush.ts';
import type { RecordStore } from '../store/record-store.ts';

export interface CopyEscrowKeysOptions {
  readonly store: RecordStore;
  /** Where the service keeps its private halves. */
  readonly folder: string;
  /** Where the copies go: apart from the dump, since whoever has both opens every sealed frame. */
  readonly out: string;
}

export interface EscrowKeyCopy {
  readonly organisation: string;
  readonly keyId: string;
  /** `missing`: devices wrap to a key whose private half is not here; `other`: the file holds another key. */
  readonly state: 'copied' | 'copied-before' | 'missing' | 'other';
}

/**
 * Copies the private half of each organisation's escrow key to `{out}/{organisation}-{keyId}.pem`, readable by its
 * owner alone, flushed. A copy is never overwritten. Nothing is copied that is not the key which devices wrap to.
 */
export async function copyEscrowKeys(options: CopyEscrowKeysOptions): Promise<readonly EscrowKeyCopy[]> {
  const { store, folder, out } = options;
  const keys = new EscrowKeys(folder, () => new Date());
  await mkdir(out, { recursive: true, mode: 0o700 });
  const copies: EscrowKeyCopy[] = [];
  for (const organisation of await store.organisations()) {
    const registered = await store.withSnapshot(
      { organisation, actor: systemActor(organisation) },
      (reader) => keys.registered(reader),
    );
    if (registered === undefined) continue;
    const { keyId } = registered;
    const privateKey = await keys.privateKey(organisation);
    if (privateKey === null) copies.push({ organisation, keyId, state: 'missing' });
    else if (escrowKeyId(privateKey) !== keyId) copies.push({ organisation, keyId, state: 'other' });
    else {
      const target = join(out, `${organisation}-${keyId}.pem`);
      copies.push({ organisation, keyId, state: await copyOnce(keys.path(organisation), target) });
    }
  }
  await flush(out);
  return copies;
}

async function copyOnce(from: string, to: string): Promise<'copied' | 'copied-before'> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'copied-before';
    throw error;
  }
  await chmod(to, 0o600);
  await flush(to);
  return 'copied';
}
