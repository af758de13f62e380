import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
} from 'node:crypto';

/**
 * The vault's two ways of sealing: under a key that one holds, and to a person's or the escrow's public key.
 * AES-256-GCM with random 96-bit nonces; ECDH on P-256; HKDF-SHA-256. Sealed bytes are `nonce | ciphertext | tag`.
 */
const nonceLength = 12;
const tagLength = 16;
const none = new Uint8Array(0);

export class CannotOpen extends Error {
  constructor() {
    super('sealed bytes do not open under this key');
    this.name = 'CannotOpen';
  }
}

export function randomKey(): Uint8Array {
  return randomBytes(32);
}

/**
 * `nonce | ciphertext | tag`: 28 bytes longer than the content.
 * @param key 32 bytes
 * @param additionalData what is bound to the content and not in it; the same must be given to open it
 */
export function seal(key: Uint8Array, content: Uint8Array, additionalData: Uint8Array = none): Uint8Array {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(additionalData);
  return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

/** Throws {@link CannotOpen} on a wrong key or a changed byte. */
export function unseal(key: Uint8Array, sealed: Uint8Array, additionalData: Uint8Array = none): Uint8Array {
  if (sealed.length < nonceLength + tagLength) throw new CannotOpen();
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceLength));
  decipher.setAAD(additionalData);
  decipher.setAuthTag(sealed.subarray(sealed.length - tagLength));
  try {
    return Buffer.concat([
      decipher.update(sealed.subarray(nonceLength, sealed.length - tagLength)),
      decipher.final(),
    ]);
  } catch {
    throw new CannotOpen();
  }
}

/** A key for one purpose: HKDF-SHA-256, 32 bytes. */
export function deriveKey(secret: Uint8Array, purpose: string, salt: Uint8Array = none): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, Buffer.from(purpose), 32));
}

export interface KeyPair {
  /** SPKI, base64url. */
  readonly publicKey: string;
  /** PKCS #8 (DER). */
  readonly privateKey: Uint8Array;
}

export function makeKeyPair(): KeyPair {
  const pair = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  return { publicKey: pair.publicKey.toString('base64url'), privateKey: pair.privateKey };
}

export interface SealedToPublicKey {
  readonly ephemeralPublicKey: string;
  readonly sealed: Uint8Array;
}

/**
 * Seals for whoever holds the private key, by a key pair made for this alone (ECDH on P-256, HKDF, {@link seal}).
 * @param publicKey SPKI, base64url; throws where it is none
 * @param info what the derived key is for: another purpose derives another key
 */
export function sealToPublicKey(
  publicKey: string,
  content: Uint8Array,
  info: string,
  additionalData: Uint8Array = none,
): SealedToPublicKey {
  const ephemeral = makeKeyPair();
  const key = agreedKey(ephemeral.privateKey, publicKey, info);
  return { ephemeralPublicKey: ephemeral.publicKey, sealed: seal(key, content, additionalData) };
}

/** Throws {@link CannotOpen}. */
export function unsealWithPrivateKey(
  privateKey: Uint8Array,
  sealed: SealedToPublicKey,
  info: string,
  additionalData: Uint8Array = none,
): Uint8Array {
  return unseal(agreedKey(privateKey, sealed.ephemeralPublicKey, info), sealed.sealed, additionalData);
}

function agreedKey(privateKey: Uint8Array, publicKey: string, info: string): Uint8Array {
  const shared = diffieHellman({
    privateKey: createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' }),
    publicKey: createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' }),
  });
  return deriveKey(shared, info);
}

/** The public half (SPKI, base64url) of a PKCS #8 private key. */
export function publicKeyOf(privateKey: Uint8Array): string {
  const key = createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64url');
}
