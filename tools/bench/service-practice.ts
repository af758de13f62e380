/**
 * The real record service on a real PostgreSQL with a synthetic practice in it, for measurements. The practice is
 * written once and kept in a folder from one run to the next.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { formatCivilDate } from '../../domain/fhir/civil-date.ts';
import { localTimeOf } from '../../domain/fhir/local-time.ts';
import { seedInto } from '../../record-service/seed/seed-into.ts';
import { openStore } from '../../record-service/store/open-store.ts';
import { openPostgres } from '../../record-service/store/postgres-engine.ts';
import { freePort } from '../../test/support/free-port.ts';
import { startPostgres } from '../../test/support/postgres.ts';

const project = resolve(import.meta.dirname, '../..');
const database = 'practice';
const settings = ['shared_buffers = 256MB', 'max_wal_size = 4GB', 'work_mem = 16MB'];

export interface ServicePractice {
  readonly url: string;
  readonly postgresVersion: string;
  readonly patients: number;
  readonly resources: number;
  /** Of the service's process. */
  readonly processId: number;
  /** One row, by the database's owner: past the organisation's wall. */
  query(text: string): Promise<Record<string, unknown>>;
  /** As after a change of every record: no pack is held any more. */
  forgetPacks(): Promise<void>;
  close(): Promise<void>;
}

export interface ServicePracticeOptions {
  readonly patients: number;
  /** Where practices are kept; one below it for each size. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

/** Whether the practice of this size was written here already. */
export function isSeeded({ folder, patients }: Pick<ServicePracticeOptions, 'folder' | 'patients'>): boolean {
  return existsSync(markOf(folder, patients));
}

export async function startServicePractice(options: ServicePracticeOptions): Promise<ServicePractice> {
  const { patients, log } = options;
  const folder = join(options.folder, String(patients));
  mkdirSync(folder, { recursive: true });
  const postgresFolder = join(folder, 'postgres');
  if (!isSeeded(options)) await seed(postgresFolder, options);
  const { resources } = JSON.parse(readFileSync(markOf(options.folder, patients), 'utf8')) as {
    readonly resources: number;
  };

  const cluster = await startPostgres({ folder: postgresFolder, settings });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = spawn(process.execPath, [join(project, 'record-service/main.ts')], {
    cwd: project,
    env: {
      ...process.env,
      PORT: String(port),
      LOG_LEVEL: 'error',
      DATABASE_URL: cluster.url(database),
      GLADSTONE_DATA_DIR: join(folder, 'service'),
      GLADSTONE_PUBLIC_URL: url,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = new Promise<void>((settle) => {
    service.once('exit', () => {
      settle();
    });
  });
  const owner = new Client({ connectionString: cluster.url(database) });
  const close = async (): Promise<void> => {
    await owner.end().catch(() => undefined);
    service.kill('SIGTERM');
    await ended;
    await cluster.stop();
  };
  try {
    await owner.connect();
    await alive(url, () => service.exitCode !== null);
  } catch (error) {
    await close();
    throw error;
  }
  log(`${cluster.version}; ${patients} patients, ${resources} resources`);
  return {
    url,
    postgresVersion: cluster.version,
    patients,
    resources,
    processId: service.pid ?? 0,
    query: async (text) => ((await owner.query(text)).rows[0] ?? {}) as Record<string, unknown>,
    forgetPacks: async () => {
      await owner.query('truncate pack_cache');
    },
    close,
  };
}

/** Without fsync: the practice is whole when the mark stands, and begun anew when it does not. */
async function seed(
  postgresFolder: string,
  { patients, folder, log }: ServicePracticeOptions,
): Promise<void> {
  const cluster = await startPostgres({
    folder: postgresFolder,
    settings: [...settings, 'fsync = off', 'full_page_writes = off', 'checkpoint_timeout = 30min'],
  });
  try {
    await cluster.dropDatabase(cluster.url(database));
    const store = await openStore(
      openPostgres({
        connectionString: await cluster.createDatabase(database),
        connections: 4,
        statementTimeout: 120_000,
        onIdleError: () => undefined,
      }),
    );
    const started = performance.now();
    let told = 0;
    const now = localTimeOf(Date.now());
    const { resources } = await seedInto(
      store,
      { patients, days: 7, today: formatCivilDate(now.date), nowMinutes: 9 * 60 },
      (progress) => {
        if (progress.patients < told + 500) return;
        told = progress.patients;
        log(`written: ${progress.patients} patients, ${progress.resources} resources`);
      },
    );
    await store.close();
    const owner = new Client({ connectionString: cluster.url(database) });
    await owner.connect();
    await owner.query('vacuum analyze');
    await owner.end();
    log(`practice written in ${((performance.now() - started) / 1_000).toFixed(0)} s`);
    writeFileSync(markOf(folder, patients), JSON.stringify({ patients, resources }));
  } finally {
    await cluster.stop();
  }
}

function markOf(folder: string, patients: number): string {
  return join(folder, String(patients), 'seeded.json');
}

async function alive(url: string, hasEnded: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok === true) return;
    if (hasEnded() || performance.now() > deadline) throw new Error('The record service did not start.');
    await new Promise((resume) => setTimeout(resume, 50));
  }
}
