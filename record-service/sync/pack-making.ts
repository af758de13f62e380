import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { parseExact } from '../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { isWholeRecordVisible, mayAccessResource } from '../identity/access.ts';
import type { RecordReader, StoredVersion } from '../store/record-store.ts';
import { audienceOf, frontDeskTypes } from './audience.ts';

const compress = promisify(gzip);

/** Two thirds of the time of level 6 and 8 % more bytes: a first load waits for the one and hardly for the other. */
const LEVEL = 4;

/** Types that lists about many patients show: what `listed` counts. */
const listedTypes: ReadonlySet<string> = new Set(['Appointment', 'Task']);

/** One patient's record as a pack holds it. */
export interface PackContent {
  readonly resources: number;
  /** Appointments and tasks among them. */
  readonly listed: number;
  /** The manifest's digest. */
  readonly digest: string;
  readonly body: Uint8Array;
}

export interface ReadPatient {
  readonly patientId: string;
  /** The patient's last change in this snapshot. */
  readonly position: number;
  /** `null` where there is no such patient for this reader. */
  readonly record: PackContent | Unpacked | null;
}

/** A record that no pack was made of yet: its JSON array still as text. */
interface Unpacked extends Omit<PackContent, 'body'> {
  readonly text: string;
}

/** These patients as they are in one snapshot: from the packs that are held, else from the record, all in two queries. */
export async function readPatients(
  reader: RecordReader,
  patientIds: readonly string[],
): Promise<readonly ReadPatient[]> {
  const held = await heldPacks(reader, patientIds);
  const lacking = patientIds.filter((patientId) => held.get(patientId)?.record == null);
  if (lacking.length === 0) return patientIds.flatMap((patientId) => held.get(patientId) ?? []);
  const read = isWholeRecordVisible(reader.actor)
    ? await wholeRecords(reader, lacking)
    : await frontDeskRecords(reader, lacking);
  return patientIds.map((patientId) => {
    const { position = 0, record = null } = held.get(patientId) ?? {};
    return { patientId, position, record: record ?? read.get(patientId) ?? null };
  });
}

interface HeldRow {
  readonly patient_id: string;
  readonly position: number | null;
  readonly resources: number | null;
  readonly listed: number | null;
  readonly digest: string | null;
  readonly body: Uint8Array | null;
}

/** A pack that was made before the patient's last change is no pack. */
async function heldPacks(
  reader: RecordReader,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, ReadPatient>> {
  const rows = await reader.query<HeldRow>(
    `select asked.patient_id, changed.position, held.resources, held.listed, held.digest, held.body
     from unnest($2::text[]) as asked (patient_id)
     left join lateral (
       select position from feed
       where organisation = $1 and patient_id = asked.patient_id order by position desc limit 1
     ) as changed on true
     left join pack_cache as held
       on held.organisation = $1 and held.patient_id = asked.patient_id and held.audience = $3
         and held.position = changed.position`,
    [reader.organisation, patientIds, audienceOf(reader.actor)],
  );
  return new Map(
    rows.map(({ patient_id: patientId, position, resources, listed, digest, body }) => [
      patientId,
      {
        patientId,
        position: position ?? 0,
        record:
          resources === null || listed === null || digest === null || body === null
            ? null
            : { resources, listed, digest, body },
      },
    ]),
  );
}

/** Joined where the rows are: one row a patient crosses to the service, not hundreds. */
async function wholeRecords(
  reader: RecordReader,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, Unpacked>> {
  const rows = await reader.query<Unpacked & { readonly patient_id: string }>(
    `select patient_id, count(*)::int as resources,
            count(*) filter (where type in ('Appointment', 'Task'))::int as listed,
            encode(sha256(convert_to(string_agg(line, E'\\n' order by line collate "C"), 'UTF8')), 'hex') as digest,
            '[' || string_agg(content, ',' order by type <> 'Patient', type, id) || ']' as text
     from (
       select patient_id, type, id, content, type || '/' || id || '|' || version || '|' || digest as line
       from resource
       where organisation = $1 and patient_id = any($2::text[]) and not deleted
     ) as live
     group by patient_id
     having bool_or(type = 'Patient')`,
    [reader.organisation, patientIds],
  );
  return new Map(rows.map(({ patient_id: patientId, ...record }) => [patientId, record]));
}

type ReadVersion = Pick<StoredVersion, 'type' | 'id' | 'version' | 'digest'> & {
  readonly patient_id: string;
  readonly content: string;
};

async function frontDeskRecords(
  reader: RecordReader,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, Unpacked>> {
  const rows = await reader.query<ReadVersion>(
    `select patient_id, type, id, version, digest, content from resource
     where organisation = $1 and patient_id = any($2::text[]) and not deleted and type = any($3::text[])
     order by type <> 'Patient', type, id`,
    [reader.organisation, patientIds, frontDeskTypes],
  );
  const byPatient = Map.groupBy(
    rows.filter(({ type, id, content }) =>
      mayAccessResource(
        reader.actor,
        // Only a Task's content decides.
        type === 'Task' ? (parseExact(content) as ResourceJson) : { resourceType: type, id },
        'pack',
      ),
    ),
    (row) => row.patient_id,
  );
  return new Map(
    [...byPatient]
      .filter(([, versions]) => versions[0]?.type === 'Patient')
      .map(([patientId, versions]) => [
        patientId,
        {
          resources: versions.length,
          listed: versions.filter(({ type }) => listedTypes.has(type)).length,
          digest: digestOf(versions),
          text: `[${versions.map(({ content }) => content).join(',')}]`,
        },
      ]),
  );
}

/** Digest of one patient as the contract has it: over `Type/id|version|contentDigest`, sorted by code unit. */
export function digestOf(
  versions: readonly Pick<StoredVersion, 'type' | 'id' | 'version' | 'digest'>[],
): string {
  const lines = versions.map(
    (version) => `${version.type}/${version.id}|${version.version}|${version.digest}`,
  );
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

export async function packContent(record: PackContent | Unpacked): Promise<PackContent> {
  if ('body' in record) return record;
  const { text, ...rest } = record;
  return { ...rest, body: await compress(text, { level: LEVEL }) };
}
