import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { PackHeader, PacksRequest } from '../../contract/record-service.ts';
import type { Actor } from '../identity/actor.ts';
import type { RecordStore } from '../store/record-store.ts';
import { audienceOf } from './audience.ts';
import type { Failpoint } from './failpoint.ts';
import { packContent, readPatients, type PackContent } from './pack-making.ts';
import { SyncError } from './service-error.ts';

/** Patients read in one snapshot: enough to spare round trips, few enough to hold in memory. */
const BATCH = 32;

export interface PackService {
  readonly store: RecordStore;
  readonly failpoint: Failpoint;
  readonly now: () => Date;
}

/** One pack: its header and the gzip of its resources. */
export interface Pack {
  readonly header: PackHeader;
  readonly body: Uint8Array;
}

/**
 * The packs asked for, in that order, a few in memory at a time (sync.md, Pull 3). Each is read in one snapshot
 * together with its `validAt`, which is never before `notBefore`. While a batch is sent, the next is made.
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
  const patients = [...new Set(request.patients)];
  const batchFrom = (start: number): Promise<readonly Pack[]> | null => {
    if (start >= patients.length) return null;
    const batch = makeBatch(service, actor, patients.slice(start, start + BATCH), request.notBefore);
    // Its failure is told when its turn comes, if it comes.
    batch.catch(() => undefined);
    return batch;
  };
  let next = batchFrom(0);
  for (let start = BATCH; next !== null; start += BATCH) {
    const current = next;
    next = batchFrom(start);
    const packs = await current;
    await store.auditReads(
      { organisation: actor.organisation, actor },
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

async function makeBatch(
  service: PackService,
  actor: Actor,
  patientIds: readonly string[],
  notBefore: number,
): Promise<readonly Pack[]> {
  const context = { organisation: actor.organisation, actor };
  const { validAt, patients } = await service.store.withSnapshot(context, async (reader) => ({
    validAt: await reader.head(),
    patients: await readPatients(reader, patientIds),
  }));
  await service.failpoint('packs.after-snapshot');
  if (validAt < notBefore) {
    throw new SyncError(425, 'too-early', 'The record service has not caught up yet. Ask again.', 2);
  }
  const made: MadePack[] = [];
  const packs = await Promise.all(
    patients.map(async ({ patientId, position, record }): Promise<Pack> => {
      if (record === null) {
        return {
          header: { patientId, validAt, resources: 0, digest: '', absent: true },
          body: new Uint8Array(),
        };
      }
      const content = await packContent(record);
      if (content !== record) made.push({ ...content, patientId, position });
      const { resources, listed, digest, body } = content;
      const bodyDigest = createHash('sha256').update(body).digest('hex');
      return { header: { patientId, validAt, resources, digest, listed, bodyDigest }, body };
    }),
  );
  await keepPacks(service, actor, made);
  return packs;
}

interface MadePack extends PackContent {
  readonly patientId: string;
  readonly position: number;
}

/** Keeps new packs for the next device. An older snapshot never replaces a newer one. */
async function keepPacks(service: PackService, actor: Actor, made: readonly MadePack[]): Promise<void> {
  if (made.length === 0) return;
  const rows = made
    .map(({ patientId, position, resources, listed, digest, body }) => ({
      organisation: actor.organisation,
      patient_id: patientId,
      audience: audienceOf(actor),
      position,
      resources,
      listed,
      digest,
      body,
      made_at: service.now(),
    }))
    .sort((left, right) => (left.patient_id < right.patient_id ? -1 : 1));
  await service.store.withTransaction({ organisation: actor.organisation, actor }, async ({ database }) => {
    // What a power cut takes of it is made again: no reason to wait for the disk.
    await sql`set local synchronous_commit = off`.execute(database);
    await database
      .insertInto('pack_cache')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['organisation', 'patient_id', 'audience'])
          .doUpdateSet((excluded) => ({
            position: excluded.ref('excluded.position'),
            resources: excluded.ref('excluded.resources'),
            listed: excluded.ref('excluded.listed'),
            digest: excluded.ref('excluded.digest'),
            body: excluded.ref('excluded.body'),
            made_at: excluded.ref('excluded.made_at'),
          }))
          .whereRef('pack_cache.position', '<', 'excluded.position'),
      )
      .execute();
  });
}

/** u32 header length | header JSON | u32 body length | body; big-endian. */
export function packFrame({ header, body }: Pack): Buffer {
  const text = Buffer.from(JSON.stringify(header), 'utf8');
  const frame = Buffer.allocUnsafe(8 + text.length + body.length);
  frame.writeUInt32BE(text.length, 0);
  text.copy(frame, 4);
  frame.writeUInt32BE(body.length, 4 + text.length);
  frame.set(body, 8 + text.length);
  return frame;
}
