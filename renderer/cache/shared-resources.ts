import { overlay, type CachedResource } from '../../domain/record/overlay.ts';
import type { OpenBag } from './main-requests.ts';
import type { PendingStore } from './pending-store.ts';
import type { ResourceAsShown } from './queries.ts';

type Key = CachedResource['key'];

/** What belongs to no patient, with this computer's pending work laid over. */
export function sharedAsShown(
  types: readonly string[],
  { bag, reader }: Pick<OpenBag, 'bag' | 'reader'>,
  pending: Pick<PendingStore, 'shared' | 'textOf'>,
): readonly ResourceAsShown[] {
  const isAsked = (key: string): boolean => types.some((type) => key.startsWith(`${type}/`));
  const texts = bag.logs.shared.entries;
  const cached = [...texts.keys()].filter(isAsked).flatMap((key): readonly CachedResource[] => {
    const resource = reader.sharedResource(key as Key);
    return resource ? [{ key: key as Key, version: Number(resource.meta?.versionId ?? 0), resource }] : [];
  });
  const mine = pending.shared.filter(({ operation }) => isAsked(operation.resource));
  return overlay(cached, mine).flatMap(({ source }) => {
    const isMine = source.pending && source.disputed !== 'theirs';
    const text = isMine ? pending.textOf(source.pending.opId) : texts.get(source.key);
    // Version 0 is none: what came without one.
    const version = source.version === 0 ? null : source.version;
    return text === undefined ? [] : [{ source: { ...source, version }, text }];
  });
}
