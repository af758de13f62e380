/** How packs and feed reach the bag, and where the two meet (sync.md, Pull 3). */
import type { ChangeEntry, Cursor, PackHeader } from '../../contract/record-service.ts';
import type { DirectoryEntry } from '../../domain/record/directory-entry.ts';
import {
  applyToPack,
  manifestLines,
  readPack,
  writePack,
  type PackChange,
  type PackItem,
} from '../../domain/record/pack.ts';
import { isUnreadable, openPack } from './pack-reading.ts';
import { agendaFromItems } from './agenda-index.ts';
import { roundsWithout, type AgendaEntry, type PackEntry } from './bag-state.ts';
import type { BagStore } from './bag-store.ts';
import type { PackRow } from './database.ts';
import { compressText, sha256Hex, type Bytes } from './sealing.ts';

export interface DirectoryDelivery {
  readonly cursor: Cursor;
  readonly organisationName: string;
  readonly entries: readonly DirectoryEntry[];
  readonly booked: readonly { readonly patientId: string; readonly start: string }[];
  readonly shared: readonly string[];
}

/**
 * Starts (or restarts) the feed. Packs that were not fed up to this cursor stay readable, marked as superseded, and
 * are no longer counted as here; those of patients who are not in the directory any more go.
 */
export async function putDirectory(bag: BagStore, delivery: DirectoryDelivery): Promise<readonly string[]> {
  const { cursor, entries } = delivery;
  const before = bag.state.cursor;
  const goesOn = before?.epoch === cursor.epoch && before.position === cursor.position;
  const known = new Set<string>(entries.map((entry) => entry.id));
  const gone = [...bag.logs.packs.entries.keys()].filter((id) => !known.has(id));
  await bag.removePatients(gone, 'left');
  const shared = readPack(`[${delivery.shared.join(',')}]`);
  await bag.write({
    state: {
      ...bag.state,
      cursor,
      run: goesOn ? bag.state.run : bag.state.run + 1,
      organisationName: delivery.organisationName,
      booked: delivery.booked,
    },
    directory: { clear: true, put: entries.map((entry) => [entry.id, entry]) },
    shared: { clear: true, put: shared.map((item) => [item.key, item.text]) },
  });
  return gone;
}

export interface PackDelivery {
  readonly header: PackHeader;
  readonly body: ArrayBuffer;
}

/** Whether a pack is whole here and fed to the cursor. */
export function isCurrent(bag: BagStore, patientId: string): boolean {
  return bag.logs.packs.entries.get(patientId)?.run === bag.state.run;
}

/** A pack made ready for the store; `sealed` is absent where there is nobody. */
export interface PreparedPack {
  readonly header: PackHeader;
  readonly body: Bytes;
  readonly sealed: PackRow | null;
}

/**
 * Checks and seals packs. Needs no turn of its own: while these are sealed, those before may still be written. What
 * came in torn is left out.
 */
export async function preparePacks(
  bag: BagStore,
  packs: readonly PackDelivery[],
): Promise<readonly PreparedPack[]> {
  const whole = await wholeOf(packs);
  const known = bag.logs.packs.entries;
  const unknown = whole.filter(({ header }) => header.absent !== true && !known.has(header.patientId));
  const newRows = await bag.newRows(unknown.length);
  const rowOf = new Map(unknown.map(({ header }, index) => [header.patientId, newRows[index]]));
  return Promise.all(
    whole.map(async ({ header, body }) => {
      const bytes = new Uint8Array(body);
      if (header.absent === true) return { header, body: bytes, sealed: null };
      const before = known.get(header.patientId);
      const row = before?.row ?? rowOf.get(header.patientId);
      if (row === undefined) throw new Error('every new pack was given a row');
      return {
        header,
        body: bytes,
        sealed: await bag.sealPack(row, (before?.revision ?? 0) + 1, bytes),
      };
    }),
  );
}

/** Refuses packs of another epoch and packs older than the cursor, one by one. */
export async function putPacks(
  bag: BagStore,
  epoch: string,
  packs: readonly PreparedPack[],
): Promise<readonly string[]> {
  const { cursor, run } = bag.state;
  const accepted = packs.filter(({ header }) => {
    if (cursor?.epoch !== epoch || header.validAt < cursor.position) return false;
    const present = bag.logs.packs.entries.get(header.patientId);
    return present?.run !== run || header.validAt >= present.validAt;
  });
  const rows: PackRow[] = [];
  const put: [string, PackEntry][] = [];
  for (const { header, body, sealed } of accepted) {
    if (sealed === null) continue;
    const row = await asNext(bag, header.patientId, sealed, body);
    rows.push(row);
    put.push([
      header.patientId,
      {
        row: row.row,
        revision: row.revision,
        run,
        validAt: header.validAt,
        bytes: row.sealed.byteLength,
        resources: header.resources,
        digest: header.digest,
        listed: header.listed ?? null,
      },
    ]);
  }
  await bag.removePatients(
    accepted.filter(({ sealed }) => sealed === null).map(({ header }) => header.patientId),
    'unreadable',
  );
  if (rows.length > 0) {
    await bag.write({
      packs: { put: await stored(bag, rows, put) },
      // Nothing of them is in the lists any more, and nobody will look.
      agenda: {
        remove: put
          .filter(([patientId, { listed }]) => listed === 0 && bag.logs.agenda.entries.has(patientId))
          .map(([patientId]) => patientId),
      },
    });
  }
  return accepted.map(({ header }) => header.patientId);
}

/** The entries with the places where their bodies lie now. */
async function stored(
  bag: BagStore,
  rows: readonly PackRow[],
  entries: readonly (readonly [string, PackEntry])[],
): Promise<readonly (readonly [string, PackEntry])[]> {
  const places = await bag.storeBodies(rows);
  return entries.map(([patientId, entry], index) => {
    const lies = places[index];
    return [patientId, lies === undefined ? entry : { ...entry, lies }];
  });
}

/** The sealed row, or another one where the record moved on while it was sealed. */
async function asNext(bag: BagStore, patientId: string, sealed: PackRow, body: Bytes): Promise<PackRow> {
  const present = bag.logs.packs.entries.get(patientId);
  if (present === undefined) {
    // Removed meanwhile, and its key with it.
    if (bag.hasKey(sealed.row)) return sealed;
    const [row] = await bag.newRows(1);
    if (row === undefined) throw new Error('one row was asked for');
    return bag.sealPack(row, 1, body);
  }
  const revision = present.revision + 1;
  return present.row === sealed.row && revision === sealed.revision
    ? sealed
    : bag.sealPack(present.row, revision, body);
}

/** Those whose body is the one that the service sent, where its header says how to tell. */
async function wholeOf(packs: readonly PackDelivery[]): Promise<readonly PackDelivery[]> {
  const isWhole = await Promise.all(
    packs.map(
      async ({ header, body }) =>
        header.bodyDigest === undefined || header.bodyDigest === (await sha256Hex(new Uint8Array(body))),
    ),
  );
  return packs.filter((_, index) => isWhole[index] === true);
}

/** Records opened side by side: while one is sealed the next is unpacked, and memory stays small. */
const OPEN_AT_ONCE = 8;

export interface PageDelivery {
  readonly from: Cursor;
  readonly next: number;
  readonly entries: readonly ChangeEntry[];
  readonly directory: readonly DirectoryEntry[];
}

export type PageResult =
  | {
      readonly ok: true;
      readonly cursor: Cursor;
      readonly wanted: readonly { readonly patientId: string; readonly notBefore: number }[];
      /** Patients whose record or directory entry changed. */
      readonly touched: readonly string[];
      readonly left: readonly string[];
    }
  | { readonly ok: false; readonly cursor: Cursor | null };

/** Applies one page of the feed with its cursor, whole or not at all. */
export async function applyPage(bag: BagStore, page: PageDelivery): Promise<PageResult> {
  const { cursor } = bag.state;
  if (cursor?.epoch !== page.from.epoch || cursor.position !== page.from.position) {
    return { ok: false, cursor };
  }
  const byPatient = new Map<string, PackChange[]>();
  const sharedPut = new Map<string, string>();
  const sharedRemove = new Set<string>();
  const wanted = new Map<string, number>();
  const exited = new Set<string>();
  for (const entry of page.entries) {
    switch (entry.kind) {
      case 'upsert':
      case 'tombstone':
        if (entry.patientId !== undefined) {
          const changes = byPatient.get(entry.patientId);
          if (changes) changes.push(entry);
          else byPatient.set(entry.patientId, [entry]);
        } else if (entry.kind === 'upsert') {
          sharedPut.set(entry.key, entry.resource);
          sharedRemove.delete(entry.key);
        } else {
          sharedRemove.add(entry.key);
          sharedPut.delete(entry.key);
        }
        break;
      case 'scope-enter':
        wanted.set(entry.patientId, entry.position);
        exited.delete(entry.patientId);
        break;
      case 'scope-exit':
        exited.add(entry.patientId);
        wanted.delete(entry.patientId);
        break;
    }
  }
  // A patient new to the directory and without a pack, whoever registered them: the whole record is wanted.
  for (const entry of page.directory) {
    if (!bag.logs.directory.entries.has(entry.id) && !exited.has(entry.id) && !wanted.has(entry.id)) {
      wanted.set(entry.id, page.next);
    }
  }

  const rows: PackRow[] = [];
  const packs: [string, PackEntry][] = [];
  const agenda: [string, AgendaEntry][] = [];
  const unreadable: string[] = [];
  const feed = async (patientId: string, changes: readonly PackChange[]): Promise<void> => {
    const known = bag.logs.packs.entries.get(patientId);
    if (known?.run !== bag.state.run || exited.has(patientId)) return;
    const items = await openItems(bag, known);
    if (items === null) {
      // A pack that cannot be read must not hold the feed: it goes, and a fresh one is asked for.
      unreadable.push(patientId);
      wanted.set(patientId, page.next);
      return;
    }
    const { items: fed, changed } = applyToPack(items, changes, known.validAt);
    if (!changed) return;
    const sealed = await bag.sealPack(known.row, known.revision + 1, await compressText(writePack(fed)));
    rows.push(sealed);
    packs.push([
      patientId,
      {
        ...known,
        revision: sealed.revision,
        bytes: sealed.sealed.byteLength,
        resources: fed.length,
        digest: null,
        listed: null,
      },
    ]);
    agenda.push([patientId, { revision: sealed.revision, ...agendaFromItems(patientId, fed) }]);
  };
  const touched = [...byPatient];
  for (let start = 0; start < touched.length; start += OPEN_AT_ONCE) {
    await Promise.all(
      touched.slice(start, start + OPEN_AT_ONCE).map(([patientId, changes]) => feed(patientId, changes)),
    );
  }
  // What left the scope goes in the same transaction as the cursor that says so (I10).
  const leaving = [...exited];
  const next: Cursor = { epoch: cursor.epoch, position: page.next };
  await bag.write({
    state: {
      ...bag.state,
      cursor: next,
      recent: bag.state.recent.filter((id) => !exited.has(id)),
      rounds: roundsWithout(bag.state.rounds, exited),
      booked: bag.state.booked.filter(({ patientId }) => !exited.has(patientId)),
      rekeyDue: bag.state.rekeyDue || exited.size > 0,
    },
    deletePacks: [...leaving, ...unreadable].flatMap((id) => bag.logs.packs.entries.get(id)?.row ?? []),
    packs: { put: await stored(bag, rows, packs), remove: [...leaving, ...unreadable] },
    agenda: { put: agenda, remove: [...leaving, ...unreadable] },
    directory: {
      put: page.directory.filter((entry) => !exited.has(entry.id)).map((entry) => [entry.id, entry]),
      remove: leaving,
    },
    shared: { put: [...sharedPut], remove: [...sharedRemove] },
  });
  return {
    ok: true,
    cursor: next,
    wanted: [...wanted].map(([patientId, notBefore]) => ({ patientId, notBefore })),
    left: leaving,
    touched: [...new Set([...byPatient.keys(), ...leaving, ...page.directory.map((entry) => entry.id)])],
  };
}

/** The manifest's digest of what is here; worked out again where the feed changed the pack. */
export async function digestOf(bag: BagStore, entry: PackEntry): Promise<string> {
  if (entry.digest !== null) return entry.digest;
  return digestOfItems(readPack(await openPack(bag, entry)));
}

async function digestOfItems(items: readonly PackItem[]): Promise<string> {
  const contents = await Promise.all(
    items.map(async ({ key, version, text }) => ({ key, version, digest: await sha256Hex(text) })),
  );
  return sha256Hex(manifestLines(contents));
}

/** `null` where the pack does not open or is not whole. */
async function openItems(bag: BagStore, entry: PackEntry): Promise<readonly PackItem[] | null> {
  try {
    return readPack(await openPack(bag, entry));
  } catch (error) {
    if (isUnreadable(error)) return null;
    throw error;
  }
}
