import type { EngineConnection } from './engine.ts';
import type { ResourceRef, StoredVersion } from './record-store.ts';

export interface VersionRow {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly patient_id: string | null;
  readonly deleted: boolean;
  readonly content: string | null;
  readonly digest: string;
  readonly last_updated: Date;
  readonly author: string;
}

export const versionColumns = 'type, id, version, patient_id, deleted, content, digest, last_updated, author';

export function versionOf(row: VersionRow): StoredVersion {
  return {
    type: row.type,
    id: row.id,
    version: row.version,
    patientId: row.patient_id,
    deleted: row.deleted,
    content: row.content,
    lastUpdated: row.last_updated.toISOString(),
    digest: row.digest,
    author: row.author,
  };
}

export async function readCurrent(
  connection: EngineConnection,
  organisation: string,
  refs: readonly ResourceRef[],
  lock: '' | 'for update' = '',
): Promise<StoredVersion[]> {
  if (refs.length === 0) return [];
  const [first] = refs;
  if (refs.length === 1 && first !== undefined) {
    const { rows } = await connection.query<VersionRow>(
      `select ${versionColumns} from resource where organisation = $1 and type = $2 and id = $3 ${lock}`,
      [organisation, first.type, first.id],
    );
    return rows.map(versionOf);
  }
  // The order makes two transactions take their row locks alike. One look-up a row, whatever the planner believes: a
  // plan that was kept since the table was small would read all of it.
  const { rows } = await connection.query<VersionRow>(
    `select found.* from (select * from unnest($2::text[], $3::text[]) as one (type, id) order by type, id) as wanted
     cross join lateral (
       select ${versionColumns} from resource
       where organisation = $1 and type = wanted.type and id = wanted.id limit 1 ${lock}) as found`,
    [organisation, refs.map((ref) => ref.type), refs.map((ref) => ref.id)],
  );
  return rows.map(versionOf);
}
