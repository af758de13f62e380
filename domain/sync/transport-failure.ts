import { assertNever } from '../result.ts';

/** Why a request brought no answer that can be used. Says nothing about whether the service acted on it. */
export type TransportFailure =
  /** No connection, no name, reset, or no answer in time. */
  | { readonly kind: 'unreachable' }
  /** Something answered that is not the record service: HTML with 200, another schema (a captive portal). */
  | { readonly kind: 'foreign-answer' }
  /** The answer broke off. What had arrived whole may be used. */
  | { readonly kind: 'truncated' }
  | {
      readonly kind: 'status';
      /** HTTP status, 300 to 599. */
      readonly status: number;
      /** The service's own code for it, where it sent one. */
      readonly code?: string;
      /** A sentence without patient data. */
      readonly message?: string;
      /** `Retry-After` in milliseconds. */
      readonly retryAfterMs?: number;
    };

/**
 * What to do about a failure (sync.md, Push 6). None of them drops anything.
 * - `offline`: nobody of ours answered; keep all, probe again.
 * - `busy`: the service is there and asks for patience; back off as a whole.
 * - `retry-lane`: this request failed at the service; its lane backs off, the others go on.
 * - `sign-in`: keep all, ask to sign in.
 * - `forbidden`: needs attention, exportable; others go on.
 * - `conflict`: the base moved (409 and 412 alike).
 * - `too-large`: split; where nothing can be split, a person decides.
 * - `resync`: the cursor is of another history.
 * - `upgrade`: this build is too old for the service; keep all.
 * - `person`: anything else permanent; that lane waits for a person.
 */
export type FailureClass =
  | 'offline'
  | 'busy'
  | 'retry-lane'
  | 'sign-in'
  | 'forbidden'
  | 'conflict'
  | 'too-large'
  | 'resync'
  | 'upgrade'
  | 'person';

/**
 * What to do about a failed exchange. Every status has a class: a redirect is never the service's and counts as offline, an
 * unknown refusal (4xx) is a person's to look at, an unknown fault of the service (5xx) is tried again.
 */
export function classifyFailure(failure: TransportFailure): FailureClass {
  switch (failure.kind) {
    case 'unreachable':
    case 'foreign-answer':
    case 'truncated':
      return 'offline';
    case 'status':
      return classifyStatus(failure.status);
    default:
      return assertNever(failure);
  }
}

function classifyStatus(status: number): FailureClass {
  switch (status) {
    case 401:
      return 'sign-in';
    case 403:
      return 'forbidden';
    case 409:
    case 412:
      return 'conflict';
    case 408:
    case 425:
      return 'retry-lane';
    case 410:
      return 'resync';
    case 413:
      return 'too-large';
    case 426:
      return 'upgrade';
    case 429:
    case 503:
      return 'busy';
    // A gateway that speaks for a service that it cannot reach, or asks for its own sign-in (511, RFC 6585).
    case 502:
    case 504:
    case 511:
      return 'offline';
    default:
      // A redirect is never ours: portals redirect, the record service does not.
      if (status < 400) return 'offline';
      return status >= 500 ? 'retry-lane' : 'person';
  }
}

/** Why this computer counts as offline, as a sentence for the status bar. */
export function offlineWords(failure: TransportFailure): string {
  switch (failure.kind) {
    case 'unreachable':
      return 'The record service does not answer. Work goes on, and what you save is kept on this computer.';
    case 'foreign-answer':
      return 'The network answered with a page of its own instead of the record service: it may want a sign-in of its own. What you save is kept on this computer.';
    case 'truncated':
      return 'The connection broke off in the middle of an answer. What you save is kept on this computer.';
    case 'status':
      return failure.status < 400 || failure.status === 511
        ? 'The network answered with a page of its own instead of the record service: it may want a sign-in of its own. What you save is kept on this computer.'
        : 'The record service cannot be reached through the network at the moment. What you save is kept on this computer.';
    default:
      return assertNever(failure);
  }
}
