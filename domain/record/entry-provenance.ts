import type { Encounter, Extension, Provenance } from '@medplum/fhirtypes';
import { conceptText } from '../fhir/codeable-concept.ts';
import { entryView } from './entry-view.ts';
import { correctionsOf } from './observation-correction.ts';
import { nameOfReference } from './people-words.ts';
import { keyOf, type RecordContents } from './record-contents.ts';
import type { AnyResource, ShownResource } from './overlay.ts';
import type { EntryProvenance, PendingMark } from './record-view.ts';

interface Referring extends AnyResource {
  readonly extension?: readonly Extension[];
  readonly encounter?: { readonly reference?: string };
  readonly context?: { readonly reference?: string };
  readonly recorder?: { readonly reference?: string };
  readonly identifier?:
    | readonly { readonly system?: string; readonly value?: string }[]
    | { readonly system?: string; readonly value?: string };
}

/**
 * Who, in what role, where, when and from where: of any entry.
 * @param pending this device's unsent versions of it, oldest first
 */
export function entryProvenance(
  item: ShownResource,
  contents: RecordContents,
  pending: readonly PendingMark[],
): EntryProvenance {
  const resource = item.resource as Referring;
  const view = entryView(item, contents);
  const encounter = contents.shownAt(resource.encounter?.reference ?? resource.context?.reference);
  const visit =
    encounter?.resource.resourceType === 'Encounter'
      ? (encounter.resource as unknown as Encounter)
      : undefined;
  const provenance = contents
    .ofType('Provenance')
    .map((one) => one.resource)
    .find((one) => one.target.some((target) => keyOf(target.reference) === item.source.key));
  const identifiers = Array.isArray(resource.identifier)
    ? (resource.identifier as readonly { readonly system?: string; readonly value?: string }[])
    : [];
  const last = pending.at(-1);
  const author = item.source.pending?.author ?? view.author ?? agentName(provenance, contents);
  const enteredBy = nameOfReference(resource.recorder, contents, undefined);
  return {
    source: item.source,
    category: view.category,
    author,
    role: item.source.pending?.role ?? roleOf(provenance, visit),
    enteredBy: enteredBy === author ? null : enteredBy,
    organisation:
      nameOfReference(visit?.serviceProvider, contents, visit) ??
      nameOfReference(provenance?.agent[0]?.onBehalfOf, contents, undefined),
    location: nameOfReference(visit?.location?.[0]?.location ?? provenance?.location, contents, visit),
    encounter: encounter?.source ?? null,
    when: view.when,
    recorded: last?.recordedAt ?? view.recorded ?? provenance?.recorded ?? null,
    receivedByService: item.source.version === null ? null : (resource.meta?.lastUpdated ?? null),
    importedFrom: resource.meta?.source ?? null,
    identifiers: identifiers.map((identifier) => ({
      label: identifier.system ?? 'Identifier',
      value: identifier.value ?? '',
    })),
    corrections: correctionsOf(resource),
    versions: [
      ...(item.source.version === null
        ? []
        : [
            {
              version: item.source.version,
              when: resource.meta?.lastUpdated ?? null,
              author: view.author,
            },
          ]),
      ...pending.map((mark) => ({
        version: null,
        pending: mark,
        when: mark.recordedAt,
        author: mark.author,
      })),
    ],
  };
}

function agentName(provenance: Provenance | undefined, contents: RecordContents): string | null {
  return nameOfReference(provenance?.agent[0]?.who, contents, provenance);
}

function roleOf(provenance: Provenance | undefined, visit: Encounter | undefined): string | null {
  return (
    conceptText(provenance?.agent[0]?.role?.[0]) ?? conceptText(visit?.participant?.[0]?.type?.[0]) ?? null
  );
}
