import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseExact } from '../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { AuthenticationError } from '../identity/actor.ts';
import type { Actor, Authenticator } from '../identity/actor.ts';
import { StoreError } from '../store/record-store.ts';
import type { RecordStore } from '../store/record-store.ts';
import { validate } from '../validation/validate.ts';
import { loadResources } from './load-resources.ts';
import { isResource, textOf } from './source.ts';

/** Most resources of one request; also the page size of an export. */
const BULK_PAGE = 2000;
const NDJSON = 'application/fhir+ndjson';
const BODY_LIMIT = 64 * 1024 * 1024;

export interface BulkParts {
  readonly app: FastifyInstance;
  readonly store: RecordStore;
  readonly authenticate: Authenticator;
}

type Params = { organisation: string; type: string };

/**
 * `/bulk/{organisation}`: import, seed and export of a whole practice, for the service's own system client only.
 *  - POST (NDJSON, up to {@link BULK_PAGE} resources): validated, loaded in one transaction; answers a LoadResult.
 *  - GET: types and counts, and the feed's position.
 *  - GET /{type}?after=id: one page of current resources in id order, text as stored.
 */
export async function bulkRoutes({ app, store, authenticate }: BulkParts): Promise<void> {
  await app.register(
    (scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser(
        NDJSON,
        { parseAs: 'string', bodyLimit: BODY_LIMIT },
        (_request, body, parsed) => {
          parsed(null, body);
        },
      );
      scope.setErrorHandler((error, request, reply) => refuse(error, request, reply));
      const signIn = async (request: FastifyRequest): Promise<Actor> => {
        const { organisation } = request.params as Params;
        const actor = await authenticate(request.headers.authorization, organisation);
        if (actor.role !== 'system')
          throw new BulkRefusal(403, 'Only the system client may load or export a whole practice.');
        return actor;
      };
      scope.post('/', async (request) => {
        const actor = await signIn(request);
        const resources = readLines(String(request.body));
        const { organisation } = request.params as Params;
        return loadResources(store, { organisation, actor, groupId: randomUUID() }, resources);
      });
      scope.get('/', async (request) => {
        const actor = await signIn(request);
        const { organisation } = request.params as Params;
        return store.withSnapshot({ organisation, actor }, async (reader) => {
          const rows = await reader.database
            .selectFrom('resource')
            .select((select) => ['type', select.fn.countAll<string>().as('count')])
            .where('organisation', '=', organisation)
            .where('deleted', '=', false)
            .groupBy('type')
            .orderBy('type')
            .execute();
          return {
            epoch: store.epoch,
            position: await reader.head(),
            types: rows.map(({ type, count }) => ({ type, count: Number(count) })),
          };
        });
      });
      scope.get('/:type', async (request, reply) => {
        const actor = await signIn(request);
        const { organisation, type } = request.params as Params;
        const after = textOf((request.query as Record<string, unknown>)['after']) ?? '';
        const context = { organisation, actor };
        const rows = await store.withSnapshot(context, (reader) =>
          reader.database
            .selectFrom('resource')
            .select(['id', 'content'])
            .where('organisation', '=', organisation)
            .where('type', '=', type)
            .where('deleted', '=', false)
            .where('id', '>', after)
            .orderBy('id')
            .limit(BULK_PAGE)
            .execute(),
        );
        await store.auditReads(context, [
          {
            action: 'read',
            interaction: 'export',
            outcome: 'success',
            entity: type,
            detail: `resources=${rows.length}`,
          },
        ]);
        const last = rows.length === BULK_PAGE ? rows.at(-1)?.id : undefined;
        if (last !== undefined) void reply.header('x-next-after', last);
        void reply.header('content-type', NDJSON).header('cache-control', 'no-store');
        return rows.map((row) => `${row.content ?? ''}\n`).join('');
      });
      done();
    },
    { prefix: '/bulk/:organisation' },
  );
}

class BulkRefusal extends Error {
  readonly statusCode: number;
  readonly faults: readonly string[];

  constructor(statusCode: number, message: string, faults: readonly string[] = []) {
    super(message);
    this.statusCode = statusCode;
    this.faults = faults;
  }
}

/** Every line must be a resource with an id that R4 allows; one that is not refuses them all. */
function readLines(body: string): ResourceJson[] {
  const lines = body.split('\n').filter((line) => line !== '');
  if (lines.length > BULK_PAGE)
    throw new BulkRefusal(413, `At most ${BULK_PAGE} resources at a time. Nothing was saved.`);
  const faults: string[] = [];
  const resources = lines.map((line, position) => {
    const resource = parseLine(line);
    if (!isResource(resource) || typeof resource['id'] !== 'string') {
      throw new BulkRefusal(
        400,
        `Line ${position + 1} is not a FHIR resource with an id. Nothing was saved.`,
      );
    }
    const stored = resource as unknown as ResourceJson;
    for (const { details, expression } of validate(stored).errors) {
      faults.push(
        `${stored.resourceType}/${stored.id}: ${details?.text ?? 'not valid'} (${expression?.join(', ') ?? ''})`,
      );
    }
    return stored;
  });
  if (faults.length > 0) throw new BulkRefusal(422, 'Not valid R4. Nothing was saved.', faults.slice(0, 50));
  return resources;
}

function parseLine(line: string): unknown {
  try {
    return parseExact(line);
  } catch {
    return undefined;
  }
}

function refuse(error: unknown, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof BulkRefusal) {
    return reply.code(error.statusCode).send({ message: error.message, faults: error.faults });
  }
  if (error instanceof AuthenticationError) {
    return reply
      .code(error.code === 'unauthenticated' ? 401 : 403)
      .send({ message: error.message, faults: [] });
  }
  if (error instanceof StoreError) return reply.code(409).send({ message: error.message, faults: [] });
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  return reply.code(status).send({
    message: status === 413 ? 'Too much at once. Nothing was saved.' : 'This could not be done.',
    faults: [],
  });
}
