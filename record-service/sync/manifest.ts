import { sql } from 'kysely';
import type { ManifestAnswer } from '../../contract/record-service.ts';
import { parseExact } from '../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { isWholeRecordVisible, mayAccessResource } from '../identity/access.ts';
import type { RecordReader, RecordTransaction, StoredVersion } from '../store/record-store.ts';
import { audienceOf, frontDeskTypes } from './audience.ts';
import { digestOf } from './pack-making.ts';

/**
 * A digest for each patient over what is stored now, not over what the feed said: so that a row changed by a
 * migration or by hand is found (sync-bugs M10). Computed where the rows are.
 */
export async function readManifest(reader: RecordReader, epoch: string): Promise<ManifestAnswer> {
  const position = await reader.head();
  const patients = isWholeRecordVisible(reader.actor)
    ? await wholeRecords(reader)
    : await frontDeskRecords(reader);
  return { epoch, position, patients };
}

async function wholeRecords({ database, organisation }: RecordReader): Promise<ManifestAnswer['patients']> {
  const { rows } = await sql<{ patient_id: string; resources: number; digest: string }>`
    select patient_id, count(*)::int as resources,
           encode(sha256(convert_to(string_agg(line, E'\n' order by line collate "C"), 'UTF8')), 'hex') as digest
    from (
      select patient_id, type || '/' || id || '|' || version || '|' || digest as line, type
      from resource
      where organisation = ${organisation} and patient_id is not null and not deleted
    ) live
    group by patient_id
    having bool_or(type = 'Patient')
    order by patient_id`.execute(database);
  return rows.map((row) => ({ patientId: row.patient_id, resources: row.resources, digest: row.digest }));
}

async function frontDeskRecords({
  database,
  organisation,
  actor,
}: RecordReader): Promise<ManifestAnswer['patients']> {
  const rows = await database
    .selectFrom('resource')
    .select(['type', 'id', 'version', 'digest', 'patient_id'])
    .select(({ eb }) => eb.case().when('type', '=', 'Task').then(eb.ref('content')).end().as('task'))
    .where('organisation', '=', organisation)
    .where('patient_id', 'is not', null)
    .where('deleted', '=', false)
    .where('type', 'in', [...frontDeskTypes])
    .orderBy('patient_id')
    .execute();
  const byPatient = new Map<string, Pick<StoredVersion, 'type' | 'id' | 'version' | 'digest'>[]>();
  for (const row of rows) {
    const resource = (row.task === null ? null : parseExact(row.task)) as ResourceJson | null;
    if (!mayAccessResource(actor, resource ?? { resourceType: row.type, id: row.id }, 'pack')) continue;
    const list = byPatient.get(row.patient_id ?? '') ?? [];
    list.push(row);
    byPatient.set(row.patient_id ?? '', list);
  }
  return [...byPatient]
    .filter(([, versions]) => versions.some((version) => version.type === 'Patient'))
    .map(([patientId, versions]) => ({
      patientId,
      resources: versions.length,
      digest: digestOf(versions),
    }));
}

/**
 * Drops cached packs that disagree with what is stored: a change that went past the feed (a migration, a hand in the
 * database) must not be handed out as it was for ever. A pack that is merely behind is made anew anyway.
 */
export async function evictDrifted(
  { database, organisation, actor }: RecordTransaction,
  manifest: ManifestAnswer,
): Promise<void> {
  await sql`
    delete from pack_cache
    using unnest(${manifest.patients.map((patient) => patient.patientId)}::text[],
                 ${manifest.patients.map((patient) => patient.digest)}::text[]) as stored (patient_id, digest)
    where pack_cache.organisation = ${organisation} and pack_cache.audience = ${audienceOf(actor)}
      and pack_cache.patient_id = stored.patient_id and pack_cache.digest <> stored.digest`.execute(database);
}
