import { parseExact } from '../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import type { RecordStore, StoredVersion, TransactionContext } from '../store/record-store.ts';
import { canonicalJson } from './identity.ts';
import { isObject, without } from './source.ts';

/** What loading did. Lists name resources as `Type/id`. */
export interface LoadResult {
  readonly created: number;
  readonly updated: number;
  /** Equal content was there: no version was made. */
  readonly unchanged: number;
  /** Somebody changed it here since it was loaded: their version stays (invariant I4). */
  readonly changedHere: readonly string[];
  /** Deleted here: it does not come back by itself. */
  readonly deletedHere: readonly string[];
}

/**
 * Loads many resources in one transaction, all or none. What is there with equal content gets no new version; what a
 * person changed or deleted since is left as it is and named in the result.
 */
export async function loadResources(
  store: RecordStore,
  context: TransactionContext,
  resources: readonly ResourceJson[],
): Promise<LoadResult> {
  const refs = resources.map(({ resourceType, id }) => ({ type: resourceType, id }));
  return store.withTransaction(context, async (transaction) => {
    await transaction.lockResources(refs);
    const current = new Map<string, StoredVersion>();
    for (const version of await transaction.readMany(refs))
      current.set(`${version.type}/${version.id}`, version);
    const result = {
      created: 0,
      updated: 0,
      unchanged: 0,
      changedHere: [] as string[],
      deletedHere: [] as string[],
    };
    const writes: { resource: ResourceJson; expected: number | 'absent' }[] = [];
    for (const resource of resources) {
      const name = `${resource.resourceType}/${resource.id}`;
      const present = current.get(name);
      if (present === undefined) {
        result.created += 1;
        writes.push({ resource, expected: 'absent' });
      } else if (present.deleted || present.content === null) result.deletedHere.push(name);
      else if (comparable(parseExact(present.content)) === comparable(resource)) result.unchanged += 1;
      else if (present.author !== context.actor.userId) result.changedHere.push(name);
      else {
        result.updated += 1;
        writes.push({ resource, expected: present.version });
      }
    }
    await transaction.writeMany(writes);
    return result;
  });
}

/** Content without what the store itself writes. */
function comparable(resource: unknown): string {
  if (!isObject(resource)) return canonicalJson(resource);
  const meta = isObject(resource['meta']) ? without(resource['meta'], 'versionId', 'lastUpdated') : {};
  return canonicalJson(Object.keys(meta).length > 0 ? { ...resource, meta } : without(resource, 'meta'));
}
