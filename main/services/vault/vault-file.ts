import * as v from 'valibot';
import { authorCertificateSchema, enrolDeviceAnswerSchema } from '../../../contract/record-service.ts';
import { roles } from '../../../domain/sync/operation.ts';
import { leaseSchema } from './lease.ts';
import { argonParametersSchema } from './passphrase.ts';

/** Raised when an older build could misread the file; that build then refuses to start. */
export const vaultFormat = 1;

const sealedToUser = v.object({ userId: v.string(), ephemeralPublicKey: v.string(), sealed: v.string() });

export const ringSchema = v.object({
  ringId: v.string(),
  ringClass: v.custom<'directory' | 'clinical' | `drafts:${string}`>(
    (value) => typeof value === 'string' && /^(directory|clinical|drafts:.+)$/.test(value),
  ),
  /** The newest of a class that a person holds seals; older ones only open. */
  generation: v.number(),
  wraps: v.array(sealedToUser),
});
export type RingInFile = v.InferOutput<typeof ringSchema>;

const userSchema = v.object({
  userId: v.string(),
  practitionerId: v.string(),
  name: v.string(),
  role: v.picklist(roles),
  /** SPKI of the user's P-256 ECDH key, base64url: rings are wrapped to it. */
  publicKey: v.string(),
  /** The user's private key under the passphrase. */
  passphrase: v.object({ parameters: argonParametersSchema, sealed: v.string() }),
  /** The PIN's key under the user's own key: a PIN opens only while the process lives (see vault.ts). */
  pin: v.nullable(
    v.object({ parameters: argonParametersSchema, sealed: v.string(), failedTries: v.number() }),
  ),
  /** The signing key under the user's own key, with what the service certified. */
  signing: v.object({ certificate: authorCertificateSchema, sealed: v.string() }),
  /** The OpenID Connect refresh token under the user's own key. */
  refreshToken: v.nullable(v.string()),
  /** The ring that gives the cache its key and name. */
  cacheRingId: v.string(),
  lease: leaseSchema,
  /** The key backup, until the escrow holds it: a sealed frame, base64url. */
  keyBackupToSend: v.nullable(v.string()),
});
export type UserInFile = v.InferOutput<typeof userSchema>;

export const vaultFileSchema = v.object({
  format: v.literal(vaultFormat),
  /** Of the build that wrote it last. */
  writtenBy: v.string(),
  organisation: v.string(),
  organisationName: v.string(),
  serviceUrl: v.string(),
  syncBase: v.string(),
  device: enrolDeviceAnswerSchema,
  /** The keystore backend that was there last: a change is noticed. */
  keystoreBackend: v.string(),
  users: v.array(userSchema),
  rings: v.array(ringSchema),
  /** The practice revoked this device: nothing opens until a new sign-in. */
  revoked: v.boolean(),
  /** Set when a wipe destroyed the keys; the folder is deleted at the next chance. */
  wiped: v.boolean(),
});
export type VaultFile = v.InferOutput<typeof vaultFileSchema>;

/** What every format has, to say which build is needed. */
export const anyVaultFileSchema = v.object({ format: v.number(), writtenBy: v.string() });
