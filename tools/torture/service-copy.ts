import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { buildService } from '../../record-service/build-service.ts';
import { activitiesOf } from '../../record-service/identity/activities.ts';
import { systemActor, type Actor } from '../../record-service/identity/actor.ts';

/**
 * One copy of the record service for torture and load: DATABASE_URL in, its address on standard output. It trusts
 * whoever comes: `Bearer gp-7` is the seventh GP, anything else the service itself.
 */
const service = await buildService({
  logger: pino({ level: 'silent' }),
  dataFolder: process.env['GLADSTONE_DATA_DIR'] ?? mkdtempSync(join(tmpdir(), 'gladstone-copy-')),
  databaseUrl: process.env['DATABASE_URL'] ?? '',
  authenticate: (header, organisation) => Promise.resolve(actorOf(header, organisation)),
  rateLimit: { perSecond: 1e6, burst: 1e6 },
});
await service.app.listen({ host: '127.0.0.1', port: 0 });
console.log(`http://127.0.0.1:${(service.app.server.address() as AddressInfo).port}`);

function actorOf(header: string | undefined, organisation: string): Actor {
  const userId = /^Bearer (gp-\d+)$/.exec(header ?? '')?.[1];
  if (userId === undefined) return systemActor(organisation);
  return {
    userId,
    practitionerId: userId,
    name: `Dr ${userId}`,
    organisation,
    role: 'gp',
    activities: activitiesOf('gp'),
    authenticatedAt: new Date().toISOString(),
  };
}
