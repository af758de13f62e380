import { pino } from 'pino';
import { buildService, type ServiceConfig } from './build-service.ts';
import { bulkRoutes } from './import/bulk-routes.ts';
import { readExternalIssuer } from './identity/external-issuer.ts';
import { describeError } from './operations/safe-log.ts';

/**
 * The record service as a process. Environment:
 *  PORT (8460) · HOST (127.0.0.1) · DATABASE_URL (PostgreSQL; embedded PGlite without it) ·
 *  GLADSTONE_DATA_DIR (.gladstone/service) · GLADSTONE_PUBLIC_URL · GLADSTONE_BEHIND_PROXY (1) · LOG_LEVEL (info) ·
 *  GLADSTONE_OFFLINE_SCOPE (all | booked: whose records computers hold) ·
 *  GLADSTONE_SYNC (off: plain FHIR without the sync endpoints) ·
 *  GLADSTONE_OIDC_CONFIG (a JSON file that names another identity provider; the embedded demonstration one without it)
 */
const logger = pino({ level: process.env['LOG_LEVEL'] ?? 'info', base: null });
const {
  DATABASE_URL,
  GLADSTONE_DATA_DIR,
  GLADSTONE_PUBLIC_URL,
  GLADSTONE_BEHIND_PROXY,
  GLADSTONE_SYNC,
  GLADSTONE_OFFLINE_SCOPE,
  GLADSTONE_OIDC_CONFIG,
} = process.env;

const config: ServiceConfig = {
  logger,
  dataFolder: GLADSTONE_DATA_DIR ?? '.gladstone/service',
  behindProxy: GLADSTONE_BEHIND_PROXY === '1',
  withoutSync: GLADSTONE_SYNC === 'off',
  sync: { policy: { offlineScope: GLADSTONE_OFFLINE_SCOPE === 'booked' ? 'booked' : 'all' } },
  ...(DATABASE_URL === undefined || DATABASE_URL === '' ? {} : { databaseUrl: DATABASE_URL }),
  ...(GLADSTONE_PUBLIC_URL === undefined ? {} : { publicUrl: GLADSTONE_PUBLIC_URL }),
  ...(GLADSTONE_OIDC_CONFIG === undefined
    ? {}
    : { externalIssuer: readExternalIssuer(GLADSTONE_OIDC_CONFIG) }),
};

try {
  const service = await buildService(config, [bulkRoutes]);
  const address = await service.app.listen({
    host: process.env['HOST'] ?? '127.0.0.1',
    port: Number(process.env['PORT'] ?? 8460),
  });
  logger.info(
    { address, engine: service.store.engine, durable: service.store.durable },
    'record service is ready',
  );

  const stop = (signal: string) => {
    logger.info({ signal }, 'record service is closing');
    service.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ error: describeError(error) }, 'record service did not close cleanly');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  logger.fatal({ error: describeError(error) }, 'record service did not start');
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
