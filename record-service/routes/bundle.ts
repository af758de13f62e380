import { isOk, OperationOutcomeError, parseSearchRequest, type SearchRequest } from '@medplum/core';
import type { FhirRequest, FhirResponse, FhirRouter, HttpMethod } from '@medplum/fhir-router';
import type { Bundle, BundleEntry, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { isExactDecimal } from '../../domain/fhir/exact-json.ts';
import { StoredResource } from './fhir-text.ts';
import { outcomeOf, refusal, statusOf } from './outcomes.ts';
import type { RecordRepository } from './record-repository.ts';

export interface BundleOptions {
  /** Most entries taken in one bundle. */
  readonly mostEntries: number;
  /** Give back what was written, not only where it is. */
  readonly representation: boolean;
}

/** An entry's request, checked, with the id that it will have. */
interface Plan {
  readonly index: number;
  readonly method: HttpMethod;
  url: string;
  readonly entry: BundleEntry;
  /** What other entries may call it. */
  readonly fullUrl: string | undefined;
  /** `Type/id` once it is known. */
  identity: string | undefined;
  /** A conditional create whose resource is there already. */
  existing?: StoredResource;
}

const methods: readonly string[] = ['DELETE', 'POST', 'PUT', 'PATCH', 'GET', 'HEAD'];

/**
 * Batch: each entry by itself. Transaction: all or nothing, in the order DELETE, POST, PUT and PATCH, GET, with
 * references between entries resolved (R4 http.html#trules). Own code and not the router's, which resolves conditions
 * before its transaction begins and takes no more than 50 updates, or 8 entries with a condition.
 */
export async function processBundle(
  router: FhirRouter,
  repository: RecordRepository,
  bundle: Bundle,
  options: BundleOptions,
): Promise<Bundle> {
  const entries = bundle.entry ?? [];
  if (bundle.type !== 'batch' && bundle.type !== 'transaction') {
    throw refusal('bad-request', 'value', 'Send a Bundle of type batch or transaction here.');
  }
  if (entries.length > options.mostEntries) {
    throw refusal(
      'content-too-large',
      'too-long',
      `A bundle may have ${options.mostEntries} entries. Split it.`,
    );
  }
  const answered =
    bundle.type === 'batch'
      ? await runBatch(router, repository, entries, options)
      : await repository.withTransaction((within) => runTransaction(router, within, entries, options));
  return { resourceType: 'Bundle', type: `${bundle.type}-response`, entry: answered };
}

async function runBatch(
  router: FhirRouter,
  repository: RecordRepository,
  entries: readonly BundleEntry[],
  options: BundleOptions,
): Promise<BundleEntry[]> {
  const answered: BundleEntry[] = [];
  for (const [index, entry] of entries.entries()) {
    try {
      const plan = planOf(repository, entry, index);
      answered.push(answerOf(plan, await send(router, repository, plan, entry.resource), options));
    } catch (error) {
      answered.push(refusalOf(outcomeOf(error)));
    }
  }
  return answered;
}

async function runTransaction(
  router: FhirRouter,
  repository: RecordRepository,
  entries: readonly BundleEntry[],
  options: BundleOptions,
): Promise<BundleEntry[]> {
  const plans = entries.map((entry, index) => planOf(repository, entry, index));
  const conditional = plans.filter(hasCondition).map((plan) => typeOf(plan.url));
  if (conditional.length > 0) await repository.lockConditions(conditional);
  await repository.writing((transaction) =>
    transaction.lockResources(
      plans.flatMap((plan) => refOf(plan.method === 'GET' ? undefined : plan.identity)),
    ),
  );
  for (const plan of plans) await resolveCondition(repository, plan);
  refuseDuplicates(plans);

  const names = new Map(
    plans.flatMap((plan) =>
      plan.fullUrl === undefined || plan.identity === undefined
        ? []
        : [[plan.fullUrl, plan.identity] as const],
    ),
  );
  const answered = new Array<BundleEntry>(entries.length);
  const ordered = [...plans].sort((a, b) => orderOf(a) - orderOf(b) || a.index - b.index);
  for (const plan of ordered) {
    try {
      const resource = await resolveReferences(repository, plan.entry.resource, names);
      const response: FhirResponse =
        plan.existing === undefined
          ? await send(router, repository, plan, resource as Resource | undefined)
          : [{ resourceType: 'OperationOutcome', id: 'ok', issue: [] }, plan.existing as unknown as Resource];
      if (!isOk(response[0])) throw new OperationOutcomeError(response[0]);
      answered[plan.index] = answerOf(plan, response, options);
    } catch (error) {
      throw at(plan.index, error);
    }
  }
  return answered;
}

function planOf(repository: RecordRepository, entry: BundleEntry, index: number): Plan {
  const { method, url } = entry.request ?? {};
  if (method === undefined || url === undefined || !methods.includes(method)) {
    throw at(index, refusal('bad-request', 'required', 'Each entry needs request.method and request.url.'));
  }
  if (url.startsWith('/') || url.includes('://') || url.includes('..')) {
    throw at(index, refusal('bad-request', 'value', 'request.url is relative to the base, e.g. Patient/1.'));
  }
  const fullUrl = entry.fullUrl;
  if (method === 'POST' && /^[A-Z][A-Za-z]+$/.test(url)) {
    return { index, method, url, entry, fullUrl, identity: `${url}/${repository.generateId()}` };
  }
  const identity = /^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(url) ? url : undefined;
  return { index, method, url, entry, fullUrl, identity };
}

function hasCondition(plan: Plan): boolean {
  return plan.entry.request?.ifNoneExist !== undefined || (writes(plan) && plan.url.includes('?'));
}

function writes(plan: Plan): boolean {
  return plan.method === 'PUT' || plan.method === 'PATCH' || plan.method === 'DELETE';
}

/** Finds out which resource a condition means, inside the transaction and under its lock. */
async function resolveCondition(repository: RecordRepository, plan: Plan): Promise<void> {
  const ifNoneExist = plan.entry.request?.ifNoneExist;
  try {
    if (plan.method === 'POST' && ifNoneExist !== undefined) {
      const match = await repository.soleMatch(criteria(`${plan.url}?${ifNoneExist}`));
      if (match === undefined) return;
      plan.existing = new StoredResource(match);
      plan.identity = `${match.type}/${match.id}`;
    } else if (writes(plan) && plan.url.includes('?')) {
      const match = await repository.soleMatch(criteria(plan.url));
      // Without a match the router's own conditional handlers create, or have nothing to delete.
      if (match === undefined) return;
      plan.identity = `${match.type}/${match.id}`;
      plan.url = plan.identity;
    }
  } catch (error) {
    throw at(plan.index, error);
  }
}

function criteria(url: string): SearchRequest {
  const request = parseSearchRequest(url);
  if ((request.filters ?? []).length === 0) {
    throw refusal(
      'precondition-failed',
      'incomplete',
      'A condition without criteria would match everything.',
    );
  }
  return request;
}

function refuseDuplicates(plans: readonly Plan[]): void {
  const seen = new Set<string>();
  for (const plan of plans) {
    if (plan.identity === undefined || plan.method === 'GET' || plan.method === 'HEAD') continue;
    if (seen.has(plan.identity) && plan.existing === undefined) {
      throw at(plan.index, refusal('bad-request', 'duplicate', 'Two entries write the same resource.'));
    }
    seen.add(plan.identity);
  }
}

/** The entry as the request that it stands for. */
async function send(
  router: FhirRouter,
  repository: RecordRepository,
  plan: Plan,
  resource: Resource | undefined,
): Promise<FhirResponse> {
  const { request } = plan.entry;
  const id = plan.identity?.split('/')[1];
  // A create keeps the id that references to it were given; every other method names its id in the URL.
  const creates = plan.method === 'POST' && id !== undefined;
  const sent: FhirRequest = {
    method: plan.method === 'HEAD' ? 'GET' : creates ? 'PUT' : plan.method,
    url: creates ? `${plan.url}/${id}` : plan.url,
    pathname: '',
    params: {},
    query: {},
    body: bodyOf(plan.method, resource, id),
    headers: {
      ...(creates ? { 'if-none-match': '*' } : {}),
      ...(request?.ifMatch === undefined ? {} : { 'if-match': request.ifMatch }),
      ...(request?.ifNoneMatch === undefined ? {} : { 'if-none-match': request.ifNoneMatch }),
      ...(creates || request?.ifNoneExist === undefined ? {} : { 'if-none-exist': request.ifNoneExist }),
    },
    config: { transactions: true },
  };
  if (
    creates &&
    request?.ifNoneExist !== undefined &&
    plan.existing === undefined &&
    !repository.inTransaction
  ) {
    const made = await repository.conditionalCreate(
      resource as Resource,
      criteria(`${plan.url}?${request.ifNoneExist}`),
    );
    return [made.outcome, made.resource];
  }
  const response = await router.handleRequest(sent, repository);
  return creates && isOk(response[0]) && response[1] !== undefined
    ? [{ ...response[0], id: 'created' }, response[1]]
    : response;
}

function bodyOf(method: string, resource: Resource | undefined, id: string | undefined): unknown {
  if (resource === undefined) return undefined;
  if (method === 'PATCH') return patchOf(resource);
  return id === undefined ? resource : { ...resource, id };
}

/** JSON Patch travels in a bundle as Binary; FHIRPath Patch as Parameters. */
function patchOf(resource: Resource): unknown {
  if (resource.resourceType === 'Binary' && resource.data !== undefined) {
    return JSON.parse(Buffer.from(resource.data, 'base64').toString('utf8'));
  }
  return resource;
}

function answerOf(plan: Plan, [outcome, resource]: FhirResponse, options: BundleOptions): BundleEntry {
  if (!isOk(outcome)) return refusalOf(outcome);
  const stored =
    (resource as unknown) instanceof StoredResource ? (resource as unknown as StoredResource) : undefined;
  const reads = plan.method === 'GET';
  return {
    ...(resource !== undefined && (reads || options.representation) ? { resource } : {}),
    response: {
      status: String(plan.method === 'DELETE' ? 204 : statusOf(outcome)),
      ...(stored === undefined
        ? {}
        : {
            location: `${stored.resourceType}/${stored.id}/_history/${stored.version.version}`,
            etag: `W/"${stored.version.version}"`,
            lastModified: stored.version.lastUpdated,
          }),
    },
  };
}

function refusalOf(outcome: OperationOutcome): BundleEntry {
  return { response: { status: String(statusOf(outcome)), outcome } };
}

function orderOf(plan: Plan): number {
  const order = ['DELETE', 'POST', 'PUT', 'PATCH', 'GET', 'HEAD'].indexOf(plan.method);
  return plan.method === 'PATCH' ? 2 : order;
}

function typeOf(url: string): string {
  return url.split(/[/?]/)[0] ?? '';
}

function refOf(identity: string | undefined): { type: string; id: string }[] {
  const [type, id] = identity?.split('/') ?? [];
  return type === undefined || id === undefined ? [] : [{ type, id }];
}

/** Replaces what entries call each other, and conditional references, by `Type/id`. */
async function resolveReferences(
  repository: RecordRepository,
  value: unknown,
  names: ReadonlyMap<string, string>,
): Promise<unknown> {
  if (typeof value === 'string') return named(value, names);
  if (Array.isArray(value)) {
    return Promise.all(value.map((item) => resolveReferences(repository, item, names)));
  }
  if (typeof value !== 'object' || value === null || isExactDecimal(value)) return value;
  const resolved: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    resolved[key] =
      key === 'reference' && typeof child === 'string'
        ? await referenceOf(repository, child, names)
        : await resolveReferences(repository, child, names);
  }
  return resolved;
}

async function referenceOf(
  repository: RecordRepository,
  reference: string,
  names: ReadonlyMap<string, string>,
): Promise<string> {
  const known = named(reference, names);
  if (known.startsWith('urn:uuid:')) {
    throw refusal('bad-request', 'not-found', 'A reference points to an entry that is not in the bundle.');
  }
  if (!/^[A-Z][A-Za-z]+\?/.test(known)) return known;
  const match = await repository.soleMatch(criteria(known));
  if (match === undefined) {
    throw refusal('precondition-failed', 'not-found', 'A conditional reference matches nothing.');
  }
  return `${match.type}/${match.id}`;
}

function named(text: string, names: ReadonlyMap<string, string>): string {
  const whole = names.get(text);
  if (whole !== undefined) return whole;
  if (!text.includes('urn:uuid:')) return text;
  // In narrative and markdown the name stands inside a longer text.
  return text.replaceAll(/urn:uuid:[0-9a-fA-F-]{36}/g, (urn) => names.get(urn) ?? urn);
}

function at(index: number, error: unknown): OperationOutcomeError {
  const found = outcomeOf(error);
  return new OperationOutcomeError(
    {
      ...found,
      issue: found.issue.map((issue) => ({
        ...issue,
        expression: [`Bundle.entry[${index}]`, ...(issue.expression ?? [])],
      })),
    },
    { cause: error },
  );
}
