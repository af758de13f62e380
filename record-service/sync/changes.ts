import { sql } from 'kysely';
import type { ChangeEntry, ChangesPage } from '../../contract/record-service.ts';
import { parseExact } from '../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { mayAccess, mayAccessResource } from '../identity/access.ts';
import type { FeedEntry, RecordReader } from '../store/record-store.ts';
import { directoryEntries } from './directory.ts';
import { durableThrough } from './watermark.ts';
import { SyncError } from './service-error.ts';

/**
 * A page of the organisation's feed in commit order (sync.md, Pull 1), cut only between transactions, filtered by
 * what the actor may see; `next` advances even where everything was filtered.
 * @throws SyncError 410 `resync` when the cursor is of another history, or ahead of this one (sync-bugs M9).
 */
export async function readChanges(
  reader: RecordReader,
  epoch: string,
  cursor: { readonly epoch: string; readonly position: number },
  count: number,
  today: string,
): Promise<ChangesPage> {
  const head = await reader.head();
  if (cursor.epoch !== epoch || cursor.position > head) {
    throw new SyncError(
      410,
      'resync',
      'The record service was restored or has moved on. The local copy is fetched anew; unsent work is kept.',
    );
  }
  const page = await reader.readFeed(cursor.position, count);
  const contents = await contentsOf(reader, page.entries);
  const entries = page.entries.flatMap((entry) => {
    const change = changeOf(reader, entry, contents.get(versionKey(entry)));
    return change === null ? [] : [change];
  });
  const touched = new Set(
    entries.flatMap((entry) => (entry.patientId === undefined ? [] : [entry.patientId])),
  );
  return {
    epoch,
    entries,
    next: page.next,
    head: page.head,
    durableThrough: await durableThrough(reader, epoch),
    directory: await directoryEntries(reader, [...touched], today),
  };
}

function changeOf(reader: RecordReader, entry: FeedEntry, content: string | undefined): ChangeEntry | null {
  const { position, version } = entry;
  const key = `${entry.type}/${entry.id}`;
  const patient = entry.patientId === null ? {} : { patientId: entry.patientId };
  switch (entry.kind) {
    case 'scope-enter':
    case 'scope-exit':
      return entry.patientId === null ? null : { kind: entry.kind, position, patientId: entry.patientId };
    case 'tombstone':
      return mayAccess(reader.actor, entry.type, 'pack')
        ? { kind: 'tombstone', position, key, version, ...patient }
        : null;
    case 'upsert': {
      if (!mayAccess(reader.actor, entry.type, 'pack')) return null;
      // A version that is not there any more cannot be skipped in silence: the feed would seem whole and not be.
      if (content === undefined)
        throw new Error(`the feed names ${key} version ${version}, which is not stored`);
      if (!mayAccessResource(reader.actor, parseExact(content) as ResourceJson, 'pack')) return null;
      return {
        kind: 'upsert',
        position,
        resource: content,
        key,
        version,
        ...patient,
        groupId: entry.groupId,
      };
    }
  }
}

async function contentsOf(
  { database, organisation }: RecordReader,
  entries: readonly FeedEntry[],
): Promise<ReadonlyMap<string, string>> {
  const upserts = entries.filter((entry) => entry.kind === 'upsert');
  if (upserts.length === 0) return new Map();
  const wanted = sql`(select * from unnest(
      ${upserts.map((entry) => entry.type)}::text[],
      ${upserts.map((entry) => entry.id)}::text[],
      ${upserts.map((entry) => entry.version)}::int[]) as w (type, id, version))`;
  const { rows } = await sql<{ type: string; id: string; version: number; content: string }>`
    select r.type, r.id, r.version, r.content from ${wanted} w
      join resource r on r.organisation = ${organisation}
        and r.type = w.type and r.id = w.id and r.version = w.version
    union all
    select r.type, r.id, r.version, r.content from ${wanted} w
      join resource_version r on r.organisation = ${organisation}
        and r.type = w.type and r.id = w.id and r.version = w.version`.execute(database);
  return new Map(rows.map((row) => [versionKey(row), row.content]));
}

function versionKey(version: {
  readonly type: string;
  readonly id: string;
  readonly version: number;
}): string {
  return `${version.type}/${version.id}/${version.version}`;
}
