/** What stands within something else in the journal, so that nothing is shown twice and nothing is left out. */
import type { CodeableConcept, CompositionSection } from '@medplum/fhirtypes';
import { isNews2Total } from '../clinical/news2-codes.ts';
import { snomedCodes } from '../fhir/codeable-concept.ts';
import type { ShownResource } from './overlay.ts';
import { keyOf, type RecordContents } from './record-contents.ts';

/** The keys of all that stands under a heading, with its parts. */
export function placedIn(contents: RecordContents): Set<string> {
  const placed = new Set<string>();
  const walk = (sections: readonly CompositionSection[] | undefined): void => {
    for (const section of sections ?? []) {
      for (const { reference } of section.entry ?? []) {
        const key = keyOf(reference);
        if (key !== null) for (const version of contents.versionsOf(key)) place(version, placed);
      }
      walk(section.section);
    }
  };
  for (const { resource } of contents.ofType('Composition')) walk(resource.section);
  return placed;
}

/**
 * Everything that stands within something else, whichever of the two comes first in the record. What names itself in a
 * circle has no whole to stand in and stays where it is seen.
 */
export function placeParts(contents: RecordContents, placed: Set<string>): void {
  const named = new Set(contents.all.flatMap(partsOf));
  const walked = new Set<string>();
  const walk = (item: ShownResource): void => {
    for (const key of partsOf(item)) {
      placed.add(key);
      if (walked.has(key)) continue;
      walked.add(key);
      for (const version of contents.versionsOf(key)) walk(version);
    }
  };
  for (const item of contents.all) if (!named.has(item.source.key)) walk(item);
}

function place(item: ShownResource, placed: Set<string>): void {
  placed.add(item.source.key);
  for (const key of partsOf(item)) placed.add(key);
}

/**
 * Results of a report and members of a panel stand within it, not beside it. What NEWS2 was worked out from was entered by
 * itself and stands by itself, with all that was said of it.
 */
function partsOf(item: ShownResource): readonly string[] {
  const { code } = item.resource as { readonly code?: CodeableConcept };
  if (item.resource.resourceType === 'Observation' && snomedCodes(code).some(isNews2Total)) return [];
  const resource = item.resource as {
    readonly result?: readonly { readonly reference?: string }[];
    readonly hasMember?: readonly { readonly reference?: string }[];
  };
  return [...(resource.result ?? []), ...(resource.hasMember ?? [])].flatMap(
    (reference) => keyOf(reference.reference) ?? [],
  );
}
