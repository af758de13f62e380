import type { Detail } from './record-view.ts';

/** Words and values that are being written and that nobody has signed, as far as they are kept. */
export interface HandoverDraft {
  readonly kind: 'consultation' | 'observations';
  /** `Home visit`; the name of the set. */
  readonly type: string;
  /** FHIR dateTime. */
  readonly startedAt: string;
  /** When its last words were kept on this computer. */
  readonly changedAt: string;
  /** Marked as sensitive by its author. */
  readonly sensitive: boolean;
  /** What it is about, who was there, how it came about. */
  readonly circumstances: readonly string[];
  /** In the order in which they were used. */
  readonly headings: readonly { readonly title: string; readonly lines: readonly string[] }[];
  /** Each value that signing would write, with its unit. */
  readonly observations: readonly Detail[];
  /** What stands in a box and could not be saved as it stands. */
  readonly open: readonly string[];
  /** It cannot be read here: only that it is there is known. */
  readonly unreadable?: boolean;
}

export interface DraftsOnPaper {
  /** Of today, oldest first. */
  readonly items: readonly HandoverDraft[];
  /** Marked as sensitive and left out. */
  readonly leftOut: number;
  /** When the others were begun: older, unsigned, and not on the paper. */
  readonly older: readonly string[];
}

/** @param isNow whether a time belongs to what is handed over */
export function draftsOnPaper(
  drafts: readonly HandoverDraft[],
  isNow: (when: string | null) => boolean,
  withSensitive: boolean,
): DraftsOnPaper {
  const ofNow = drafts
    .filter((draft) => isNow(draft.changedAt) || isNow(draft.startedAt))
    .toSorted((left, right) => (left.startedAt < right.startedAt ? -1 : 1));
  const items = ofNow.filter(({ sensitive }) => withSensitive || !sensitive);
  return {
    items: items.filter(isWritten),
    leftOut: ofNow.length - items.length,
    older: drafts.filter((draft) => !ofNow.includes(draft)).map(({ startedAt }) => startedAt),
  };
}

/** A pane that was opened and left empty is no consultation. */
function isWritten({ headings, observations, open, circumstances, unreadable }: HandoverDraft): boolean {
  return (
    unreadable === true || headings.length + observations.length + open.length + circumstances.length > 0
  );
}
