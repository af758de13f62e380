import type { FastifyInstance } from 'fastify';
import type { RecordStore } from '../store/record-store.ts';
import type { Metrics } from './metrics.ts';
import { describeError } from './safe-log.ts';

export interface OperationsOptions {
  readonly store: RecordStore;
  readonly metrics: Metrics;
  readonly isClosing: () => boolean;
}

/** `/livez`, `/readyz`, `/metrics`: no sign-in, no patient data. */
export function operationsRoutes(app: FastifyInstance, options: OperationsOptions): void {
  const { store, metrics } = options;
  app.get('/livez', () => ({ status: 'live' }));

  app.get('/readyz', async (request, reply) => {
    const about = {
      engine: store.engine,
      durable: store.durable,
      ...(store.durable
        ? {}
        : {
            note: 'Embedded PGlite: a commit is not flushed to disk (no fsync). For demonstration and development; use PostgreSQL (DATABASE_URL) for real records.',
          }),
    };
    if (options.isClosing()) return reply.code(503).send({ status: 'closing', ...about });
    try {
      await store.ping();
      return await reply.send({ status: 'ready', epoch: store.epoch, ...about });
    } catch (error) {
      request.log.warn({ error: describeError(error) }, 'the database does not answer');
      return reply.code(503).send({ status: 'database does not answer', ...about });
    }
  });

  app.get('/metrics', async (_request, reply) => {
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.text());
  });
}

/** Counts requests and their time, by route template; logs one line for each without its URL. */
export function observeRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: String(reply.statusCode),
    };
    metrics.count('gladstone_http_requests_total', 'Requests answered.', labels);
    metrics.observe(
      'gladstone_http_request_duration_seconds',
      'Time from request to answer.',
      { method: labels.method, route: labels.route },
      reply.elapsedTime / 1000,
    );
    request.log.info({ ...labels, milliseconds: Math.round(reply.elapsedTime) }, 'answered');
    done();
  });
}

/** Gauges that are read from the database when Prometheus asks. */
export function observeStore(metrics: Metrics, store: RecordStore): void {
  metrics.collect(async () => {
    const state = await store.state().catch(() => []);
    for (const { organisation, head, unsealed, secondsSinceCommit } of state) {
      const labels = { organisation };
      metrics.set('gladstone_feed_head', 'Last committed position of the feed.', labels, head);
      metrics.set(
        'gladstone_feed_seconds_since_commit',
        'Age of the last committed change.',
        labels,
        secondsSinceCommit,
      );
      metrics.set('gladstone_audit_unsealed', 'Audit rows not in the chain yet.', labels, unsealed);
    }
    metrics.set('gladstone_process_resident_bytes', 'Memory of this process.', {}, process.memoryUsage.rss());
  });
}
