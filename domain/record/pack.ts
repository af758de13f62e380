/**
 * A patient's pack: the text of a JSON array of whole resources, each element kept letter for letter as the service
 * wrote it, so that decimals stay as written and content digests can be worked out again here.
 */
import { resourceKey, type ResourceKey } from '../identifiers.ts';

/** One resource of a pack. */
export interface PackItem {
  readonly key: ResourceKey;
  /** The service's version (`meta.versionId`). */
  readonly version: number;
  /** JSON text as the service wrote it. */
  readonly text: string;
}

/** What the feed says of one resource of a patient. */
export type PackChange =
  | {
      readonly kind: 'upsert';
      readonly position: number;
      readonly key: string;
      readonly version: number;
      readonly resource: string;
    }
  | {
      readonly kind: 'tombstone';
      readonly position: number;
      readonly key: string;
      readonly version: number;
    };

/** A pack that is not what the service promises: it is fetched again, never shown in part as if whole. */
export class PackError extends Error {}

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * The elements of a JSON array as the substrings that they are.
 * @throws PackError where the text is no whole JSON array of objects
 */
export function splitArray(text: string): readonly string[] {
  const elements: string[] = [];
  let depth = 0;
  let start = -1;
  let closed = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      index = endOfString(text, index);
      continue;
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
      if (depth === 2 && start < 0) start = index;
      else if (depth === 1 && (code !== OPEN_BRACKET || closed)) throw new PackError('the pack is no array');
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 1) {
        elements.push(text.slice(start, index + 1));
        start = -1;
      } else if (depth === 0) closed = true;
    } else if (code === COMMA && depth === 0) {
      throw new PackError('the pack is no array');
    }
  }
  if (!closed || depth !== 0) throw new PackError('the pack ends before its time');
  return elements;
}

function endOfString(text: string, opening: number): number {
  let index = opening + 1;
  while (index < text.length) {
    const quote = text.indexOf('"', index);
    if (quote < 0) break;
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote;
    index = quote + 1;
  }
  throw new PackError('the pack ends before its time');
}

/** @throws PackError where an element is no resource with id and version */
export function readPack(text: string): readonly PackItem[] {
  return splitArray(text).map(readPackItem);
}

export function readPackItem(text: string): PackItem {
  let resource: { resourceType?: unknown; id?: unknown; meta?: { versionId?: unknown } };
  try {
    resource = JSON.parse(text) as typeof resource;
  } catch {
    throw new PackError('an element of the pack is no JSON');
  }
  const { resourceType, id } = resource;
  if (typeof resourceType !== 'string' || typeof id !== 'string') {
    throw new PackError('an element of the pack has no type or id');
  }
  return { key: resourceKey(resourceType, id), version: versionOf(resource), text };
}

/** `meta.versionId` as the number that it is with our service; 0 where there is none. */
export function versionOf(resource: { readonly meta?: { readonly versionId?: unknown } }): number {
  const version = Number(resource.meta?.versionId);
  return Number.isInteger(version) && version > 0 ? version : 0;
}

export function writePack(items: readonly PackItem[]): string {
  return `[${items.map((item) => item.text).join(',')}]`;
}

/**
 * Lays feed entries over a pack. An entry at or before the pack's own position is in it already: skipped, or a
 * resource deleted since would rise again. A version that is not higher is skipped (sync.md, Pull 1).
 * @param validAt the position at which the pack was read or to which it has been fed
 */
export function applyToPack(
  items: readonly PackItem[],
  changes: readonly PackChange[],
  validAt: number,
): { readonly items: readonly PackItem[]; readonly changed: boolean } {
  const byKey = new Map<string, PackItem>(items.map((item) => [item.key, item]));
  let changed = false;
  for (const change of changes) {
    if (change.position <= validAt) continue;
    const present = byKey.get(change.key);
    if (present !== undefined && present.version >= change.version) continue;
    if (change.kind === 'tombstone') {
      changed = byKey.delete(change.key) || changed;
    } else {
      byKey.set(change.key, {
        key: change.key as ResourceKey,
        version: change.version,
        text: change.resource,
      });
      changed = true;
    }
  }
  return { items: changed ? [...byKey.values()] : items, changed };
}

/** The lines whose hex sha-256 is the manifest's digest of a patient, from each resource's own content digest. */
export function manifestLines(
  contents: readonly { readonly key: string; readonly version: number; readonly digest: string }[],
): string {
  return contents
    .map(({ key, version, digest }) => `${key}|${version}|${digest}`)
    .sort()
    .join('\n');
}
