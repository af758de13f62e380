import type { ItemSource, MedicationView } from './record-view.ts';

/** A list on paper, with what it does not show. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  /** In the record and not here, because the list ends here. */
  readonly more: number;
  /** Marked as sensitive and left out. */
  readonly leftOut: number;
}

/** Safeguarding never stands on paper; what is sensitive only where a person says so. */
export function mayStand({ guarded }: ItemSource, withSensitive: boolean): boolean {
  return guarded === undefined || (guarded === 'sensitive' && withSensitive);
}

export function isLeftOut({ guarded }: ItemSource, withSensitive: boolean): boolean {
  return guarded === 'sensitive' && !withSensitive;
}

/** @param most the list ends there, and says how many more there are */
export function listed<Item>(
  items: readonly Item[],
  sourceOf: (item: Item) => ItemSource,
  withSensitive: boolean,
  most = Infinity,
): Listed<Item> {
  const standing = items.filter((item) => mayStand(sourceOf(item), withSensitive));
  return {
    items: standing.slice(0, most),
    more: Math.max(0, standing.length - most),
    leftOut: items.filter((item) => isLeftOut(sourceOf(item), withSensitive)).length,
  };
}

/** So far it stands, as it is shown, on this computer alone. */
export function isUnsent({ pending }: ItemSource): boolean {
  return pending?.state === 'waiting' || pending?.state === 'rejected';
}

/** The mark on the line of what others do not have; `null` where they do. */
export function unsentMark(source: ItemSource): string | null {
  const { pending, version } = source;
  switch (pending?.state) {
    case 'waiting':
      return version === null ? 'not sent' : 'change not sent';
    case 'rejected':
      return 'refused by the record service, not sent';
    case 'conflict':
      return 'changed in two places, not yet decided';
    case 'applied':
    case undefined:
      return null;
  }
}

/** A medicine stands for several resources: its line is unsent as soon as one of them is. */
export function lineSource({ source, parts }: Pick<MedicationView, 'source' | 'parts'>): ItemSource {
  return parts.find(isUnsent) ?? source;
}
