/**
 * The journal: every entry in time, consultations with their topics, headings and entries in the order in which they
 * were entered (hazard 28). What belongs to no consultation stands by itself; nothing is left out but what is not an
 * entry of the record: the patient, the people and places, bookings and tasks (which have their own lists), the audit.
 */
import type { Composition, Encounter } from '@medplum/fhirtypes';
import { placeInSet } from '../clinical/observation-place.ts';
import { conceptText } from '../fhir/codeable-concept.ts';
import { sortKeyOf } from '../fhir/partial-date.ts';
import { readCompanions } from './companion.ts';
import { templatesUsed } from './template-used.ts';
import { enteredInErrorOf, entryView, originOf } from './entry-view.ts';
import { headingsOf, headingWith, topicsOf } from './journal-headings.ts';
import { placedIn, placeParts } from './journal-outline.ts';
import { nameOfReference } from './people-words.ts';
import { keyOf, type RecordContents, type Shown } from './record-contents.ts';
import { extensionOf, EXTENSION, extensionsOf } from './record-extensions.ts';
import type { ShownResource } from './overlay.ts';
import type {
  Detail,
  EntryView,
  JournalAddendum,
  JournalConsultation,
  JournalItem,
  JournalLine,
  JournalTopic,
} from './record-view.ts';

const NOT_ENTRIES: ReadonlySet<string> = new Set([
  'Patient',
  'RelatedPerson',
  'Composition',
  'Appointment',
  'Task',
  'Provenance',
  'AuditEvent',
  'List',
  'Specimen',
]);

const STATUS: Readonly<Record<string, JournalConsultation['status']>> = {
  final: 'signed',
  amended: 'amended',
  preliminary: 'draft',
  'entered-in-error': 'entered-in-error',
};

/** Where everything stands, before any of it is put into words: words are what a long journal costs. */
interface Outline {
  readonly consultations: readonly Outlined[];
  /** What stands in no consultation. */
  readonly entries: readonly ShownResource[];
}

interface Outlined {
  readonly when: string | null | undefined;
  readonly key: string;
  readonly make: () => JournalConsultation;
}

export function journal(contents: RecordContents): readonly JournalItem[] {
  const { consultations, entries } = outlineOf(contents);
  const items: readonly JournalItem[] = [
    ...consultations.map(({ make }) => make()),
    ...entries.map((item): JournalItem => {
      const entry = entryView(item, contents);
      return { kind: 'entry', when: entry.when, entry };
    }),
  ];
  const places = new Map(entries.map(({ source, resource }) => [source.key as string, placeInSet(resource)]));
  return newestFirst(
    items.map((item) => {
      const key = keyOfItem(item);
      return { item, when: item.when, key, place: places.get(key) };
    }),
  ).map(({ item }) => item);
}

/** The newest consultations of the journal; no others are put into words. */
export function newestConsultations(contents: RecordContents, count: number): readonly JournalConsultation[] {
  return newestFirst(outlineOf(contents).consultations)
    .slice(0, count)
    .map(({ make }) => make());
}

/** What was entered together shares its time and stays in the order in which it was entered. */
function newestFirst<
  Placed extends {
    readonly when: string | null | undefined;
    readonly key: string;
    readonly place?: number | undefined;
  },
>(placed: readonly Placed[]): readonly Placed[] {
  return placed
    .map((one) => ({ one, moment: sortKeyOf(one.when ?? undefined), place: one.place ?? Infinity }))
    .sort(
      (left, right) =>
        right.moment - left.moment ||
        comparePlaces(left.place, right.place) ||
        (left.one.key < right.one.key ? -1 : 1),
    )
    .map(({ one }) => one);
}

/** Both may be infinite: their difference is then no number. */
function comparePlaces(left: number, right: number): number {
  return left === right ? 0 : left - right;
}

function outlineOf(contents: RecordContents): Outline {
  const view = (item: ShownResource): EntryView => entryView(item, contents);
  const placed = placedIn(contents);
  const addenda = addendaByTarget(contents, view);
  const compositions = contents
    .ofType('Composition')
    .filter((composition) => appendedTo(composition.resource) === null)
    .map((composition) => ({ composition, encounter: encounterOf(composition.resource, contents) }));
  for (const { encounter } of compositions) if (encounter) placed.add(encounter.source.key);

  placeParts(contents, placed);
  const entries: ShownResource[] = [];
  const loose = new Map<string, ShownResource[]>();
  for (const item of contents.all) {
    if (placed.has(item.source.key) || NOT_ENTRIES.has(item.resource.resourceType)) continue;
    if (item.resource.resourceType === 'Encounter') continue;
    const key = encounterKeyOf(item);
    const encounter = key === null ? undefined : contents.byKey(key);
    if (key === null || encounter?.resource.resourceType !== 'Encounter') {
      entries.push(item);
      continue;
    }
    const together = loose.get(key);
    if (together) together.push(item);
    else loose.set(key, [item]);
  }

  for (const together of loose.values())
    together.sort((left, right) => comparePlaces(placeInSet(left.resource), placeInSet(right.resource)));
  const held = new Set<string>();
  const consultations = compositions.map(({ composition, encounter }): Outlined => {
    const key = encounter?.source.key;
    // Recorded in this consultation, but under none of its headings: in the first that the encounter has.
    const unfiledHere = key === undefined || held.has(key) ? [] : (loose.get(key) ?? []);
    if (key !== undefined) held.add(key);
    return {
      when: whenOf(composition.resource, encounter?.resource),
      key: composition.source.key,
      make: () => {
        const made = consultationOf(composition, encounter, contents, view, addenda);
        if (unfiledHere.length === 0) return made;
        return { ...made, topics: [...made.topics, unfiled(unfiledHere.map(view))] };
      },
    };
  });
  // Addenda whose consultation is not in this copy must not vanish with it.
  for (const [target, lost] of addenda.lost) {
    for (const addendum of lost) {
      const { when, source } = addendum;
      consultations.push({ when, key: source.key, make: () => orphan(target, addendum) });
    }
  }
  for (const encounter of contents.ofType('Encounter')) {
    const { key } = encounter.source;
    if (held.has(key)) continue;
    consultations.push({
      when: encounter.resource.period?.start,
      key,
      make: () => encounterAlone(encounter, (loose.get(key) ?? []).map(view), contents),
    });
  }
  return { consultations, entries };
}

function whenOf(composition: Composition, encounter: Encounter | undefined): string {
  return encounter?.period?.start ?? composition.date;
}

function keyOfItem(item: JournalItem): string {
  return item.kind === 'entry' ? item.entry.source.key : item.source.key;
}

/** The Encounter that an entry names, as a key. */
export function encounterKeyOf(item: ShownResource): string | null {
  const resource = item.resource as {
    readonly encounter?: { readonly reference?: string };
    readonly context?: {
      readonly reference?: string;
      readonly encounter?: readonly { readonly reference?: string }[];
    };
  };
  return keyOf(
    resource.encounter?.reference ??
      resource.context?.reference ??
      resource.context?.encounter?.[0]?.reference,
  );
}

function encounterOf(composition: Composition, contents: RecordContents): Shown<Encounter> | undefined {
  const shown = contents.shownAt(composition.encounter?.reference);
  return shown?.resource.resourceType === 'Encounter' ? (shown as unknown as Shown<Encounter>) : undefined;
}

interface Addenda {
  readonly byTarget: ReadonlyMap<string, readonly JournalAddendum[]>;
  readonly lost: ReadonlyMap<string, readonly JournalAddendum[]>;
}

/** The composition that this one adds to; `null` for one that stands by itself. */
function appendedTo(composition: Composition): string | null {
  const relation = composition.relatesTo?.find((one) => one.code === 'appends');
  return keyOf(relation?.targetReference?.reference);
}

function addendaByTarget(contents: RecordContents, view: (item: ShownResource) => EntryView): Addenda {
  const byTarget = new Map<string, JournalAddendum[]>();
  for (const item of contents.ofType('Composition')) {
    const target = appendedTo(item.resource);
    if (target === null) continue;
    const headings = (item.resource.section ?? []).flatMap((section) => headingsOf(section, contents, view));
    const addendum: JournalAddendum = {
      source: item.source,
      author: nameOfReference(item.resource.author[0], contents, item.resource),
      when: item.resource.date,
      text: headings.flatMap((heading) => heading.text),
      entries: headings.flatMap((heading) => heading.entries),
      enteredInError: enteredInErrorOf(item.resource),
    };
    const others = byTarget.get(target);
    if (others) others.push(addendum);
    else byTarget.set(target, [addendum]);
  }
  for (const list of byTarget.values()) {
    list.sort((left, right) => sortKeyOf(left.when ?? undefined) - sortKeyOf(right.when ?? undefined));
  }
  return {
    byTarget,
    lost: new Map([...byTarget].filter(([target]) => contents.byKey(target) === undefined)),
  };
}

function consultationOf(
  item: Shown<Composition>,
  encounter: Shown<Encounter> | undefined,
  contents: RecordContents,
  view: (item: ShownResource) => EntryView,
  addenda: Addenda,
): JournalConsultation {
  const composition = item.resource;
  const staff = staffOf(encounter?.resource, contents);
  const authors = composition.author
    .map((author) => nameOfReference(author, contents, composition))
    .filter((name) => name !== null);
  return {
    kind: 'consultation',
    source: item.source,
    encounter: encounter?.source ?? null,
    type: conceptText(encounter?.resource.type?.[0]) ?? composition.title,
    when: whenOf(composition, encounter?.resource),
    end: encounter?.resource.period?.end ?? null,
    recorded: composition.date,
    staff: staff.length > 0 ? staff : authors.map((name) => ({ name, role: null })),
    circumstances: circumstancesOf(composition),
    organisation: nameOfReference(
      encounter?.resource.serviceProvider ?? composition.custodian,
      contents,
      encounter?.resource,
    ),
    location: nameOfReference(encounter?.resource.location?.[0]?.location, contents, encounter?.resource),
    status: STATUS[composition.status] ?? 'unknown',
    enteredInError:
      enteredInErrorOf(composition) ?? (encounter ? enteredInErrorOf(encounter.resource) : null),
    topics: topicsOf(composition.section ?? [], contents, view),
    addenda: addenda.byTarget.get(item.source.key) ?? [],
    origin: originOf(composition),
    sensitive: (composition.meta?.security ?? []).map((coding) => coding.display ?? coding.code ?? ''),
  };
}

/** Each person once, with all that they did. */
function staffOf(encounter: Encounter | undefined, contents: RecordContents): JournalConsultation['staff'] {
  const roles = new Map<string, string[]>();
  // Who came along or told the history is no staff: it stands among the circumstances.
  const others = new Set(readCompanions(encounter ?? {}).map(({ id }) => `#${id}`));
  for (const participant of encounter?.participant ?? []) {
    if (others.has(participant.individual?.reference ?? '')) continue;
    const name = nameOfReference(participant.individual, contents, encounter);
    if (name === null) continue;
    const role = participant.type?.map(conceptText).find((text) => text !== null);
    const known = roles.get(name) ?? [];
    roles.set(name, !role || known.includes(role) ? known : [...known, role]);
  }
  return [...roles].map(([name, role]) => ({ name, role: role.length > 0 ? role.join(', ') : null }));
}

const CIRCUMSTANCE_WORDS: Readonly<Record<string, string>> = {
  chaperone: 'Chaperone',
  consent: 'Consent',
  capacity: 'Capacity',
  present: 'Also present',
  interpreter: 'Interpreter',
};

function circumstancesOf(composition: Composition): readonly Detail[] {
  const how = extensionOf(composition, EXTENSION.recordedHow)?.valueCode;
  return [
    ...(how === undefined
      ? []
      : [{ label: 'Recorded', value: how === 'from-paper' ? 'From paper' : 'Late entry' }]),
    ...extensionsOf(composition, EXTENSION.circumstance).map((extension) => {
      const part = (url: string): string =>
        extension.extension?.find((one) => one.url === url)?.valueCode ??
        extension.extension?.find((one) => one.url === url)?.valueString ??
        '';
      return { label: CIRCUMSTANCE_WORDS[part('kind')] ?? part('kind'), value: part('text') };
    }),
    ...templatesUsed(composition).map(({ label, version }) => ({
      label: 'Template',
      value: `${label}, version ${version}`,
    })),
  ];
}

function encounterAlone(
  encounter: Shown<Encounter>,
  entries: readonly EntryView[],
  contents: RecordContents,
): JournalConsultation {
  const { resource } = encounter;
  return {
    kind: 'consultation',
    source: encounter.source,
    encounter: encounter.source,
    type: conceptText(resource.type?.[0]) ?? resource.class.display ?? 'Encounter',
    when: resource.period?.start ?? null,
    end: resource.period?.end ?? null,
    recorded: null,
    staff: staffOf(resource, contents),
    circumstances: [],
    organisation: nameOfReference(resource.serviceProvider, contents, resource),
    location: nameOfReference(resource.location?.[0]?.location, contents, resource),
    status: resource.status === 'entered-in-error' ? 'entered-in-error' : 'unknown',
    enteredInError: enteredInErrorOf(resource),
    topics: entries.length > 0 ? [unfiled(entries)] : [],
    addenda: [],
    origin: originOf(resource),
    sensitive: [],
  };
}

function unfiled(entries: readonly EntryView[]): JournalTopic {
  const lines = entries.map((entry): JournalLine => ({ kind: 'entry', entry }));
  return { title: '', problem: null, guarded: false, headings: [headingWith('', lines)] };
}

function orphan(target: string, addendum: JournalAddendum): JournalConsultation {
  return {
    kind: 'consultation',
    source: addendum.source,
    encounter: null,
    type: `Addendum to a consultation that is not in this copy (${target.split('/')[0] ?? ''})`,
    when: addendum.when,
    end: null,
    recorded: addendum.when,
    staff: addendum.author === null ? [] : [{ name: addendum.author, role: null }],
    circumstances: [],
    organisation: null,
    location: null,
    status: 'signed',
    enteredInError: null,
    topics: [],
    addenda: [addendum],
    origin: null,
    sensitive: [],
  };
}
