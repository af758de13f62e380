import type { WithId } from '@medplum/core';
import type { Resource } from '@medplum/fhirtypes';
import { stringifyExact } from '../../domain/fhir/exact-json.ts';
import type { StoredVersion } from '../store/record-store.ts';

/**
 * A stored resource on its way out: its text goes into the answer as it lies in the store, never parsed and written
 * anew. To the router it looks like a resource with an id.
 */
export class StoredResource {
  readonly resourceType: string;
  readonly id: string;
  readonly version: StoredVersion;

  constructor(version: StoredVersion) {
    this.resourceType = version.type;
    this.id = version.id;
    this.version = version;
  }
}

/** Typed as what the router's signatures want. */
export function storedResource<T extends Resource = Resource>(version: StoredVersion): WithId<T> {
  const stored: unknown = new StoredResource(version);
  return stored as WithId<T>;
}

/** JSON text of an answer: stored resources as they lie, everything else written with exact decimals. */
export function writeFhir(value: unknown): string {
  if (value instanceof StoredResource) return value.version.content ?? 'null';
  if (Array.isArray(value)) return `[${value.map(writeFhir).join(',')}]`;
  if (!isPlainParent(value)) return stringifyExact(value);
  const members = Object.entries(value)
    .filter(([, child]) => child !== undefined)
    .map(([key, child]) => `${JSON.stringify(key)}:${writeFhir(child)}`);
  return `{${members.join(',')}}`;
}

/** Only bundles and their entries can hold stored resources; the rest need not be walked here. */
function isPlainParent(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && ('entry' in value || 'resource' in value);
}
