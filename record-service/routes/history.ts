import type { Bundle } from '@medplum/fhirtypes';
import { sql } from 'kysely';
import { mayAccess } from '../identity/access.ts';
import { dateRange } from '../search/date-range.ts';
import { searchParameters } from '../search/parameters.ts';
import { DEFAULT_PAGE, LARGEST_PAGE } from '../search/search.ts';
import { versionOf, type VersionRow } from '../store/version-rows.ts';
import { refusal } from './outcomes.ts';
import type { RecordRepository } from './record-repository.ts';

export interface HistoryRequest {
  /** Absent for the whole system. */
  readonly type?: string;
  /** Instant: what was committed at this moment or later. */
  readonly since?: string;
  readonly count?: number;
  /** `position.ordinal` of the last entry of the page before. */
  readonly cursor?: string;
}

/**
 * History of a type or of the whole record, newest first, in commit order. `_since` compares the moment of commit, which
 * rises with the order of commit; `meta.lastUpdated` is never later than it. So a client that asks again with the
 * highest `meta.lastUpdated` it has seen misses nothing, and may see some entries twice.
 */
export async function readRecordHistory(
  repository: RecordRepository,
  request: HistoryRequest,
): Promise<Bundle> {
  const types = typesFor(repository, request.type);
  const count = Math.min(request.count ?? DEFAULT_PAGE, LARGEST_PAGE);
  if (!(count >= 1)) throw refusal('bad-request', 'value', '_count wants a number from 1 up.');
  const since = request.since === undefined ? undefined : dateRange(request.since)?.low;
  if (request.since !== undefined && since === undefined) {
    throw refusal('bad-request', 'value', '_since wants an instant, e.g. 2026-01-31T09:00:00Z.');
  }
  const before = request.cursor === undefined ? undefined : cursorOf(request.cursor);
  const { rows } = await repository.reading((reader) =>
    sql<VersionRow & { position: number; ordinal: number }>`
      select entry.position, entry.ordinal, entry.type, entry.id, entry.version, version.patient_id,
             version.deleted, version.content, version.digest, version.last_updated, version.author
      from feed as entry
      cross join lateral (
        select * from resource as current
        where current.organisation = entry.organisation and current.type = entry.type
          and current.id = entry.id and current.version = entry.version
        union all
        select * from resource_version as earlier
        where earlier.organisation = entry.organisation and earlier.type = entry.type
          and earlier.id = entry.id and earlier.version = entry.version
      ) as version
      where entry.organisation = ${reader.organisation}
        and entry.type in (${sql.join(types)})
        ${since === undefined ? sql`` : sql`and entry.committed_at >= ${since}::timestamptz`}
        ${before === undefined ? sql`` : sql`and (entry.position, entry.ordinal) < (${before[0]}, ${before[1]})`}
      order by entry.position desc, entry.ordinal desc
      limit ${count + 1}`.execute(reader.database),
  );
  const page = rows.slice(0, count);
  const visible = page.map(versionOf).filter((version) => repository.maySee(version, 'history-type'));
  await repository.audit(
    ...auditedPatients(visible.map((version) => version.patientId)).map((patientId) => ({
      action: 'read' as const,
      interaction: request.type === undefined ? 'history-system' : 'history-type',
      outcome: 'success' as const,
      ...(request.type === undefined ? {} : { entity: request.type }),
      ...(patientId === null ? {} : { patientId }),
    })),
  );
  const last = rows.length > count ? page.at(-1) : undefined;
  const path = request.type === undefined ? '_history' : `${request.type}/_history`;
  const link = (relation: string, cursor: string | undefined) => {
    const query = new URLSearchParams({ _count: String(count) });
    if (request.since !== undefined) query.set('_since', request.since);
    if (cursor !== undefined) query.set('_cursor', cursor);
    return { relation, url: `${repository.baseUrl}/${path}?${query.toString()}` };
  };
  return {
    resourceType: 'Bundle',
    type: 'history',
    link: [
      link('self', request.cursor),
      ...(last === undefined ? [] : [link('next', `${last.position}.${last.ordinal}`)]),
    ],
    entry: visible.map((version) => repository.historyEntry(version)),
  };
}

function typesFor(repository: RecordRepository, type: string | undefined): string[] {
  if (type !== undefined) {
    repository.require(type, 'history-type');
    return [type];
  }
  const types = [...searchParameters.keys()].filter((each) =>
    mayAccess(repository.actor, each, 'history-type'),
  );
  if (types.length === 0)
    throw refusal('forbidden', 'forbidden', 'Your role does not allow "history-system".');
  return types;
}

function auditedPatients(patients: readonly (string | null)[]): (string | null)[] {
  const some = [...new Set(patients)].filter((patient) => patient !== null);
  return some.length === 0 ? [null] : some;
}

function cursorOf(text: string): [position: number, ordinal: number] {
  const match = /^(\d{1,15})\.(\d{1,9})$/.exec(text);
  if (match === null) throw refusal('bad-request', 'value', 'This page link is not one of ours.');
  return [Number(match[1]), Number(match[2])];
}
