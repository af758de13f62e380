import { created, OperationOutcomeError, type OperationOutcomeError as OutcomeError } from '@medplum/core';
import {
  FhirRouter,
  type FhirRepository,
  type FhirRequest,
  type FhirResponse,
  type FhirRouteHandler,
} from '@medplum/fhir-router';
import type { Bundle } from '@medplum/fhirtypes';
import { processBundle, type BundleOptions } from './bundle.ts';
import { outcomeOf, refusal } from './outcomes.ts';
import { RecordRepository } from './record-repository.ts';

export type RouterOptions = Pick<BundleOptions, 'mostEntries'>;

/**
 * Medplum's router with our own handlers where it lacks: bundles, `If-None-Match: *`, and no GraphQL. Errors of the
 * store come out as OperationOutcomes, inside bundles too.
 */
export function recordRouter(options: RouterOptions): FhirRouter {
  const router = new FhirRouter();
  const own: readonly (readonly [method: string, path: string, handler: FhirRouteHandler])[] = [
    ['POST', '', bundleHandler(options)],
    ['GET', '', notAnswered('Search one type at a time, e.g. Patient?name=…')],
    ['POST', '$graphql', notAnswered('GraphQL is not answered here.')],
    ['PUT', ':resourceType/:id', updateUnlessThere(handlerOf(router, 'PUT', 'Patient/1'))],
  ];
  for (const route of router.router.routes) {
    const path = route.path
      .map((segment) => (segment.param === true ? `:${segment.value}` : segment.value))
      .join('/');
    const replacement = own.find(([method, ownPath]) => method === route.method && ownPath === path)?.[2];
    route.handler = withOutcomes(replacement ?? route.handler);
  }
  return router;
}

function handlerOf(router: FhirRouter, method: 'PUT', url: string): FhirRouteHandler {
  const route = router.find(method, url);
  if (route === undefined) throw new Error(`The router has no ${method} ${url}.`);
  return route.handler;
}

function bundleHandler(options: RouterOptions): FhirRouteHandler {
  return async (request, repository, router): Promise<FhirResponse> => {
    const body = request.body as Bundle | undefined;
    if (body?.resourceType !== 'Bundle') throw refusal('bad-request', 'invalid', 'Send a Bundle here.');
    const answer = await processBundle(router, recordOf(repository), body, {
      ...options,
      representation: /return\s*=\s*representation/.test(String(request.headers?.['prefer'] ?? '')),
    });
    return [{ resourceType: 'OperationOutcome', id: 'ok', issue: [] }, answer];
  };
}

function recordOf(repository: FhirRepository): RecordRepository {
  if (repository instanceof RecordRepository) return repository;
  throw new Error('This router works over a RecordRepository only.');
}

function notAnswered(text: string): FhirRouteHandler {
  return () => Promise.reject(refusal('bad-request', 'not-supported', text));
}

/** PUT with `If-None-Match: *` creates under the client's id, or refuses with 412. */
function updateUnlessThere(update: FhirRouteHandler): FhirRouteHandler {
  return async (request, repository, router, options): Promise<FhirResponse> => {
    refuseOtherIdentity(request);
    const record = recordOf(repository);
    if (request.headers?.['if-none-match']?.trim() === '*') {
      return [created, await record.createExactly(request.body)];
    }
    const [outcome, resource] = await update(request, repository, router, options);
    const isNew = resource !== undefined && record.isFirstVersion(resource);
    return resource === undefined ? [outcome] : [isNew ? created : outcome, resource];
  };
}

function refuseOtherIdentity(request: FhirRequest): void {
  const body = request.body as { resourceType?: unknown; id?: unknown } | undefined;
  if (body?.resourceType !== request.params['resourceType'] || body?.id !== request.params['id']) {
    throw refusal('bad-request', 'invariant', 'Type and id of the resource are not those of the URL.');
  }
}

function withOutcomes(handler: FhirRouteHandler): FhirRouteHandler {
  return async (...given) => {
    try {
      return await handler(...given);
    } catch (error) {
      throw toOutcomeError(error);
    }
  };
}

function toOutcomeError(error: unknown): OutcomeError {
  return error instanceof OperationOutcomeError
    ? error
    : new OperationOutcomeError(outcomeOf(error), { cause: error });
}
