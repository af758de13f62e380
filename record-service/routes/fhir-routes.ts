import { isOk, notFound } from '@medplum/core';
import type { FhirRouter, HttpMethod } from '@medplum/fhir-router';
import type { OperationOutcome, Resource } from '@medplum/fhirtypes';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseExact } from '../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { readAuditEvent, searchAuditEvents } from '../audit/audit-event.ts';
import { mayAccess } from '../identity/access.ts';
import type { Actor, Authenticator } from '../identity/actor.ts';
import { describeError } from '../operations/safe-log.ts';
import { searchParameters } from '../search/parameters.ts';
import type { RecordStore } from '../store/record-store.ts';
import { validate } from '../validation/validate.ts';
import { capabilityStatement } from './capability-statement.ts';
import { readEverything } from './everything.ts';
import { recordRouter } from './fhir-router.ts';
import { StoredResource, writeFhir } from './fhir-text.ts';
import { readRecordHistory } from './history.ts';
import { isUnforeseen, outcome, outcomeOf, refusal, statusOf } from './outcomes.ts';
import { RecordRepository } from './record-repository.ts';

export interface FhirRoutesOptions {
  readonly store: RecordStore;
  readonly authenticate: Authenticator;
  /** Seconds that this user has to wait; 0 to go on. */
  readonly rateLimit: (user: string) => number;
  readonly mostBundleEntries: number;
  readonly version: string;
  readonly startedAt: string;
  /** The address under which clients reach the service; the request's own Host otherwise. */
  readonly publicUrl?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Whoever signed in; null before that and where nobody has to. */
    actor: Actor | null;
  }
}

const FHIR_JSON = 'application/fhir+json; charset=utf-8';
type OrganisationParams = { organisation: string; '*': string };

/** `/fhir/R4/{organisation}`: everything FHIR. */
export async function fhirRoutes(app: FastifyInstance, options: FhirRoutesOptions): Promise<void> {
  const router = recordRouter({ mostEntries: options.mostBundleEntries });
  await app.register(
    (scope, _none, done) => {
      readFhirJson(scope);
      scope.decorateRequest('actor', null);
      scope.addHook('onRequest', async (request, reply) => {
        void reply.header('cache-control', 'no-store');
        if (pathOf(request) === 'metadata') return;
        await signIn(options, request, reply);
      });
      scope.setErrorHandler(async (error, request, reply) => {
        const found = outcomeOf(error);
        if (isUnforeseen(error)) request.log.error({ error: describeError(error) }, 'request failed');
        await auditRefusal(options.store, request, found);
        return answer(reply, found);
      });
      scope.setNotFoundHandler((_request, reply) => answer(reply, notFound));
      scope.route({
        method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        url: '/*',
        handler: (request, reply) => handle(options, router, request, reply),
      });
      scope.post('/', (request, reply) => handle(options, router, request, reply));
      scope.get('/', (request, reply) => handle(options, router, request, reply));
      done();
    },
    { prefix: '/fhir/R4/:organisation' },
  );
}

function readFhirJson(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    ['application/fhir+json', 'application/json', 'application/json-patch+json', 'text/json'],
    { parseAs: 'string' },
    (_request, body, done) => {
      try {
        done(null, body === '' ? undefined : parseExact(String(body)));
      } catch (error) {
        done(error as Error);
      }
    },
  );
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, groupedQuery(new URLSearchParams(String(body))));
    },
  );
}

async function signIn(
  options: FhirRoutesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { organisation } = request.params as OrganisationParams;
  const actor = await options.authenticate(request.headers.authorization, organisation);
  const device = request.headers['x-gladstone-device'];
  request.actor =
    typeof device === 'string' && /^[0-9a-fA-F-]{36}$/.test(device) ? { ...actor, deviceId: device } : actor;
  const wait = options.rateLimit(actor.userId);
  if (wait > 0) {
    void reply.header('retry-after', String(wait));
    throw refusal('too-many-requests', 'throttled', `Too many requests. Wait ${wait} s; nothing was lost.`);
  }
}

async function handle(
  options: FhirRoutesOptions,
  router: FhirRouter,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { organisation } = request.params as OrganisationParams;
  const base = options.publicUrl ?? `${request.protocol}://${request.host}`;
  const baseUrl = `${base}/fhir/R4/${organisation}`;
  const path = pathOf(request);
  if (path === 'metadata') {
    return answer(reply, ok, capabilityStatement(baseUrl, options.version, options.startedAt));
  }
  const { actor } = request;
  if (actor === null) throw refusal('unauthorized', 'login', 'Sign in first.');
  const { store } = options;
  const repository = new RecordRepository({ store, actor, organisation, baseUrl });
  const own = await ownOperation(repository, request, path);
  if (own !== undefined) return answer(reply, ok, own);

  const [found, resource] = await router.handleRequest(
    {
      method: (request.method === 'HEAD' ? 'GET' : request.method) as HttpMethod,
      url: `${path}${searchOf(request)}`,
      pathname: '',
      params: {},
      query: {},
      body: request.body,
      headers: request.headers,
      config: { transactions: true },
    },
    repository,
  );
  if (!isOk(found)) await auditRefusal(store, request, found);
  return answerWith(request, reply, baseUrl, found, resource);
}

/** What the router has no route for. */
async function ownOperation(
  repository: RecordRepository,
  request: FastifyRequest,
  path: string,
): Promise<unknown> {
  const query = new URLSearchParams(searchOf(request));
  const [type = '', second = '', third = ''] = path.split('/');
  if (request.method === 'GET' || request.method === 'HEAD') {
    if (type === 'AuditEvent') return auditEvents(repository, second, query);
    if (path === '_history') return readRecordHistory(repository, historyRequest(query));
    if (second === '_history' && third === '') {
      return readRecordHistory(repository, { type, ...historyRequest(query) });
    }
    if (type === 'Patient' && third === '$everything') {
      refuseOthers(query, ['_since', '_type']);
      return readEverything(repository, {
        id: second,
        ...(query.has('_since') ? { since: query.get('_since') ?? '' } : {}),
        ...(query.has('_type') ? { types: (query.get('_type') ?? '').split(',') } : {}),
      });
    }
  }
  if (request.method === 'POST' && second === '$validate') {
    repository.require(type, 'create');
    return validationOutcome(request.body as ResourceJson | undefined, type);
  }
  return undefined;
}

function historyRequest(query: URLSearchParams): { since?: string; count?: number; cursor?: string } {
  refuseOthers(query, ['_since', '_count', '_cursor']);
  const since = query.get('_since');
  const count = query.get('_count');
  const cursor = query.get('_cursor');
  return {
    ...(since === null ? {} : { since }),
    ...(count === null ? {} : { count: Number(count) }),
    ...(cursor === null ? {} : { cursor }),
  };
}

function refuseOthers(query: URLSearchParams, known: readonly string[]): void {
  const other = [...query.keys()].find(
    (name) => !known.includes(name) && name !== '_format' && name !== '_pretty',
  );
  if (other !== undefined) throw refusal('bad-request', 'not-supported', `"${other}" is not answered here.`);
}

async function auditEvents(
  repository: RecordRepository,
  id: string,
  query: URLSearchParams,
): Promise<unknown> {
  if (!mayAccess(repository.actor, 'AuditEvent', id === '' ? 'search-type' : 'read')) {
    throw refusal('forbidden', 'forbidden', 'Your role does not allow reading the audit.');
  }
  const found = await repository.reading(async (reader) =>
    id === '' ? searchAuditEvents(reader, repository.baseUrl, query) : readAuditEvent(reader, id),
  );
  if (found === undefined) throw refusal('not-found', 'not-found', 'There is no such audit event.');
  await repository.audit({
    action: 'read',
    interaction: id === '' ? 'search-type' : 'read',
    outcome: 'success',
    entity: id === '' ? 'AuditEvent' : `AuditEvent/${id}`,
  });
  return found;
}

function validationOutcome(body: ResourceJson | undefined, type: string): OperationOutcome {
  if (body?.resourceType !== type) {
    return outcome('bad-request', 'invalid', `Send the ${type} that is to be checked.`);
  }
  const { errors, warnings } = validate(body);
  const issue = [...errors, ...warnings];
  return {
    resourceType: 'OperationOutcome',
    issue:
      issue.length > 0
        ? issue
        : [{ severity: 'information', code: 'informational', details: { text: 'No faults found.' } }],
  };
}

const ok: OperationOutcome = { resourceType: 'OperationOutcome', id: 'ok', issue: [] };

function answerWith(
  request: FastifyRequest,
  reply: FastifyReply,
  baseUrl: string,
  found: OperationOutcome,
  resource: Resource | undefined,
): FastifyReply {
  if (!isOk(found)) return answer(reply, found);
  const stored =
    (resource as unknown) instanceof StoredResource ? (resource as unknown as StoredResource) : undefined;
  const status = request.method === 'DELETE' ? 204 : statusOf(found);
  if (stored !== undefined) {
    const { version, lastUpdated } = stored.version;
    const location = `${baseUrl}/${stored.resourceType}/${stored.id}/_history/${version}`;
    void reply
      .header('etag', `W/"${version}"`)
      .header('last-modified', new Date(lastUpdated).toUTCString())
      .header(status === 201 ? 'location' : 'content-location', location);
    const seen = request.headers['if-none-match'];
    if (request.method === 'GET' && seen !== undefined && seen.includes(`"${version}"`)) {
      return reply.code(304).send();
    }
  }
  const prefer = String(request.headers['prefer'] ?? '');
  const writes = request.method === 'POST' || request.method === 'PUT' || request.method === 'PATCH';
  if (resource === undefined || status === 204) return reply.code(204).send();
  if (writes && stored !== undefined && prefer.includes('return=minimal')) return reply.code(status).send();
  if (writes && stored !== undefined && prefer.includes('return=OperationOutcome')) {
    const { warnings } = validate(parseExact(stored.version.content ?? '{}') as ResourceJson);
    const issue =
      warnings.length > 0 ? warnings : [{ severity: 'information', code: 'informational' } as const];
    return reply
      .code(status)
      .type(FHIR_JSON)
      .send(writeFhir({ resourceType: 'OperationOutcome', issue }));
  }
  return reply.code(status).type(FHIR_JSON).send(writeFhir(resource));
}

function answer(reply: FastifyReply, found: OperationOutcome, body: unknown = found): FastifyReply {
  const status = body !== found && isOk(found) ? 200 : statusOf(found);
  if (status === 503 && !reply.hasHeader('retry-after')) void reply.header('retry-after', '2');
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  return reply.code(status).type(FHIR_JSON).send(writeFhir(body));
}

/** Refused and failed requests are audited as well; the transaction that held their entries is gone. */
async function auditRefusal(
  store: RecordStore,
  request: FastifyRequest,
  found: OperationOutcome,
): Promise<void> {
  const { actor } = request;
  const status = statusOf(found);
  if (actor === null || status === 503 || status === 429) return;
  const [type = '', id = ''] = pathOf(request).split('/');
  const known = searchParameters.has(type) || type === 'AuditEvent';
  await store
    .auditReads({ organisation: actor.organisation, actor }, [
      {
        action: request.method === 'GET' ? 'read' : 'execute',
        interaction: request.method.toLowerCase(),
        outcome: status >= 500 ? 'failed' : 'refused',
        detail: `status=${status}`,
        ...(known ? { entity: /^[A-Za-z0-9.-]{1,64}$/.test(id) ? `${type}/${id}` : type } : {}),
        ...(type === 'Patient' && /^[A-Za-z0-9.-]{1,64}$/.test(id) ? { patientId: id } : {}),
      },
    ])
    .catch((error: unknown) => {
      request.log.error({ error: describeError(error) }, 'a refusal could not be audited');
    });
}

function pathOf(request: FastifyRequest): string {
  return ((request.params as Partial<OrganisationParams>)['*'] ?? '').replace(/\/+$/, '');
}

function searchOf(request: FastifyRequest): string {
  const start = request.url.indexOf('?');
  return start < 0 ? '' : request.url.slice(start);
}

function groupedQuery(query: URLSearchParams): Record<string, string[]> {
  const grouped: Record<string, string[]> = {};
  for (const name of new Set(query.keys())) grouped[name] = query.getAll(name);
  return grouped;
}
