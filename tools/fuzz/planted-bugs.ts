/** Known bugs of other systems, put in one at a time, to show that the checks find them (docs/decisions). */
export const plantedBugs = [
  /** The link's "200" is taken for the service's: an operation whose answer was lost counts as applied (L30). */
  'lost-op',
  /** The service forgets that it knows an operation: a resend is applied once more (L9). */
  'duplicate',
  /** A stale base is written over what stands (L18). */
  'silent-overwrite',
  /** A row that committed late is never seen by whoever read past it (M1). */
  'missed-feed-row',
  /** Taking a record out of the cache writes operations that void its entries (M7). */
  'purge-deletes',
  /** A second edit of unsent work names the service's version instead of the first edit. */
  'second-edit-conflicts',
  /** One lane for the whole device: a nurse's stuck work holds the doctor's. */
  'stuck-lane-holds',
  /** Of two edits that meet, the one with the later clock is written over the other, with a rule that says so (M14). */
  'clock-decides',
  /** What the safety rules find where work made apart meets is told to one of the two authors. */
  'safety-told-to-one',
  /** A consultation is taken though entries of another patient were recorded in it. */
  'note-of-another',
  /** What is recorded while a note is open is refused, because its Encounter is not there yet. */
  'note-not-known',
] as const;

export type PlantedBug = (typeof plantedBugs)[number];
