import {
  applyPatch,
  badRequest,
  created,
  fhirpathPatchTypedValue,
  formatSearchQuery,
  gone,
  notFound,
  OperationOutcomeError,
  parseFhirPathPatchParameters,
  toTypedValue,
  type Operation,
  type SearchRequest,
  type WithId,
} from '@medplum/core';
import {
  FhirRepository,
  type CreateResourceOptions,
  type DeleteResourceOptions,
  type UpdateResourceOptions,
} from '@medplum/fhir-router';
import type {
  Bundle,
  BundleEntry,
  OperationOutcome,
  Parameters,
  Reference,
  Resource,
} from '@medplum/fhirtypes';
import { randomUUID } from 'node:crypto';
import { sql, type SqlBool } from 'kysely';
import { parseExact } from '../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import type { AuditEntry } from '../audit/audit-entry.ts';
import { mayAccess, mayAccessResource, TASK_CATEGORY_SYSTEM, type Interaction } from '../identity/access.ts';
import type { Actor } from '../identity/actor.ts';
import { readIncludes } from '../search/includes.ts';
import { targetOf } from '../search/index-values.ts';
import { searchParameters } from '../search/parameters.ts';
import { search, type SearchOptions } from '../search/search.ts';
import type {
  Expectation,
  RecordReader,
  RecordStore,
  RecordTransaction,
  StoredVersion,
  TransactionContext,
} from '../store/record-store.ts';
import { validate } from '../validation/validate.ts';
import { StoredResource, storedResource } from './fhir-text.ts';
import { refusal } from './outcomes.ts';

export interface RepositoryContext {
  readonly store: RecordStore;
  readonly actor: Actor;
  readonly organisation: string;
  /** e.g. `https://records.example/fhir/R4/A99999`, for fullUrl and links. */
  readonly baseUrl: string;
}

/**
 * The record as the FHIR router sees it: one actor, one organisation. Every way in or out asks whether the actor may,
 * and is audited. Inside {@link withTransaction} everything happens in that one transaction.
 */
export class RecordRepository extends FhirRepository {
  readonly #context: RepositoryContext;
  readonly #transaction: RecordTransaction | undefined;

  constructor(context: RepositoryContext, transaction?: RecordTransaction) {
    super();
    this.#context = context;
    this.#transaction = transaction;
  }

  get actor(): Actor {
    return this.#context.actor;
  }
  get baseUrl(): string {
    return this.#context.baseUrl;
  }

  get inTransaction(): boolean {
    return this.#transaction !== undefined;
  }

  isFirstVersion(resource: Resource): boolean {
    return (
      (resource as unknown) instanceof StoredResource &&
      (resource as unknown as StoredResource).version.version === 1
    );
  }

  setMode(): void {
    // One database answers reads and writes alike: the feed must be read where it is written.
  }

  generateId(): string {
    return randomUUID();
  }

  // ---- reading

  async readResource<T extends Resource>(type: string, id: string): Promise<WithId<T>> {
    this.require(type, 'read');
    // Who may see every kind of it needs no look at its content before it is audited.
    const maySeeAll = type !== 'Task' || mayAccess(this.actor, 'Task', 'read', 'clinical');
    if (this.#transaction === undefined && maySeeAll) {
      const found = await this.#context.store.readAudited(this.#storeContext(), { type, id });
      return storedResource<T>(this.#visible(found, 'read'));
    }
    const found = await this.reading((reader) => reader.read(type, id));
    return storedResource<T>(await this.#shown(found, 'read'));
  }

  async readVersion<T extends Resource>(type: string, id: string, versionId: string): Promise<WithId<T>> {
    this.require(type, 'vread');
    const number = /^[1-9]\d{0,8}$/.test(versionId) ? Number(versionId) : 0;
    const version = await this.reading((reader) => reader.readVersion(type, id, number));
    return storedResource<T>(await this.#shown(version, 'vread'));
  }

  async readReference<T extends Resource>(reference: Reference<T>): Promise<WithId<T>> {
    const target = targetOf(reference);
    if (target === undefined)
      throw new OperationOutcomeError(badRequest('This is not a reference to a resource.'));
    return this.readResource<T>(target.targetType, target.targetId);
  }

  async readReferences<T extends Resource>(references: readonly Reference<T>[]): Promise<(T | Error)[]> {
    const read: (T | Error)[] = [];
    for (const reference of references) {
      read.push(
        await this.readReference(reference).catch((error: unknown) =>
          error instanceof Error ? error : new OperationOutcomeError(notFound),
        ),
      );
    }
    return read;
  }

  async readHistory<T extends Resource>(type: string, id: string): Promise<Bundle<WithId<T>>> {
    this.require(type, 'history-instance');
    const versions = await this.reading((reader) => reader.readHistory(type, id));
    if (versions.length === 0) throw new OperationOutcomeError(notFound);
    const visible = versions.filter((version) => this.maySee(version, 'history-instance'));
    // A task that is clinical in one version is clinical in all: its administrative past says that it exists.
    if (visible.length < versions.length) throw this.#forbidden(type, 'history-instance');
    await this.audit(readEntry('history-instance', visible[0]));
    return {
      resourceType: 'Bundle',
      type: 'history',
      total: visible.length,
      entry: visible.map((version) => this.historyEntry(version)),
    } as unknown as Bundle<WithId<T>>;
  }

  async search<T extends Resource>(request: SearchRequest<T>): Promise<Bundle<WithId<T>>> {
    const type = request.resourceType;
    this.require(type, 'search-type');
    const { page, included } = await this.reading(async (reader) => {
      const found = await search(reader, request, this.#searchOptions(type));
      const matches = found.matches.filter((version) => this.maySee(version, 'search-type'));
      const extra = await readIncludes(reader, request, matches);
      return {
        page: { ...found, matches },
        included: extra.filter((version) => this.maySee(version, 'search-type')),
      };
    });
    await this.audit(...searchEntries(request, [...page.matches, ...included]));
    const link = [{ relation: 'self', url: this.#searchUrl(request) }];
    if (page.next !== undefined) {
      link.push({ relation: 'next', url: this.#searchUrl({ ...request, cursor: page.next }) });
    }
    return {
      resourceType: 'Bundle',
      type: 'searchset',
      ...(page.total === undefined ? {} : { total: page.total }),
      link,
      entry: [
        ...page.matches.map((version) => this.searchEntry(version, 'match')),
        ...included.map((version) => this.searchEntry(version, 'include')),
      ],
    } as unknown as Bundle<WithId<T>>;
  }

  searchByReference(): Promise<never> {
    return Promise.reject(refusal('bad-request', 'not-supported', 'GraphQL is not answered here.'));
  }

  // ---- writing

  async createResource<T extends Resource>(resource: T, options?: CreateResourceOptions): Promise<WithId<T>> {
    const id = options?.assignedId === true && resource.id !== undefined ? resource.id : this.generateId();
    return this.#write<T>('create', { ...json(resource), id }, () => 'absent');
  }

  /** Create under the id that the client chose, and only if nothing was ever there: `If-None-Match: *`. */
  async createExactly<T extends Resource>(resource: T): Promise<WithId<T>> {
    return this.#write<T>('create', json(resource), (current) => {
      if (current === undefined) return 'absent';
      throw refusal('precondition-failed', 'conflict', 'There is one already. Nothing was saved.');
    });
  }

  async updateResource<T extends Resource>(resource: T, options?: UpdateResourceOptions): Promise<WithId<T>> {
    return this.#write<T>('update', json(resource), (current) => {
      if (options?.ifMatch !== undefined) return expectedVersion(options.ifMatch);
      if (current === undefined) return 'absent';
      throw refusal(
        'precondition-failed',
        'conflict',
        'There is one already. Say with If-Match which version you have seen. Nothing was saved.',
      );
    });
  }

  async patchResource<T extends Resource>(
    type: T['resourceType'],
    id: string,
    patch: Operation[] | Parameters,
    options?: UpdateResourceOptions,
  ): Promise<WithId<T>> {
    this.require(type, 'patch');
    return this.writing(async (transaction) => {
      await transaction.lockResources([{ type, id }]);
      const current = await transaction.read(type, id);
      if (current === undefined) throw new OperationOutcomeError(notFound);
      if (current.content === null) throw new OperationOutcomeError(gone);
      if (options?.ifMatch === undefined && addressesByIndex(patch)) {
        throw refusal(
          'precondition-failed',
          'conflict',
          'A patch that counts places in a list needs If-Match: somebody may have changed the list. Nothing was saved.',
        );
      }
      const expected = options?.ifMatch === undefined ? current.version : expectedVersion(options.ifMatch);
      const patched = patchedResource(parseExact(current.content) as Resource, patch);
      if (patched.resourceType !== type || patched.id !== id) {
        throw new OperationOutcomeError(badRequest('A patch cannot change what a resource is.'));
      }
      return this.#put<T>(transaction, 'patch', json(patched), expected, [current]);
    });
  }

  async deleteResource(type: string, id: string, options?: DeleteResourceOptions): Promise<void> {
    this.require(type, 'delete');
    await this.writing(async (transaction) => {
      await transaction.lockResources([{ type, id }]);
      await transaction.delete(
        type,
        id,
        options?.ifMatch === undefined ? 'any' : expectedVersion(options.ifMatch),
      );
    });
  }

  // ---- conditional writing: one at a time for each type, so that "none matches" stays true until the commit

  override async conditionalCreate<T extends Resource>(
    resource: T,
    request: SearchRequest<T>,
    options?: CreateResourceOptions,
  ): Promise<{ resource: WithId<T>; outcome: OperationOutcome }> {
    return this.#underCondition(request, (repository) =>
      repository.#conditionalCreate(resource, request, options),
    );
  }

  async #conditionalCreate<T extends Resource>(
    resource: T,
    request: SearchRequest<T>,
    options?: CreateResourceOptions,
  ): Promise<{ resource: WithId<T>; outcome: OperationOutcome }> {
    return super.conditionalCreate(resource, request, options);
  }

  override async conditionalUpdate<T extends Resource>(
    resource: T,
    request: SearchRequest,
    options?: CreateResourceOptions & UpdateResourceOptions,
  ): Promise<{ resource: WithId<T>; outcome: OperationOutcome }> {
    return this.#underCondition(request, async (repository) => {
      const match = await repository.soleMatch(request);
      if (match === undefined) {
        return { resource: await repository.createResource(resource, options), outcome: created };
      }
      if (resource.id !== undefined && resource.id !== match.id) {
        throw new OperationOutcomeError(badRequest('The id is not that of the resource that matches.'));
      }
      const updated = await repository.updateResource(
        { ...resource, id: match.id },
        {
          ifMatch: options?.ifMatch ?? String(match.version),
        },
      );
      return { resource: updated, outcome: { resourceType: 'OperationOutcome', id: 'ok', issue: [] } };
    });
  }

  override async conditionalDelete(request: SearchRequest): Promise<void> {
    await this.#underCondition(request, (repository) => repository.#conditionalDelete(request));
  }

  async #conditionalDelete(request: SearchRequest): Promise<void> {
    await super.conditionalDelete(request);
  }

  override async conditionalPatch(
    request: SearchRequest,
    patch: Operation[],
    options?: UpdateResourceOptions,
  ): Promise<WithId<Resource>> {
    return this.#underCondition(request, (repository) =>
      repository.#conditionalPatch(request, patch, options),
    );
  }

  async #conditionalPatch(
    request: SearchRequest,
    patch: Operation[],
    options?: UpdateResourceOptions,
  ): Promise<WithId<Resource>> {
    return super.conditionalPatch(request, patch, options);
  }

  /** The one live resource that matches; undefined for none. Throws 412 for more. */
  async soleMatch(request: SearchRequest): Promise<StoredVersion | undefined> {
    const matches = await this.searchResources({
      resourceType: request.resourceType,
      filters: request.filters ?? [],
      count: 2,
    });
    if (matches.length > 1) {
      throw refusal(
        'precondition-failed',
        'multiple-matches',
        'More than one resource matches. Nothing was saved.',
      );
    }
    const [match] = matches as unknown as StoredResource[];
    return match?.version;
  }

  async #underCondition<T>(
    request: SearchRequest,
    work: (repository: RecordRepository) => Promise<T>,
  ): Promise<T> {
    if ((request.filters ?? []).length === 0) {
      throw refusal(
        'precondition-failed',
        'incomplete',
        'A condition without criteria would match everything. Nothing was saved.',
      );
    }
    return this.withTransaction(async (repository) => {
      await repository.lockConditions([request.resourceType]);
      return work(repository);
    });
  }

  // ---- transactions

  async withTransaction<TResult>(callback: (repository: this) => Promise<TResult>): Promise<TResult> {
    return this.writing((transaction) =>
      callback(
        (transaction === this.#transaction ? this : new RecordRepository(this.#context, transaction)) as this,
      ),
    );
  }

  /** Before a condition on these types is looked at, in a transaction. */
  async lockConditions(types: readonly string[]): Promise<void> {
    await this.writing((transaction) => transaction.lockNames(types.map((type) => `condition ${type}`)));
  }

  async writing<T>(work: (transaction: RecordTransaction) => Promise<T>): Promise<T> {
    if (this.#transaction !== undefined) return work(this.#transaction);
    return this.#context.store.withTransaction(this.#storeContext(), work);
  }

  async reading<T>(work: (reader: RecordReader) => Promise<T>): Promise<T> {
    if (this.#transaction !== undefined) return work(this.#transaction);
    return this.#context.store.withSnapshot(this.#storeContext(), work);
  }

  /** Commits with the transaction where there is one; otherwise before the answer goes out. */
  async audit(...entries: readonly AuditEntry[]): Promise<void> {
    if (this.#transaction === undefined) {
      await this.#context.store.auditReads(this.#storeContext(), entries);
    } else {
      for (const entry of entries) this.#transaction.audit(entry);
    }
  }

  // ---- access

  /** @throws OperationOutcomeError 404 for a type that is not kept here, 403 where the actor may not */
  require(type: string, interaction: Interaction): void {
    if (!searchParameters.has(type)) {
      throw refusal(
        'not-found',
        'not-supported',
        `${/^\w{1,64}$/.test(type) ? type : 'This type'} is not kept here.`,
      );
    }
    if (!mayAccess(this.actor, type, interaction)) throw this.#forbidden(type, interaction);
  }

  maySee(version: StoredVersion, interaction: Interaction): boolean {
    if (!searchParameters.has(version.type)) return false;
    if (version.type !== 'Task') return mayAccess(this.actor, version.type, interaction);
    if (version.content === null) return mayAccess(this.actor, 'Task', interaction, 'clinical');
    return mayAccessResource(this.actor, parseExact(version.content) as ResourceJson, interaction);
  }

  #forbidden(type: string, interaction: Interaction): OperationOutcomeError {
    return refusal('forbidden', 'forbidden', `Your role does not allow "${interaction}" on ${type}.`);
  }

  /** @throws OperationOutcomeError 404, 403, 410 */
  #visible(found: StoredVersion | undefined, interaction: 'read' | 'vread'): StoredVersion {
    if (found === undefined) throw new OperationOutcomeError(notFound);
    if (!this.maySee(found, interaction)) throw this.#forbidden(found.type, interaction);
    if (found.deleted) throw new OperationOutcomeError(gone);
    return found;
  }

  async #shown(found: StoredVersion | undefined, interaction: 'read' | 'vread'): Promise<StoredVersion> {
    const version = this.#visible(found, interaction);
    await this.audit(readEntry(interaction, version));
    return version;
  }

  // ---- writing, inside

  async #write<T extends Resource>(
    interaction: 'create' | 'update',
    resource: ResourceJson,
    expectation: (current: StoredVersion | undefined) => Expectation,
  ): Promise<WithId<T>> {
    this.require(resource.resourceType, interaction);
    return this.writing(async (transaction) => {
      const ref = { type: resource.resourceType, id: resource.id };
      await transaction.lockResources([ref]);
      const standing = await transaction.readMany([ref]);
      return this.#put<T>(transaction, interaction, resource, expectation(standing[0]), standing);
    });
  }

  async #put<T extends Resource>(
    transaction: RecordTransaction,
    interaction: 'create' | 'update' | 'patch',
    resource: ResourceJson,
    expected: Expectation,
    standing: readonly StoredVersion[],
  ): Promise<WithId<T>> {
    const [current] = standing;
    const { errors } = validate(resource);
    if (errors.length > 0) {
      throw new OperationOutcomeError({
        resourceType: 'OperationOutcome',
        id: 'unprocessable',
        issue: [...errors],
      });
    }
    if (!mayAccessResource(this.actor, resource, interaction))
      throw this.#forbidden(resource.resourceType, interaction);
    // Whoever may not see what stands there may not lay something over it.
    if (current?.deleted === false && !this.maySee(current, interaction)) {
      throw this.#forbidden(resource.resourceType, interaction);
    }
    return storedResource<T>(await transaction.write(resource, expected, standing));
  }

  // ---- bundles

  searchEntry(version: StoredVersion, mode: 'match' | 'include'): BundleEntry {
    return {
      fullUrl: `${this.baseUrl}/${version.type}/${version.id}`,
      resource: storedResource(version),
      search: { mode },
    };
  }

  historyEntry(version: StoredVersion): BundleEntry {
    const url = `${version.type}/${version.id}`;
    return {
      fullUrl: `${this.baseUrl}/${url}`,
      ...(version.deleted ? {} : { resource: storedResource(version) }),
      request: version.deleted
        ? { method: 'DELETE', url }
        : { method: version.version === 1 ? 'POST' : 'PUT', url: version.version === 1 ? version.type : url },
      response: {
        status: version.deleted ? '204' : version.version === 1 ? '201' : '200',
        etag: `W/"${version.version}"`,
        lastModified: version.lastUpdated,
      },
    };
  }

  #searchOptions(type: string): SearchOptions {
    const onlyAdministrative = type === 'Task' && !mayAccess(this.actor, 'Task', 'search-type', 'clinical');
    return {
      mayReach: (target) =>
        mayAccess(this.actor, target, 'search-type') && (target !== 'Task' || !onlyAdministrative),
      pageSecret: this.#context.store.pageSecret,
      ...(onlyAdministrative
        ? {
            restriction: sql<SqlBool>`exists (
              select 1 from search_token as category
              where category.organisation = resource.organisation and category.type = 'Task'
                and category.parameter = 'code' and category.system = ${TASK_CATEGORY_SYSTEM}
                and category.code = 'administrative' and category.id = resource.id)`,
          }
        : {}),
    };
  }

  #searchUrl(request: SearchRequest): string {
    return `${this.baseUrl}/${request.resourceType}${formatSearchQuery(request)}`;
  }

  #storeContext(): TransactionContext {
    return { organisation: this.#context.organisation, actor: this.actor };
  }
}

function json(resource: Resource): ResourceJson {
  return resource as unknown as ResourceJson;
}

function expectedVersion(ifMatch: string): number {
  if (/^[1-9]\d{0,8}$/.test(ifMatch)) return Number(ifMatch);
  throw refusal('precondition-failed', 'conflict', 'There is no such version. Nothing was saved.');
}

function addressesByIndex(patch: Operation[] | Parameters): boolean {
  if (!Array.isArray(patch)) return false;
  if (patch.some((operation) => operation.op === 'test')) return false;
  return patch.some(
    (operation) =>
      /\/\d+(\/|$)/.test(operation.path) || ('from' in operation && /\/\d+(\/|$)/.test(operation.from)),
  );
}

function patchedResource(resource: Resource, patch: Operation[] | Parameters): Resource {
  try {
    if (Array.isArray(patch)) {
      const failed = applyPatch(resource, patch).find((result) => result !== null);
      if (failed !== undefined) throw failed;
    } else {
      fhirpathPatchTypedValue(toTypedValue(resource), parseFhirPathPatchParameters(patch));
    }
    return resource;
  } catch (error) {
    if (error instanceof OperationOutcomeError) throw error;
    throw refusal(
      'unprocessable',
      'processing',
      'The patch does not fit the resource as it is. Nothing was saved.',
    );
  }
}

function readEntry(interaction: string, version: StoredVersion | undefined): AuditEntry {
  return {
    action: 'read',
    interaction,
    outcome: 'success',
    ...(version === undefined ? {} : { entity: `${version.type}/${version.id}`, version: version.version }),
    ...(version?.patientId === null || version === undefined ? {} : { patientId: version.patientId }),
  };
}

/** A search is one act for each patient whose record it showed, and one act even if it showed nothing. */
function searchEntries(request: SearchRequest, shown: readonly StoredVersion[]): AuditEntry[] {
  const parameters = [...new Set((request.filters ?? []).map((filter) => filter.code))].sort().join(',');
  const entry: AuditEntry = {
    action: 'read',
    interaction: 'search-type',
    outcome: 'success',
    entity: request.resourceType,
    ...(parameters === '' ? {} : { detail: parameters.slice(0, 200) }),
  };
  const patients = new Set(
    shown.flatMap((version) => (version.patientId === null ? [] : [version.patientId])),
  );
  if (patients.size === 0) return [entry];
  return [...patients].map((patientId) => ({ ...entry, patientId }));
}
