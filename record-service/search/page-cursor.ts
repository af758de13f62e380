import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { SearchError } from './search-error.ts';

/**
 * Where a page ended: the sort values of its last match. It travels in a link, so it is sealed: sort values can be
 * names, and a link must say nothing about a patient.
 */
export interface PageCursor {
  readonly values: readonly string[];
}

/** @param query the search without its cursor: a cursor fits only the search that it came from */
export function sealCursor(secret: Buffer, query: string, cursor: PageCursor): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', secret, nonce);
  cipher.setAAD(createHash('sha256').update(query).digest());
  const sealed = Buffer.concat([cipher.update(JSON.stringify(cursor.values), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** @throws SearchError when the cursor is of another search, or made up */
export function openCursor(secret: Buffer, query: string, text: string): PageCursor {
  const bytes = Buffer.from(text, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, 12));
    decipher.setAAD(createHash('sha256').update(query).digest());
    decipher.setAuthTag(bytes.subarray(12, 28));
    const opened = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    return { values: JSON.parse(opened) as string[] };
  } catch {
    throw new SearchError('invalid', 'This page link belongs to another search. Start the search again.');
  }
}
