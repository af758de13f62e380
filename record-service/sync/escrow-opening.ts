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
import type { RewrappedFrame } from '../../contract/record-service.ts';
import {
  escrowWrapInfo,
  recoverWrapInfo,
  sealedFrameHeaderSchema,
  sealedFrameMagic,
  type SealedFrameHeader,
} from '../../contract/sealed-frame.ts';
import { SyncError } from './service-error.ts';

/** What a frame says of itself without being opened; null where it is damaged. */
export function frameHeader(frame: Uint8Array): SealedFrameHeader | null {
  try {
    return headerOf(splitFrame(Buffer.from(frame)).headerBytes);
  } catch {
    return null;
  }
}

function headerOf(bytes: Buffer): SealedFrameHeader {
  return v.parse(sealedFrameHeaderSchema, JSON.parse(bytes.toString('utf8')));
}

/** The frame's content, opened by the escrow and wrapped to the one recipient's key (contract/sealed-frame.ts). */
export function rewrap(
  frame: { readonly frame_id: string; readonly sealed: Uint8Array },
  escrowKey: KeyObject,
  recipient: KeyObject,
): RewrappedFrame {
  const body = openFrame(Buffer.from(frame.sealed), escrowKey);
  return { frameId: frame.frame_id, ...sealTo(recipient, body, frame.frame_id) };
}

/** Opens a sealed frame (contract/sealed-frame.ts) by its wrap to the escrow; answers its body. */
function openFrame(frame: Buffer, escrowKey: KeyObject): Buffer {
  const { headerBytes, body } = splitFrame(frame);
  const header = headerOf(headerBytes);
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
    new SyncError(
      422,
      'frame-damaged',
      'Sealed work could not be read. It is kept; other work is not concerned.',
    );
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
