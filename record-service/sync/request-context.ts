import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { parseExact, stringifyExact } from '../../domain/fhir/exact-json.ts';
import { AuthenticationError, type Actor, type Authenticator } from '../identity/actor.ts';
import { StoreError } from '../store/record-store.ts';
import { SyncError } from './service-error.ts';

/** Who asks, and on which device. */
export interface RequestContext {
  readonly actor: Actor;
  /** From `X-Gladstone-Device`; empty where the request named none. */
  readonly deviceId: string;
}

export interface Conventions {
  readonly identity: { readonly authenticate: Authenticator };
  readonly rateLimit: (user: string) => number;
  readonly countRefusal: (code: string) => void;
  readonly logCause: (error: unknown) => void;
}

/** @throws AuthenticationError; SyncError 429 `too-many` with the seconds to wait. */
export async function contextOf(conventions: Conventions, request: FastifyRequest): Promise<RequestContext> {
  const { organisation } = request.params as { readonly organisation: string };
  const actor = await conventions.identity.authenticate(request.headers.authorization, organisation);
  const wait = conventions.rateLimit(`${organisation}/${actor.userId}`);
  if (wait > 0) throw new SyncError(429, 'too-many', 'Many requests at once. It goes on by itself.', wait);
  const header = request.headers['x-gladstone-device'];
  const deviceId = typeof header === 'string' && /^[0-9a-f-]{36}$/i.test(header) ? header : '';
  return { actor: deviceId === '' ? actor : { ...actor, deviceId }, deviceId };
}

/** @throws SyncError 400 `malformed`, naming the element. */
export function readBody<Schema extends v.GenericSchema>(
  schema: Schema,
  body: unknown,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return parsed.output;
  const where = v.getDotPath(parsed.issues[0]) ?? 'the body';
  throw new SyncError(400, 'malformed', `The request could not be read (${where}). Nothing was stored.`);
}

/** JSON in and out keeps decimals as written; every refusal is `{ code, message }`. */
export function useSyncConventions(scope: FastifyInstance, conventions: Conventions): void {
  scope.removeContentTypeParser('application/json');
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, text === '' ? undefined : parseExact(text as string));
    } catch {
      done(new SyncError(400, 'malformed', 'The request is not JSON. Nothing was stored.'));
    }
  });
  scope.setErrorHandler((error: FastifyError | Error, _request, reply) => {
    const refusal = refusalOf(error);
    if (refusal.status >= 500) conventions.logCause(error);
    conventions.countRefusal(refusal.code);
    if (refusal.retryAfterSeconds !== undefined)
      reply.header('retry-after', String(refusal.retryAfterSeconds));
    return sendJson(reply.code(refusal.status), { code: refusal.code, message: refusal.message });
  });
}

export function sendJson(reply: FastifyReply, value: unknown): FastifyReply {
  return reply
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(stringifyExact(value));
}

function refusalOf(error: FastifyError | Error): SyncError {
  if (error instanceof SyncError) return error;
  if (error instanceof AuthenticationError) {
    return new SyncError(error.code === 'unauthenticated' ? 401 : 403, error.code, error.message);
  }
  if (error instanceof StoreError && (error.code === 'busy' || error.code === 'unavailable')) {
    return new SyncError(503, error.code, error.message, 2);
  }
  const status = 'statusCode' in error ? error.statusCode : undefined;
  if (status === 413) {
    return new SyncError(
      413,
      'too-large',
      'This is larger than the record service takes at once. It is kept.',
    );
  }
  if (status !== undefined && status < 500) {
    return new SyncError(status, 'malformed', 'The request could not be read. Nothing was stored.');
  }
  return new SyncError(
    500,
    'unforeseen',
    'The record service failed unexpectedly. Nothing of this was lost: it will be sent again.',
  );
}
