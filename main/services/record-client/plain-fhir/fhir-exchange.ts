import * as v from 'valibot';
import { parseExact, stringifyExact } from '../../../../domain/fhir/exact-json.ts';
import { failure, success } from '../../../../domain/result.ts';
import type { Answered } from '../../sync/ports.ts';
import type { AccessTokens } from '../record-client.ts';

export interface FhirExchangeOptions {
  readonly fetch: typeof globalThis.fetch;
  /** Without a slash at its end, e.g. `https://fhir.example/r4`. */
  readonly fhirBase: string;
  readonly tokens: AccessTokens;
  /** Silence longer than this counts as unreachable. Milliseconds. */
  readonly patienceMs?: number;
}

/** One FHIR request of the plain protocol. */
export interface FhirRequest {
  readonly method: 'GET' | 'POST';
  /** Below the base, or the whole address of a next page. */
  readonly path: string;
  readonly body?: unknown;
}

export interface FhirAnswer {
  readonly resource: FhirContent;
  /** The server's clock when it began to answer; milliseconds since 1970, to the second. */
  readonly serverMs: number;
}

/** JSON content that says what it is. Decimals stay as written. */
export type FhirContent = v.InferOutput<typeof fhirContentSchema>;
export const fhirContentSchema = v.looseObject({
  resourceType: v.string(),
  id: v.optional(v.string()),
  meta: v.optional(
    v.looseObject({
      versionId: v.optional(v.string()),
      lastUpdated: v.optional(v.string()),
      tag: v.optional(
        v.array(v.looseObject({ system: v.optional(v.string()), code: v.optional(v.string()) })),
      ),
    }),
  ),
});

/** A FHIR server over HTTP: one try a call. What is not FHIR is somebody else's page, whatever its status. */
export class FhirExchange {
  readonly #options: FhirExchangeOptions;

  constructor(options: FhirExchangeOptions) {
    this.#options = options;
  }

  async ask(request: FhirRequest): Promise<Answered<FhirAnswer>> {
    const token = await this.#options.tokens.current();
    if (!token.ok) return token;
    if (token.value === null) return failure({ kind: 'status', status: 401, code: 'not-signed-in' });
    const sent = await this.#send(request, token.value);
    if (!sent.ok) return sent;
    const response = sent.value;
    if (response.status === 401) this.#options.tokens.refused(token.value);
    const resource = await contentOf(response);
    if (!response.ok) {
      // A gateway's own refusal says as much as the server's; a portal's page does not.
      if (resource === null && response.status < 429 && response.status !== 413) {
        return failure({ kind: 'foreign-answer' });
      }
      const seconds = response.headers.get('retry-after') ?? '';
      return failure({
        kind: 'status',
        status: response.status,
        ...(resource === null ? {} : { code: 'operation-outcome', message: diagnosticsOf(resource) }),
        ...(/^\d{1,6}$/.test(seconds) ? { retryAfterMs: Number(seconds) * 1_000 } : {}),
      });
    }
    if (resource === null) return failure({ kind: 'foreign-answer' });
    const date = Date.parse(response.headers.get('date') ?? '');
    return success({ resource, serverMs: Number.isNaN(date) ? 0 : date });
  }

  async #send(request: FhirRequest, token: string): Promise<Answered<Response>> {
    const { fetch, fhirBase, patienceMs = 30_000 } = this.#options;
    const { path, method, body } = request;
    const url = /^https?:/.test(path) ? path : `${fhirBase}/${path}`;
    // A next link to another server would be given our token.
    if (!url.startsWith(`${fhirBase}/`) && !url.startsWith(`${fhirBase}?`)) {
      return failure({ kind: 'foreign-answer' });
    }
    try {
      return success(
        await fetch(url, {
          method,
          redirect: 'manual',
          cache: 'no-store',
          signal: AbortSignal.timeout(patienceMs),
          headers: {
            authorization: `Bearer ${token}`,
            accept: 'application/fhir+json',
            ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
          },
          ...(body === undefined ? {} : { body: stringifyExact(body) }),
        }),
      );
    } catch {
      return failure({ kind: 'unreachable' });
    }
  }
}

async function contentOf(response: Response): Promise<FhirContent | null> {
  try {
    const parsed = v.safeParse(fhirContentSchema, parseExact(await response.text()));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** The code only: what a foreign server writes as text may hold a patient's data. */
function diagnosticsOf(resource: FhirContent): string {
  const issues = v.safeParse(v.array(v.looseObject({ code: v.string() })), resource['issue']);
  return issues.success
    ? `The server refused it (${issues.output.map((issue) => issue.code).join(', ')}).`
    : 'The server refused it.';
}
