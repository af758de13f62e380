import { describe, expect, it } from 'vitest';
import type { OfflineAuditRequest } from '../../../../../contract/record-service.ts';
import { failure, success } from '../../../../../domain/result.ts';
import { uploadAudit } from '../../../../../main/services/sync/audit-upload.ts';
import { Connectivity } from '../../../../../main/services/sync/connectivity.ts';
import type { Answered, AuditQueue } from '../../../../../main/services/sync/ports.ts';

function queueOf(count: number): AuditQueue & { readonly left: () => number } {
  let events = Array.from({ length: count }, (_, sequence): OfflineAuditRequest['events'][number] => ({
    eventId: `event-${sequence}`,
    sequence,
    recorded: '2026-11-22T10:00:00Z',
    userId: 'user',
    role: 'gp',
    action: 'read',
  }));
  return {
    left: () => events.length,
    peek: (most) => Promise.resolve(events.slice(0, most)),
    acknowledge: (eventIds) => {
      events = events.filter((event) => !eventIds.includes(event.eventId));
      return Promise.resolve();
    },
  };
}

const connectivity = (): Connectivity =>
  new Connectivity(
    { probe: () => Promise.resolve(failure({ kind: 'unreachable' })) },
    { wallMs: () => 0, monotonicMs: () => 0, after: () => () => undefined },
    () => 0,
  );

describe('audit of offline reads', () => {
  it('Q11: a refused audit stays in its queue and is no news of the connection', async () => {
    const queue = queueOf(3);
    const line = connectivity();
    await uploadAudit(
      { audit: () => Promise.resolve(failure({ kind: 'status', status: 409 })) },
      queue,
      'd',
      line,
    );
    expect(queue.left()).toBe(3);
    expect(line.connection).toBe('connecting');
  });

  it('413 halves the batch until it fits', async () => {
    const queue = queueOf(9);
    const audit = (request: OfflineAuditRequest): Promise<Answered<{ readonly accepted: number }>> =>
      Promise.resolve(
        request.events.length > 2
          ? failure({ kind: 'status', status: 413 })
          : success({ accepted: request.events.length }),
      );
    await uploadAudit({ audit }, queue, 'd', connectivity());
    expect(queue.left()).toBe(0);
  });
});
