import {
  badRequest,
  created,
  gone,
  notFound,
  OperationOutcomeError,
  type Operation,
  type SearchRequest,
  type WithId,
} from '@medplum/core';
import type {
  CreateResourceOptions,
  DeleteResourceOptions,
  UpdateResourceOptions,
} from '@medplum/fhir-router';
import type { OperationOutcome, Parameters, Resource } from '@medplum/fhirtypes';
import { parseExact } from '../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { mayAccessResource } from '../identity/access.ts';
import type { Expectation, RecordTransaction, StoredVersion } from '../store/record-store.ts';
import { validate } from '../validation/validate.ts';
import { storedResource, type StoredResource } from './fhir-text.ts';
import { refusal } from './outcomes.ts';
import { addressesByIndex, patchedResource } from './patch.ts';
import { RecordReads } from './record-reads.ts';

/**
 * The record as the FHIR router sees it: {@link RecordReads}, and every way in. Inside {@link withTransaction}
 * everything happens in that one transaction.
 */
export class RecordRepository extends RecordReads {
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
        (transaction === this.transaction ? this : new RecordRepository(this.context, transaction)) as this,
      ),
    );
  }

  /** Before a condition on these types is looked at, in a transaction. */
  async lockConditions(types: readonly string[]): Promise<void> {
    await this.writing((transaction) => transaction.lockNames(types.map((type) => `condition ${type}`)));
  }

  async writing<T>(work: (transaction: RecordTransaction) => Promise<T>): Promise<T> {
    if (this.transaction !== undefined) return work(this.transaction);
    return this.context.store.withTransaction(this.storeContext(), work);
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
      throw this.forbidden(resource.resourceType, interaction);
    // Whoever may not see what stands there may not lay something over it.
    if (current?.deleted === false && !this.maySee(current, interaction)) {
      throw this.forbidden(resource.resourceType, interaction);
    }
    return storedResource<T>(await transaction.write(resource, expected, standing));
  }
}

function json(resource: Resource): ResourceJson {
  return resource as unknown as ResourceJson;
}

function expectedVersion(ifMatch: string): number {
  if (/^[1-9]\d{0,8}$/.test(ifMatch)) return Number(ifMatch);
  throw refusal('precondition-failed', 'conflict', 'There is no such version. Nothing was saved.');
}
