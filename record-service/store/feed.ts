import type { EngineConnection } from './engine.ts';
import type { FeedEntry, FeedKind, FeedPage } from './record-store.ts';

/** A feed entry before its transaction has a position. */
export type StagedEntry = Omit<FeedEntry, 'position' | 'ordinal' | 'groupId'>;

/**
 * Takes the organisation's next position and writes the transaction's entries under it: one statement, and the
 * transaction's last. The counter row stays locked from here to the commit, so a lower position is always
 * committed first; that also makes `committed_at` rise with the position.
 */
export async function appendToFeed(
  connection: EngineConnection,
  organisation: string,
  groupId: string,
  entries: readonly StagedEntry[],
): Promise<number> {
  const { rows } = await connection.query<{ position: number }>(
    `with taken as (
       insert into organisation_counter as counter (organisation, position, committed_at)
       values ($1, 1, clock_timestamp())
       on conflict (organisation) do update
         set position = counter.position + 1,
             committed_at = greatest(counter.committed_at, clock_timestamp())
       returning position, committed_at
     ), entries as (
       insert into feed
         (organisation, position, ordinal, group_id, kind, type, id, version, patient_id, committed_at)
       select $1, taken.position, entry.ordinal - 1, $2, entry.kind, entry.type, entry.id, entry.version,
              entry.patient_id, taken.committed_at
       from taken, unnest($3::text[], $4::text[], $5::text[], $6::int[], $7::text[])
         with ordinality as entry (kind, type, id, version, patient_id, ordinal)
     )
     select position from taken`,
    [
      organisation,
      groupId,
      entries.map((entry) => entry.kind),
      entries.map((entry) => entry.type),
      entries.map((entry) => entry.id),
      entries.map((entry) => entry.version),
      entries.map((entry) => entry.patientId),
    ],
  );
  const position = rows[0]?.position;
  if (position === undefined) throw new Error('The feed gave no position.');
  return position;
}

interface FeedRow {
  readonly position: number;
  readonly ordinal: number;
  readonly group_id: string;
  readonly kind: FeedKind;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly patient_id: string | null;
}

/** Whole positions only: the last one is read to its end even when the page grows over `count`. */
export async function readFeed(
  connection: EngineConnection,
  organisation: string,
  after: number,
  count: number,
): Promise<FeedPage> {
  // One statement, one snapshot: head and entries agree even in a read committed transaction.
  const { rows } = await connection.query<
    Omit<FeedRow, 'position'> & { position: number | null; head: number }
  >(
    `with head as (
       select coalesce((select position from organisation_counter where organisation = $1), 0) as position
     ), page as (
       select position from feed where organisation = $1 and position > $2
       order by position, ordinal limit $3
     )
     select head.position as head, feed.position, feed.ordinal, feed.group_id, feed.kind, feed.type, feed.id,
            feed.version, feed.patient_id
     from head left join feed
       on feed.organisation = $1 and feed.position > $2 and feed.position <= (select max(position) from page)
     order by feed.position, feed.ordinal`,
    [organisation, after, count],
  );
  const entries = rows.flatMap((row): FeedEntry[] =>
    row.position === null
      ? []
      : [
          {
            position: row.position,
            ordinal: row.ordinal,
            groupId: row.group_id,
            kind: row.kind,
            type: row.type,
            id: row.id,
            version: row.version,
            patientId: row.patient_id,
          },
        ],
  );
  return { entries, next: entries.at(-1)?.position ?? after, head: rows[0]?.head ?? 0 };
}
