import type { EnrolledDevice } from '../../contract/record-service.ts';
import type { RecordTransaction } from '../store/record-store.ts';
import { SyncError } from './service-error.ts';

/** The organisation's computers, newest first. @throws SyncError `not-permitted` (403). */
export async function listDevices(
  transaction: RecordTransaction,
): Promise<{ readonly devices: readonly EnrolledDevice[] }> {
  const { database, organisation, actor } = transaction;
  if (!actor.activities.has('manage-devices')) {
    throw new SyncError(403, 'not-permitted', 'Your role may not see the list of computers.');
  }
  const rows = await database
    .selectFrom('device')
    .selectAll()
    .where('organisation', '=', organisation)
    .orderBy('enrolled_at', 'desc')
    .orderBy('device_id')
    .execute();
  const orders = await database
    .selectFrom('device_order')
    .select(['device_id', 'kind', 'issued_at', 'done_at'])
    .where('organisation', '=', organisation)
    .orderBy('issued_at')
    .execute();
  transaction.audit({ action: 'read', interaction: 'list-devices', outcome: 'success' });
  return {
    devices: rows.map((row) => ({
      deviceId: row.device_id,
      label: row.label,
      enrolledBy: row.enrolled_by,
      enrolledAt: row.enrolled_at.toISOString(),
      ...(row.revoked_at !== null && { revokedAt: row.revoked_at.toISOString() }),
      orders: orders
        .filter((order) => order.device_id === row.device_id)
        .map((order) => ({
          kind: order.kind,
          issuedAt: order.issued_at.toISOString(),
          ...(order.done_at !== null && { doneAt: order.done_at.toISOString() }),
        })),
    })),
  };
}
