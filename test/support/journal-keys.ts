import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  verify,
} from 'node:crypto';
import { makeKeyPair, randomKey } from '../../main/services/vault/sealing.ts';
import type { DeviceId, GroupId, OperationId, PatientId, UserId } from '../../domain/identifiers.ts';
import { resourceKey } from '../../domain/identifiers.ts';
import type { Author, Role } from '../../domain/sync/operation.ts';
import type {
  AuthorSigner,
  GroupToSave,
  JournalKeys,
  Ring,
  RingClass,
  UnnumberedOperation,
} from '../../main/services/journal/journal.ts';

/** Keys for a journal without a vault: the same people and rings for as long as the object lives. */
export interface TestKeys {
  readonly escrow: { readonly keyId: string; readonly publicKey: string; readonly privateKey: Uint8Array };
  /** What an unlocked person of this role holds. */
  keysOf(role: Role, userId?: string): JournalKeys;
  signer(deviceId: DeviceId, userId?: string, role?: Role): AuthorSigner;
}

export function makeTestKeys(): TestKeys {
  const escrowPair = makeKeyPair();
  const escrow = { keyId: 'escrow-1', ...escrowPair };
  const rings = new Map<RingClass, Ring>();
  const ring = (ringClass: RingClass): Ring => {
    const known = rings.get(ringClass) ?? { ringId: `ring-${rings.size}`, ringClass, key: randomKey() };
    rings.set(ringClass, known);
    return known;
  };
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const privateKey = createPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const publicKey = createPublicKey(pair.publicKey.export({ type: 'spki', format: 'pem' }));
  return {
    escrow,
    keysOf(role, userId = 'user-gp') {
      const mayOpen = (ringClass: RingClass): boolean =>
        ringClass === 'directory' ||
        ringClass === `drafts:${userId}` ||
        (ringClass === 'clinical' && role !== 'receptionist' && role !== 'administrator');
      return {
        sealingRing: (ringClass) => (mayOpen(ringClass) ? ring(ringClass) : null),
        ring: (ringId) =>
          [...rings.values()].find((known) => known.ringId === ringId && mayOpen(known.ringClass)) ?? null,
        verify: (_keyId, hash, signature) =>
          verify(
            'sha256',
            Buffer.from(hash),
            { key: publicKey, dsaEncoding: 'ieee-p1363' },
            Buffer.from(signature, 'base64url'),
          ),
      };
    },
    signer: (deviceId, userId = 'user-gp', role = 'gp') => ({
      author: testAuthor(userId, role),
      keyId: `key-${userId}`,
      deviceId,
      sign: (hash) =>
        sign('sha256', Buffer.from(hash), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(
          'base64url',
        ),
    }),
  };
}

export function testAuthor(userId = 'user-gp', role: Role = 'gp'): Author {
  return {
    userId: userId as UserId,
    practitionerId: `practitioner-${userId}`,
    name: 'Dr Amara Okafor',
    role,
    organisation: 'A99999' as Author['organisation'],
  };
}

export function observationOf(patientId: string, text: string): UnnumberedOperation {
  const id = randomUUID();
  return {
    schemaVersion: 1,
    opId: randomUUID() as string as OperationId,
    patientId: patientId as PatientId,
    kind: 'append',
    resource: resourceKey('Observation', id),
    after: { resourceType: 'Observation', id, status: 'final', valueString: text },
    diff: [],
    recordedAt: { wallClock: '2026-11-22T10:00:00.000+00:00', monotonicMs: 1 },
  };
}

export function groupOf(signer: AuthorSigner, patientId: string, ...texts: readonly string[]): GroupToSave {
  return {
    groupId: randomUUID() as string as GroupId,
    signer,
    operations: texts.map((text) => observationOf(patientId, text)),
  };
}
