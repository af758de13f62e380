/**
 * How everything of the cache lies on disk: AES-256-GCM under a key that cannot be taken out of the worker.
 *
 * Layout of a sealed value: 12 bytes nonce | ciphertext | 16 bytes tag. The place of a value (table, row, revision)
 * is authenticated with it, so that no row can stand in for another or for its own past.
 */
export interface Sealer {
  seal(bytes: Bytes, place: string): Promise<Bytes>;
  /** @throws SealError where bytes, place or key are not those of the sealing */
  open(sealed: Bytes, place: string): Promise<Bytes>;
  /** A name for a database key that tells nothing of whom it names: 128 bits of HMAC-SHA-256, base64url. */
  nameOf(identity: string): Promise<string>;
}

export type Bytes = Uint8Array<ArrayBuffer>;

export class SealError extends Error {}

const NONCE_BYTES = 12;
const NAME_BYTES = 16;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Derives the sealing key and the naming key of one bag, and overwrites the bytes that it was given.
 * @param key 32 bytes
 * @param bag what the keys belong to (organisation and database): another bag gets other keys
 */
export async function sealerFrom(key: ArrayBuffer, bag: string): Promise<Sealer> {
  const material = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveKey']);
  new Uint8Array(key).fill(0);
  const derivation = (purpose: string): HkdfParams => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: encoder.encode(bag),
    info: encoder.encode(`gladstone-cache/${purpose}`),
  });
  const sealing = await crypto.subtle.deriveKey(
    derivation('sealing'),
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
  const naming = await crypto.subtle.deriveKey(
    derivation('naming'),
    material,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  );

  return {
    async seal(bytes, place) {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const ciphertext = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv: nonce, additionalData: encoder.encode(place) },
        sealing,
        bytes,
      );
      const sealed = new Uint8Array(NONCE_BYTES + ciphertext.byteLength);
      sealed.set(nonce);
      sealed.set(new Uint8Array(ciphertext), NONCE_BYTES);
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
          sealing,
          sealed.subarray(NONCE_BYTES),
        );
        return new Uint8Array(opened);
      } catch {
        throw new SealError(`a sealed value of ${place.split('|', 1)[0] ?? 'the cache'} does not open`);
      }
    },
    async nameOf(identity) {
      const mac = await crypto.subtle.sign('HMAC', naming, encoder.encode(identity));
      return base64url(new Uint8Array(mac, 0, NAME_BYTES));
    },
  };
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

async function through(bytes: Bytes, stream: CompressionStream | DecompressionStream): Promise<Bytes> {
  const written = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(written).arrayBuffer());
}

export async function compressText(text: string): Promise<Bytes> {
  return through(encoder.encode(text), new CompressionStream('gzip'));
}

/** @throws TypeError where the bytes are no gzip of UTF-8 text */
export async function decompressText(bytes: Bytes): Promise<string> {
  return decoder.decode(await through(bytes, new DecompressionStream('gzip')));
}

export async function sha256Hex(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
