import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { buildService, type Service } from '../../record-service/build-service.ts';
import type { FailpointName } from '../../record-service/sync/failpoint.ts';
import type { SyncSettings } from '../../record-service/sync/add-sync.ts';
import type { Engine } from '../../record-service/store/engine.ts';

/** A whole record service on an ephemeral port, with places where it can be made to crash. */
export interface SyncService {
  readonly url: string;
  readonly dataFolder: string;
  readonly service: Service;
  /** Makes the work fail, once, when it comes to this place. */
  crashAt(name: FailpointName): void;
  readonly clock: { now: () => Date };
  close(): Promise<void>;
}

export async function startSyncService(engine: Engine, settings: SyncSettings = {}): Promise<SyncService> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'gladstone-service-'));
  const clock = { now: () => new Date() };
  let armed: FailpointName | undefined;
  const service = await buildService({
    engine,
    dataFolder,
    logger: pino({ level: 'silent' }),
    rateLimit: { perSecond: 10_000, burst: 100_000 },
    sync: {
      now: () => clock.now(),
      failpoint: (name) => {
        if (name !== armed) return;
        armed = undefined;
        throw new Error(`crash at ${name}`);
      },
      ...settings,
    },
  });
  const url = await service.app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    dataFolder,
    service,
    clock,
    crashAt(name) {
      armed = name;
    },
    async close() {
      await service.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
