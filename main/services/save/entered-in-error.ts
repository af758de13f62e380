import type { ResourceJson } from '../../../domain/sync/operation.ts';

const verifiedTypes: ReadonlyMap<string, string> = new Map([
  ['AllergyIntolerance', 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification'],
  ['Condition', 'http://terminology.hl7.org/CodeSystem/condition-ver-status'],
]);

/** The resource marked `entered-in-error`, where R4 has that for its type; null where it has not (Patient …). */
export function enteredInError(resource: ResourceJson): ResourceJson | null {
  const system = verifiedTypes.get(resource.resourceType);
  if (system !== undefined) {
    // R4's con-5 and ait-2: what was entered in error has no clinical status.
    const rest = Object.entries(resource).filter(([element]) => element !== 'clinicalStatus');
    const { resourceType, id } = resource;
    return {
      ...Object.fromEntries(rest),
      resourceType,
      id,
      verificationStatus: { coding: [{ system, code: 'entered-in-error' }] },
    };
  }
  return typeof resource['status'] === 'string' ? { ...resource, status: 'entered-in-error' } : null;
}
