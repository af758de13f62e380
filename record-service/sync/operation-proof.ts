import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { canonicalJson } from '../../domain/sync/canonical-json.ts';
import type { AuthorCertificate } from '../../domain/sync/operation.ts';

/** Hex sha-256 over the canonical JSON of an operation, exactly as it was sent. */
export function operationHash(operation: unknown): string {
  return createHash('sha256').update(canonicalJson(operation), 'utf8').digest('hex');
}

/** ECDSA P-256 with SHA-256 over the ASCII of `text`, IEEE P1363, base64url. */
export function signText(text: string, privateKey: KeyObject): string {
  return sign('sha256', Buffer.from(text, 'utf8'), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(
    'base64url',
  );
}

/** False for a signature or key that cannot be read, as for a wrong one. */
export function isSignedBy(text: string, signature: string, key: KeyObject | null): boolean {
  if (key === null) return false;
  return verify(
    'sha256',
    Buffer.from(text, 'utf8'),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
}

/** SPKI (DER, base64url) of a P-256 key; null for anything else. */
export function readPublicKey(publicKey: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null;
  } catch {
    return null;
  }
}

/** What the service signs of a certificate: the canonical JSON of every field but the signature. */
export function certificateText(certificate: Omit<AuthorCertificate, 'signature'>): string {
  const { keyId, deviceId, author, publicKey, issuedAt, notAfter } = certificate;
  return canonicalJson({ keyId, deviceId, author, publicKey, issuedAt, notAfter });
}
