import { randomUUID } from 'node:crypto';
import { resourceKey } from '../../domain/identifiers.ts';
import { authorSigner, makeAuthorKey, verifySignature } from '../../main/services/vault/author-key.ts';
import { deriveKey, makeKeyPair, randomKey } from '../../main/services/vault/sealing.ts';
import type { DeviceId, GroupId, OperationId, PatientId, UserId } from '../../domain/identifiers.ts';
import type { Author, Role } from '../../domain/sync/operation.ts';
import type { KeyPair } from '../../main/services/vault/sealing.ts';
import type {
  AuthorSigner,
  GroupToSave,
  JournalKeys,
  Ring,
  RingClass,
  UnnumberedOperation,
} from '../../main/services/journal/journal.ts';

/** What makes the same people and rings again in another process. */
export interface KeptWorkers {
  readonly ringSecret: string;
  readonly escrow: { readonly publicKey: string; readonly privateKey: string };
  readonly author: { readonly publicKey: string; readonly privateKey: string };
}

/** Keys for a journal without a vault. */
export interface JournalWorkers {
  readonly kept: KeptWorkers;
  readonly escrow: { readonly keyId: string; readonly publicKey: string };
  /** What an unlocked person of this role holds. */
  keysOf(role: Role, userId?: string): JournalKeys;
  signer(deviceId: DeviceId, userId?: string, role?: Role): AuthorSigner;
}

export function makeJournalWorkers(kept: KeptWorkers = newWorkers()): JournalWorkers {
  const ringOf = (ringClass: RingClass): Ring => ({
    ringId: `ring-${ringClass}`,
    ringClass,
    key: deriveKey(Buffer.from(kept.ringSecret, 'base64url'), ringClass),
  });
  return {
    kept,
    escrow: { keyId: 'escrow-1', publicKey: kept.escrow.publicKey },
    keysOf(role, userId = 'user-gp') {
      const mayOpen = (ringClass: RingClass): boolean =>
        ringClass === 'directory' ||
        ringClass === `drafts:${userId}` ||
        (ringClass === 'clinical' && role !== 'receptionist' && role !== 'administrator');
      const sealingRing = (ringClass: RingClass): Ring | null =>
        mayOpen(ringClass) ? ringOf(ringClass) : null;
      return {
        sealingRing,
        ring: (ringId) => sealingRing(ringId.slice('ring-'.length) as RingClass),
        verify: (_keyId, hash, signature) => verifySignature(kept.author.publicKey, hash, signature),
      };
    },
    signer: (deviceId, userId = 'user-gp', role = 'gp') =>
      authorSigner(Buffer.from(kept.author.privateKey, 'base64url'), {
        keyId: `key-${userId}`,
        deviceId,
        author: syntheticAuthor(userId, role),
        publicKey: kept.author.publicKey,
        issuedAt: '2026-11-22T09:00:00.000Z',
        signature: '',
      }),
  };
}

function newWorkers(): KeptWorkers {
  const inText = ({ publicKey, privateKey }: KeyPair) => ({
    publicKey,
    privateKey: Buffer.from(privateKey).toString('base64url'),
  });
  return {
    ringSecret: Buffer.from(randomKey()).toString('base64url'),
    escrow: inText(makeKeyPair()),
    author: inText(makeAuthorKey()),
  };
}

function syntheticAuthor(userId: string, role: Role): Author {
  return {
    userId: userId as UserId,
    practitionerId: `practitioner-${userId}`,
    name: 'Dr Amara Okafor',
    role,
    organisation: 'A99999' as Author['organisation'],
  };
}

function observationOf(patientId: string, text: string): UnnumberedOperation {
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
