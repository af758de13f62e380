import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseExact } from '../../../../domain/fhir/exact-json.ts';
import {
  isSignedBy,
  operationHash,
  readPublicKey,
  signText,
} from '../../../../record-service/sync/operation-proof.ts';

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');

describe('proof of an operation', () => {
  it('the hash is of the canonical text: key order does not matter, the written form of a decimal does', () => {
    expect(operationHash({ b: 1, a: 2 })).toBe(operationHash({ a: 2, b: 1 }));
    expect(operationHash(parseExact('{"v":8.0}'))).not.toBe(operationHash(parseExact('{"v":8.00}')));
    expect(operationHash({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });

  it('holds for its key and its text only', () => {
    const signature = signText('text', keys.privateKey);
    const key = readPublicKey(publicKey);
    expect(isSignedBy('text', signature, key)).toBe(true);
    expect(isSignedBy('other', signature, key)).toBe(false);
    expect(isSignedBy('text', 'AAAA', key)).toBe(false);
    expect(isSignedBy('text', signature, readPublicKey('AAAA'))).toBe(false);
  });

  it('takes keys on P-256 only', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
    expect(readPublicKey(other.export({ type: 'spki', format: 'der' }).toString('base64url'))).toBeNull();
    expect(readPublicKey(publicKey)).not.toBeNull();
  });
});
