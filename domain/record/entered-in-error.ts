/** How R4 says that something was entered in error. */
import type { ResourceJson } from '../sync/operation.ts';

/** These say it as a verification, and have no clinical status beside it (con-5, ait-2). */
const VERIFIED: Readonly<Record<string, string>> = {
  AllergyIntolerance: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification',
  Condition: 'http://terminology.hl7.org/CodeSystem/condition-ver-status',
};

/** The resource so marked, nothing of it lost; null where its type has no way to say it (Patient …). */
export function markedEnteredInError(resource: ResourceJson): ResourceJson | null {
  const system = VERIFIED[resource.resourceType];
  if (system === undefined)
    return typeof resource['status'] === 'string' ? { ...resource, status: 'entered-in-error' } : null;
  const { resourceType, id } = resource;
  const rest = Object.entries(resource).filter(([element]) => element !== 'clinicalStatus');
  return {
    ...Object.fromEntries(rest),
    resourceType,
    id,
    verificationStatus: { coding: [{ system, code: 'entered-in-error' }] },
  };
}
