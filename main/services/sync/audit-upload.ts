import { classifyFailure } from '../../../domain/sync/transport-failure.ts';
import type { Connectivity } from './connectivity.ts';
import type { AuditQueue, RecordServicePort } from './ports.ts';

const mostEvents = 500;

/**
 * Sends the audit of reads made offline. It is never on the way of clinical work: whatever fails here, fails here
 * alone and is sent next time (sync-bugs Q11).
 */
export async function uploadAudit(
  client: Pick<RecordServicePort, 'audit'>,
  queue: AuditQueue,
  deviceId: string,
  connectivity: Connectivity,
): Promise<void> {
  let most = mostEvents;
  for (;;) {
    const events = await queue.peek(most);
    if (events.length === 0) return;
    const answer = await client.audit({ deviceId, events });
    if (answer.ok) {
      await queue.acknowledge(events.map((event) => event.eventId));
      continue;
    }
    if (classifyFailure(answer.error) === 'too-large' && events.length > 1) {
      most = Math.ceil(events.length / 2);
      continue;
    }
    if (answer.error.kind !== 'status') connectivity.failed(answer.error);
    return;
  }
}
