import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { PackHeader, PacksRequest } from '../../contract/record-service.ts';
import { parseExact } from '../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { mayAccessResource } from '../identity/access.ts';
import type { Actor } from '../identity/actor.ts';
import type { RecordReader, RecordStore, StoredVersion } from '../store/record-store.ts';
import { audienceOf } from './audience.ts';
import type { Failpoint } from './failpoint.ts';
import { SyncError } from './service-error.ts';

const compress = promisify(gzip);

/** Patients read in one snapshot: enough to spare round trips, few enough to hold in memory. */
const BATCH = 16;

export interface PackService {
  readonly store: RecordStore;
  readonly failpoint: Failpoint;
  readonly now: () => Date;
}

/** One pack: its header and the gzip of its resources. */
export interface Pack {
  readonly header: PackHeader;
  readonly body: Buffer;
}

/**
 * The packs asked for, in that order, a few in memory at a time (sync.md, Pull 3). Each is read in one snapshot
 * together with its `validAt`, which is never before `notBefore`.
 * @throws SyncError 410 `resync` for another history, 425 `too-early` when this copy has not reached `notBefore`.
 */
export async function* readPacks(
  service: PackService,
  actor: Actor,
  request: PacksRequest,
): AsyncGenerator<Pack> {
  const { store } = service;
  if (request.epoch !== store.epoch) {
    throw new SyncError(410, 'resync', 'The record service was restored. The local copy is fetched anew.');
  }
  const context = { organisation: actor.organisation, actor };
  for (let start = 0; start < request.patients.length; start += BATCH) {
    const patientIds = request.patients.slice(start, start + BATCH);
    const read = await store.withSnapshot(context, (reader) => readBatch(reader, patientIds));
    await service.failpoint('packs.after-snapshot');
    if (read.validAt < request.notBefore) {
      throw new SyncError(425, 'too-early', 'The record service has not caught up yet. Ask again.', 2);
    }
    const packs = await Promise.all(read.patients.map((patient) => makePack(patient, read.validAt)));
    await keepPacks(service, actor, read.patients, packs);
    await store.auditReads(
      context,
      packs
        .filter((pack) => pack.header.absent !== true)
        .map((pack) => ({
          action: 'read',
          interaction: 'pack',
          outcome: 'success',
          patientId: pack.header.patientId,
          entity: `Patient/${pack.header.patientId}`,
        })),
    );
    yield* packs;
  }
}

interface ReadPatient {
  readonly patientId: string;
  /** The patient's last change in this snapshot. */
  readonly position: number;
  readonly cached: (Pick<Pack, 'body'> & { readonly resources: number; readonly digest: string }) | null;
  /** Null where the cached pack holds. */
  readonly versions: readonly StoredVersion[] | null;
}

async function readBatch(
  reader: RecordReader,
  patientIds: readonly string[],
): Promise<{ readonly validAt: number; readonly patients: readonly ReadPatient[] }> {
  const { database, organisation, actor } = reader;
  const audience = audienceOf(actor);
  const validAt = await reader.head();
  const positions = await database
    .selectFrom('feed')
    .select(({ fn }) => ['patient_id', fn.max<number>('position').as('position')])
    .where('organisation', '=', organisation)
    .where('patient_id', 'in', patientIds)
    .groupBy('patient_id')
    .execute();
  const cached = await database
    .selectFrom('pack_cache')
    .selectAll()
    .where('organisation', '=', organisation)
    .where('patient_id', 'in', patientIds)
    .where('audience', '=', audience)
    .execute();
  const positionOf = new Map(positions.map((row) => [row.patient_id, row.position]));
  const cachedOf = new Map(cached.map((row) => [row.patient_id, row]));

  const patients: ReadPatient[] = [];
  for (const patientId of patientIds) {
    const position = positionOf.get(patientId) ?? 0;
    const row = cachedOf.get(patientId);
    if (row !== undefined && row.position === position) {
      const { resources, digest } = row;
      patients.push({
        patientId,
        position,
        cached: { body: Buffer.from(row.body), resources, digest },
        versions: null,
      });
      continue;
    }
    const versions = await reader.readCompartment(patientId);
    patients.push({ patientId, position, cached: null, versions: visibleTo(actor, versions) });
  }
  return { validAt, patients };
}

function visibleTo(actor: Actor, versions: readonly StoredVersion[]): readonly StoredVersion[] {
  return versions.filter(
    (version) =>
      version.content !== null &&
      mayAccessResource(
        actor,
        // Only a Task's content decides; parsing the rest of a record would cost what the cache saves.
        version.type === 'Task'
          ? (parseExact(version.content) as ResourceJson)
          : { resourceType: version.type, id: version.id },
        'pack',
      ),
  );
}

async function makePack(patient: ReadPatient, validAt: number): Promise<Pack> {
  const { patientId, cached } = patient;
  if (cached !== null) {
    return {
      header: { patientId, validAt, resources: cached.resources, digest: cached.digest },
      body: cached.body,
    };
  }
  const versions = patient.versions ?? [];
  if (versions[0]?.type !== 'Patient') {
    return {
      header: { patientId, validAt, resources: 0, digest: '', absent: true },
      body: Buffer.alloc(0),
    };
  }
  const body = await compress(`[${versions.map((version) => version.content).join(',')}]`, { level: 6 });
  return {
    header: { patientId, validAt, resources: versions.length, digest: digestOf(versions) },
    body,
  };
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

/** Keeps new packs for the next device. An older snapshot never replaces a newer one. */
async function keepPacks(
  service: PackService,
  actor: Actor,
  patients: readonly ReadPatient[],
  packs: readonly Pack[],
): Promise<void> {
  const made = patients.flatMap((patient, index) => {
    const pack = packs[index];
    return patient.cached !== null || pack === undefined || pack.header.absent === true
      ? []
      : [
          {
            organisation: actor.organisation,
            patient_id: patient.patientId,
            audience: audienceOf(actor),
            position: patient.position,
            resources: pack.header.resources,
            digest: pack.header.digest,
            body: pack.body,
            made_at: service.now(),
          },
        ];
  });
  if (made.length === 0) return;
  await service.store.withTransaction({ organisation: actor.organisation, actor }, ({ database }) =>
    database
      .insertInto('pack_cache')
      .values(made.sort((left, right) => (left.patient_id < right.patient_id ? -1 : 1)))
      .onConflict((conflict) =>
        conflict
          .columns(['organisation', 'patient_id', 'audience'])
          .doUpdateSet((excluded) => ({
            position: excluded.ref('excluded.position'),
            resources: excluded.ref('excluded.resources'),
            digest: excluded.ref('excluded.digest'),
            body: excluded.ref('excluded.body'),
            made_at: excluded.ref('excluded.made_at'),
          }))
          .whereRef('pack_cache.position', '<', 'excluded.position'),
      )
      .execute(),
  );
}

/** u32 header length | header JSON | u32 body length | body; big-endian. */
export function packFrame({ header, body }: Pack): Buffer {
  const text = Buffer.from(JSON.stringify(header), 'utf8');
  const frame = Buffer.allocUnsafe(8 + text.length + body.length);
  frame.writeUInt32BE(text.length, 0);
  text.copy(frame, 4);
  frame.writeUInt32BE(body.length, 4 + text.length);
  body.copy(frame, 8 + text.length);
  return frame;
}
