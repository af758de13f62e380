import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { buildService } from '../../record-service/build-service.ts';
import { systemActor } from '../../record-service/identity/actor.ts';

/** One copy of the record service for the torture harness: DATABASE_URL in, its address on standard output. */
const service = await buildService({
  logger: pino({ level: 'silent' }),
  dataFolder: process.env['GLADSTONE_DATA_DIR'] ?? mkdtempSync(join(tmpdir(), 'gladstone-copy-')),
  databaseUrl: process.env['DATABASE_URL'] ?? '',
  authenticate: (_header, organisation) => Promise.resolve(systemActor(organisation)),
  rateLimit: { perSecond: 1e6, burst: 1e6 },
});
await service.app.listen({ host: '127.0.0.1', port: 0 });
console.log(`http://127.0.0.1:${(service.app.server.address() as AddressInfo).port}`);
