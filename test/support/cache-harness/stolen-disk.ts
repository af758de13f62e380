/** What a thief of the disk has: every sealed value that ever lay there, the bag's key, and the key file as it is now. */
import { decompressText, sealerFrom, SealError } from '../../../renderer/cache/sealing.ts';

interface Sealed {
  readonly place: string;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

/** Copies every sealed value of a database, as old blocks of its files would keep them. */
export async function copySealed(database: string): Promise<readonly Sealed[]> {
  const opened = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(database);
    opening.onsuccess = () => {
      resolve(opening.result);
    };
    opening.onerror = () => {
      reject(new Error('not opened'));
    };
  });
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
  const [packs, chunks, state] = [await all('packs'), await all('chunks'), await all('state')];
  opened.close();
  const sealedOf = (row: Record<string, unknown>, place: string): Sealed => ({
    place,
    sealed: row['sealed'] as Uint8Array<ArrayBuffer>,
  });
  return [
    ...packs.map((row) => sealedOf(row, `packs|${String(row['row'])}|${String(row['revision'])}`)),
    ...chunks.map((row) => sealedOf(row, `chunks|${String(row['log'])}|${String(row['sequence'])}`)),
    ...state.map((row) => sealedOf(row, `state|bag|${String(row['revision'])}`)),
  ];
}

/** The texts of those that the bag's key and any salt of the key file open. */
export async function openWithAnySalt(
  secret: string,
  database: string,
  values: readonly Sealed[],
): Promise<readonly string[]> {
  const key = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
  const sealer = await sealerFrom(key, `A99999|${database}`);
  const folder = await navigator.storage.getDirectory();
  const file = await (await folder.getFileHandle(`${database}.1.keys`)).getFile();
  const salts = new Uint8Array(await file.arrayBuffer());
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
