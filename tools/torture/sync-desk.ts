import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import type { CacheAnswer, CacheRequest } from '../../contract/cache-port.ts';
import { parseExact, stringifyExact } from '../../domain/fhir/exact-json.ts';
import { resourceKey } from '../../domain/identifiers.ts';
import type { DeviceId, GroupId, OperationId, PatientId } from '../../domain/identifiers.ts';
import { success } from '../../domain/result.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { openJournal } from '../../main/services/journal/file-journal.ts';
import type { AuthorSigner, Journal } from '../../main/services/journal/journal.ts';
import { RecordClient } from '../../main/services/record-client/record-client.ts';
import { nodeFiles } from '../../main/services/storage/node-files.ts';
import { SyncEngine } from '../../main/services/sync/engine.ts';
import type { Answered } from '../../main/services/sync/ports.ts';
import { authorSigner, makeAuthorKey } from '../../main/services/vault/author-key.ts';
import { buildService } from '../../record-service/build-service.ts';
import { activitiesOf } from '../../record-service/identity/activities.ts';
import type { Engine } from '../../record-service/store/engine.ts';
import { emptyCache, MemoryCache } from '../fuzz/memory-cache.ts';
import { makeJournalWorkers } from './journal-keys.ts';

const organisation = 'A99999';
const user = { userId: 'gp-1', practitionerId: 'practitioner-gp-1', name: 'Dr Amara Okafor' };

/** How many times faster than the wall the engine's clock runs, so that a back-off of a minute takes a second. */
const speed = 60;

/** The real record service on loopback; whoever comes is the same GP. */
export async function startTrustingService(
  engine: Engine,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'gladstone-torture-'));
  const service = await buildService({
    engine,
    dataFolder,
    logger: pino({ level: 'silent' }),
    rateLimit: { perSecond: 1e6, burst: 1e6 },
    authenticate: () =>
      Promise.resolve({
        ...user,
        organisation,
        role: 'gp',
        activities: activitiesOf('gp'),
        authenticatedAt: new Date().toISOString(),
      }),
  });
  const url = await service.app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    close: async () => {
      await service.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** A cache that opens packs as the worker does and keeps them in memory. */
class UnpackingCache extends MemoryCache {
  override ask(request: CacheRequest): Promise<CacheAnswer> {
    if (request.type !== 'put-packs') return super.ask(request);
    return super.ask({
      ...request,
      packs: request.packs.map(({ header, body }) => ({
        header,
        body: Object.assign(body, { resources: packedResources(body) }),
      })),
    });
  }
}

function packedResources(
  body: ArrayBuffer,
): readonly { readonly key: string; readonly version: number; readonly content: string }[] {
  const resources = parseExact(gunzipSync(Buffer.from(body)).toString('utf8')) as readonly ResourceJson[];
  return resources.map((resource) => ({
    key: resourceKey(resource.resourceType, resource.id),
    version: Number((resource['meta'] as { readonly versionId?: string } | undefined)?.versionId ?? 0),
    content: stringifyExact(resource),
  }));
}

/** A desktop without a window: the real engine, journal on disk and HTTP client. */
export class SyncDesk {
  readonly engine: SyncEngine;
  readonly journal: Journal;
  readonly cache: MemoryCache;
  readonly direct: RecordClient;
  readonly #signer: AuthorSigner;
  readonly #directory: string;
  wallOffsetMs = 0;

  /** `through`: the way that the engine takes; `service`: the direct way, for enrolment and for checks. */
  static async open(service: string, through: string): Promise<SyncDesk> {
    const deviceId = randomUUID() as string as DeviceId;
    const client = (base: string): RecordClient =>
      new RecordClient({
        fetch,
        syncBase: `${base}/sync/${organisation}`,
        deviceId: () => deviceId,
        tokens: { current: () => Promise.resolve(success('token')), refused: () => undefined },
        patienceMs: 5_000,
      });
    const direct = client(service);
    const enrolled = answerOf(await direct.enrolDevice(deviceId, 'Torture'));
    const pair = makeAuthorKey();
    const certificate = answerOf(await direct.certifyAuthor(deviceId, pair.publicKey));
    const directory = mkdtempSync(join(tmpdir(), 'gladstone-desk-'));
    const { journal } = await openJournal({
      files: nodeFiles,
      directory,
      escrow: { keyId: enrolled.escrowKeyId, publicKey: enrolled.escrowPublicKey },
      now: () => new Date().toISOString(),
      deviceId,
    });
    await journal.unseal(makeJournalWorkers().keysOf('gp', user.userId));
    // The digests of this cache are its own: no comparison with the manifest.
    await journal.putNotes([{ topic: 'manifest', key: 'last', value: '2026-11-22' }]);
    return new SyncDesk(
      direct,
      client(through),
      journal,
      authorSigner(pair.privateKey, certificate),
      directory,
    );
  }

  private constructor(
    direct: RecordClient,
    client: RecordClient,
    journal: Journal,
    signer: AuthorSigner,
    directory: string,
  ) {
    this.direct = direct;
    this.journal = journal;
    this.#signer = signer;
    this.#directory = directory;
    this.cache = new UnpackingCache(emptyCache(), () => undefined);
    this.engine = new SyncEngine({
      client,
      journal,
      decisions: { save: () => Promise.reject(new Error('nobody decides here')) },
      keeper: {
        wipe: () => Promise.resolve('done' as const),
        revoked: () => Promise.resolve(),
        forked: () => Promise.resolve('needs-unlock'),
      },
      audit: { peek: () => Promise.resolve([]), acknowledge: () => Promise.resolve() },
      clock: {
        wallMs: () => Date.now() + this.wallOffsetMs,
        monotonicMs: () => performance.now() * speed,
        after: (ms, run) => {
          const timer = setTimeout(run, ms / speed);
          return () => {
            clearTimeout(timer);
          };
        },
      },
      chance: Math.random,
      newId: () => randomUUID(),
      offlineScope: () => 'all',
      recent: () => [],
      today: () => '2026-11-22',
    });
    this.engine.attachCache(this.cache);
    this.engine.start();
  }

  /** One signed save. Resolves when it is on the disk. */
  async save(patientId: string, resources: readonly ResourceJson[]): Promise<void> {
    const saved = await this.journal.saveGroup({
      groupId: randomUUID() as string as GroupId,
      signer: this.#signer,
      operations: resources.map((after) => ({
        schemaVersion: 1,
        opId: randomUUID() as string as OperationId,
        patientId: patientId as PatientId,
        kind: 'create',
        resource: resourceKey(after.resourceType, after.id),
        after,
        diff: [],
        recordedAt: {
          wallClock: new Date(Date.now() + this.wallOffsetMs).toISOString(),
          monotonicMs: performance.now(),
        },
      })),
    });
    if (!saved.ok) throw new Error(saved.error.message);
  }

  async close(): Promise<void> {
    await this.engine.stop();
    await this.journal.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

export function answerOf<Value>(answered: Answered<Value>): Value {
  if (!answered.ok) throw new Error(`the record service did not answer: ${JSON.stringify(answered.error)}`);
  return answered.value;
}
