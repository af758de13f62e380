/**
 * Any resource as an entry in words, whatever its type: what the journal, the timeline, the search within the record
 * and the provenance show. A type that nothing here knows still shows, under its own name (hazard 100).
 */
import type { Annotation, CodeableConcept, Extension, Reference } from '@medplum/fhirtypes';
import { conceptText } from '../fhir/codeable-concept.ts';
import { codedText } from './coded-text.ts';
import { wordsByType, type TypeWords } from './entry-words.ts';
import { extensionOf, EXTENSION } from './record-extensions.ts';
import type { AnyResource, ShownResource } from './overlay.ts';
import { nameOfReference } from './people-words.ts';
import type { RecordContents } from './record-contents.ts';
import type { Detail, EntryView, Mistake } from './record-view.ts';

/** The elements that most resource types share; every one may be missing. */
interface CommonElements extends AnyResource {
  readonly status?: string;
  readonly verificationStatus?: CodeableConcept;
  readonly note?: readonly Annotation[];
  readonly extension?: readonly Extension[];
  readonly contained?: readonly { readonly resourceType: string; readonly id?: string }[];
}

export function entryView(item: ShownResource, contents: RecordContents): EntryView {
  const resource = item.resource as CommonElements;
  const words = (wordsByType[resource.resourceType] ?? unknownWords)(item.resource, contents);
  const coded = words.concept === undefined ? null : codedText(words.concept);
  const when = words.when ?? null;
  const recorded = words.recorded ?? null;
  return {
    source: item.source,
    resourceType: resource.resourceType,
    category: words.category,
    text: words.text ?? coded?.text ?? 'No words recorded',
    coded,
    value: words.value ?? null,
    abnormal: words.abnormal ?? false,
    details: (words.details ?? []).filter((detail): detail is Detail => detail !== null),
    notes: [...(words.notes ?? []), ...noteTexts(resource.note)],
    when: when ?? recorded,
    recorded: recorded !== null && recorded !== when ? recorded : null,
    received: item.source.version === null ? null : (resource.meta?.lastUpdated ?? null),
    author: words.author ? nameOfReference(words.author, contents, resource) : (words.authorName ?? null),
    origin: originOf(resource),
    degraded: coded?.degraded ?? false,
    planned: words.planned ?? false,
    interim: isInterim(resource),
    enteredInError: enteredInErrorOf(resource),
    sensitive: sensitiveWords(resource),
  };
}

/** A report or an observation whose source has not said its last word. */
function isInterim({ resourceType, status }: CommonElements): boolean {
  if (resourceType === 'DiagnosticReport')
    return status === 'registered' || status === 'partial' || status === 'preliminary';
  return resourceType === 'Observation' && (status === 'registered' || status === 'preliminary');
}

export function noteTexts(notes: readonly Annotation[] | undefined): readonly string[] {
  return (notes ?? []).map((note) => note.text).filter((text) => text.trim() !== '');
}

/** Whether the entry was withdrawn as a mistake; why, by whom and when where that is said. */
export function enteredInErrorOf(resource: AnyResource): Mistake | null {
  const common = resource as CommonElements;
  const isError =
    common.status === 'entered-in-error' ||
    common.verificationStatus?.coding?.some((coding) => coding.code === 'entered-in-error') === true;
  if (!isError) return null;
  const reason = extensionOf(common, EXTENSION.enteredInErrorReason)?.valueString;
  const marked = extensionOf(common, EXTENSION.enteredInErrorBy)?.extension;
  const by = marked?.find(({ url }) => url === 'author')?.valueString;
  const when = marked?.find(({ url }) => url === 'when')?.valueDateTime;
  return {
    reason: reason ?? null,
    ...(by !== undefined && { by }),
    ...(when !== undefined && { when }),
  };
}

/** The system that an entry was imported from; `null` for our own. Outside data is visibly marked. */
export function originOf(resource: AnyResource): string | null {
  const source = resource.meta?.source;
  if (source === undefined) return null;
  const [system = ''] = source.split('#');
  return system === '' ? null : system;
}

function sensitiveWords(resource: AnyResource): readonly string[] {
  return (resource.meta?.security ?? []).map((coding) => coding.display ?? coding.code ?? 'Marked sensitive');
}

/** A type that we have no words for: its type's name and whatever plain elements it has. */
function unknownWords(resource: AnyResource): TypeWords {
  const record = resource as unknown as Readonly<Record<string, unknown>>;
  const concept = isConcept(record['code'])
    ? record['code']
    : isConcept(record['type'])
      ? record['type']
      : undefined;
  const named = ['title', 'description', 'name', 'text']
    .map((key) => record[key])
    .find((value): value is string => typeof value === 'string');
  const text = conceptText(concept) ?? named;
  const details: Detail[] = Object.entries(record)
    .filter(
      ([key, value]) =>
        key !== 'resourceType' && key !== 'id' && (typeof value === 'string' || typeof value === 'number'),
    )
    .map(([key, value]) => ({ label: key, value: String(value) }));
  const when = ['date', 'recordedDate', 'authoredOn', 'effectiveDateTime', 'issued', 'created', 'recorded']
    .map((key) => record[key])
    .find((value): value is string => typeof value === 'string');
  const author = ['author', 'recorder', 'performer', 'requester', 'sender']
    .map((key) => record[key])
    .find(isReference);
  return {
    category: resource.resourceType,
    text: text ?? `An entry of the type ${resource.resourceType}`,
    details,
    ...(concept && { concept }),
    ...(when !== undefined && { when }),
    ...(author && { author }),
  };
}

function isConcept(value: unknown): value is CodeableConcept {
  return typeof value === 'object' && value !== null && ('coding' in value || 'text' in value);
}

function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && 'reference' in value;
}
