/**
 * Everything that the desktop writes to a disk: what it holds and when it is cleared. A new file, table or key
 * stands here before it is written. Paths are relative to the profile folder; `{bag}` is a random folder name.
 */
export type ClearedAt =
  /** With the screen's lock. */
  | 'lock'
  /** When the person signs out. */
  | 'sign-out'
  /** When the practice orders this computer wiped, after a durable receipt for everything unsent. */
  | 'wipe'
  /** By itself, as described in `holds`. */
  | 'itself'
  | 'never';

export interface StoredThing {
  readonly name: string;
  readonly holds: string;
  /** `sealed`: encrypted by the vault's keys. `clear`: readable, and free of patient data. */
  readonly form: 'sealed' | 'clear';
  readonly clearedAt: ClearedAt;
}

export const storageRegister: readonly StoredThing[] = [
  {
    name: 'profile.json',
    holds: 'format of the profile and the build that wrote it last: an older build refuses to start',
    form: 'clear',
    clearedAt: 'never',
  },
  {
    name: 'bags.json',
    holds: 'address of the record service, folder names of the bags',
    form: 'clear',
    clearedAt: 'never',
  },
  {
    name: 'bags/{bag}/vault.json',
    holds:
      'organisation, its service and policy, device id, names and roles of enrolled staff, leases (clear); rings, private keys, PIN keys, signing keys, refresh tokens and key backups (sealed)',
    form: 'sealed',
    clearedAt: 'wipe',
  },
  {
    name: 'bags.json.new',
    holds: 'the next bags.json while it is written; renamed over the old one',
    form: 'clear',
    clearedAt: 'itself',
  },
  {
    name: 'bags/{bag}/vault.json.new',
    holds: 'the next vault.json while it is written; renamed over the old one',
    form: 'sealed',
    clearedAt: 'itself',
  },
  {
    name: 'bags/{bag}/journal/*.segment',
    holds: 'operations, outcomes, drafts and notes; let go of 30 days after they are settled and backed up',
    form: 'sealed',
    clearedAt: 'wipe',
  },
  {
    name: 'bags/{bag}/journal/*.compacting',
    holds: 'an unfinished copy of journal entries; deleted at the next start',
    form: 'sealed',
    clearedAt: 'itself',
  },
  {
    name: 'bags/{bag}/journal/*.aside',
    holds: 'bytes behind the last whole batch, after a crash; kept for support',
    form: 'sealed',
    clearedAt: 'wipe',
  },
  {
    name: 'bags/{bag}/journal/*.damaged',
    holds: 'a segment with damage, kept as it was',
    form: 'sealed',
    clearedAt: 'wipe',
  },
  {
    name: 'bags/{bag}/journal/reserve',
    holds: '16 MB of random bytes, freed when the disk is full',
    form: 'clear',
    clearedAt: 'itself',
  },
  {
    name: 'bags/{bag}/audit/*.segment',
    holds: 'reads, searches, prints, unlocks until the service has them',
    form: 'sealed',
    clearedAt: 'itself',
  },
  {
    name: 'settings.json',
    holds: "the window's look and the inactivity lock",
    form: 'clear',
    clearedAt: 'never',
  },
  {
    name: 'logs/*',
    holds: 'codes, counts and durations',
    form: 'clear',
    clearedAt: 'itself',
  },
  {
    name: 'IndexedDB bag-{opaque}',
    holds:
      'directory, lists and cursor that the service sent, and which pack lies where; rebuilt from there at any time. Also ids of patients opened last and of those that each person picked for a round: gone when it is rebuilt. Deleted when the last bag is wiped; before that its key is gone',
    form: 'sealed',
    clearedAt: 'wipe',
  },
  {
    name: 'File System: bag-{opaque}.{generation}.packs/{random}',
    holds: 'packs that the service sent, fetched again from there at any time. Deleted as the store is',
    form: 'sealed',
    clearedAt: 'wipe',
  },
  {
    name: 'File System: bag-{opaque}.{generation}.keys',
    holds:
      "random salts without which the bag's key opens no pack; overwritten when somebody leaves the scope",
    form: 'clear',
    clearedAt: 'itself',
  },
  {
    name: 'a file that the person chose (export of unsent work)',
    holds: 'unsent operations and open drafts, with rings wrapped to their holders',
    form: 'sealed',
    clearedAt: 'never',
  },
];
