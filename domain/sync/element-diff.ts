import { canonicalJson, sameJson } from './canonical-json.ts';
import type { ElementChange } from './operation.ts';

/**
 * Differences and three-way merges of JSON resources by element identity, never by array index
 * (sync-bugs L1: an index edits the wrong telephone number once a colleague changed the array).
 *
 * An element of an array is known by its `id`; else by what names it (a coding's system and code, a telecom's
 * system and value, a name's or address's use, an identifier's system and value, an extension's url, a
 * reference); else, or where that name is not unique, by its whole content. Arrays of plain values (given names,
 * address lines) have no identity and count as one value.
 */
type JsonObject = Readonly<Record<string, unknown>>;

/** Assigned by the service, so never a difference that an author made. */
const serviceMeta = new Set(['versionId', 'lastUpdated']);

export type ElementMerge =
  | { readonly ok: true; readonly merged: unknown }
  /** Paths of the elements that both changed, differently. */
  | { readonly ok: false; readonly paths: readonly string[] };

/** What changed from `before` to `after`, one entry for each element at the deepest level that has identity. */
export function elementDiff(before: unknown, after: unknown): readonly ElementChange[] {
  const changes: ElementChange[] = [];
  collectChanges('', withoutServiceMeta(before), withoutServiceMeta(after), changes);
  return changes;
}

/**
 * Lays the changes `base → mine` over `theirs`. Fails, naming the elements, where both sides changed the same
 * element differently, one removed what the other changed, or both replaced the same element.
 */
export function threeWayMerge(base: unknown, theirs: unknown, mine: unknown): ElementMerge {
  const paths: string[] = [];
  const merged = mergeValue(
    '',
    withoutServiceMeta(base),
    withoutServiceMeta(theirs),
    withoutServiceMeta(mine),
    paths,
  );
  return paths.length > 0 ? { ok: false, paths } : { ok: true, merged };
}

/**
 * The same where a person has chosen `mine`: its changes are laid over `theirs`, and where both changed the same
 * element, or replaced it by different ones, mine stands.
 */
export function mineOver(base: unknown, theirs: unknown, mine: unknown): unknown {
  return mergeValue('', withoutServiceMeta(base), withoutServiceMeta(theirs), withoutServiceMeta(mine), null);
}

/** The resource without what only the service writes (`meta.versionId`, `meta.lastUpdated`). */
export function withoutServiceMeta(value: unknown): unknown {
  if (!isObject(value) || !isObject(value['meta'])) return value;
  const meta = Object.fromEntries(Object.entries(value['meta']).filter(([key]) => !serviceMeta.has(key)));
  const rest = Object.entries(value).filter(([key]) => key !== 'meta');
  return Object.fromEntries(Object.keys(meta).length === 0 ? rest : [...rest, ['meta', meta]]);
}

function collectChanges(path: string, before: unknown, after: unknown, changes: ElementChange[]): void {
  if (sameJson(before, after)) return;
  if (isObject(before) && isObject(after)) {
    for (const key of unionOfKeys(before, after)) {
      collectChanges(join(path, key), before[key], after[key], changes);
    }
    return;
  }
  if (isIdentifiable(before) && isIdentifiable(after)) {
    const [left, right] = keyed([before, after]) as [Keyed, Keyed];
    for (const identity of new Set([...left.keys(), ...right.keys()])) {
      collectChanges(`${path}[${identity}]`, left.get(identity), right.get(identity), changes);
    }
    if (orderChanged(left, right)) {
      changes.push({ path: `${path}[order]`, before: [...left.keys()], after: [...right.keys()] });
    }
    return;
  }
  changes.push({ path, before, after });
}

/** @param paths takes the elements that clash, and theirs is kept; null where mine wins them */
function mergeValue(
  path: string,
  base: unknown,
  theirs: unknown,
  mine: unknown,
  paths: string[] | null,
): unknown {
  if (sameJson(mine, base)) return theirs;
  if (sameJson(theirs, base) || sameJson(theirs, mine)) return mine;
  if (isObject(theirs) && isObject(mine) && (base === undefined || isObject(base))) {
    const merged: Record<string, unknown> = {};
    for (const key of unionOfKeys(theirs, mine)) {
      const value = mergeValue(join(path, key), base?.[key], theirs[key], mine[key], paths);
      if (value !== undefined) merged[key] = value;
    }
    return merged;
  }
  if (isIdentifiable(theirs) && isIdentifiable(mine) && (base === undefined || isIdentifiable(base))) {
    return mergeArray(path, base ?? [], theirs, mine, paths);
  }
  paths?.push(path);
  return paths === null ? mine : theirs;
}

function mergeArray(
  path: string,
  base: readonly JsonObject[],
  theirs: readonly JsonObject[],
  mine: readonly JsonObject[],
  paths: string[] | null,
): unknown {
  const [was, their, our] = keyed([base, theirs, mine]) as [Keyed, Keyed, Keyed];
  const before = paths?.length ?? 0;

  // Both took the same element away: the same wish if nothing came in its place, two rival replacements otherwise.
  const bothRemoved = [...was.keys()].filter((identity) => !their.has(identity) && !our.has(identity));
  const added = (side: Keyed): readonly string[] => [...side.keys()].filter((key) => !was.has(key)).sort();
  if (bothRemoved.length > 0 && !sameJson(added(their), added(our))) {
    paths?.push(...bothRemoved.map((identity) => `${path}[${identity}]`));
  }
  if (orderChanged(was, our) && orderChanged(was, their)) paths?.push(`${path}[order]`);
  const rivals = paths === null ? rivalsOf(bothRemoved, was, their, added(our).length > 0) : new Set();

  const sequence = orderChanged(was, our)
    ? [...our.keys(), ...[...their.keys()].filter((identity) => !our.has(identity))]
    : [...their.keys(), ...[...our.keys()].filter((identity) => !their.has(identity))];
  const merged: unknown[] = [];
  for (const identity of sequence) {
    if (rivals.has(identity)) continue;
    const element = mergeValue(
      `${path}[${identity}]`,
      was.get(identity),
      their.get(identity),
      our.get(identity),
      paths,
    );
    if (element !== undefined) merged.push(element);
  }
  if (paths !== null && paths.length > before) return theirs;
  return merged.length === 0 ? undefined : merged;
}

/**
 * What they put in the place of elements that mine replaced too: of the same kind (a mobile number, a home address),
 * one for each. What else they added is theirs to add.
 */
function rivalsOf(
  bothRemoved: readonly string[],
  was: Keyed,
  their: Keyed,
  isReplaced: boolean,
): ReadonlySet<string> {
  const rivals = new Set<string>();
  if (!isReplaced) return rivals;
  for (const removed of bothRemoved) {
    const kind = kindOf(was.get(removed));
    for (const [identity, element] of their) {
      if (was.has(identity) || rivals.has(identity) || kindOf(element) !== kind) continue;
      rivals.add(identity);
      break;
    }
  }
  return rivals;
}

function kindOf(element: JsonObject | undefined): string {
  return canonicalJson([element?.['system'] ?? null, element?.['use'] ?? null, element?.['type'] ?? null]);
}

type Keyed = ReadonlyMap<string, JsonObject>;

/** The elements of several versions of one array, each under an identity that means the same in all of them. */
function keyed(versions: readonly (readonly JsonObject[])[]): readonly Keyed[] {
  const ambiguous = new Set<string>();
  for (const version of versions) {
    const seen = new Set<string>();
    for (const element of version) {
      const name = nameOf(element);
      if (name !== null && seen.has(name)) ambiguous.add(name);
      if (name !== null) seen.add(name);
    }
  }
  return versions.map((version) => {
    const elements = new Map<string, JsonObject>();
    const copies = new Map<string, number>();
    for (const element of version) {
      const name = nameOf(element);
      const identity = name !== null && !ambiguous.has(name) ? name : `=${canonicalJson(element)}`;
      const copy = (copies.get(identity) ?? 0) + 1;
      copies.set(identity, copy);
      // Only elements equal in every word reach a second copy; which of them is which makes no difference.
      elements.set(copy === 1 ? identity : `${identity}~${copy}`, element);
    }
    return elements;
  });
}

function nameOf(element: JsonObject): string | null {
  const part = (key: string): string => (typeof element[key] === 'string' ? element[key] : '');
  if (part('id') !== '') return `#${part('id')}`;
  if (part('url') !== '') return part('url');
  if (part('reference') !== '') return part('reference');
  if (part('code') !== '') return `${part('system')}|${part('code')}`;
  if (part('value') !== '') return `${part('system')}|${part('value')}`;
  if (part('use') !== '') return `use:${part('use')}`;
  return null;
}

/** Whether the elements that both hold stand in another order. */
function orderChanged(before: Keyed, after: Keyed): boolean {
  const left = [...before.keys()].filter((identity) => after.has(identity));
  const right = [...after.keys()].filter((identity) => before.has(identity));
  return left.some((identity, index) => identity !== right[index]);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('rawJSON' in value);
}

function isIdentifiable(value: unknown): value is readonly JsonObject[] {
  return Array.isArray(value) && value.every(isObject);
}

function unionOfKeys(left: JsonObject, right: JsonObject): readonly string[] {
  return [...new Set([...Object.keys(left), ...Object.keys(right)])];
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
