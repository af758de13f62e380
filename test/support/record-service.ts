import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { buildService, type Service, type ServiceConfig } from '../../record-service/build-service.ts';
import { activitiesOf } from '../../record-service/identity/activities.ts';
import {
  AuthenticationError,
  systemActor,
  type Actor,
  type Authenticator,
} from '../../record-service/identity/actor.ts';
import { roles } from '../../domain/sync/operation.ts';
import { createTestDatabase, type EngineName, type TestDatabase } from './record-store.ts';

export interface TestService extends Service {
  /** e.g. `http://127.0.0.1:40123` */
  readonly base: string;
  readonly database: TestDatabase;
  /** Closes the service and removes its database and folder. */
  readonly stop: () => Promise<void>;
}

/** A whole service on an ephemeral port. Tokens are role names: `Bearer gp`, `Bearer receptionist`, `Bearer system`. */
export async function startTestService(
  engineName: EngineName,
  config: Partial<ServiceConfig> = {},
): Promise<TestService> {
  const database = await createTestDatabase(engineName);
  const dataFolder = mkdtempSync(join(tmpdir(), 'gladstone-service-'));
  const service = await buildService({
    logger: pino({ level: 'silent' }),
    dataFolder,
    engine: await database.open(),
    authenticate: roleTokens,
    rateLimit: { perSecond: 100_000, burst: 100_000 },
    ...config,
  });
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  return {
    ...service,
    base: `http://127.0.0.1:${(service.app.server.address() as AddressInfo).port}`,
    database,
    async stop() {
      await service.close();
      await database.drop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

const roleTokens: Authenticator = (header, organisation) => {
  const role = header?.replace(/^Bearer /, '');
  if (role === 'system') return Promise.resolve(systemActor(organisation));
  const known = roles.find((one) => one === role);
  if (known === undefined) {
    return Promise.reject(new AuthenticationError('unauthenticated', 'Sign in first.'));
  }
  return Promise.resolve(testActor(known, organisation));
};

function testActor(role: (typeof roles)[number], organisation = 'A99999'): Actor {
  return {
    userId: `user-${role}`,
    practitionerId: `practitioner-${role}`,
    name: `Test ${role}`,
    organisation,
    role,
    activities: activitiesOf(role),
  };
}
