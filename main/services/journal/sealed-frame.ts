import { createHash, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { escrowWrapInfo, sealedFrameHeaderSchema, sealedFrameMagic } from '../../../contract/sealed-frame.ts';
import { deriveKey, randomKey, seal, sealToPublicKey, unseal } from '../vault/sealing.ts';
import type { SealedFrameHeader } from '../../../contract/sealed-frame.ts';
import type { Ring } from './journal.ts';

/** Writes and reads the layout of contract/sealed-frame.ts. */
export interface ParsedFrame {
  readonly frameId: string;
  readonly header: SealedFrameHeader;
  readonly bytes: Uint8Array;
}

const ringWrapInfo = 'gladstone/ring-wrap/1';

export interface FrameToSeal {
  readonly kind: SealedFrameHeader['kind'];
  readonly userId: string;
  readonly since: string;
  readonly facts: SealedFrameHeader['facts'];
  readonly content: Uint8Array;
  /** Absent for a key backup: only the escrow opens that. */
  readonly ring?: { readonly ring: Ring; readonly segmentSalt: Uint8Array };
  readonly escrow: { readonly keyId: string; readonly publicKey: string };
}

/**
 * Seals content under a key of its own; that key is wrapped for the ring of its author, where there is one, and for the
 * escrow's public key. Facts of the header stay readable: nothing clinical may stand in them. Never fails on content.
 */
export function sealFrame(frame: FrameToSeal): ParsedFrame {
  const contentKey = randomKey();
  const toEscrow = sealToPublicKey(frame.escrow.publicKey, contentKey, escrowWrapInfo);
  const header: SealedFrameHeader = {
    format: 1,
    kind: frame.kind,
    userId: frame.userId,
    since: frame.since,
    facts: frame.facts,
    ...(frame.ring && {
      ring: {
        ringId: frame.ring.ring.ringId,
        salt: toBase64url(frame.ring.segmentSalt),
        wrapped: toBase64url(
          seal(deriveKey(frame.ring.ring.key, ringWrapInfo, frame.ring.segmentSalt), contentKey),
        ),
      },
    }),
    escrow: {
      keyId: frame.escrow.keyId,
      ephemeralPublicKey: toEscrow.ephemeralPublicKey,
      wrapped: toBase64url(toEscrow.sealed),
    },
  };
  const headerBytes = Buffer.from(JSON.stringify(header));
  const body = seal(contentKey, frame.content, headerBytes);
  const bytes = Buffer.concat([
    Buffer.from(sealedFrameMagic),
    lengthBytes(headerBytes.length),
    headerBytes,
    lengthBytes(body.length),
    body,
  ]);
  return { frameId: frameIdOf(bytes), header, bytes };
}

/** Null where the bytes are no whole frame of a known format. */
export function parseFrame(bytes: Uint8Array): ParsedFrame | null {
  const parts = split(bytes);
  if (parts === null) return null;
  try {
    const header = v.parse(sealedFrameHeaderSchema, JSON.parse(Buffer.from(parts.header).toString('utf8')));
    return { frameId: frameIdOf(bytes), header, bytes };
  } catch {
    return null;
  }
}

/** The content, by the ring; throws `CannotOpen` on a wrong ring or changed bytes. */
export function openFrame(frame: ParsedFrame, ring: Ring): Uint8Array {
  const wrap = frame.header.ring;
  const parts = split(frame.bytes);
  if (wrap?.ringId !== ring.ringId || parts === null) throw new Error('frame is not of this ring');
  const wrapKey = deriveKey(ring.key, ringWrapInfo, Buffer.from(wrap.salt, 'base64url'));
  const contentKey = unseal(wrapKey, Buffer.from(wrap.wrapped, 'base64url'));
  return unseal(contentKey, parts.body, parts.header);
}

export function newSegmentSalt(): Uint8Array {
  return randomBytes(16);
}

function frameIdOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function split(bytes: Uint8Array): { readonly header: Uint8Array; readonly body: Uint8Array } | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magicLength = sealedFrameMagic.length;
  if (view.length < magicLength + 8 || view.toString('latin1', 0, magicLength) !== sealedFrameMagic)
    return null;
  const headerLength = view.readUInt32BE(magicLength);
  const bodyAt = magicLength + 4 + headerLength;
  if (view.length < bodyAt + 4) return null;
  const bodyLength = view.readUInt32BE(bodyAt);
  if (view.length !== bodyAt + 4 + bodyLength) return null;
  return { header: view.subarray(magicLength + 4, bodyAt), body: view.subarray(bodyAt + 4) };
}

function lengthBytes(length: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
