import { getStatus, isOperationOutcome, OperationOutcomeError } from '@medplum/core';
import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';
import { AuthenticationError } from '../identity/actor.ts';
import { SearchError } from '../search/search-error.ts';
import { StoreError } from '../store/record-store.ts';

/** Outcomes that the router's own table of statuses lacks. */
const statuses: Readonly<Record<string, number>> = {
  unprocessable: 422,
  unavailable: 503,
  'method-not-allowed': 405,
  'not-acceptable': 406,
};

export function statusOf(outcome: OperationOutcome): number {
  return statuses[outcome.id ?? ''] ?? getStatus(outcome);
}

export function outcome(
  id: string,
  code: OperationOutcomeIssue['code'],
  text: string,
  expression?: string,
): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    id,
    issue: [
      {
        severity: 'error',
        code,
        details: { text },
        ...(expression === undefined ? {} : { expression: [expression] }),
      },
    ],
  };
}

export function refusal(
  id: string,
  code: OperationOutcomeIssue['code'],
  text: string,
): OperationOutcomeError {
  return new OperationOutcomeError(outcome(id, code, text));
}

/** Whatever was thrown, as an OperationOutcome that a person can read. Unknown errors tell no details. */
export function outcomeOf(error: unknown): OperationOutcome {
  if (error instanceof OperationOutcomeError) return error.outcome;
  if (isOperationOutcome(error)) return error;
  if (error instanceof StoreError) return storeOutcome(error);
  if (error instanceof SearchError) return searchOutcome(error);
  if (error instanceof AuthenticationError) {
    return error.code === 'unauthenticated'
      ? outcome('unauthorized', 'login', error.message)
      : outcome('forbidden', 'forbidden', error.message);
  }
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (status === 413) {
    return outcome(
      'content-too-large',
      'too-long',
      'This request is larger than the service takes. Split it.',
    );
  }
  if (status === 415) {
    return outcome('unsupported-media-type', 'not-supported', 'Send application/fhir+json.');
  }
  if (error instanceof SyntaxError || status === 400) {
    return outcome('bad-request', 'structure', 'This is not JSON that can be read. Nothing was saved.');
  }
  return outcome(
    'error',
    'exception',
    'The service failed. Nothing of this request was saved. Try again, and tell its keeper.',
  );
}

function storeOutcome(error: StoreError): OperationOutcome {
  switch (error.code) {
    case 'version-conflict':
      return outcome('precondition-failed', 'conflict', `${error.message} Nothing was saved.`);
    case 'exists':
      return outcome('conflict', 'duplicate', `${error.message} Nothing was saved.`);
    case 'not-found':
      return outcome('not-found', 'not-found', error.message);
    case 'invalid':
      return outcome('unprocessable', 'business-rule', `${error.message} Nothing was saved.`);
    case 'busy':
      return outcome('unavailable', 'lock-error', error.message);
    case 'unavailable':
      return outcome('unavailable', 'transient', error.message);
  }
}

function searchOutcome(error: SearchError): OperationOutcome {
  if (error.code === 'forbidden') return outcome('forbidden', 'forbidden', error.message);
  const code = error.code === 'invalid' ? 'value' : error.code;
  return outcome('bad-request', code, error.message);
}

/** True for errors that nobody foresaw: these are logged, with their stack and without any content. */
export function isUnforeseen(error: unknown): boolean {
  return statusOf(outcomeOf(error)) === 500;
}
