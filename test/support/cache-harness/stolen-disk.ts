/** What a thief of the disk has: every sealed value that ever lay there, the bag's key, and the key file as it is now. */
import type { PackEntry } from '../../../renderer/cache/bag-state.ts';
import {
  compressText,
  decompressText,
  sealerFrom,
  SealError,
  type Seal,
} from '../../../renderer/cache/sealing.ts';

interface Sealed {
  readonly place: string;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

/**
 * Copies every sealed value of a bag, as old blocks of the disk would keep them. The thief has the keys of that moment
 * and so knows where each body of a pack begins.
 */
export async function copySealed(secret: string, bag: string): Promise<readonly Sealed[]> {
  const database = `${bag}.1`;
  const opened = await openDatabase(database);
  const all = (store: string): Promise<readonly Record<string, unknown>[]> =>
    new Promise((resolve, reject) => {
      const reading = opened.transaction(store).objectStore(store).getAll();
      reading.onsuccess = () => {
        resolve(reading.result as Record<string, unknown>[]);
      };
      reading.onerror = () => {
        reject(new Error('not read'));
      };
    });
  const [chunks, state] = [await all('chunks'), await all('state')];
  opened.close();
  const sealedOf = (row: Record<string, unknown>, place: string): Sealed => ({
    place,
    sealed: row['sealed'] as Uint8Array<ArrayBuffer>,
  });
  const logs = chunks.map((row) => sealedOf(row, `chunks|${String(row['log'])}|${String(row['sequence'])}`));
  const entries = (await openWithAnySalt(secret, bag, logs))
    .map((text) => JSON.parse(text) as { readonly put?: readonly (readonly [string, Partial<PackEntry>])[] })
    .flatMap(({ put }) => put ?? [])
    .map(([, entry]) => entry);
  return [
    ...(await bodiesOf(database, entries)),
    ...logs,
    ...state.map((row) => sealedOf(row, `state|bag|${String(row['revision'])}`)),
  ];
}

function openDatabase(database: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(database);
    opening.onsuccess = () => {
      resolve(opening.result);
    };
    opening.onerror = () => {
      reject(new Error('not opened'));
    };
  });
}

export async function rowsIn(database: string, store: string): Promise<number> {
  const opened = await openDatabase(database);
  const count = await new Promise<number>((resolve) => {
    const counting = opened.transaction(store).objectStore(store).count();
    counting.onsuccess = () => {
      resolve(counting.result);
    };
  });
  opened.close();
  return count;
}

async function bodiesOf(
  database: string,
  entries: readonly Partial<PackEntry>[],
): Promise<readonly Sealed[]> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(`${database}.packs`);
  const bodies: Sealed[] = [];
  for (const { lies, bytes = 0, row, revision } of entries) {
    if (lies === undefined) continue;
    const file = await (await folder.getFileHandle(lies.segment)).getFile();
    const sealed = new Uint8Array(await file.slice(lies.at, lies.at + bytes).arrayBuffer());
    bodies.push({ place: `packs|${String(row)}|${String(revision)}`, sealed });
  }
  return bodies;
}

/** The texts of those that the bag's key and any salt of the key file open. */
export async function openWithAnySalt(
  secret: string,
  database: string,
  values: readonly Sealed[],
): Promise<readonly string[]> {
  const key = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
  const sealer = await sealerFrom(key, `A99999|${database}`);
  const salts = await saltsOf(database);
  const texts: string[] = [];
  for (let at = 0; at < salts.length; at += 32) {
    const seal = await sealer.under(salts.slice(at, at + 32));
    for (const { place, sealed } of values) {
      try {
        const bytes = await seal.open(sealed, place);
        texts.push(place.startsWith('state') ? new TextDecoder().decode(bytes) : await decompressText(bytes));
      } catch (error) {
        if (!(error instanceof SealError)) throw error;
      }
    }
  }
  return texts;
}

/** Rewrites a bag as stores of before kept it: bodies in the database, and a list that names no files. */
export async function writeAsBefore(secret: string, bag: string): Promise<void> {
  const database = `${bag}.1`;
  const bodies = (await copySealed(secret, bag)).filter(({ place }) => place.startsWith('packs|'));
  const opened = await openDatabase(database);
  const chunks = await new Promise<readonly Record<string, unknown>[]>((resolve) => {
    const reading = opened.transaction('chunks').objectStore('chunks').getAll();
    reading.onsuccess = () => {
      resolve(reading.result as Record<string, unknown>[]);
    };
  });
  const rewritten: Record<string, unknown>[] = [];
  for (const chunk of chunks.filter(({ log }) => log === 'packs')) {
    const place = `chunks|packs|${String(chunk['sequence'])}`;
    const seal = await sealOfLogs(secret, bag, { place, sealed: chunk['sealed'] as Uint8Array<ArrayBuffer> });
    const text = await decompressText(await seal.open(chunk['sealed'] as Uint8Array<ArrayBuffer>, place));
    const before = text.replaceAll(/,"lies":\{[^}]*\}/g, '');
    rewritten.push({ ...chunk, sealed: await seal.seal(await compressText(before), place) });
  }
  await new Promise<void>((done, failed) => {
    const transaction = opened.transaction(['packs', 'chunks'], 'readwrite');
    for (const { place, sealed } of bodies) {
      const [, row, revision] = place.split('|').map(Number);
      transaction.objectStore('packs').put({ row, revision, sealed });
    }
    for (const chunk of rewritten) transaction.objectStore('chunks').put(chunk);
    transaction.oncomplete = () => {
      done();
    };
    transaction.onerror = () => {
      failed(new Error('not rewritten'));
    };
  });
  opened.close();
  await (await navigator.storage.getDirectory()).removeEntry(`${database}.packs`, { recursive: true });
}

/** The seal of the logs: that of the salt which opens this one. */
async function sealOfLogs(secret: string, bag: string, { place, sealed }: Sealed): Promise<Seal> {
  const key = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
  const sealer = await sealerFrom(key, `A99999|${bag}`);
  const salts = await saltsOf(bag);
  for (let at = 0; at < salts.length; at += 32) {
    const seal = await sealer.under(salts.slice(at, at + 32));
    const opens = await seal.open(sealed, place).then(
      () => true,
      () => false,
    );
    if (opens) return seal;
  }
  throw new Error('no salt opens the logs');
}

async function saltsOf(bag: string): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await navigator.storage.getDirectory();
  return new Uint8Array(await (await (await folder.getFileHandle(`${bag}.1.keys`)).getFile()).arrayBuffer());
}
