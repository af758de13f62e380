import { createHash, createPrivateKey, createPublicKey, randomUUID } from 'node:crypto';
import type {
  CertifyAuthorRequest,
  DeviceOrder,
  EnrolDeviceAnswer,
  EnrolDeviceRequest,
  RevokeDeviceRequest,
} from '../../contract/record-service.ts';
import type { DeviceId, OrganisationId, UserId } from '../../domain/identifiers.ts';
import type { AuthorCertificate } from '../../domain/sync/operation.ts';
import type { Actor } from '../identity/actor.ts';
import type { EscrowKeys } from '../identity/escrow-keys.ts';
import type { RecordReader, RecordTransaction } from '../store/record-store.ts';
import { certificateText, readPublicKey, signText } from './operation-proof.ts';
import { refuseUnknownDevice } from './known-device.ts';
import { SyncError } from './service-error.ts';

export interface DevicePolicy {
  readonly leaseDays: number;
  readonly offlineScope: 'all' | 'booked';
  readonly bookedDays: number;
  readonly inactivityLockMinutes: number;
}

export const defaultDevicePolicy: DevicePolicy = {
  leaseDays: 14,
  offlineScope: 'all',
  bookedDays: 7,
  inactivityLockMinutes: 10,
};

/** What the service certifies authors with. */
export interface CertificateSigner {
  /** PKCS #8 PEM, shared by every copy of the service. */
  readonly privateKey: string;
}

/** Enrols a device, or answers again for one that is enrolled: a lost answer is simply asked for again. */
export async function enrolDevice(
  transaction: RecordTransaction,
  request: EnrolDeviceRequest,
  escrow: EscrowKeys,
  signer: CertificateSigner,
  policy: DevicePolicy,
  now: Date,
): Promise<EnrolDeviceAnswer> {
  await transaction.database
    .insertInto('device')
    .values({
      organisation: transaction.organisation,
      device_id: request.deviceId,
      label: request.label,
      enrolled_by: transaction.actor.userId,
      enrolled_at: now,
      revoked_at: null,
      revoked_by: null,
      revoked_reason: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await requireDevice(transaction, request.deviceId);
  const escrowKey = await escrow.publicKey(transaction);
  transaction.audit({ action: 'execute', interaction: 'enrol-device', outcome: 'success' });
  return {
    deviceId: request.deviceId,
    escrowPublicKey: escrowKey.publicKey,
    escrowKeyId: escrowKey.keyId,
    servicePublicKey: createPublicKey(createPrivateKey(signer.privateKey))
      .export({ type: 'spki', format: 'der' })
      .toString('base64url'),
    policy,
  };
}

/**
 * Binds the signed-in person, in their present role, to a signing key on this device. The key's id comes from the
 * key, the person and the role, so certifying again (after a restore of the service, say) names the same key.
 */
export async function certifyAuthor(
  transaction: RecordTransaction,
  deviceId: string,
  request: CertifyAuthorRequest,
  signer: CertificateSigner,
  now: Date,
): Promise<AuthorCertificate> {
  const { actor } = transaction;
  await requireDevice(transaction, deviceId);
  if (actor.role === 'system') {
    throw new SyncError(403, 'author-not-authorised', 'Only a person signs clinical work.');
  }
  if (readPublicKey(request.publicKey) === null) {
    throw new SyncError(422, 'malformed', 'The signing key is not a P-256 public key.');
  }
  const author = {
    userId: actor.userId as UserId,
    practitionerId: actor.practitionerId,
    name: actor.name,
    role: actor.role,
    organisation: actor.organisation as OrganisationId,
  };
  const unsigned: Omit<AuthorCertificate, 'signature'> = {
    keyId: createHash('sha256')
      .update([deviceId, actor.userId, actor.role, actor.roleExpires ?? '', request.publicKey].join('\n'))
      .digest('hex')
      .slice(0, 32),
    deviceId: deviceId as DeviceId,
    author,
    publicKey: request.publicKey,
    issuedAt: now.toISOString(),
    ...(actor.roleExpires === undefined ? {} : { notAfter: actor.roleExpires }),
  };
  const certificate: AuthorCertificate = {
    ...unsigned,
    signature: signText(certificateText(unsigned), createPrivateKey(signer.privateKey)),
  };
  await transaction.database
    .insertInto('author_key')
    .values({
      organisation: transaction.organisation,
      key_id: certificate.keyId,
      device_id: deviceId,
      user_id: actor.userId,
      certificate: JSON.stringify(certificate),
      issued_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const stored = await findCertificate(transaction, certificate.keyId);
  transaction.audit({ action: 'execute', interaction: 'certify-author', outcome: 'success' });
  return stored ?? certificate;
}

export async function findCertificate(
  reader: RecordReader,
  keyId: string,
): Promise<AuthorCertificate | null> {
  const row = await reader.database
    .selectFrom('author_key')
    .select('certificate')
    .where('organisation', '=', reader.organisation)
    .where('key_id', '=', keyId)
    .executeTakeFirst();
  return row === undefined ? null : (JSON.parse(row.certificate) as AuthorCertificate);
}

/** @throws SyncError `device-unknown` (404), `device-revoked` (403). */
export async function requireDevice(reader: RecordReader, deviceId: string): Promise<void> {
  const device = await reader.database
    .selectFrom('device')
    .select(['revoked_at'])
    .where('organisation', '=', reader.organisation)
    .where('device_id', '=', deviceId)
    .executeTakeFirst();
  refuseDevice(device === undefined ? 'unknown' : device.revoked_at === null ? 'enrolled' : 'revoked');
}

export type DeviceState = 'enrolled' | 'revoked' | 'unknown';

/** @throws SyncError `device-unknown` (404), `device-revoked` (403). */
export function refuseDevice(device: DeviceState): void {
  if (device === 'unknown') {
    throw new SyncError(
      404,
      'device-unknown',
      'This computer is not enrolled here. Its work is kept; enrol it again.',
    );
  }
  if (device === 'revoked') {
    throw new SyncError(
      403,
      'device-revoked',
      'This computer may no longer use the record. Unsent work can still be handed over sealed.',
    );
  }
}

/** Revokes a device, with an order to wipe if asked. Asked twice, it stays revoked and one open order stands. */
export async function revokeDevice(
  transaction: RecordTransaction,
  deviceId: string,
  request: RevokeDeviceRequest,
  now: Date,
): Promise<{ readonly deviceId: string; readonly orders: readonly DeviceOrder[] }> {
  requireActivity(transaction.actor);
  const { database, organisation, actor } = transaction;
  const revoked = await database
    .updateTable('device')
    .set({ revoked_at: now, revoked_by: actor.userId, revoked_reason: request.reason })
    .where('organisation', '=', organisation)
    .where('device_id', '=', deviceId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (revoked.numUpdatedRows === 0n)
    await refuseUnknownDevice(transaction, deviceId, 'No such computer is enrolled.');
  const kind = request.wipe ? 'wipe' : 'revoke';
  const open = await openOrders(transaction, deviceId);
  if (!open.some((order) => order.kind === kind)) {
    await database
      .insertInto('device_order')
      .values({
        organisation,
        order_id: randomUUID(),
        device_id: deviceId,
        kind,
        issued_by: actor.userId,
        issued_at: now,
        done_at: null,
      })
      .execute();
  }
  transaction.audit({ action: 'execute', interaction: 'revoke-device', outcome: 'success', detail: kind });
  return { deviceId, orders: await openOrders(transaction, deviceId) };
}

function requireActivity(actor: Actor): void {
  if (!actor.activities.has('manage-devices')) {
    throw new SyncError(403, 'not-permitted', 'Your role may not revoke a computer.');
  }
}

export async function openOrders(reader: RecordReader, deviceId: string): Promise<DeviceOrder[]> {
  const rows = await reader.database
    .selectFrom('device_order')
    .select(['order_id', 'kind', 'issued_at'])
    .where('organisation', '=', reader.organisation)
    .where('device_id', '=', deviceId)
    .where('done_at', 'is', null)
    .orderBy('issued_at')
    .orderBy('order_id')
    .execute();
  return rows.map((row) => ({
    orderId: row.order_id,
    kind: row.kind,
    issuedAt: row.issued_at.toISOString(),
  }));
}

/** The device's receipt for an order that it carried out. A repeated receipt changes nothing. */
export async function completeOrder(
  transaction: RecordTransaction,
  deviceId: string,
  orderId: string,
  now: Date,
): Promise<void> {
  const { database, organisation } = transaction;
  const order = await database
    .selectFrom('device_order')
    .select('done_at')
    .where('organisation', '=', organisation)
    .where('device_id', '=', deviceId)
    .where('order_id', '=', orderId)
    .executeTakeFirst();
  if (order === undefined) throw new SyncError(404, 'order-unknown', 'No such order was given.');
  if (order.done_at !== null) return;
  await database
    .updateTable('device_order')
    .set({ done_at: now })
    .where('organisation', '=', organisation)
    .where('order_id', '=', orderId)
    .execute();
  transaction.audit({ action: 'execute', interaction: 'device-order-done', outcome: 'success' });
}
