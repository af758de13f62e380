/**
 * A sealed frame: one entry of a device's journal, one draft, or one person's key backup, as it lies on disk and
 * as it travels to the escrow (`POST escrow`, `sealed`). Nobody has to open a frame to store it or to carry it.
 *
 *   'GSF1' | u32 big-endian header length | header JSON (UTF-8) | u32 big-endian body length | body
 *
 * `frameId` is the hex SHA-256 of all these bytes. The body is `nonce (12) | ciphertext | tag (16)`: AES-256-GCM
 * under the frame's own random content key, with the header's bytes as additional data.
 *
 * The content key is wrapped, so that either of two can open the frame:
 * - `ring`: under the device's ring; the service has no use for it.
 * - `escrow`: key = HKDF-SHA-256(input ECDH P-256(ephemeral, escrow key), salt empty, info {@link escrowWrapInfo}),
 *   32 bytes; `wrapped` = `nonce (12) | ciphertext (32) | tag (16)` without additional data.
 *
 * Recovery (`POST escrow/recover`) wraps the *opened body* of each key backup anew to the recipient's key:
 *   key = HKDF-SHA-256(input ECDH P-256(ephemeral, recipient key), salt empty, info {@link recoverWrapInfo});
 *   `sealed` = `nonce (12) | ciphertext | tag (16)`, additional data = the frameId in ASCII;
 *   `ephemeralPublicKey` = SPKI.
 * All binary values in JSON are base64url without padding; all public keys are SPKI (DER).
 */
import * as v from 'valibot';

export const sealedFrameMagic = 'GSF1';
export const escrowWrapInfo = 'gladstone/escrow-wrap/1';
export const recoverWrapInfo = 'gladstone/recover-wrap/1';

const base64url = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]*$/));
const identifiers = v.array(v.string());

export const sealedFrameHeaderSchema = v.object({
  format: v.literal(1),
  kind: v.picklist([
    'operations',
    'outcomes',
    'draft',
    'draft-ended',
    'note',
    'device',
    'receipt',
    'key-backup',
  ]),
  /** Whose work it is; empty for what the device itself notes. Never a patient. */
  userId: v.string(),
  /** ISO 8601 instant of sealing. */
  since: v.string(),
  /** Facts that must be known while the frame is sealed: random ids and counts, nothing of a patient. */
  facts: v.object({
    opIds: v.optional(identifiers),
    /** Operations that need no more sending, by the outcome that this entry records. */
    settled: v.optional(identifiers),
    /** Operations that had been settled and wait again: a restored service lost them. */
    reopened: v.optional(identifiers),
    draftId: v.optional(v.string()),
    endedDraftId: v.optional(v.string()),
    /** Frames that the escrow holds, from its receipt. */
    receivedFrames: v.optional(identifiers),
    deviceId: v.optional(v.string()),
    /** The device's last number and hash after this entry. */
    last: v.optional(v.object({ deviceSeq: v.number(), hash: v.string() })),
  }),
  ring: v.optional(v.object({ ringId: v.string(), salt: base64url, wrapped: base64url })),
  escrow: v.object({ keyId: v.string(), ephemeralPublicKey: base64url, wrapped: base64url }),
});
export type SealedFrameHeader = v.InferOutput<typeof sealedFrameHeaderSchema>;
