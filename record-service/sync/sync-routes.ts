import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { once } from 'node:events';
import { createGzip } from 'node:zlib';
import { Readable } from 'node:stream';
import {
  certifyAuthorRequestSchema,
  enrolDeviceRequestSchema,
  escrowRequestSchema,
  laneHandshakeRequestSchema,
  offlineAuditRequestSchema,
  packsRequestSchema,
  recoverRequestSchema,
  revokeDeviceRequestSchema,
  type Probe,
  type ServiceDescription,
} from '../../contract/record-service.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { identityDatabase } from '../identity/identity-tables.ts';
import type { Identity } from '../identity/identity.ts';
import { EscrowKeys } from '../identity/escrow-keys.ts';
import { newPrivateKey, serviceSecret } from '../identity/service-secrets.ts';
import { mayAccess } from '../identity/access.ts';
import type { AuditEntry } from '../audit/audit-entry.ts';
import type { RecordReader, RecordStore, RecordTransaction } from '../store/record-store.ts';
import { Certificates } from './certificates.ts';
import { readChanges } from './changes.ts';
import type { CombinedSafetyRules } from './combined-safety-port.ts';
import { listConflicts } from './conflicts.ts';
import {
  certifyAuthor,
  completeOrder,
  enrolDevice,
  openOrders,
  requireDevice,
  revokeDevice,
  type DevicePolicy,
} from './devices.ts';
import { listDevices } from './device-list.ts';
import { bookedPatients, directoryBatches, sharedResources, SLOT_DAYS } from './directory.ts';
import { receiveFrames } from './escrow.ts';
import type { Failpoint } from './failpoint.ts';
import { compareLanes } from './lanes.ts';
import { evictDrifted, readManifest } from './manifest.ts';
import { receiveOfflineAudit } from './offline-audit.ts';
import { packFrame, readPacks } from './packs.ts';
import { operationSchema } from './push-request.ts';
import { push } from './push.ts';
import { recoverKeys, recoverWork } from './recover.ts';
import { requireScope } from './scope.ts';
import { contextOf, readBody, sendJson, useSyncConventions, type RequestContext } from './request-context.ts';
import { SyncError } from './service-error.ts';
import { durableThrough } from './watermark.ts';

export interface SyncOptions {
  readonly store: RecordStore;
  readonly identity: Identity;
  /** Holds the escrow's private keys. */
  readonly escrowFolder: string;
  readonly policy: DevicePolicy;
  readonly organisationName: (organisation: string) => string;
  readonly version: string;
  readonly safetyRules: CombinedSafetyRules;
  readonly validate: (resource: ResourceJson) => readonly string[];
  readonly failpoint: Failpoint;
  /** Seconds that a user has to wait; 0 to go on. */
  readonly rateLimit: (user: string) => number;
  readonly countRefusal: (code: string) => void;
  readonly logCause: (error: unknown) => void;
  readonly now: () => Date;
}

const MEGABYTE = 1_048_576;
const PAGE = { usual: 500, most: 2_000 } as const;

/** Everything of contract/record-service.ts: discovery, devices, push and pull. */
export async function registerSync(app: FastifyInstance, options: SyncOptions): Promise<void> {
  const signer = {
    privateKey: await serviceSecret(
      identityDatabase(options.store),
      'certificate-signing-key',
      newPrivateKey,
      options.now,
    ),
  };
  const escrow = new EscrowKeys(options.escrowFolder, options.now);
  const certificates = new Certificates(() => options.store.epoch);

  app.get('/.well-known/gladstone', (_request, reply) => sendJson(reply, describe(options)));
  await app.register(
    (scope, _none, done) => {
      useSyncConventions(scope, options);
      deviceRoutes(scope, options, escrow, signer);
      pushRoutes(scope, { ...options, certificates }, escrow);
      pullRoutes(scope, options);
      done();
    },
    { prefix: '/sync/:organisation' },
  );
}

function describe({ identity, version }: SyncOptions): ServiceDescription {
  // The embedded provider lives under the service's own address; another issuer says nothing of it.
  return {
    name: 'Gladstone record service',
    version,
    issuer: identity.issuer(),
    clientId: identity.clientId,
    fhirBase: `${identity.serviceUrl()}/fhir/R4/{organisation}`,
    syncBase: `${identity.serviceUrl()}/sync/{organisation}`,
    operationSchema,
  };
}

type Handler<Answer> = (context: RequestContext, request: FastifyRequest) => Promise<Answer>;

function handling<Answer>(options: SyncOptions, work: Handler<Answer>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const context = await contextOf(options, request);
    return sendJson(reply, await work(context, request));
  };
}

function writing<Answer>(
  options: SyncOptions,
  work: (transaction: RecordTransaction, context: RequestContext, request: FastifyRequest) => Promise<Answer>,
) {
  return handling(options, (context, request) =>
    options.store.withTransaction(
      { organisation: context.actor.organisation, actor: context.actor },
      (transaction) => work(transaction, context, request),
    ),
  );
}

function reading<Answer>(
  options: SyncOptions,
  audited: AuditEntry['interaction'],
  work: (reader: RecordReader, context: RequestContext, request: FastifyRequest) => Promise<Answer>,
) {
  return handling(options, async (context, request) => {
    const scope = { organisation: context.actor.organisation, actor: context.actor };
    const answer = await options.store.withSnapshot(scope, async (reader) => {
      if (context.deviceId !== '') await requireDevice(reader, context.deviceId);
      return work(reader, context, request);
    });
    await options.store.auditReads(scope, [{ action: 'read', interaction: audited, outcome: 'success' }]);
    return answer;
  });
}

function deviceRoutes(
  scope: FastifyInstance,
  options: SyncOptions,
  escrow: EscrowKeys,
  signer: { readonly privateKey: string },
): void {
  const deviceOf = (request: FastifyRequest): string =>
    (request.params as { readonly deviceId: string }).deviceId.toLowerCase();

  scope.get(
    '/probe',
    handling(options, async ({ actor, deviceId }): Promise<Probe> =>
      options.store.withSnapshot({ organisation: actor.organisation, actor }, async (reader) => ({
        epoch: options.store.epoch,
        head: await reader.head(),
        time: options.now().toISOString(),
        durableThrough: await durableThrough(reader, options.store.epoch),
        orders: deviceId === '' ? [] : await openOrders(reader, deviceId),
      })),
    ),
  );
  scope.post(
    '/devices',
    writing(options, (transaction, _context, request) => {
      const body = readBody(enrolDeviceRequestSchema, request.body);
      return enrolDevice(transaction, body, escrow, signer, options.policy, options.now());
    }),
  );
  scope.get('/devices', writing(options, listDevices));
  scope.post(
    '/devices/:deviceId/authors',
    writing(options, (transaction, _context, request) => {
      const body = readBody(certifyAuthorRequestSchema, request.body);
      return certifyAuthor(transaction, deviceOf(request), body, signer, options.now());
    }),
  );
  scope.post(
    '/devices/:deviceId/revoke',
    writing(options, (transaction, _context, request) => {
      const body = readBody(revokeDeviceRequestSchema, request.body);
      return revokeDevice(transaction, deviceOf(request), body, options.now());
    }),
  );
  scope.post(
    '/devices/:deviceId/orders/:orderId/done',
    writing(options, async (transaction, _context, request) => {
      const { orderId } = request.params as { readonly orderId: string };
      await completeOrder(transaction, deviceOf(request), orderId, options.now());
      return { orderId };
    }),
  );
}

function pushRoutes(
  scope: FastifyInstance,
  options: SyncOptions & { readonly certificates: Certificates },
  escrow: EscrowKeys,
): void {
  scope.post(
    '/ops',
    { bodyLimit: 32 * MEGABYTE },
    handling(options, ({ actor, deviceId }, request) => push(options, actor, deviceId, request.body)),
  );
  scope.post(
    '/lanes',
    { bodyLimit: 8 * MEGABYTE },
    writing(options, (transaction, _context, request) => {
      const { lanes } = readBody(laneHandshakeRequestSchema, request.body);
      return compareLanes(transaction, options.store.epoch, lanes);
    }),
  );
  scope.post(
    '/escrow',
    { bodyLimit: 64 * MEGABYTE },
    handling(options, async ({ actor }, request) => {
      const body = readBody(escrowRequestSchema, request.body);
      const receipt = await options.store.withTransaction(
        { organisation: actor.organisation, actor },
        (transaction) => receiveFrames(transaction, body, options.store.durable, options.now()),
      );
      await options.failpoint('escrow.after-commit');
      return receipt;
    }),
  );
  scope.post(
    '/escrow/recover',
    writing(options, (transaction, _context, request) => {
      const body = readBody(recoverRequestSchema, request.body);
      return recoverKeys(transaction, escrow, body, options.now());
    }),
  );
  scope.post(
    '/escrow/recover-work',
    writing(options, (transaction, _context, request) => {
      const body = readBody(recoverRequestSchema, request.body);
      return recoverWork(transaction, escrow, body, options.now());
    }),
  );
  scope.post(
    '/audit',
    { bodyLimit: 4 * MEGABYTE },
    writing(options, (transaction, _context, request) =>
      receiveOfflineAudit(transaction, readBody(offlineAuditRequestSchema, request.body)),
    ),
  );
}

function pullRoutes(scope: FastifyInstance, options: SyncOptions): void {
  const today = (): string => options.now().toISOString().slice(0, 10);

  scope.get(
    '/changes',
    reading(options, 'changes', async (reader, _context, request) => {
      const query = request.query as Readonly<Record<string, string | undefined>>;
      const cursor = { epoch: query['epoch'] ?? '', position: wholeNumber(query['position'], 0) };
      const count = Math.min(PAGE.most, Math.max(1, wholeNumber(query['count'], PAGE.usual)));
      const page = await readChanges(reader, options.store.epoch, cursor, count, today());
      await options.failpoint('changes.after-read');
      return page;
    }),
  );
  scope.get(
    '/conflicts',
    reading(options, 'conflicts', (reader, _context, request) => {
      const { patient } = request.query as { readonly patient?: string };
      return listConflicts(reader, patient);
    }),
  );
  scope.get('/manifest', async (request, reply) => {
    const { actor, deviceId } = await contextOf(options, request);
    const context = { organisation: actor.organisation, actor };
    const manifest = await options.store.withSnapshot(context, async (reader) => {
      if (deviceId !== '') await requireDevice(reader, deviceId);
      return readManifest(reader, options.store.epoch);
    });
    await options.store.withTransaction(context, (transaction) => evictDrifted(transaction, manifest));
    await options.store.auditReads(context, [
      { action: 'read', interaction: 'manifest', outcome: 'success' },
    ]);
    return sendZipped(
      reply,
      jsonParts({ epoch: manifest.epoch, position: manifest.position }, 'patients', [manifest.patients]),
    );
  });
  scope.get('/directory', async (request, reply) => {
    const { actor, deviceId } = await contextOf(options, request);
    const context = { organisation: actor.organisation, actor };
    if (!mayAccess(actor, 'Patient', 'search-type')) {
      throw new SyncError(403, 'not-permitted', 'Your role may not have the directory.');
    }
    // Gathered within the snapshot and sent after it, so that a slow line holds no transaction open.
    const zipped = await options.store.withSnapshot(context, async (reader) => {
      if (deviceId !== '') await requireDevice(reader, deviceId);
      const position = await reader.head();
      const now = options.now();
      const head = {
        epoch: options.store.epoch,
        position,
        organisation: { id: actor.organisation, name: options.organisationName(actor.organisation) },
        booked: await bookedPatients(reader, now, options.policy.bookedDays),
        shared: await sharedResources(reader, now, Math.max(options.policy.bookedDays, SLOT_DAYS)),
      };
      return gather(jsonParts(head, 'entries', directoryBatches(reader, today())));
    });
    await options.store.auditReads(context, [
      { action: 'read', interaction: 'directory', outcome: 'success' },
    ]);
    return zippedHeaders(reply).send(zipped);
  });
  scope.post('/packs', { bodyLimit: MEGABYTE }, (request, reply) => answerPacks(options, request, reply));
}

async function answerPacks(
  options: SyncOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { actor, deviceId } = await contextOf(options, request);
  const body = readBody(packsRequestSchema, request.body);
  if (deviceId !== '') {
    await options.store.withSnapshot({ organisation: actor.organisation, actor }, (reader) =>
      requireDevice(reader, deviceId),
    );
  }
  await requireScope(options.store, actor, options.policy, body.patients, options.now());
  const packs = readPacks(options, actor, body);
  // The first pack is read before anything is sent: a refusal can still be an answer with a status.
  const first = await packs.next();
  async function* frames(): AsyncGenerator<Buffer> {
    if (first.done === true) return;
    yield packFrame(first.value);
    for await (const pack of packs) yield packFrame(pack);
  }
  return reply
    .header('content-type', 'application/vnd.gladstone.packs')
    .header('cache-control', 'no-store')
    .send(Readable.from(frames(), { objectMode: false, highWaterMark: 256 * 1024 }));
}

/** `{…head, "list":[…]}` in parts, the list as it comes. */
async function* jsonParts(
  head: object,
  list: string,
  batches: Iterable<readonly unknown[]> | AsyncIterable<readonly unknown[]>,
): AsyncGenerator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},${JSON.stringify(list)}:[`;
  let separator = '';
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    yield separator + JSON.stringify(batch).slice(1, -1);
    separator = ',';
  }
  yield ']}';
}

/** Compressed as it is made: only the compressed bytes are held. */
async function gather(parts: AsyncIterable<string>): Promise<Buffer> {
  const gzip = createGzip();
  const chunks: Buffer[] = [];
  gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(gzip, 'end');
  for await (const part of parts) {
    if (!gzip.write(part)) await once(gzip, 'drain');
  }
  gzip.end();
  await ended;
  return Buffer.concat(chunks);
}

function sendZipped(reply: FastifyReply, parts: AsyncIterable<string>): FastifyReply {
  return zippedHeaders(reply).send(Readable.from(parts, { objectMode: false }).pipe(createGzip()));
}

function zippedHeaders(reply: FastifyReply): FastifyReply {
  return reply
    .header('content-type', 'application/json; charset=utf-8')
    .header('content-encoding', 'gzip')
    .header('cache-control', 'no-store');
}

function wholeNumber(text: string | undefined, otherwise: number): number {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : otherwise;
}
