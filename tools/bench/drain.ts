/**
 * 500 consultations signed while the road to the service is cut, and the road mended: seconds until the journal has
 * an outcome for each, and then the service's state against what was signed, resource by resource. Main's own
 * services (session, vault, journal on disk, save, sync engine), the record service in a process of its own, and
 * PostgreSQL.
 *
 *   node tools/bench/drain.ts [--consultations 500] [--patients 100] [--lanes 4]
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseExact, stringifyExact } from '../../domain/fhir/exact-json.ts';
import { canonicalJson } from '../../domain/sync/canonical-json.ts';
import { buildObservations } from '../../domain/clinical/observation-resources.ts';
import { signConsultation } from '../../domain/record/consultation.ts';
import { systemClock } from '../../main/services/clock.ts';
import { SaveService } from '../../main/services/save/save-service.ts';
import { uuidV7 } from '../../main/services/save/uuid-v7.ts';
import { SessionService } from '../../main/services/session/session-service.ts';
import { nodeFiles } from '../../main/services/storage/node-files.ts';
import { SyncEngine } from '../../main/services/sync/engine.ts';
import { noBackend } from '../../main/services/vault/keystore.ts';
import { visitor } from '../../test/support/sign-in-visitor.ts';
import { systemToken } from '../../test/support/sign-in.ts';
import { startServicePractice } from './service-practice.ts';
import type { SignedInUser } from '../../contract/channels/session.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import type { OpenBag } from '../../main/services/session/open-bag.ts';
import type { Keystore } from '../../main/services/vault/keystore.ts';
import type { Measurement, RunOptions } from './measurement.ts';
import type { ServicePractice } from './service-practice.ts';

const organisation = 'A99999';
const keptPractices = '/var/tmp/gladstone-bench';

export interface DrainOptions {
  readonly consultations: number;
  readonly patients: number;
  readonly lanesAtOnce?: number;
  readonly log: (line: string) => void;
}

export interface DrainReport {
  readonly consultations: number;
  readonly operations: number;
  /** Milliseconds of one save until it was durable. */
  readonly saves: readonly number[];
  readonly drainSeconds: number;
  /** Of that, the time in which no request was under way. */
  readonly idleSeconds: number;
  /** Milliseconds of each `/sync/ops` request, as the device saw it. */
  readonly requests: readonly number[];
  readonly deviceCpuSeconds: number;
  /** Resources of the service that are missing, doubled or otherwise than they were signed. Empty when all is well. */
  readonly differences: readonly string[];
}

export async function measureDrain(options: DrainOptions): Promise<DrainReport> {
  const { log } = options;
  const practice = await startServicePractice({ patients: options.patients, folder: keptPractices, log });
  const profile = mkdtempSync(join(tmpdir(), 'gladstone-drain-'));
  const road = new Road();
  let desk: Desk | null = null;
  try {
    const token = await systemToken(practice.url, join(keptPractices, String(options.patients), 'service'));
    const record = new RecordReader(`${practice.url}/fhir/R4/${organisation}`, token);
    const patients = await record.patientIds(options.patients);
    const before = await counted(practice);
    desk = await openDesk(practice.url, profile, road, options.lanesAtOnce);
    const { engine, bag } = desk;
    await engine.now();
    road.isCut = true;
    await engine.now();
    const { signed, saves } = await signOffline(desk, patients, options.consultations);
    const waiting = bag.journal.counts().unsentOperations;
    log(
      `${options.consultations} consultations signed, ${waiting} operations wait, ${engine.status().connection}`,
    );
    if (waiting !== signed.length) throw new Error(`${waiting} operations wait of ${signed.length}.`);

    road.pushes.length = 0;
    road.isCut = false;
    const cpu = process.cpuUsage();
    const began = performance.now();
    while (bag.journal.counts().unsentOperations > 0) {
      await engine.now();
      if (performance.now() - began > 300_000) throw new Error('Not drained within five minutes.');
    }
    const drainSeconds = (performance.now() - began) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    const pushes = [...road.pushes];
    return {
      consultations: options.consultations,
      operations: signed.length,
      saves,
      drainSeconds,
      idleSeconds: drainSeconds - busyMs(pushes) / 1_000,
      requests: pushes.map(({ from, to }) => to - from),
      deviceCpuSeconds: (user + system) / 1_000_000,
      differences: [
        ...engine.attention().map(({ kind, sentence }) => `needs attention: ${kind}: ${sentence}`),
        ...(await record.differencesFrom(signed, patients)),
        ...extras(before, await counted(practice), signed),
      ],
    };
  } finally {
    await desk?.close();
    await practice.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The way to the service, as main's `fetch` sees it: it can be cut, and notes when each push was under way. */
class Road {
  isCut = false;
  readonly pushes: Span[] = [];

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    if (this.isCut) throw new TypeError('fetch failed');
    const from = performance.now();
    const answer = await fetch(input, init);
    const address = input instanceof Request ? input.url : String(input);
    if (address.endsWith('/ops')) this.pushes.push({ from, to: performance.now() });
    return answer;
  };
}

interface Desk {
  readonly engine: SyncEngine;
  readonly save: SaveService;
  readonly bag: OpenBag;
  close(): Promise<void>;
}

/** Main without its windows, put together as main/electron/desk.ts does it. */
async function openDesk(
  serviceUrl: string,
  profile: string,
  road: Road,
  lanesAtOnce: number | undefined,
): Promise<Desk> {
  const session = await SessionService.start({
    profile,
    files: nodeFiles,
    keystore: noKeystore,
    clock: systemClock,
    fetch: road.fetch,
    build: '0.1.0',
    deviceLabel: 'Measured computer',
    inactivityLockMinutes: () => 60,
    forgetCopies: () => Promise.resolve(),
    showSignIn: (url) => {
      void visitor('gp', 'demonstration')(url);
      return Promise.resolve({ closed: new Promise<void>(() => undefined), close: () => undefined });
    },
  });
  const { handlers } = session;
  for (const step of [
    () => handlers['session.configure']({ serviceUrl }),
    () => handlers['session.sign-in'](undefined),
    () => handlers['session.set-passphrase']({ passphrase: 'correct horse battery' }),
  ]) {
    const answer = await step();
    if (!answer.ok) throw new Error(`Not signed in: ${answer.error.message}`);
  }
  const bag = session.bagAtWork();
  const signer = bag?.signer() ?? null;
  if (bag === null || signer === null) throw new Error('The bag did not open.');
  const newId = (): string => uuidV7(systemClock.wallMs());
  const save = new SaveService({
    bag: () => ({ journal: bag.journal, signer }),
    wallMs: () => systemClock.wallMs(),
    monotonicMs: () => systemClock.monotonicMs(),
    lastServiceTime: () => session.lastServiceTime,
    seen: () => undefined,
    newId,
  });
  const engine = new SyncEngine({
    client: bag.client,
    journal: bag.journal,
    decisions: save,
    keeper: bag.keeper,
    audit: bag.audit,
    clock: systemClock,
    chance: Math.random,
    newId,
    offlineScope: () => 'all',
    recent: () => [],
    today: () => new Date().toISOString().slice(0, 10),
    ...(lanesAtOnce === undefined ? {} : { lanesAtOnce }),
  });
  engine.start();
  return {
    engine,
    save,
    bag,
    close: async () => {
      await engine.stop();
      await session.close();
    },
  };
}

const noKeystore: Keystore = {
  backend: () => Promise.resolve(noBackend),
  seal: () => Promise.reject(new Error('there is no keystore')),
  open: () => Promise.reject(new Error('there is no keystore')),
};

async function signOffline(
  { save, bag }: Desk,
  patients: readonly string[],
  consultations: number,
): Promise<{ readonly signed: readonly ResourceJson[]; readonly saves: readonly number[] }> {
  const signed: ResourceJson[] = [];
  const saves: number[] = [];
  for (let index = 0; index < consultations; index += 1) {
    const patientId = patients[index % patients.length] ?? '';
    const { encounterId, resources } = consultation(bag.user, patientId, index);
    const began = performance.now();
    const answer = await save.handlers['record.save']({
      groupId: randomUUID(),
      patientId,
      bannerPatientId: patientId,
      encounterId,
      changes: resources.map((after) => ({
        kind: after.resourceType === 'Observation' ? 'append' : 'create',
        resource: `${after.resourceType}/${after.id}`,
        after: stringifyExact(after),
      })),
    });
    if (!answer.ok) throw new Error(`Not saved: ${answer.error.message}`);
    saves.push(performance.now() - began);
    signed.push(...resources);
  }
  return { signed, saves };
}

/** As the screens build it: two lines of words, a coded problem, blood pressure and weight. */
function consultation(
  user: SignedInUser,
  patientId: string,
  index: number,
): { readonly encounterId: string; readonly resources: readonly ResourceJson[] } {
  const ids = { encounterId: randomUUID() as string, compositionId: randomUUID() as string };
  const recorded = new Date(Date.now() + index).toISOString();
  const newId = (): string => randomUUID();
  const context = {
    patientId,
    author: { practitionerId: user.practitionerId, name: user.name },
    recorded,
    newId,
  };
  const observations = buildObservations(
    [
      {
        key: 'bloodPressure',
        value: {
          systolic: { kind: 'number', written: String(120 + (index % 40)) },
          diastolic: { kind: 'number', written: '80' },
        },
        state: 'sitting',
      },
    ],
    {
      subject: { reference: `Patient/${patientId}` },
      encounter: { reference: `Encounter/${ids.encounterId}` },
      performer: [{ reference: `Practitioner/${user.practitionerId}`, display: user.name }],
      effective: recorded,
      recorded,
      newId,
    },
  ) as unknown as readonly ResourceJson[];
  const edits = signConsultation(
    {
      type: 'Telephone',
      started: recorded,
      circumstances: [],
      sensitive: [],
      topics: [
        {
          title: '',
          headings: [
            {
              heading: 'History',
              lines: [
                { kind: 'text', text: `Offline consultation number ${index}` },
                { kind: 'text', text: 'Two weeks of cough, worse at night; no fever, no weight loss.' },
              ],
            },
            {
              heading: 'Examination',
              lines: observations.map(({ id }) => ({
                kind: 'existing',
                reference: `Observation/${id}`,
                display: 'Blood pressure',
              })),
            },
          ],
        },
      ],
    },
    ids,
    context,
  );
  return { encounterId: ids.encounterId, resources: [...edits.map(({ after }) => after), ...observations] };
}

/** The service's record, read as its own client. */
class RecordReader {
  readonly #base: string;
  readonly #token: string;

  constructor(base: string, token: string) {
    this.#base = base;
    this.#token = token;
  }

  async patientIds(count: number): Promise<readonly string[]> {
    const found = (await this.#read(`Patient?_count=${count}&active=true`)) as Bundle;
    return (found.entry ?? []).map(({ resource }) => resource.id);
  }

  /** Each resource as it was signed, in its first version. */
  async differencesFrom(
    signed: readonly ResourceJson[],
    patients: readonly string[],
  ): Promise<readonly string[]> {
    const stored = new Map<string, ResourceJson>();
    for (const patientId of patients) {
      for (const type of new Set(signed.map(({ resourceType }) => resourceType))) {
        const page = (await this.#read(`${type}?subject=Patient/${patientId}&_count=1000`)) as Bundle;
        if (page.link?.some(({ relation }) => relation === 'next') === true) {
          throw new Error(`A patient has more than a page of ${type}.`);
        }
        for (const { resource } of page.entry ?? []) stored.set(placeOf(resource), resource);
      }
    }
    return signed.flatMap((resource) => {
      const place = placeOf(resource);
      const found = stored.get(place);
      if (found === undefined) return [`${place} is missing`];
      if ((found['meta'] as { versionId: string }).versionId !== '1')
        return [`${place} has a second version`];
      return contentOf(found) === contentOf(resource) ? [] : [`${place} is not as it was signed`];
    });
  }

  async #read(path: string): Promise<unknown> {
    for (;;) {
      const headers = { authorization: `Bearer ${this.#token}` };
      const answer = await fetch(`${this.#base}/${path}`, { headers });
      if (answer.ok) return parseExact(await answer.text());
      if (answer.status !== 429) throw new Error(`The service answers ${answer.status} to a read.`);
      const seconds = Number(answer.headers.get('retry-after') ?? '1');
      await new Promise((resume) => setTimeout(resume, seconds * 1_000));
    }
  }
}

interface Bundle {
  readonly entry?: readonly { readonly resource: ResourceJson }[];
  readonly link?: readonly { readonly relation: string }[];
}

function placeOf({ resourceType, id }: ResourceJson): string {
  return `${resourceType}/${id}`;
}

/** Without what the service adds: version, time, and its tags. */
function contentOf(resource: ResourceJson): string {
  const { meta, ...rest } = resource;
  const { profile } = (meta ?? {}) as { readonly profile?: unknown };
  return canonicalJson({ ...rest, ...(profile === undefined ? {} : { meta: { profile } }) });
}

type Counts = Readonly<Record<string, unknown>>;

/** By the database itself, so that a double under another id would show. */
function counted(practice: ServicePractice): Promise<Counts> {
  return practice.query(`select
    count(*) filter (where type = 'Composition') as "Composition",
    count(*) filter (where type = 'Encounter') as "Encounter",
    count(*) filter (where type = 'Observation') as "Observation",
    (select count(*) from resource_version where type in ('Composition', 'Encounter', 'Observation')) as overwritten
    from resource where not deleted`);
}

function extras(before: Counts, after: Counts, signed: readonly ResourceJson[]): readonly string[] {
  // No signed resource is called `overwritten`: nothing may be.
  return ['Composition', 'Encounter', 'Observation', 'overwritten'].flatMap((name) => {
    const expected = signed.filter(({ resourceType }) => resourceType === name).length;
    const grown = Number(after[name]) - Number(before[name]);
    return grown === expected ? [] : [`${name}: ${grown} more at the service, ${expected} were signed`];
  });
}

/** Milliseconds in which at least one of them was under way. */
function busyMs(spans: readonly Span[]): number {
  let [busy, until] = [0, -Infinity];
  for (const { from, to } of [...spans].sort((left, right) => left.from - right.from)) {
    busy += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return busy;
}

const at = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};

/** 500 consultations of 100 patients; the drain must end within a minute. */
export async function run(options: RunOptions = { quick: false }): Promise<readonly Measurement[]> {
  const report = await measureDrain({
    consultations: options.quick ? 40 : 500,
    patients: options.quick ? 20 : 100,
    log: (line) => {
      console.error(line);
    },
  });
  if (report.differences.length > 0) {
    throw new Error(
      `The service differs from what was signed: ${report.differences.slice(0, 10).join('; ')}`,
    );
  }
  return [
    {
      name: `drain of ${report.consultations} consultations signed offline (${report.operations} operations)`,
      value: report.drainSeconds,
      unit: 's',
      budget: 60,
      note: 'every resource at the service once, as signed',
    },
    {
      name: 'drain: one save group at the service, as the device sees it',
      value: at(report.requests, 0.5),
      unit: 'ms',
      p50: at(report.requests, 0.5),
      p95: at(report.requests, 0.95),
    },
    {
      name: 'save of a consultation offline until durable',
      value: at(report.saves, 0.5),
      unit: 'ms',
      p50: at(report.saves, 0.5),
      p95: at(report.saves, 0.95),
    },
  ];
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      consultations: { type: 'string', default: '500' },
      patients: { type: 'string', default: '100' },
      lanes: { type: 'string', default: '4' },
    },
  });
  const report = await measureDrain({
    consultations: Number(values.consultations),
    patients: Number(values.patients),
    lanesAtOnce: Number(values.lanes),
    log: (line) => {
      console.log(line);
    },
  });
  const rounded = (values_: readonly number[]): string =>
    `p50 ${at(values_, 0.5).toFixed(1)} ms, p95 ${at(values_, 0.95).toFixed(1)} ms`;
  console.log(
    [
      `drained ${report.consultations} consultations (${report.operations} operations) in ${report.drainSeconds.toFixed(1)} s`,
      `${report.requests.length} requests, ${rounded(report.requests)}`,
      `no request under way for ${report.idleSeconds.toFixed(1)} s, device CPU ${report.deviceCpuSeconds.toFixed(1)} s`,
      `save offline ${rounded(report.saves)}`,
      `differences: ${report.differences.length}`,
      ...report.differences.slice(0, 10),
    ].join('\n'),
  );
  process.exit(report.differences.length === 0 ? 0 : 1);
}
