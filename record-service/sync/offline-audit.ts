import type { OfflineAuditRequest } from '../../contract/record-service.ts';
import type { AuditAction } from '../audit/audit-entry.ts';
import type { RecordTransaction } from '../store/record-store.ts';

/** Takes reads that were made offline into the audit, each once however often it is sent. */
export async function receiveOfflineAudit(
  transaction: RecordTransaction,
  request: OfflineAuditRequest,
): Promise<{ readonly accepted: number }> {
  if (request.events.length === 0) return { accepted: 0 };
  const { database, organisation } = transaction;
  const fresh = await database
    .insertInto('offline_audit_event')
    .values(
      request.events.map((event) => ({
        organisation,
        event_id: event.eventId,
        device_id: request.deviceId,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('event_id')
    .execute();
  const freshIds = new Set(fresh.map((row) => row.event_id));
  for (const event of request.events) {
    if (!freshIds.delete(event.eventId)) continue;
    transaction.audit({
      action: actions[event.action] ?? 'execute',
      interaction: `offline-${event.action}`,
      outcome: event.action.endsWith('-failed') ? 'refused' : 'success',
      ...(event.patientId === undefined
        ? {}
        : { patientId: event.patientId, entity: `Patient/${event.patientId}` }),
      ...(event.detail === undefined ? {} : { detail: event.detail }),
      recorded: event.recorded,
      onBehalfOf: { userId: event.userId, role: event.role },
    });
  }
  return { accepted: request.events.length };
}

const actions: Readonly<Partial<Record<string, AuditAction>>> = {
  read: 'read',
  print: 'read',
  search: 'read',
  export: 'read',
};
