import {
  applyPatch,
  fhirpathPatchTypedValue,
  OperationOutcomeError,
  parseFhirPathPatchParameters,
  toTypedValue,
  type Operation,
} from '@medplum/core';
import type { Parameters, Resource } from '@medplum/fhirtypes';
import { refusal } from './outcomes.ts';

/** Whether a JSON Patch counts places in a list and tests nothing: then it fits one version only. */
export function addressesByIndex(patch: Operation[] | Parameters): boolean {
  if (!Array.isArray(patch)) return false;
  if (patch.some((operation) => operation.op === 'test')) return false;
  return patch.some(
    (operation) =>
      /\/\d+(\/|$)/.test(operation.path) || ('from' in operation && /\/\d+(\/|$)/.test(operation.from)),
  );
}

/** The resource with the patch applied. @throws OperationOutcomeError 422 where it does not fit */
export function patchedResource(resource: Resource, patch: Operation[] | Parameters): Resource {
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
