import { randomUUID } from 'node:crypto';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { systemActor } from '../../record-service/identity/actor.ts';
import { openStore, type OpenStore } from '../../record-service/store/open-store.ts';
import { openPostgres } from '../../record-service/store/postgres-engine.ts';
import {
  compositionResource,
  encounterResource,
  observationResource,
  patientResource,
} from '../../test/support/clinical-resources.ts';
import { startPostgres } from '../../test/support/postgres.ts';
import { SyncDevice } from '../../test/support/sync-device.ts';
import { startCopies } from '../torture/feed-copies.ts';

const ORGANISATION = 'A99999';

export interface ServiceLoadOptions {
  readonly clients?: readonly number[];
  /** Seconds of load for each number of clients. */
  readonly seconds?: number;
  /** Patients for the packs, with so many resources each. */
  readonly patients?: number;
  readonly resources?: number;
  readonly log?: (line: string) => void;
}

export interface Percentiles {
  readonly count: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface ServiceLoadReport {
  readonly machine: string;
  readonly postgres: string;
  readonly load: readonly {
    readonly clients: number;
    readonly push: Percentiles;
    readonly read: Percentiles;
  }[];
  readonly packs: {
    readonly patients: number;
    readonly resources: number;
    readonly first: number;
    readonly again: number;
  };
}

/**
 * Issue 3, must-show 6. One copy of the service and PostgreSQL with fsync on, audit on, this load generator on the
 * same machine. Each client is a device with its own author: it pushes a signed save group of four resources, then
 * reads one of them by REST, and so on without a pause. Packs are fetched once cold and once from the service's cache.
 */
export async function measureServiceLoad(options: ServiceLoadOptions = {}): Promise<ServiceLoadReport> {
  const {
    clients = [1, 10, 50],
    seconds = 15,
    patients = 1000,
    resources = 150,
    log = () => undefined,
  } = options;
  const cluster = await startPostgres({ settings: ['shared_buffers = 256MB', 'max_wal_size = 2GB'] });
  try {
    const url = await cluster.createDatabase('load');
    const store = await openStore(
      openPostgres({
        connectionString: url,
        connections: 4,
        statementTimeout: 120_000,
        onIdleError: () => undefined,
      }),
    );
    log(`${cluster.version}; filling ${patients} patients of ${resources} resources`);
    const ids = await fill(store, patients, resources);
    await store.close();
    const copies = await startCopies(1, url);
    const base = copies.any(() => 0);
    if (base === undefined) throw new Error('The service did not start.');
    const load: ServiceLoadReport['load'][number][] = [];
    for (const count of clients) {
      load.push(await measureClients(base, ids, count, seconds));
      log(JSON.stringify(load.at(-1)));
    }
    const packs = await measurePacks(base, ids);
    await copies.stop();
    return {
      machine: `${cpus()[0]?.model ?? 'unknown'} × ${cpus().length}, Node ${process.version}`,
      postgres: cluster.version,
      load,
      packs: { patients: ids.length, resources, ...packs },
    };
  } finally {
    await cluster.stop();
  }
}

async function fill(store: OpenStore, patients: number, resources: number): Promise<string[]> {
  const context = { organisation: ORGANISATION, actor: systemActor(ORGANISATION) };
  const ids = Array.from({ length: patients }, () => randomUUID() as string);
  for (const id of ids) {
    const record: ResourceJson[] = [
      patientResource(id),
      ...Array.from({ length: resources - 1 }, () => observationResource(id)),
    ];
    await store.withTransaction(context, (transaction) =>
      transaction.writeMany(record.map((resource) => ({ resource, expected: 'absent' }))),
    );
  }
  return ids;
}

async function measureClients(
  base: string,
  patients: readonly string[],
  count: number,
  seconds: number,
): Promise<ServiceLoadReport['load'][number]> {
  const devices = await Promise.all(
    Array.from({ length: count }, (_, n) => new SyncDevice(base, ORGANISATION, `gp-${n}`).enrol()),
  );
  const push: number[] = [];
  const read: number[] = [];
  const until = performance.now() + seconds * 1000;
  await Promise.all(
    devices.map(async (device, n) => {
      for (let turn = 0; performance.now() < until; turn += 1) {
        const patientId = patients[(n * 37 + turn) % patients.length] ?? '';
        const group = saveGroup(device, patientId);
        const started = performance.now();
        const answer = await device.send(group);
        push.push(performance.now() - started);
        const refused = answer.body.outcomes.find((outcome) => outcome.outcome !== 'applied');
        if (answer.status !== 200 || refused !== undefined) {
          throw new Error(`A push was not applied: ${answer.status} ${refused?.outcome ?? ''}`);
        }
        const reading = performance.now();
        const got = await fetch(`${base}/fhir/R4/${ORGANISATION}/${group[0]?.operation.resource ?? ''}`, {
          headers: { authorization: `Bearer gp-${n}` },
        });
        await got.arrayBuffer();
        read.push(performance.now() - reading);
        if (got.status !== 200) throw new Error(`A read answered ${got.status}.`);
      }
    }),
  );
  return { clients: count, push: percentiles(push, seconds), read: percentiles(read, seconds) };
}

function saveGroup(device: SyncDevice, patientId: string) {
  const encounter = encounterResource(patientId);
  const encounterId = encounter.id;
  return device.group(patientId, [
    { kind: 'create', after: encounter, encounterId },
    { kind: 'create', after: compositionResource(patientId, encounterId), encounterId },
    { kind: 'append', after: observationResource(patientId), encounterId },
    { kind: 'append', after: observationResource(patientId), encounterId },
  ]);
}

async function measurePacks(
  base: string,
  patients: readonly string[],
): Promise<{ readonly first: number; readonly again: number }> {
  const device = await new SyncDevice(base, ORGANISATION, 'gp-0').enrol();
  const { body: probe } = await device.probe();
  const fetchAll = async (): Promise<number> => {
    const started = performance.now();
    for (let at = 0; at < patients.length; at += 200) {
      const asked = patients.slice(at, at + 200);
      const answer = await device.packs(probe.epoch, asked);
      if (answer.status !== 200 || answer.body.length !== asked.length) throw new Error('Packs are missing.');
    }
    return Math.round(patients.length / ((performance.now() - started) / 1000));
  };
  const first = await fetchAll();
  return { first, again: await fetchAll() };
}

function percentiles(milliseconds: readonly number[], seconds: number): Percentiles {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;
  return {
    count: sorted.length,
    perSecond: Math.round(sorted.length / seconds),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
  };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '15' },
      patients: { type: 'string', default: '1000' },
      clients: { type: 'string', default: '1,10,50' },
    },
  });
  const report = await measureServiceLoad({
    seconds: Number(values.seconds),
    patients: Number(values.patients),
    clients: values.clients.split(',').map(Number),
    log: (line) => {
      console.log(line);
    },
  });
  console.log(JSON.stringify(report, null, 1));
}
