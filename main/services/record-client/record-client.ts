import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import {
  authorCertificateSchema,
  enrolDeviceAnswerSchema,
  probeSchema,
} from '../../../contract/record-service.ts';
import { parseExact, stringifyExact } from '../../../domain/fhir/exact-json.ts';
import { failure, success } from '../../../domain/result.ts';
import {
  changesPageSchema,
  conflictListSchema,
  directoryAnswerSchema,
  escrowReceiptSchema,
  laneHandshakeAnswerSchema,
  manifestAnswerSchema,
  acceptedSchema,
  pushAnswerSchema,
  recoverAnswerSchema,
  recoverWorkAnswerSchema,
} from './answer-schemas.ts';
import { readPackFrames, TruncatedPacks } from './pack-frames.ts';
import type {
  ChangesPage,
  ConflictList,
  Cursor,
  DirectoryAnswer,
  EnrolDeviceAnswer,
  EscrowReceipt,
  EscrowRequest,
  LaneHandshakeAnswer,
  ManifestAnswer,
  OfflineAuditRequest,
  PacksRequest,
  Probe,
  PushAnswer,
  RecoverAnswer,
  RecoverWorkAnswer,
} from '../../../contract/record-service.ts';
import type { Lane, AuthorCertificate, SignedOperation } from '../../../domain/sync/operation.ts';
import type { TransportFailure } from '../../../domain/sync/transport-failure.ts';
import type { Answered, ReceivedPack, RecordServicePort } from '../sync/ports.ts';

export interface AccessTokens {
  /** A token that is good now; null when a person has to sign in. Fails as the identity provider's answer did. */
  current(): Promise<Answered<string | null>>;
  /** The service refused this one. */
  refused(token: string): void;
}

export interface RecordClientOptions {
  readonly fetch: typeof globalThis.fetch;
  /** e.g. `https://record.example/sync/A99999` */
  readonly syncBase: string;
  readonly deviceId: () => string;
  readonly tokens: AccessTokens;
  /** Each probe tells the service's time (ISO 8601). */
  readonly heardServiceTime?: (time: string) => void;
  /** Silence longer than this counts as unreachable. Milliseconds. */
  readonly patienceMs?: number;
}

interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** The device that the work was done on, where that is not this one. */
  readonly deviceId?: string;
}

/**
 * The record service over HTTP: one try a call (a refused token is renewed once: such a request was not acted upon).
 * Whatever does not look like the record service is a `foreign-answer`, whatever breaks off is `truncated`.
 */
export class RecordClient implements RecordServicePort {
  readonly #options: RecordClientOptions;

  constructor(options: RecordClientOptions) {
    this.#options = options;
  }

  async probe(): Promise<Answered<Probe>> {
    const answer = await this.#ask<Probe>({ method: 'GET', path: 'probe' }, probeSchema);
    if (answer.ok) this.#options.heardServiceTime?.(answer.value.time);
    return answer;
  }

  push(operations: readonly SignedOperation[]): Promise<Answered<PushAnswer>> {
    // Work that was saved before the profile got another device id is still carried under the id that signed it.
    const deviceId = operations[0]?.operation.deviceId ?? this.#options.deviceId();
    return this.#ask({ method: 'POST', path: 'ops', body: { operations }, deviceId }, pushAnswerSchema);
  }

  lanes(
    lanes: readonly { readonly lane: Lane; readonly opIds: readonly string[] }[],
  ): Promise<Answered<LaneHandshakeAnswer>> {
    return this.#ask({ method: 'POST', path: 'lanes', body: { lanes } }, laneHandshakeAnswerSchema);
  }

  changes(cursor: Cursor, count: number): Promise<Answered<ChangesPage>> {
    const query = new URLSearchParams({
      epoch: cursor.epoch,
      position: String(cursor.position),
      count: String(count),
    });
    return this.#ask({ method: 'GET', path: `changes?${query.toString()}` }, changesPageSchema);
  }

  directory(): Promise<Answered<DirectoryAnswer>> {
    return this.#ask({ method: 'GET', path: 'directory' }, directoryAnswerSchema);
  }

  manifest(): Promise<Answered<ManifestAnswer>> {
    return this.#ask({ method: 'GET', path: 'manifest' }, manifestAnswerSchema);
  }

  escrow(request: EscrowRequest): Promise<Answered<EscrowReceipt>> {
    return this.#ask({ method: 'POST', path: 'escrow', body: request }, escrowReceiptSchema);
  }

  audit(request: OfflineAuditRequest): Promise<Answered<{ readonly accepted: number }>> {
    return this.#ask({ method: 'POST', path: 'audit', body: request }, acceptedSchema);
  }

  conflicts(): Promise<Answered<ConflictList>> {
    return this.#ask({ method: 'GET', path: 'conflicts' }, conflictListSchema);
  }

  async orderDone(orderId: string): Promise<Answered<void>> {
    const path = `devices/${this.#options.deviceId()}/orders/${encodeURIComponent(orderId)}/done`;
    const answered = await this.#send({ method: 'POST', path, body: {} });
    if (!answered.ok) return answered;
    await answered.value.body?.cancel();
    return success(undefined);
  }

  enrolDevice(deviceId: string, label: string): Promise<Answered<EnrolDeviceAnswer>> {
    return this.#ask({ method: 'POST', path: 'devices', body: { deviceId, label } }, enrolDeviceAnswerSchema);
  }

  certifyAuthor(deviceId: string, publicKey: string): Promise<Answered<AuthorCertificate>> {
    const path = `devices/${deviceId}/authors`;
    return this.#ask({ method: 'POST', path, body: { publicKey } }, authorCertificateSchema);
  }

  recover(deviceId: string, recipientPublicKey: string): Promise<Answered<RecoverAnswer>> {
    const body = { deviceId, recipientPublicKey };
    return this.#ask({ method: 'POST', path: 'escrow/recover', body }, recoverAnswerSchema);
  }

  recoverWork(recipientPublicKey: string): Promise<Answered<RecoverWorkAnswer>> {
    const body = { deviceId: this.#options.deviceId(), recipientPublicKey };
    return this.#ask({ method: 'POST', path: 'escrow/recover-work', body }, recoverWorkAnswerSchema);
  }

  async packs(
    request: PacksRequest,
    receive: (pack: ReceivedPack) => Promise<void>,
  ): Promise<Answered<void>> {
    const answered = await this.#send({ method: 'POST', path: 'packs', body: request });
    if (!answered.ok) return answered;
    const response = answered.value;
    if (!contentTypeOf(response).startsWith('application/vnd.gladstone.packs') || response.body === null) {
      await response.body?.cancel();
      return failure({ kind: 'foreign-answer' });
    }
    try {
      await readPackFrames(response.body, receive);
      return success(undefined);
    } catch (error) {
      if (error instanceof TruncatedPacks) return failure({ kind: 'truncated' });
      throw error;
    }
  }

  /** The schema vouches for what the engine relies on; the contract's type names the rest. */
  async #ask<Value>(request: Request, schema: v.GenericSchema<unknown, unknown>): Promise<Answered<Value>> {
    const answered = await this.#send(request);
    if (!answered.ok) return answered;
    const response = answered.value;
    if (!contentTypeOf(response).includes('json')) {
      await response.body?.cancel();
      return failure({ kind: 'foreign-answer' });
    }
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await response.arrayBuffer());
    } catch {
      return failure({ kind: 'truncated' });
    }
    let content: unknown;
    try {
      content = parseExact(Buffer.from(isGzip(bytes) ? gunzipSync(bytes) : bytes).toString('utf8'));
    } catch {
      return failure({ kind: 'truncated' });
    }
    return v.is(schema, content) ? success(content as Value) : failure({ kind: 'foreign-answer' });
  }

  async #send(request: Request): Promise<Answered<Response>> {
    for (let attempt = 1; ; attempt += 1) {
      const token = await this.#options.tokens.current();
      if (!token.ok) return token;
      if (token.value === null) return failure({ kind: 'status', status: 401, code: 'not-signed-in' });
      const answered = await this.#try(request, token.value);
      const refused = !answered.ok && answered.error.kind === 'status' && answered.error.status === 401;
      if (!refused) return answered;
      this.#options.tokens.refused(token.value);
      if (attempt === 2) return answered;
    }
  }

  async #try(request: Request, token: string): Promise<Answered<Response>> {
    const { fetch, syncBase, deviceId, patienceMs = 30_000 } = this.#options;
    // Bounds the wait for the answer's beginning; a long stream of packs may take its time.
    const patience = new AbortController();
    const timer = setTimeout(() => {
      patience.abort();
    }, patienceMs);
    let response: Response;
    try {
      response = await fetch(`${syncBase}/${request.path}`, {
        method: request.method,
        redirect: 'manual',
        cache: 'no-store',
        signal: patience.signal,
        headers: {
          authorization: `Bearer ${token}`,
          'x-gladstone-device': request.deviceId ?? deviceId(),
          accept: 'application/json, application/vnd.gladstone.packs',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(request.body === undefined ? {} : { body: stringifyExact(request.body) }),
      });
    } catch {
      return failure({ kind: 'unreachable' });
    } finally {
      clearTimeout(timer);
    }
    if (response.ok) return success(response);
    return failure(await failureOf(response));
  }
}

/** Statuses that a gateway in front of the service rightly gives without the service's own JSON. */
const gatewayStatuses = new Set([408, 413, 425, 429]);

async function failureOf(response: Response): Promise<TransportFailure> {
  const { status } = response;
  const said = await serviceErrorOf(response);
  // A portal's own 401, 403 or 404 page says nothing about our work.
  if (said === null && status >= 400 && status < 500 && !gatewayStatuses.has(status)) {
    return { kind: 'foreign-answer' };
  }
  const retryAfterMs = retryAfterOf(response.headers.get('retry-after'));
  return {
    kind: 'status',
    status,
    ...(said !== null && { code: said.code, message: said.message }),
    ...(retryAfterMs !== null && { retryAfterMs }),
  };
}

const serviceErrorSchema = v.object({ code: v.string(), message: v.string() });

async function serviceErrorOf(
  response: Response,
): Promise<{ readonly code: string; readonly message: string } | null> {
  try {
    const content: unknown = JSON.parse(await response.text());
    const parsed = v.safeParse(serviceErrorSchema, content);
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** Seconds only: a date would need this computer's clock to be right. */
function retryAfterOf(header: string | null): number | null {
  if (header === null || !/^\d{1,6}$/.test(header.trim())) return null;
  return Number(header) * 1_000;
}

function contentTypeOf(response: Response): string {
  return (response.headers.get('content-type') ?? '').toLowerCase();
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
