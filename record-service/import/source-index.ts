import { canonicalJson, contentDigest, importedId } from './identity.ts';
import { arrayOf, firstCode, isObject, isResource, objectOf, objectsOf, textOf, without } from './source.ts';
import type { JsonObject, SourceResource } from './source.ts';

/** Who a source entry belongs to. Nothing that is not `patient` or `shared` may enter a record as an entry. */
type Owner =
  | { readonly kind: 'patient'; readonly patient: SourcePatient }
  /** Names no patient, in a file of one patient only. */
  | { readonly kind: 'unnamed'; readonly patient: SourcePatient }
  /** Staff, organisations, places, medicines: of no patient. */
  | { readonly kind: 'shared' }
  | { readonly kind: 'nobody'; readonly reason: string };

export interface SourcePatient {
  /** Names the person among all people of this source system; never only an id that two people might share. */
  readonly key: string;
  readonly nhsNumber: string | undefined;
  readonly id: string;
}

export interface SourceEntry {
  readonly path: string;
  readonly resource: SourceResource;
  readonly type: string;
  readonly sourceId: string | undefined;
  readonly container: SourceEntry | undefined;
  readonly owner: Owner;
  /** R4 id of what it becomes. */
  readonly id: string;
  /** An earlier entry with the same type and id: `equal` content or `different`. */
  readonly repeats: { readonly first: SourceEntry; readonly equal: boolean } | undefined;
}

type Resolved =
  | { readonly kind: 'entry'; readonly entry: SourceEntry }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'missing'; readonly written: string };

export interface SourceIndex {
  readonly entries: readonly SourceEntry[];
  readonly patients: readonly SourcePatient[];
  /** The patient of a file that is of one patient and speaks of no other. */
  readonly onlyPatient: SourcePatient | undefined;
  /** Elements of `Bundle.entry` that hold no resource. */
  readonly empty: readonly string[];
  resolve(reference: string, from: SourceEntry): Resolved;
  /** Whether a logical reference names somebody else than the owner of the entry. */
  namesAnotherPatient(identifier: JsonObject, from: SourceEntry): boolean;
}

const SHARED_TYPES: ReadonlySet<string> = new Set([
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'Location',
  'HealthcareService',
  'Medication',
  'Device',
]);

const NHS_NUMBER_SYSTEM = 'https://fhir.nhs.uk/Id/nhs-number';

interface Found {
  readonly path: string;
  readonly resource: SourceResource;
  readonly fullUrl: string | undefined;
  readonly container: Found | undefined;
}

/** Finds every resource of a bundle, whose it is, and what its id becomes. */
export function indexSource(bundle: JsonObject, organisation: string, sourceSystem: string): SourceIndex {
  const found: Found[] = [];
  const empty: string[] = [];
  arrayOf(bundle['entry']).forEach((element, position) => {
    const path = `entry[${position}]`;
    const resource = objectOf(element)?.['resource'];
    if (!isResource(resource)) {
      empty.push(path);
      return;
    }
    const entry = { path, resource, fullUrl: textOf(objectOf(element)?.['fullUrl']), container: undefined };
    found.push(entry);
    arrayOf(resource['contained']).forEach((inner, innerPosition) => {
      const innerPath = `${path}.contained[${innerPosition}]`;
      if (isResource(inner)) {
        found.push({ path: innerPath, resource: inner, fullUrl: undefined, container: entry });
      } else empty.push(innerPath);
    });
  });

  const byName = new Map<string, Found[]>();
  for (const item of found) {
    for (const name of namesOf(item)) {
      const same = byName.get(name);
      if (same) same.push(item);
      else byName.set(name, [item]);
    }
  }
  const find = (reference: string, from: Found): readonly Found[] => {
    if (reference.startsWith('#')) {
      const holder = from.container ?? from;
      const inner = found.filter(
        (item) => item.container === holder && textOf(item.resource['id']) === reference.slice(1),
      );
      return reference === '#' ? [holder] : inner;
    }
    const whole = byName.get(reference);
    if (whole) return whole;
    const relative = /([A-Z][A-Za-z]+\/[^/]+)(?:\/_history\/[^/]+)?$/.exec(reference)?.[1];
    return relative === undefined ? [] : (byName.get(relative) ?? []);
  };

  const patients = new Map<Found, SourcePatient>();
  for (const item of found) {
    if (item.resource.resourceType === 'Patient') patients.set(item, sourcePatient(item.resource));
  }
  const people = new Map([...patients.values()].map((patient) => [patient.key, patient]));

  const ownerOf = (item: Found): Owner => {
    const { resource } = item;
    if (resource.resourceType === 'Patient') {
      const patient = patients.get(item);
      return patient ? { kind: 'patient', patient } : { kind: 'nobody', reason: 'is no patient' };
    }
    if (SHARED_TYPES.has(resource.resourceType)) return { kind: 'shared' };
    const named = [resource['subject'], resource['patient']].filter((value) => value !== undefined);
    if (named.length === 0) {
      if (item.container) return ownerOf(item.container);
      const only = onlyPerson();
      if (only) return { kind: 'unnamed', patient: only };
      return { kind: 'nobody', reason: 'names no patient, and the file is not of one patient only' };
    }
    const owners = new Set(named.map((reference) => personNamed(reference, item)));
    const [owner] = owners;
    if (owners.size !== 1 || typeof owner !== 'object') {
      return {
        kind: 'nobody',
        reason:
          owners.size > 1
            ? 'names two patients'
            : owner === 'ambiguous'
              ? 'names a patient id that two people in the file share'
              : 'names a patient who is not in the file',
      };
    }
    if (item.container) {
      const outer = ownerOf(item.container);
      if (outer.kind === 'patient' && outer.patient !== owner) {
        return { kind: 'nobody', reason: 'is contained in an entry of another patient' };
      }
    }
    return { kind: 'patient', patient: owner };
  };

  const personNamed = (reference: unknown, item: Found): SourcePatient | 'ambiguous' | 'unknown' => {
    const written = textOf(objectOf(reference)?.['reference']);
    const identifier = objectOf(objectOf(reference)?.['identifier']);
    const number = identifier?.['system'] === NHS_NUMBER_SYSTEM ? textOf(identifier['value']) : undefined;
    const byNumber =
      number === undefined ? undefined : [...people.values()].filter((person) => person.nhsNumber === number);
    if (written === undefined) {
      const [person] = byNumber ?? [];
      return byNumber?.length === 1 && person ? person : 'unknown';
    }
    const keys = new Set(
      find(written, item).map((target) => patients.get(target)?.key ?? `not a patient ${target.path}`),
    );
    if (keys.size > 1) return 'ambiguous';
    const person = people.get([...keys][0] ?? '');
    if (!person) return 'unknown';
    return number !== undefined && person.nhsNumber !== number ? 'ambiguous' : person;
  };

  // A file that holds one Patient but speaks of others has lost some: what names nobody may be theirs.
  let sole: { readonly person: SourcePatient | undefined } | undefined;
  const onlyPerson = (): SourcePatient | undefined => {
    sole ??= {
      person: people.size === 1 && found.every(namesNobodyElse) ? [...people.values()][0] : undefined,
    };
    return sole.person;
  };
  const namesNobodyElse = (item: Found): boolean =>
    SHARED_TYPES.has(item.resource.resourceType) ||
    [item.resource['subject'], item.resource['patient']].every(
      (reference) => reference === undefined || typeof personNamed(reference, item) === 'object',
    );

  // Staff and places belong to no patient; in the patient's place stands a digest of their content and of what they
  // refer to, so that one import never overwrites what another patient's record says, and order never matters.
  const sharedDigest = (item: Found): string => {
    const reached = new Set<Found>();
    const visit = (next: Found): void => {
      if (reached.has(next)) return;
      reached.add(next);
      for (const reference of referencesIn(next.resource)) {
        for (const target of find(reference, next)) {
          if (SHARED_TYPES.has(target.resource.resourceType)) visit(target);
        }
      }
    };
    visit(item);
    return contentDigest([...reached].map(({ resource }) => contentDigest(without(resource, 'meta'))).sort());
  };

  const entries: SourceEntry[] = [];
  const made = new Map<Found, SourceEntry>();
  const byTarget = new Map<string, SourceEntry>();
  const ordinals = new Map<string, number>();
  for (const item of found) {
    const owner = ownerOf(item);
    const type = item.resource.resourceType;
    const own = textOf(item.resource['id']);
    const container = item.container ? made.get(item.container) : undefined;
    const scope =
      owner.kind === 'patient' || owner.kind === 'unnamed'
        ? owner.patient.key
        : owner.kind === 'shared'
          ? `shared ${sharedDigest(item)}`
          : 'nobody';
    let name = own ?? nameWithoutId(item);
    if (container) name = `${container.sourceId ?? container.path}#${name}`;
    if (own === undefined) {
      const ordinal = (ordinals.get(scope + type + name) ?? -1) + 1;
      ordinals.set(scope + type + name, ordinal);
      name = `${name} ${ordinal}`;
    }
    const id = importedId(organisation, sourceSystem, scope, type, name);
    const first = byTarget.get(`${type}/${id}`);
    const entry: SourceEntry = {
      path: item.path,
      resource: item.resource,
      type,
      sourceId: own,
      container,
      owner,
      id,
      repeats: first && {
        first,
        equal: canonicalJson(item.resource) === canonicalJson(first.resource),
      },
    };
    if (!first) byTarget.set(`${type}/${id}`, entry);
    made.set(item, entry);
    entries.push(entry);
  }

  const foundOf = new Map([...made].map(([item, entry]) => [entry, item]));
  return {
    entries,
    patients: [...people.values()],
    onlyPatient: onlyPerson(),
    empty,
    resolve(reference, from) {
      const origin = foundOf.get(from);
      const targets = (origin ? find(reference, origin) : []).flatMap((target) => made.get(target) ?? []);
      const known = targets.filter((target) => target.owner.kind !== 'nobody');
      const within = known.filter((target) => {
        const owner = personOf(target.owner);
        return owner === undefined || owner === personOf(from.owner);
      });
      const [target] = within;
      if (!target) return known.length > 0 ? { kind: 'foreign' } : { kind: 'missing', written: reference };
      // Two different things under one name: a guess could name the wrong person, so the words stay instead.
      if (within.some((other) => other.id !== target.id)) return { kind: 'missing', written: reference };
      return { kind: 'entry', entry: target };
    },
    namesAnotherPatient(identifier, from) {
      if (identifier['system'] !== NHS_NUMBER_SYSTEM) return false;
      const own = from.owner.kind === 'patient' ? from.owner.patient.nhsNumber : undefined;
      return textOf(identifier['value']) !== own;
    },
  };
}

function personOf(owner: Owner): string | undefined {
  return owner.kind === 'patient' || owner.kind === 'unnamed' ? owner.patient.key : undefined;
}

function namesOf({ resource, fullUrl, container }: Found): readonly string[] {
  const id = textOf(resource['id']);
  if (container) return [];
  return [...(id === undefined ? [] : [`${resource.resourceType}/${id}`]), ...(fullUrl ? [fullUrl] : [])];
}

/**
 * A patient is named by id and NHS number together, or, without an NHS number, by id, name and date of birth: a
 * source that gives one id to two people, or one number to two, then makes two records for a person to link, never one.
 */
function sourcePatient(resource: SourceResource): SourcePatient {
  const nhsNumber = objectsOf(resource['identifier'])
    .filter((identifier) => identifier['system'] === NHS_NUMBER_SYSTEM)
    .map((identifier) => textOf(identifier['value'])?.replaceAll(' ', ''))
    .find((value) => value !== undefined);
  const id = textOf(resource['id']) ?? '';
  const name = objectsOf(resource['name'])[0];
  const person =
    nhsNumber === undefined
      ? ['person', resource['birthDate'] ?? null, name?.['family'] ?? null, name?.['given'] ?? null]
      : ['nhs-number', nhsNumber];
  return { key: canonicalJson([id, ...person]), nhsNumber, id };
}

/** Lists often have no id: then what they list names them; anything else is named by its content. */
function nameWithoutId({ resource }: Found): string {
  if (resource.resourceType !== 'List') return `content ${contentDigest(resource)}`;
  return `list ${JSON.stringify([firstCode(resource['code']) ?? '', textOf(resource['title']) ?? ''])}`;
}

function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  const own = textOf(value['reference']);
  return [...(own === undefined ? [] : [own]), ...Object.values(value).flatMap(referencesIn)];
}
