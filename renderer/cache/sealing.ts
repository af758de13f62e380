/**
 * How everything of the cache lies on disk: AES-256-GCM under keys that cannot be taken out of the worker. Each pack has
 * one of its own, and so have the logs together: see key-file.ts.
 *
 * Layout of a sealed value: 12 bytes nonce | ciphertext | 16 bytes tag. The place of a value (table, row, revision)
 * is authenticated with it, so that no row can stand in for another or for its own past.
 */
export interface Sealer {
  /** The seal under one salt of the store's key file: without that salt nobody has the key, this worker included. */
  under(salt: Bytes): Promise<Seal>;
}

export interface Seal {
  seal(bytes: Bytes, place: string): Promise<Bytes>;
  /** @throws SealError where bytes, place or key are not those of the sealing */
  open(sealed: Bytes, place: string): Promise<Bytes>;
}

export type Bytes = Uint8Array<ArrayBuffer>;

export class SealError extends Error {}

const NONCE_BYTES = 12;
const encoder = new TextEncoder();

/**
 * Takes in the key of one bag, which nobody can take out again, and overwrites the bytes that it was given.
 * @param key 32 bytes
 * @param bag what the key belongs to (organisation and database): another bag gets other keys
 */
export async function sealerFrom(key: ArrayBuffer, bag: string): Promise<Sealer> {
  const material = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveKey']);
  new Uint8Array(key).fill(0);
  const info = encoder.encode(`gladstone-cache/sealing|${bag}`);
  return {
    under: async (salt) =>
      sealWith(
        await crypto.subtle.deriveKey(
          { name: 'HKDF', hash: 'SHA-256', salt, info },
          material,
          { name: 'AES-GCM', length: 256 },
          false,
          ['encrypt', 'decrypt'],
        ),
      ),
  };
}

function sealWith(key: CryptoKey): Seal {
  return {
    async seal(bytes, place) {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const ciphertext = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv: nonce, additionalData: encoder.encode(place) },
        key,
        bytes,
      );
      const sealed = new Uint8Array(NONCE_BYTES + ciphertext.byteLength);
      sealed.set(nonce);
      sealed.set(new Uint8Array(ciphertext), NONCE_BYTES);
      letGo(ciphertext);
      return sealed;
    },
    async open(sealed, place) {
      try {
        const opened = await crypto.subtle.decrypt(
          {
            name: 'AES-GCM',
            iv: sealed.subarray(0, NONCE_BYTES),
            additionalData: encoder.encode(place),
          },
          key,
          sealed.subarray(NONCE_BYTES),
        );
        return new Uint8Array(opened);
      } catch {
        throw new SealError(`a sealed value of ${place.split('|', 1)[0] ?? 'the cache'} does not open`);
      }
    },
  };
}

/** Gives memory back at once: the engine counts large buffers late, and a load brings thousands of them. */
export function letGo(buffer: ArrayBuffer): void {
  buffer.transfer(0);
}

/**
 * Fed and drained by hand: a Blob or a Response in between would send every byte through the browser's process.
 * @throws TypeError where a gzip stream is not one
 */
async function* through(
  bytes: Bytes,
  stream: CompressionStream | DecompressionStream,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const writer = stream.writable.getWriter();
  const written = Promise.all([writer.write(bytes), writer.close()]);
  // What fails in writing fails in reading too, and is told there.
  written.catch(() => undefined);
  const reader = stream.readable.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  await written;
}

export async function compressText(text: string): Promise<Bytes> {
  const chunks: Bytes[] = [];
  for await (const chunk of through(encoder.encode(text), new CompressionStream('gzip'))) chunks.push(chunk);
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** @throws TypeError where the bytes are no gzip of UTF-8 text */
export async function decompressText(bytes: Bytes): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  for await (const chunk of through(bytes, new DecompressionStream('gzip'))) {
    text += decoder.decode(chunk, { stream: true });
    letGo(chunk.buffer);
  }
  return text + decoder.decode();
}

export async function sha256Hex(content: string | Bytes): Promise<string> {
  const bytes = typeof content === 'string' ? encoder.encode(content) : content;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
