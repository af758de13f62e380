import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { AuthorCertificate } from '../../../domain/sync/operation.ts';
import type { AuthorSigner } from '../journal/journal.ts';
import type { KeyPair } from './sealing.ts';

const p1363 = { dsaEncoding: 'ieee-p1363' } as const;

/** A P-256 ECDSA key, to be certified by the service (I11). */
export function makeAuthorKey(): KeyPair {
  const pair = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  return { publicKey: pair.publicKey.toString('base64url'), privateKey: pair.privateKey };
}

export function authorSigner(privateKey: Uint8Array, certificate: AuthorCertificate): AuthorSigner {
  const key = createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' });
  return {
    author: certificate.author,
    keyId: certificate.keyId,
    deviceId: certificate.deviceId,
    sign: (hash) => sign('sha256', Buffer.from(hash, 'ascii'), { key, ...p1363 }).toString('base64url'),
  };
}

/** Whether the key with this SPKI (base64url) signed the hash. */
export function verifySignature(publicKey: string, hash: string, signature: string): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' });
  return verify('sha256', Buffer.from(hash, 'ascii'), { key, ...p1363 }, Buffer.from(signature, 'base64url'));
}
