import { stringifyExact } from '../../../../domain/fhir/exact-json.ts';
import type { FhirContent } from './fhir-exchange.ts';

/** Each written version names the operation that made it, so that a repeated request is known for one. */
export const operationTagSystem = 'https://gladstone.example/operation-id';

/**
 * A version as the number that the device orders by: `versionId` where the server counts, otherwise the milliseconds
 * of `lastUpdated`. A server that does neither gives 0.
 */
export function versionNumber(resource: FhirContent): number {
  const { versionId = '', lastUpdated = '' } = resource.meta ?? {};
  if (/^[1-9]\d{0,14}$/.test(versionId)) return Number(versionId);
  const milliseconds = Date.parse(lastUpdated);
  return Number.isNaN(milliseconds) ? 0 : milliseconds;
}

/** JSON text with the version's number as `versionId`, which is how packs and changes tell versions here. */
export function numberedText(resource: FhirContent): string {
  return stringifyExact({
    ...resource,
    meta: { ...resource.meta, versionId: String(versionNumber(resource)) },
  });
}

export function hasOperationTag(resource: FhirContent, opId: string): boolean {
  return (resource.meta?.tag ?? []).some(
    ({ system, code }) => system === operationTagSystem && code === opId,
  );
}
