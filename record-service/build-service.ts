import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
} from 'fastify';
import type { Logger } from 'pino';
import { startAuditSealer, type AuditSealer } from './audit/audit-sealer.ts';
import { systemActor, type Authenticator } from './identity/actor.ts';
import { registerIdentity, type ExternalIssuer, type Identity } from './identity/identity.ts';
import { Metrics } from './operations/metrics.ts';
import { observeRequests, observeStore, operationsRoutes } from './operations/operations-routes.ts';
import { createRateLimiter, type RateLimit } from './operations/rate-limit.ts';
import { describeError } from './operations/safe-log.ts';
import { fhirRoutes } from './routes/fhir-routes.ts';
import type { Engine } from './store/engine.ts';
import { startHeadWitness } from './store/head-witness.ts';
import { openStore, type OpenStore } from './store/open-store.ts';
import { openPglite } from './store/pglite-engine.ts';
import { openPostgres } from './store/postgres-engine.ts';
import { addSync, type SyncSettings } from './sync/add-sync.ts';
import { loadDefinitions } from './validation/definitions.ts';

export interface ServiceConfig {
  /** PostgreSQL; embedded PGlite in `dataFolder` without it. */
  readonly databaseUrl?: string;
  /** Where PGlite's files and the service's own secrets lie. */
  readonly dataFolder: string;
  /** A database that is open already (tests); closed with the service. */
  readonly engine?: Engine;
  readonly logger: Logger;
  /** Stands in for sign-in (tests). Without it the embedded identity provider, or `externalIssuer`, is used. */
  readonly authenticate?: Authenticator;
  readonly externalIssuer?: ExternalIssuer;
  /** The address under which clients reach the service. */
  readonly publicUrl?: string;
  readonly behindProxy?: boolean;
  readonly connections?: number;
  readonly rateLimit?: RateLimit;
  readonly limits?: Partial<Limits>;
  readonly version?: string;
  /** Plain FHIR without the sync endpoints: for installations without desktops. */
  readonly withoutSync?: boolean;
  /** Policy for devices; tests also set a clock and failpoints here. */
  readonly sync?: SyncSettings;
}

export interface Limits {
  /** Bytes of a request's body. */
  readonly body: number;
  readonly bundleEntries: number;
  /** Milliseconds to send a request in. */
  readonly request: number;
  /** Milliseconds of one statement in PostgreSQL. */
  readonly statement: number;
  /** Milliseconds between two runs of the audit sealer. */
  readonly sealing: number;
  /** Milliseconds between two notes of where the feed stands. */
  readonly witnessing: number;
}

const usualLimits: Limits = {
  body: 16 * 1024 * 1024,
  bundleEntries: 1000,
  request: 60_000,
  statement: 30_000,
  sealing: 5_000,
  witnessing: 10_000,
};

const usualRateLimit: RateLimit = { perSecond: 100, burst: 500 };

/** What other parts of the service are given to add their routes with. */
export interface ServiceParts {
  readonly app: FastifyInstance;
  readonly store: OpenStore;
  readonly authenticate: Authenticator;
  readonly rateLimit: (user: string) => number;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly config: ServiceConfig;
}

export interface Service {
  readonly app: FastifyInstance;
  readonly store: OpenStore;
  readonly metrics: Metrics;
  readonly sealer: AuditSealer;
  /** Ends politely: open requests are answered, audit is sealed, the database is closed. */
  close(): Promise<void>;
}

/** Composes the record service. It listens when its caller says so: `service.app.listen(…)`. */
export async function buildService(
  config: ServiceConfig,
  addParts: readonly ((parts: ServiceParts) => Promise<void> | void)[] = [],
): Promise<Service> {
  const { logger } = config;
  const limits = { ...usualLimits, ...config.limits };
  loadDefinitions();
  mkdirSync(config.dataFolder, { recursive: true });
  const store = await openStore(config.engine ?? (await openEngine(config, limits)));
  const witness = await startHeadWitness(
    store,
    join(config.dataFolder, 'heads.json'),
    limits.witnessing,
    (error) => {
      logger.error({ error: describeError(error) }, 'where the feed stands could not be written down');
    },
  );
  const metrics = new Metrics();
  let closing = false;

  // Named by fastify's own type, or every route would be typed by pino's.
  const loggerInstance: FastifyBaseLogger = logger;
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.body,
    requestTimeout: limits.request,
    trustProxy: config.behindProxy ?? false,
    routerOptions: { maxParamLength: 200 },
    // A URL may hold search values: an error before routing must not log it.
    frameworkErrors: (_error, _request, reply) => {
      void (reply as FastifyReply).code(400).send({ message: 'This address cannot be read.' });
    },
  });
  observeRequests(app, metrics);
  observeStore(metrics, store);
  operationsRoutes(app, { store, metrics, isClosing: () => closing });

  try {
    const identity = await signInOf(app, store, config);
    const { authenticate } = identity;
    const rateLimit = createRateLimiter(config.rateLimit ?? usualRateLimit, () => performance.now());
    await fhirRoutes(app, {
      store,
      authenticate,
      rateLimit,
      mostBundleEntries: limits.bundleEntries,
      version: config.version ?? '0.1.0',
      startedAt: new Date().toISOString(),
      ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
    });
    if (config.withoutSync !== true) {
      await addSync(app, { store, identity, logger, metrics, rateLimit, config });
    }
    await auditStart(store, config.version ?? '0.1.0');
    for (const add of addParts) await add({ app, store, authenticate, rateLimit, metrics, logger, config });
  } catch (error) {
    await app.close();
    await witness.stop();
    await store.close();
    throw error;
  }

  const sealer = startAuditSealer(store, limits.sealing, (error) => {
    logger.error({ error: describeError(error) }, 'audit could not be sealed');
  });
  let closed: Promise<void> | undefined;
  return {
    app,
    store,
    metrics,
    sealer,
    close() {
      closing = true;
      closed ??= app
        .close()
        .then(() => sealer.stop())
        .then(() => witness.stop())
        .then(() => store.close());
      return closed;
    },
  };
}

/** A new version shows in every organisation's audit; the code sets come with it (clinical.md, Governance: Audit). */
async function auditStart(store: OpenStore, version: string): Promise<void> {
  for (const organisation of await store.organisations()) {
    await store.auditReads({ organisation, actor: systemActor(organisation) }, [
      { action: 'execute', interaction: 'service-start', outcome: 'success', detail: `version=${version}` },
    ]);
  }
}

async function openEngine(config: ServiceConfig, limits: Limits): Promise<Engine> {
  if (config.databaseUrl === undefined) return openPglite(join(config.dataFolder, 'pglite'));
  return openPostgres({
    connectionString: config.databaseUrl,
    connections: config.connections ?? 20,
    statementTimeout: limits.statement,
    onIdleError: (error) => {
      config.logger.warn({ error: describeError(error) }, 'an idle database connection broke');
    },
  });
}

async function signInOf(app: FastifyInstance, store: OpenStore, config: ServiceConfig): Promise<Identity> {
  const identity = await registerIdentity(app, {
    store,
    dataFolder: config.dataFolder,
    ...(config.externalIssuer === undefined ? {} : { external: config.externalIssuer }),
    ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
    ...(config.behindProxy === undefined ? {} : { behindProxy: config.behindProxy }),
    ...(config.sync?.now === undefined ? {} : { now: config.sync.now }),
  });
  return config.authenticate === undefined ? identity : { ...identity, authenticate: config.authenticate };
}
