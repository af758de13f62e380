import { randomUUID } from 'node:crypto';

/**
 * What an answer's body may be, as far as the checks look into it. A server that answers otherwise fails the check
 * that looked, whichever way.
 */
export interface LooseResource {
  readonly resourceType: string;
  readonly id: string;
  readonly type: string;
  readonly total: number;
  readonly meta: { readonly versionId: string; readonly lastUpdated: string };
  readonly name: readonly { readonly family: string }[];
  readonly birthDate: string;
  readonly effectiveDateTime: string;
  readonly telecom: readonly { readonly value: string }[];
  readonly entry?: readonly LooseEntry[];
  readonly link?: readonly { readonly relation: string; readonly url: string }[];
  readonly fhirVersion: string;
  readonly rest: readonly {
    readonly resource: readonly {
      readonly type: string;
      readonly searchParam?: readonly { readonly name: string; readonly type: string }[];
      readonly searchInclude?: readonly string[];
    }[];
  }[];
}

export interface LooseEntry {
  readonly resource?: LooseResource;
  readonly search?: { readonly mode?: string };
  readonly request: { readonly method: string; readonly url: string };
  readonly response: { readonly status: string; readonly location: string; readonly outcome: LooseResource };
}

export interface FhirAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: LooseResource;
}

/** Talks to one FHIR base URL. No server of ours is assumed. */
export interface FhirClient {
  readonly base: string;
  send(method: string, path: string, options?: SendOptions): Promise<FhirAnswer>;
}

export interface SendOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function fhirClient(base: string, token: string): FhirClient {
  return {
    base,
    async send(method, path, { body, headers = {} } = {}) {
      const answer = await fetch(/^https?:/.test(path) ? path : `${base}/${path}`, {
        method,
        headers: {
          accept: 'application/fhir+json',
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, text, body: parsed(text) as LooseResource };
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** A name that nothing on the server has yet. */
export function unique(prefix = 'check'): string {
  return `${prefix}-${randomUUID()}`;
}

/** An NHS-like identifier system of the suite's own. */
export const CHECK_SYSTEM = 'https://gladstone.example/contract';
