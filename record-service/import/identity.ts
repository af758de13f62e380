import { createHash } from 'node:crypto';
import { stringifyExact } from '../../domain/fhir/exact-json.ts';
import { isObject } from './source.ts';
import type { Json } from './source.ts';

/** Namespace of all imported ids; changing it would make every import a new record. */
const IMPORT_NAMESPACE = '5b0d4c1e-6d0b-5c7a-9a56-1f6f0b8f3a77';

/**
 * The id of an imported resource: UUIDv5 of (organisation, source system, source patient, type, source id).
 * Real sources share ids between patients, so the patient is part of the name (architecture.md, Scale).
 */
export function importedId(
  organisation: string,
  sourceSystem: string,
  sourcePatient: string,
  type: string,
  sourceId: string,
): string {
  return uuidV5(
    IMPORT_NAMESPACE,
    JSON.stringify([organisation, sourceSystem, sourcePatient, type, sourceId]),
  );
}

/** RFC 9562 version 5: SHA-1 of namespace and name. */
export function uuidV5(namespace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest()
    .subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** SHA-1 of a value's canonical JSON (keys sorted, decimals as written). */
export function contentDigest(value: Json): string {
  return createHash('sha1').update(canonicalJson(value)).digest('hex');
}

/** JSON with sorted keys: equal content gives equal text, whatever order it was written in. */
export function canonicalJson(value: unknown): string {
  return stringifyExact(sortKeys(value));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  // An exact decimal is a frozen object of the engine: copied, it would no longer be one.
  if (!isObject(value) || 'rawJSON' in value) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}
