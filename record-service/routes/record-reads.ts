import {
  badRequest,
  formatSearchQuery,
  gone,
  notFound,
  OperationOutcomeError,
  type SearchRequest,
  type WithId,
} from '@medplum/core';
import { FhirRepository } from '@medplum/fhir-router';
import type { Bundle, BundleEntry, Reference, Resource } from '@medplum/fhirtypes';
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
  RecordReader,
  RecordStore,
  RecordTransaction,
  StoredVersion,
  TransactionContext,
} from '../store/record-store.ts';
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
 * How the record is read for the FHIR router: one actor, one organisation. Every way out asks whether the actor may,
 * and is audited. Inside a transaction everything is read in that one.
 */
export abstract class RecordReads extends FhirRepository {
  protected readonly context: RepositoryContext;
  protected readonly transaction: RecordTransaction | undefined;

  constructor(context: RepositoryContext, transaction?: RecordTransaction) {
    super();
    this.context = context;
    this.transaction = transaction;
  }

  get actor(): Actor {
    return this.context.actor;
  }
  get baseUrl(): string {
    return this.context.baseUrl;
  }

  get inTransaction(): boolean {
    return this.transaction !== undefined;
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
    if (this.transaction === undefined && maySeeAll) {
      const found = await this.context.store.readAudited(this.storeContext(), { type, id });
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
    if (visible.length < versions.length) throw this.forbidden(type, 'history-instance');
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

  async reading<T>(work: (reader: RecordReader) => Promise<T>): Promise<T> {
    if (this.transaction !== undefined) return work(this.transaction);
    return this.context.store.withSnapshot(this.storeContext(), work);
  }

  /** Commits with the transaction where there is one; otherwise before the answer goes out. */
  async audit(...entries: readonly AuditEntry[]): Promise<void> {
    if (this.transaction === undefined) {
      await this.context.store.auditReads(this.storeContext(), entries);
    } else {
      for (const entry of entries) this.transaction.audit(entry);
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
    if (!mayAccess(this.actor, type, interaction)) throw this.forbidden(type, interaction);
  }

  maySee(version: StoredVersion, interaction: Interaction): boolean {
    if (!searchParameters.has(version.type)) return false;
    if (version.type !== 'Task') return mayAccess(this.actor, version.type, interaction);
    if (version.content === null) return mayAccess(this.actor, 'Task', interaction, 'clinical');
    return mayAccessResource(this.actor, parseExact(version.content) as ResourceJson, interaction);
  }

  protected forbidden(type: string, interaction: Interaction): OperationOutcomeError {
    return refusal('forbidden', 'forbidden', `Your role does not allow "${interaction}" on ${type}.`);
  }

  /** @throws OperationOutcomeError 404, 403, 410 */
  #visible(found: StoredVersion | undefined, interaction: 'read' | 'vread'): StoredVersion {
    if (found === undefined) throw new OperationOutcomeError(notFound);
    if (!this.maySee(found, interaction)) throw this.forbidden(found.type, interaction);
    if (found.deleted) throw new OperationOutcomeError(gone);
    return found;
  }

  async #shown(found: StoredVersion | undefined, interaction: 'read' | 'vread'): Promise<StoredVersion> {
    const version = this.#visible(found, interaction);
    await this.audit(readEntry(interaction, version));
    return version;
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
      pageSecret: this.context.store.pageSecret,
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

  protected storeContext(): TransactionContext {
    return { organisation: this.context.organisation, actor: this.actor };
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
