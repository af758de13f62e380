import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import * as v from 'valibot';
import type { RecoverAnswer, RecoverRequest } from '../../contract/record-service.ts';
import {
  escrowWrapInfo,
  recoverWrapInfo,
  sealedFrameHeaderSchema,
  sealedFrameMagic,
} from '../../contract/sealed-frame.ts';
import type { EscrowKeys } from '../identity/escrow-keys.ts';
import type { RecordTransaction } from '../store/record-store.ts';
import { readPublicKey } from './operation-proof.ts';
import { requireDevice } from './devices.ts';
import { SyncError } from './service-error.ts';

const FRESH_MS = 5 * 60_000;
/** Recoveries allowed to one person in an hour. */
const LIMIT = 5;
const HOUR_MS = 3_600_000;

/**
 * Opens the signed-in person's own key backups with the escrow and wraps them to the key that their computer made
 * for the purpose (sync.md, Keys: forgotten passphrase). Audited, limited, from a fresh sign-in only.
 * @throws SyncError 401 `sign-in-again`, 429 `too-many`, 503 `escrow-absent`, 422 `malformed`.
 */
export async function recoverKeys(
  transaction: RecordTransaction,
  escrow: EscrowKeys,
  request: RecoverRequest,
  now: Date,
): Promise<RecoverAnswer> {
  const { actor, organisation, database } = transaction;
  await requireDevice(transaction, request.deviceId);
  const authenticated = Date.parse(actor.authenticatedAt ?? '');
  if (!(now.getTime() - authenticated <= FRESH_MS)) {
    throw new SyncError(
      401,
      'sign-in-again',
      'Sign in again now; recovery needs a sign-in of the last five minutes.',
    );
  }
  const recent = await database
    .selectFrom('audit_event')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('organisation', '=', organisation)
    .where('user_id', '=', actor.userId)
    .where('interaction', '=', 'recover-keys')
    .where('recorded', '>', new Date(now.getTime() - HOUR_MS))
    .executeTakeFirstOrThrow();
  if (recent.count >= LIMIT) {
    throw new SyncError(429, 'too-many', 'Too many recoveries in an hour. Wait, or ask the practice.');
  }
  const recipient = readPublicKey(request.recipientPublicKey);
  if (recipient === null)
    throw new SyncError(422, 'malformed', 'The recovery key is not a P-256 public key.');
  const privateKey = await escrow.privateKey(organisation);
  if (privateKey === null) {
    throw new SyncError(
      503,
      'escrow-absent',
      'The practice’s escrow key is not on this copy of the service. Nothing is lost; ask the administrator.',
    );
  }

  const frames = await database
    .selectFrom('escrow_frame')
    .select(['frame_id', 'sealed'])
    .where('organisation', '=', organisation)
    .where('user_id', '=', actor.userId)
    .where('kind', '=', 'key-backup')
    .where('ended', '=', false)
    .orderBy('received_at', 'desc')
    .limit(20)
    .execute();
  transaction.audit({
    action: 'execute',
    interaction: 'recover-keys',
    outcome: 'success',
    detail: `backups=${frames.length}`,
  });
  return {
    backups: frames.map((frame) => ({
      frameId: frame.frame_id,
      ...sealTo(recipient, openFrame(Buffer.from(frame.sealed), privateKey), frame.frame_id),
    })),
  };
}

/** Opens a sealed frame (contract/sealed-frame.ts) by its wrap to the escrow; answers its body. */
function openFrame(frame: Buffer, escrowKey: KeyObject): Buffer {
  const { headerBytes, body } = splitFrame(frame);
  const header = v.parse(sealedFrameHeaderSchema, JSON.parse(headerBytes.toString('utf8')));
  const ephemeral = createPublicKey({
    key: Buffer.from(header.escrow.ephemeralPublicKey, 'base64url'),
    format: 'der',
    type: 'spki',
  });
  const wrapKey = agreedKey(escrowKey, ephemeral, escrowWrapInfo);
  const contentKey = open(wrapKey, Buffer.from(header.escrow.wrapped, 'base64url'));
  return open(contentKey, body, headerBytes);
}

function splitFrame(frame: Buffer): { readonly headerBytes: Buffer; readonly body: Buffer } {
  const damaged = (): SyncError =>
    new SyncError(422, 'frame-damaged', 'A key backup could not be read. Others are not concerned.');
  if (frame.length < 12 || frame.subarray(0, 4).toString('ascii') !== sealedFrameMagic) throw damaged();
  const headerLength = frame.readUInt32BE(4);
  if (frame.length < 12 + headerLength) throw damaged();
  const headerBytes = frame.subarray(8, 8 + headerLength);
  const bodyLength = frame.readUInt32BE(8 + headerLength);
  if (frame.length !== 12 + headerLength + bodyLength) throw damaged();
  return { headerBytes, body: frame.subarray(12 + headerLength) };
}

function sealTo(
  recipient: KeyObject,
  body: Buffer,
  frameId: string,
): { readonly ephemeralPublicKey: string; readonly sealed: string } {
  const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = agreedKey(ephemeral.privateKey, recipient, recoverWrapInfo);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(frameId, 'ascii'));
  const sealed = Buffer.concat([nonce, cipher.update(body), cipher.final(), cipher.getAuthTag()]);
  return {
    ephemeralPublicKey: ephemeral.publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
    sealed: sealed.toString('base64url'),
  };
}

function agreedKey(privateKey: KeyObject, publicKey: KeyObject, info: string): Buffer {
  const secret = diffieHellman({ privateKey, publicKey });
  return Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), info, 32));
}

/** `nonce (12) | ciphertext | tag (16)`. */
function open(key: Buffer, sealed: Buffer, additional?: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
  if (additional !== undefined) decipher.setAAD(additional);
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
}
