/**
 * What the user sees is always the cached record with this device's pending work laid over (sync.md, Pull: overlay
 * is computed, never flagged; sync-bugs L22, L23).
 */
import type { Extension } from '@medplum/fhirtypes';
import type { ResourceKey } from '../identifiers.ts';
import type { Operation } from '../sync/operation.ts';
import { conflictClassOf } from '../sync/resource-class.ts';
import { guardsOf } from './guard.ts';
import type { ItemSource, PendingMark } from './record-view.ts';

/** A resource parsed for reading; elements are looked at with the types of @medplum/fhirtypes. */
export interface AnyResource {
  readonly resourceType: string;
  readonly id?: string;
  readonly extension?: readonly Extension[];
  readonly meta?: {
    readonly versionId?: string;
    readonly lastUpdated?: string;
    readonly source?: string;
    readonly tag?: readonly { readonly system?: string; readonly code?: string; readonly display?: string }[];
    readonly security?: readonly {
      readonly system?: string;
      readonly code?: string;
      readonly display?: string;
    }[];
  };
}

/** A resource as the service sent it. */
export interface CachedResource {
  readonly key: ResourceKey;
  readonly version: number;
  readonly resource: AnyResource;
}

/** Unsent or just sent work, with `after` parsed. */
export interface PendingChange {
  readonly operation: Pick<Operation, 'opId' | 'resource' | 'author' | 'recordedAt' | 'deviceSeq' | 'kind'>;
  readonly after: AnyResource | null;
  readonly state: PendingMark['state'];
  /** The version that it became, where known. */
  readonly resultVersion?: number;
}

/** A resource as it stands on screen. Of a disputed one both versions stand, each its own. */
export interface ShownResource {
  readonly source: ItemSource;
  readonly resource: AnyResource;
}

/** Work whose resulting version is unknown or higher than the cached one. */
function isPending(change: PendingChange, cached: CachedResource | undefined): boolean {
  return (
    change.after !== null &&
    (change.resultVersion === undefined || change.resultVersion > (cached?.version ?? 0))
  );
}

/**
 * Lays pending work over cached resources, in the order of the device.
 *
 * - Waiting or applied: the author's version stands.
 * - Rejected: the author's version stands too, marked; it is nowhere else.
 * - Conflict on a list that people's safety hangs on (allergies, conditions, flags, medication) or on an entry: both
 *   stand, marked as disputed, until a person has resolved it: an allergy in either version is shown.
 * - Conflict on what there is only one of (demographics, bookings, tasks): the service's version stands, marked.
 */
export function overlay(
  cached: readonly CachedResource[],
  pending: readonly PendingChange[],
): readonly ShownResource[] {
  const byKey = new Map(cached.map((item) => [item.key, item]));
  const changes = new Map<ResourceKey, PendingChange[]>();
  for (const change of pending.toSorted(
    (left, right) => left.operation.deviceSeq - right.operation.deviceSeq,
  )) {
    const key = change.operation.resource;
    if (!isPending(change, byKey.get(key))) continue;
    const sofar = changes.get(key);
    if (sofar) sofar.push(change);
    else changes.set(key, [change]);
  }
  const shown: ShownResource[] = [];
  for (const item of cached) shown.push(...standing(item, changes.get(item.key)));
  for (const [key, made] of changes) {
    if (!byKey.has(key)) shown.push(...standing({ key, version: null, resource: null }, made));
  }
  const guardOf = guardsOf(shown.map(({ resource }) => resource));
  return shown.map((item) => {
    const guarded = guardOf(item.resource);
    return guarded === null ? item : { ...item, source: { ...item.source, guarded } };
  });
}

function standing(
  item: { readonly key: ResourceKey; readonly version: number | null; readonly resource: AnyResource | null },
  changes: readonly PendingChange[] | undefined,
): readonly ShownResource[] {
  const { key, version, resource } = item;
  const last = changes?.at(-1);
  if (changes === undefined || last?.after == null) {
    return resource === null ? [] : [{ source: { key, version }, resource }];
  }
  // Work on top of a conflicted change conflicts as well (sync.md, Operation: `prevOpId`).
  const conflicted = changes.some((change) => change.state === 'conflict');
  const pending = markOf(last, conflicted);
  const mine: ShownResource = { source: { key, version, pending }, resource: last.after };
  if (!conflicted || resource === null) return [mine];
  const onlyOne = isSingle(last.after.resourceType);
  if (onlyOne) return [{ source: { key, version, pending, disputed: 'theirs' }, resource }];
  return [
    { source: { key, version, disputed: 'theirs' }, resource },
    { source: { key, version, pending, disputed: 'mine' }, resource: last.after },
  ];
}

function isSingle(resourceType: string): boolean {
  const conflictClass = conflictClassOf(resourceType);
  return conflictClass === 'demographics' || conflictClass === 'workflow';
}

function markOf(change: PendingChange, conflicted: boolean): PendingMark {
  const { opId, author, recordedAt } = change.operation;
  return {
    state: conflicted ? 'conflict' : change.state,
    opId,
    author: author.name,
    role: author.role,
    recordedAt: recordedAt.wallClock,
  };
}
