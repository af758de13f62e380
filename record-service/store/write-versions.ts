import { createHash } from 'node:crypto';
import { stringifyExact } from '../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import type { EngineConnection } from './engine.ts';
import { StoreError, type Expectation, type ResourceRef, type StoredVersion } from './record-store.ts';
import { compartmentOf } from '../../domain/record/patient-compartment.ts';
import { readCurrent } from './version-rows.ts';
import { indexInserts, indexOf } from './write-index.ts';

export interface Write extends ResourceRef {
  /** Null deletes. */
  readonly resource: ResourceJson | null;
  readonly expected: Expectation;
}

export interface Written {
  readonly version: StoredVersion;
  readonly action: 'create' | 'update' | 'delete';
}

const ID = /^[A-Za-z0-9.-]{1,64}$/;

/**
 * Writes the next version of each resource: the old one goes to resource_version, the new one to resource, the search
 * index follows. Writes are in the order given back; rows are locked in one order for all transactions.
 * @param standing what the caller read of these resources under their lock, if it did: then they are not read again
 */
export async function writeVersions(
  connection: EngineConnection,
  organisation: string,
  author: string,
  writes: readonly Write[],
  standing?: readonly StoredVersion[],
): Promise<Written[]> {
  refuseMalformed(writes);
  const current = standing ?? (await readCurrent(connection, organisation, writes, 'for update'));
  const currentByKey = new Map(current.map((version) => [keyOf(version), version]));
  const lastUpdated = new Date().toISOString();
  const next = writes.map((write): Written => {
    const before = currentByKey.get(keyOf(write));
    refuseUnexpected(write, before);
    return nextVersion(write, before, author, lastUpdated);
  });

  const replaced = next.flatMap(({ version }) => currentByKey.get(keyOf(version)) ?? []);
  const indexed = writes.flatMap((write) => (write.resource === null ? [] : [write.resource]));
  const archived = archive(connection, organisation, replaced);
  archived.catch(() => undefined);
  const put = await putCurrent(connection, organisation, next, indexed);
  await archived;
  refuseOvertaken(next, put, currentByKey, standing !== undefined);
  return next;
}

function refuseMalformed(writes: readonly Write[]): void {
  const seen = new Set<string>();
  for (const write of writes) {
    if (!ID.test(write.id)) throw new StoreError('invalid', 'A resource id has 1 to 64 of A-Z a-z 0-9 . -');
    const key = keyOf(write);
    if (seen.has(key)) throw new StoreError('invalid', `${key} is written twice in one go.`);
    seen.add(key);
  }
}

function refuseUnexpected(write: Write, current: StoredVersion | undefined): void {
  const { expected } = write;
  if (expected === 'absent' && current !== undefined) {
    throw new StoreError('exists', `${keyOf(write)} is there already.`, current);
  }
  if (typeof expected === 'number' || write.resource === null) {
    if (current === undefined) throw new StoreError('not-found', `${keyOf(write)} is not there.`);
  }
  if (typeof expected === 'number' && current !== undefined && current.version !== expected) {
    throw new StoreError(
      'version-conflict',
      `${keyOf(write)} is at version ${current.version}, not ${expected}.`,
      current,
    );
  }
}

function nextVersion(
  write: Write,
  current: StoredVersion | undefined,
  author: string,
  lastUpdated: string,
): Written {
  const version = (current?.version ?? 0) + 1;
  const { type, id, resource } = write;
  const content = resource === null ? null : contentOf(resource, version, lastUpdated);
  const patientId = resource === null ? (current?.patientId ?? null) : compartmentOf(resource);
  const patientBefore = current?.patientId ?? null;
  if (patientBefore !== null && patientId !== patientBefore) {
    throw new StoreError(
      'invalid',
      `${keyOf(write)} belongs to another patient. Mark it as entered in error there and record it anew here.`,
      current,
    );
  }
  return {
    version: {
      type,
      id,
      version,
      patientId,
      deleted: content === null,
      content,
      lastUpdated,
      digest: content === null ? '' : createHash('sha256').update(content).digest('hex'),
      author,
    },
    action: resource === null ? 'delete' : current === undefined || current.deleted ? 'create' : 'update',
  };
}

function contentOf(resource: ResourceJson, version: number, lastUpdated: string): string {
  const { resourceType, id, meta, ...elements } = resource;
  return stringifyExact({
    resourceType,
    id,
    meta: { ...(meta as object | undefined), versionId: String(version), lastUpdated },
    ...elements,
  });
}

/** Keeps what stands as an earlier version, and takes it out of the index. */
async function archive(
  connection: EngineConnection,
  organisation: string,
  versions: readonly StoredVersion[],
): Promise<void> {
  if (versions.length === 0) return;
  const those = 'where organisation = $1 and (type, id) in (select * from unnest($2::text[], $3::text[]))';
  await connection.query(
    `with tokens as (delete from search_token ${those}),
          strings as (delete from search_string ${those}),
          dates as (delete from search_date ${those}),
          links as (delete from search_reference ${those})
     insert into resource_version select resource.* from resource ${those}
     on conflict do nothing`,
    [organisation, versions.map((version) => version.type), versions.map((version) => version.id)],
  );
}

/** Puts the new versions and their index in one statement; answers those that were put. */
async function putCurrent(
  connection: EngineConnection,
  organisation: string,
  next: readonly Written[],
  indexed: readonly ResourceJson[],
): Promise<ReadonlySet<string>> {
  const versions = next.map((one) => one.version);
  const index = indexOf(indexed);
  // Between our read and this insert another transaction may have created the same resource: then its row keeps us
  // waiting, and the version in the condition keeps ours from being laid over it.
  const { rows } = await connection.query<ResourceRef>(
    `with ${indexInserts(10)}
     insert into resource as current
       (organisation, type, id, version, patient_id, deleted, content, digest, last_updated, author)
     select $1, next.type, next.id, next.version, next.patient_id, next.content is null, next.content,
            next.digest, $8::timestamptz, $9
     from unnest($2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[])
       as next (type, id, version, patient_id, content, digest)
     order by next.type, next.id
     on conflict (organisation, type, id) do update
       set version = excluded.version, patient_id = excluded.patient_id, deleted = excluded.deleted,
           content = excluded.content, digest = excluded.digest, last_updated = excluded.last_updated,
           author = excluded.author
       where current.version = excluded.version - 1
     returning type, id`,
    [
      organisation,
      versions.map((version) => version.type),
      versions.map((version) => version.id),
      versions.map((version) => version.version),
      versions.map((version) => version.patientId),
      versions.map((version) => version.content),
      versions.map((version) => version.digest),
      versions[0]?.lastUpdated,
      versions[0]?.author,
      ...index,
    ],
  );
  return new Set(rows.map(keyOf));
}

/** Somebody who had not locked it wrote it after it was read. */
class OvertakenError extends Error {
  /** Serialization failure: the store runs the transaction again. */
  readonly code = '40001';
}

function refuseOvertaken(
  next: readonly Written[],
  put: ReadonlySet<string>,
  currentByKey: ReadonlyMap<string, StoredVersion>,
  wasStanding: boolean,
): void {
  const lost = next.find(({ version }) => !put.has(keyOf(version)));
  if (lost === undefined) return;
  const key = keyOf(lost.version);
  if (wasStanding) throw new OvertakenError(`${key} was written by somebody who had not locked it.`);
  throw new StoreError(
    'exists',
    `${key} was created by somebody else at the same moment.`,
    currentByKey.get(key),
  );
}

export function keyOf(ref: ResourceRef): string {
  return `${ref.type}/${ref.id}`;
}
