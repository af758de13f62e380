/** The whole record of the service at one moment, and what changed between two. */
import { parseExact } from '../../domain/fhir/exact-json.ts';
import type { ServiceClient } from '../../record-service/import/service-client.ts';

export type Resource = { readonly resourceType: string; readonly id: string } & Readonly<
  Record<string, unknown>
>;

/** `Type/id` → text as stored. */
export type ServiceRecord = ReadonlyMap<string, string>;

export async function readService(bulk: ServiceClient): Promise<ServiceRecord> {
  const found = new Map<string, string>();
  const { types } = await bulk.overview();
  for (const { type } of types) {
    for await (const lines of bulk.pages(type)) {
      for (const line of lines) {
        const { id } = JSON.parse(line) as { id: string };
        found.set(`${type}/${id}`, line);
      }
    }
  }
  return found;
}

export interface ServiceChange {
  readonly created: ReadonlyMap<string, Resource>;
  readonly changed: ReadonlyMap<string, Resource>;
  readonly gone: readonly string[];
}

export function changeBetween(before: ServiceRecord, after: ServiceRecord): ServiceChange {
  const created = new Map<string, Resource>();
  const changed = new Map<string, Resource>();
  for (const [key, text] of after) {
    const was = before.get(key);
    if (was === text) continue;
    (was === undefined ? created : changed).set(key, parseExact(text) as Resource);
  }
  return { created, changed, gone: [...before.keys()].filter((key) => !after.has(key)) };
}

/** The value at a path such as `code.coding.0.code`; undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, name) =>
        typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[name] : undefined,
      value,
    );
}

export function textAt(value: unknown, path: string): string {
  const found = at(value, path);
  return typeof found === 'string' ? found : '';
}

export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}
