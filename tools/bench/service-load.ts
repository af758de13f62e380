/**
 *   npm run bench:service [-- --seconds 12 --patients 300 --clients 1,10,50,100,200 --packs]
 *
 * The record service under load (issue 3, must-show 6): one copy of it and PostgreSQL with fsync on, audit on, tokens
 * verified, this load generator on the same machine. Each client is a device with its own author: it pushes a signed
 * save group of four resources, then reads one of them by REST, and so on without a pause.
 */
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { randomUUID } from 'node:crypto';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
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
import { copyIssuer } from '../torture/copy-issuer.ts';
import { startCopies, type ServiceCopies } from '../torture/feed-copies.ts';
import type { Measurement, Run } from './measurement.ts';
import { processTree } from './process-tree.ts';
import { quantile } from './statistics.ts';

const ORGANISATION = 'A99999';

/** GP Connect's limits at the 95th percentile with 50 clients, milliseconds. */
const limits = {
  read: { should: 100, shall: 250 },
  push: { should: 1_000, shall: 3_000 },
} as const;

interface LoadOptions {
  readonly clients: readonly number[];
  /** Seconds of load for each number of clients. */
  readonly seconds: number;
  readonly patients: number;
  readonly packs: boolean;
  readonly log: (line: string) => void;
}

interface Percentiles {
  readonly count: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

interface Step {
  readonly clients: number;
  /** Pushes, and as many reads. */
  readonly perSecond: number;
  readonly push: Percentiles;
  readonly read: Percentiles;
  /** Milliseconds of processor time for one push and one read; 0 where the system does not tell. */
  readonly cost: { readonly service: number; readonly postgres: number; readonly generator: number };
}

interface LoadReport {
  readonly machine: string;
  readonly postgres: string;
  readonly steps: readonly Step[];
  readonly saturation: string;
  /** Patients a second. */
  readonly packs?: { readonly first: number; readonly again: number };
}

async function measureServiceLoad(options: LoadOptions): Promise<LoadReport> {
  const { clients, seconds, patients, log } = options;
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
    log(`${cluster.version}; filling ${patients} patients of 150 resources`);
    const ids = await fill(store, patients, 150);
    await store.close();
    const promises = await promisesOf(url);
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const keys = { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' }] };
    const copies = await startCopies(1, url, { COPY_KEYS: JSON.stringify(keys) });
    try {
      const base = copies.any(() => 0);
      if (base === undefined) throw new Error('The service did not start.');
      const steps: Step[] = [];
      for (const count of clients) {
        steps.push(await measureStep(base, copies, privateKey, ids, count, seconds));
        const step = steps.at(-1);
        if (step !== undefined) log(wordsOf(step));
      }
      return {
        machine: `${cpus()[0]?.model.trim() ?? 'unknown'} × ${availableParallelism()}, Node ${process.versions.node}`,
        postgres: `${cluster.version}, ${promises}`,
        steps,
        saturation: saturationOf(steps),
        ...(options.packs ? { packs: await measurePacks(base, privateKey, ids) } : {}),
      };
    } finally {
      await copies.stop();
    }
  } finally {
    await cluster.stop();
  }
}

/** What the database promises of a commit: the figures are worth nothing without. */
async function promisesOf(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ promises: string }>(
    `select string_agg(name || ' ' || setting, ', ' order by name) as promises from pg_settings
     where name in ('fsync', 'synchronous_commit', 'full_page_writes')`,
  );
  await client.end();
  return rows[0]?.promises ?? '';
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

function tokenOf(key: CryptoKey, n: number): Promise<string> {
  const user = `gp-${n}`;
  return new SignJWT({
    name: `Dr ${user}`,
    organisation: ORGANISATION,
    role: 'gp',
    practitioner_id: user,
    auth_time: Math.floor(Date.now() / 1000),
  })
    .setProtectedHeader({ alg: 'ES256' })
    .setSubject(user)
    .setIssuer(copyIssuer)
    .setAudience(copyIssuer)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(key);
}

async function measureStep(
  base: string,
  copies: ServiceCopies,
  key: CryptoKey,
  patients: readonly string[],
  count: number,
  seconds: number,
): Promise<Step> {
  const clients = await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const token = await tokenOf(key, n);
      return { token, device: await new SyncDevice(base, ORGANISATION, token).enrol() };
    }),
  );
  const push: number[] = [];
  const read: number[] = [];
  const before = processorTime(copies);
  const begun = performance.now();
  const until = begun + seconds * 1000;
  await Promise.all(
    clients.map(async ({ device, token }, n) => {
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
          headers: { authorization: `Bearer ${token}` },
        });
        await got.arrayBuffer();
        read.push(performance.now() - reading);
        if (got.status !== 200) throw new Error(`A read answered ${got.status}.`);
      }
    }),
  );
  const elapsed = (performance.now() - begun) / 1000;
  const after = processorTime(copies);
  const cost = (part: keyof typeof after) => ((after[part] - before[part]) * 1000) / push.length;
  return {
    clients: count,
    perSecond: push.length / elapsed,
    push: percentiles(push),
    read: percentiles(read),
    cost: { service: cost('service'), postgres: cost('postgres'), generator: cost('generator') },
  };
}

/** Seconds used so far. PostgreSQL's is what is left of everything that this process started. */
function processorTime(copies: ServiceCopies): Record<'service' | 'postgres' | 'generator', number> {
  const pids = copies.pids();
  let service = 0;
  let postgres = 0;
  for (const { id, cpuSeconds } of processTree(process.pid)) {
    if (pids.includes(id)) service += cpuSeconds;
    else if (id !== process.pid) postgres += cpuSeconds;
  }
  const own = process.cpuUsage();
  return { service, postgres, generator: (own.user + own.system) / 1e6 };
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

/** The fewest clients with which nearly the most is done, and what there is no more of then. */
function saturationOf(steps: readonly Step[]): string {
  const most = Math.max(...steps.map((step) => step.perSecond));
  const step = steps.find(({ perSecond }) => perSecond >= 0.95 * most);
  if (step === undefined) return 'not reached';
  const { service, postgres, generator } = step.cost;
  const busy = (milliseconds: number) => `${Math.round((milliseconds * step.perSecond) / 10)} %`;
  return (
    `${step.clients} clients: ${step.perSecond.toFixed(0)} pushes and as many reads a second; of one core the ` +
    `service uses ${busy(service)}, PostgreSQL ${busy(postgres)}, the load generator ${busy(generator)}`
  );
}

async function measurePacks(
  base: string,
  key: CryptoKey,
  patients: readonly string[],
): Promise<{ readonly first: number; readonly again: number }> {
  const device = await new SyncDevice(base, ORGANISATION, await tokenOf(key, 0)).enrol();
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

function percentiles(milliseconds: readonly number[]): Percentiles {
  return {
    count: milliseconds.length,
    p50: quantile(milliseconds, 0.5),
    p95: quantile(milliseconds, 0.95),
    p99: quantile(milliseconds, 0.99),
  };
}

function wordsOf({ clients, perSecond, push, read, cost }: Step): string {
  const times = ({ p50, p95, p99 }: Percentiles) =>
    [p50, p95, p99].map((value) => value.toFixed(1).padStart(7)).join(' ');
  return (
    `${String(clients).padStart(4)} clients ${perSecond.toFixed(0).padStart(5)}/s  push ${times(push)}  ` +
    `read ${times(read)}  ms at p50 p95 p99; cpu ms ${cost.service.toFixed(1)} service, ` +
    `${cost.postgres.toFixed(1)} PostgreSQL, ${cost.generator.toFixed(1)} generator`
  );
}

/** Part of `npm run bench`. */
export const run: Run = async ({ quick }) => {
  const report = await measureServiceLoad({
    clients: [50],
    seconds: quick ? 3 : 12,
    patients: quick ? 60 : 300,
    packs: false,
    log: () => undefined,
  });
  const [step] = report.steps;
  if (step === undefined) return [];
  const figure = (name: 'push' | 'read', what: string): Measurement => ({
    name: `service: ${what}, 50 clients`,
    value: step[name].p50,
    p50: step[name].p50,
    p95: step[name].p95,
    unit: 'ms',
    budget: limits[name].should,
    judgedBy: 'p95',
    note: `${step[name].count} times; ${report.postgres}; audit on; GP Connect's SHALL is ${limits[name].shall} ms`,
  });
  return [figure('push', 'push of a save group'), figure('read', 'single read')];
};

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '12' },
      patients: { type: 'string', default: '300' },
      clients: { type: 'string', default: '1,10,50,100,200' },
      packs: { type: 'boolean', default: false },
    },
  });
  const report = await measureServiceLoad({
    seconds: Number(values.seconds),
    patients: Number(values.patients),
    clients: values.clients.split(',').map(Number),
    packs: values.packs,
    log: (line) => {
      console.log(line);
    },
  });
  console.log(`${report.machine}; ${report.postgres}`);
  console.log(`Saturation: ${report.saturation}.`);
  const fifty = report.steps.find((step) => step.clients === 50);
  for (const name of ['push', 'read'] as const) {
    if (fifty === undefined) break;
    const { should, shall } = limits[name];
    const { p95 } = fifty[name];
    const verdict =
      p95 <= should ? `within SHOULD (${should})` : p95 <= shall ? `within SHALL (${shall})` : 'MISSED';
    console.log(`${name} at p95 with 50 clients: ${p95.toFixed(0)} ms, ${verdict}`);
  }
  if (report.packs !== undefined) {
    console.log(`packs: ${report.packs.first} patients/s first, ${report.packs.again} again`);
  }
}
