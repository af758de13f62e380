import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { buildService } from '../../../../record-service/build-service.ts';
import { systemActor } from '../../../../record-service/identity/actor.ts';

/** Whoever comes is the service's own client. */
export const ownToken = 'system';

/** Our own REST alone, without the sync endpoints, for the contract suite. */
export async function startOwnService(
  databaseUrl?: string,
): Promise<{ readonly base: string; readonly close: () => Promise<void> }> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'gladstone-contract-'));
  const service = await buildService({
    logger: pino({ level: 'silent' }),
    dataFolder,
    ...(databaseUrl === undefined || databaseUrl === '' ? {} : { databaseUrl }),
    withoutSync: true,
    authenticate: (_header, organisation) => Promise.resolve(systemActor(organisation)),
    rateLimit: { perSecond: 100_000, burst: 100_000 },
  });
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  return {
    base: `http://127.0.0.1:${(service.app.server.address() as AddressInfo).port}/fhir/R4/A99999`,
    async close() {
      await service.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
