import type { Flag } from '@medplum/fhirtypes';
import { isSafeguarding } from './safeguarding.ts';
import type { AnyResource } from './overlay.ts';
import type { ItemSource } from './record-view.ts';

export type Guard = NonNullable<ItemSource['guarded']>;

/** v3-Confidentiality: unrestricted, low, normal. */
const UNGUARDED: ReadonlySet<string> = new Set(['U', 'L', 'N']);

interface InEncounter extends AnyResource {
  readonly encounter?: { readonly reference?: string };
  readonly context?: { readonly reference?: string };
}

/**
 * Which entries are left out of what is handed on: safeguarding always; what is marked as sensitive, and what was coded,
 * measured or planned in a consultation that is marked, unless a person says otherwise (H-036).
 *
 * Patient carries labels of its own (a protected address) and is no entry. An allergy is never left out of anything: it
 * stands in the banner of every page.
 */
export function guardsOf(record: readonly AnyResource[]): (resource: AnyResource) => Guard | null {
  const marked = new Set(
    record
      .filter((resource) => resource.resourceType === 'Composition' && isMarked(resource))
      .flatMap((consultation) => encounterOf(consultation) ?? []),
  );
  return (resource) => {
    if (resource.resourceType === 'Patient' || resource.resourceType === 'AllergyIntolerance') return null;
    if (resource.resourceType === 'Flag' && isSafeguarding(resource as unknown as Flag))
      return 'safeguarding';
    const encounter = encounterOf(resource);
    return isMarked(resource) || (encounter !== undefined && marked.has(encounter)) ? 'sensitive' : null;
  };
}

function isMarked({ meta }: AnyResource): boolean {
  return (meta?.security ?? []).some(({ code }) => !UNGUARDED.has(code ?? ''));
}

function encounterOf(resource: AnyResource): string | undefined {
  const { encounter, context } = resource as InEncounter;
  return encounter?.reference ?? context?.reference;
}
