import { createHash } from 'node:crypto';
import type { EscrowReceipt, EscrowRequest } from '../../contract/record-service.ts';
import type { RecordTransaction } from '../store/record-store.ts';
import { refuseUnknownDevice } from './known-device.ts';
import { SyncError } from './service-error.ts';

/**
 * Keeps sealed frames as they lie (drafts, unsent operations, key backups). A frame that came before is received
 * again without effect; only the news that its draft has ended is taken from a repeat.
 * @throws SyncError 422 `frame-damaged` where a frame is not what its id says; nothing of the request is kept.
 */
export async function receiveFrames(
  transaction: RecordTransaction,
  request: EscrowRequest,
  durable: boolean,
  now: Date,
): Promise<EscrowReceipt> {
  const { database, organisation } = transaction;
  // Revoked devices may still hand over what they hold (I10): only an unknown one is refused.
  await refuseUnknownDevice(transaction, request.deviceId, 'This computer is not enrolled here.');

  for (const frame of request.frames) {
    const sealed = Buffer.from(frame.sealed, 'base64url');
    if (createHash('sha256').update(sealed).digest('hex') !== frame.frameId) {
      throw new SyncError(
        422,
        'frame-damaged',
        'Sealed work was damaged on its way. Nothing was stored; it is kept.',
      );
    }
    const ended = frame.ended ?? false;
    await database
      .insertInto('escrow_frame')
      .values({
        organisation,
        device_id: request.deviceId,
        frame_id: frame.frameId,
        kind: frame.kind,
        user_id: frame.userId,
        patient_id: frame.patientId ?? null,
        since: frame.since,
        sealed,
        ended,
        received_at: now,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['organisation', 'frame_id'])
          .doUpdateSet({ ended: true })
          .where('escrow_frame.ended', '=', false)
          .where((where) => where.lit(ended)),
      )
      .execute();
  }
  transaction.audit({
    action: 'execute',
    interaction: 'escrow',
    outcome: 'success',
    detail: `frames=${request.frames.length}`,
  });
  return { received: request.frames.map((frame) => frame.frameId), durable };
}
