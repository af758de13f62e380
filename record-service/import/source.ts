/**
 * What an import reads: a FHIR STU3 bundle as parsed JSON, of which nothing is believed.
 * Every accessor answers undefined or empty where the source is not what the standard says.
 */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export interface SourceResource extends JsonObject {
  readonly resourceType: string;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isResource(value: unknown): value is SourceResource {
  return isObject(value) && typeof value['resourceType'] === 'string' && value['resourceType'] !== '';
}

export function objectOf(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

export function arrayOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

export function objectsOf(value: unknown): readonly JsonObject[] {
  return arrayOf(value).filter(isObject);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Code of the first coding of a CodeableConcept. */
export function firstCode(concept: unknown): string | undefined {
  return textOf(objectsOf(objectOf(concept)?.['coding'])[0]?.['code']);
}

/** A copy of an object without some of its keys. */
export function without<T extends object, K extends keyof T & string>(
  value: T,
  ...keys: readonly K[]
): Omit<T, K> {
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => !(keys as readonly string[]).includes(key)),
  ) as unknown as Omit<T, K>;
}
