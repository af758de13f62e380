import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { openStore, type OpenStore } from '../../record-service/store/open-store.ts';
import { openPostgres } from '../../record-service/store/postgres-engine.ts';
import { systemActor } from '../../record-service/identity/actor.ts';
import type { ResourceJson } from '../../domain/sync/operation.ts';
import { startPostgres, type PostgresCluster } from '../../test/support/postgres.ts';
import { startCopies, type ServiceCopies } from './feed-copies.ts';
import { administer, followPositions, followSequence, installSequenceFeed } from './feed-reader.ts';
import {
  observation,
  SHARED_RESOURCES,
  TORTURE_ORGANISATION,
  writeGroup,
  type WriterState,
} from './feed-writer.ts';

const run = promisify(execFile);

export interface FeedTortureOptions {
  /** At least so many changes, over both halves (before and after the restore). */
  readonly changes?: number;
  readonly writers?: number;
  readonly seed?: number;
  /** Milliseconds between two kills. */
  readonly killEvery?: number;
  /** Kill by progress instead of by time: whenever so many more changes were saved, however fast the machine is. */
  readonly killAfterChanges?: number;
  readonly log?: (line: string) => void;
}

export interface FeedTortureReport {
  readonly postgres: string;
  readonly seed: number;
  readonly seconds: number;
  /** Committed versions that the comparison was made over. */
  readonly changes: number;
  readonly groups: number;
  readonly kills: { readonly copies: number; readonly postgres: number };
  readonly restored: boolean;
  readonly epochChanged: boolean;
  /** Of the service's feed: all must be 0. */
  readonly missed: number;
  readonly groupsSplit: number;
  readonly versionsFell: number;
  /** Of a plain sequence cursor over the same writes: must not be 0, or the harness proves nothing. */
  readonly missedBySequence: number;
}

/**
 * Issue 3, must-show 2. Writers in two service copies against one PostgreSQL, kills of copies and of PostgreSQL, an
 * open transaction in another database, dump and restore in between. A reader follows the feed all the while; in the
 * end it must have seen every committed version, in order, and no save group in two halves.
 */
export async function runFeedTorture(options: FeedTortureOptions = {}): Promise<FeedTortureReport> {
  const { changes = 100_000, writers = 20, seed = 1, killEvery = 5_000, log = () => undefined } = options;
  const { killAfterChanges } = options;
  const random = seeded(seed);
  const started = performance.now();
  const cluster = await startPostgres({ preferSystem: true, settings: ['max_connections = 200'] });
  try {
    const other = holdTransaction(cluster.url('postgres'));
    const first = await cluster.createDatabase('torture');
    log(`${cluster.version}, seed ${seed}: ${writers} writers in 2 copies, ${changes} changes`);
    const before = await half({
      cluster,
      url: first,
      changes: changes / 2,
      writers,
      random,
      killEvery,
      killAfterChanges,
      log,
      name: 'a',
    });
    const restored = await restore(cluster, 'torture', 'torture_restored', log);
    // Where nothing can dump a database, the second half goes on in the first one's.
    const after = await half({
      cluster,
      url: restored ? cluster.url('torture_restored') : first,
      changes: changes / 2,
      writers,
      random,
      killEvery,
      killAfterChanges,
      log,
      name: 'b',
    });
    await other.end();
    const halves = [before, after];
    const sum = (value: (part: HalfReport) => number) =>
      halves.reduce((total, part) => total + value(part), 0);
    return {
      postgres: cluster.version,
      seed,
      seconds: Math.round((performance.now() - started) / 1000),
      // Its database holds the first half too.
      changes: after.changes,
      groups: sum((part) => part.groups),
      kills: { copies: sum((part) => part.killedCopies), postgres: sum((part) => part.killedPostgres) },
      restored,
      epochChanged: after.epoch !== before.epoch,
      missed: sum((part) => part.missed),
      groupsSplit: sum((part) => part.groupsSplit),
      versionsFell: sum((part) => part.versionsFell),
      missedBySequence: sum((part) => part.missedBySequence),
    };
  } finally {
    await cluster.stop();
  }
}

interface HalfOptions {
  readonly cluster: PostgresCluster;
  readonly url: string;
  readonly changes: number;
  readonly writers: number;
  readonly random: () => number;
  readonly killEvery: number;
  readonly killAfterChanges: number | undefined;
  readonly log: (line: string) => void;
  readonly name: string;
}

interface HalfReport {
  readonly epoch: string;
  readonly changes: number;
  readonly groups: number;
  readonly killedCopies: number;
  readonly killedPostgres: number;
  readonly missed: number;
  readonly groupsSplit: number;
  readonly versionsFell: number;
  readonly missedBySequence: number;
}

async function half(options: HalfOptions): Promise<HalfReport> {
  const { cluster, url, random, log } = options;
  const store = await openStore(
    openPostgres({
      connectionString: url,
      connections: 4,
      statementTimeout: 30_000,
      onIdleError: () => undefined,
    }),
  );
  if (options.name === 'a') {
    await installSequenceFeed(url);
    await seedShared(store);
  }
  const copies = await startCopies(2, url);
  const positions = followPositions(store);
  const sequence = followSequence(url);
  const state: WriterState = { groups: 0, changes: 0, unknown: 0, refused: 0 };
  let writing = true;
  const kills = { copies: 0, postgres: 0 };

  const writers = Array.from({ length: options.writers }, async (_, writer) => {
    for (let n = 0; state.changes < options.changes; n += 1) {
      await writeGroup(copies, `${options.name}${writer}g${n}`, random, state).catch(() => undefined);
    }
  });
  const killer = (async () => {
    for (let n = 0; ; n += 1) {
      const due = state.changes + (options.killAfterChanges ?? Infinity);
      const pause = options.killAfterChanges === undefined ? options.killEvery : 5;
      // The flag is cleared by the code below, while this waits.
      do await new Promise((resolve) => setTimeout(resolve, pause));
      while ((writing as boolean) && options.killAfterChanges !== undefined && state.changes < due);
      if (!(writing as boolean)) return;
      log(
        `${state.changes} changes, ${state.groups} groups saved, ${state.unknown} unknown, ${state.refused} refused`,
      );
      if (n % 2 === 1) await killPostgres(cluster, kills);
      else await killCopy(copies, random, kills);
    }
  })();
  await Promise.all(writers);
  writing = false;
  await killer;
  await copies.stop();
  await positions.finish();
  await sequence.finish();
  const { epoch } = store;
  const report = await compare(url, positions, sequence.seen);
  await store.close();
  log(`half ${options.name}: ${JSON.stringify(report)}`);
  return {
    ...report,
    epoch,
    groups: state.groups,
    killedCopies: kills.copies,
    killedPostgres: kills.postgres,
  };
}

async function seedShared(store: OpenStore): Promise<void> {
  const context = { organisation: TORTURE_ORGANISATION, actor: systemActor(TORTURE_ORGANISATION) };
  for (let n = 0; n < SHARED_RESOURCES; n += 1) {
    const resource = observation(`shared-${n}`, `seed-${n}`, 'p0') as ResourceJson;
    await store.withTransaction(context, (transaction) => transaction.write(resource, 'absent'));
  }
}

async function killPostgres(cluster: PostgresCluster, kills: { postgres: number }): Promise<void> {
  await cluster.kill();
  kills.postgres += 1;
  await cluster.start();
}

async function killCopy(
  copies: ServiceCopies,
  random: () => number,
  kills: { copies: number },
): Promise<void> {
  await copies.killOne(random);
  kills.copies += 1;
}

/** What the reader saw against what is committed. The truth is the versions themselves, not the feed. */
async function compare(
  url: string,
  reader: {
    readonly seen: readonly string[];
    readonly positions: ReadonlyMap<string, number>;
    readonly split: number;
  },
  seenBySequence: readonly string[],
): Promise<Pick<HalfReport, 'changes' | 'missed' | 'groupsSplit' | 'versionsFell' | 'missedBySequence'>> {
  const committed = await administer(
    url,
    `select type || '/' || id || '|' || version as key, content::json ->> 'valueString' as group_name from resource
     union all
     select type || '/' || id || '|' || version, content::json ->> 'valueString' from resource_version`,
  );
  const seen = new Set(reader.seen);
  const bySequence = new Set(seenBySequence);
  const positionsOfGroup = new Map<string, Set<number>>();
  for (const row of committed) {
    const position = reader.positions.get(String(row['key']));
    if (typeof row['group_name'] !== 'string' || position === undefined) continue;
    const group = row['group_name'];
    positionsOfGroup.set(group, (positionsOfGroup.get(group) ?? new Set()).add(position));
  }
  return {
    changes: committed.length,
    missed: committed.filter((row) => !seen.has(String(row['key']))).length,
    groupsSplit:
      reader.split + [...positionsOfGroup.values()].filter((positions) => positions.size > 1).length,
    versionsFell: fallsIn(reader.seen),
    missedBySequence: committed.filter((row) => !bySequence.has(String(row['key']))).length,
  };
}

function fallsIn(seen: readonly string[]): number {
  const last = new Map<string, number>();
  let falls = 0;
  for (const one of seen) {
    const [key = '', version = '0'] = one.split('|');
    if (Number(version) <= (last.get(key) ?? 0)) falls += 1;
    last.set(key, Number(version));
  }
  return falls;
}

/** An old open transaction elsewhere in the cluster: it blinds cursors made of transaction ids. */
function holdTransaction(url: string): { end: () => Promise<void> } {
  let ended = false;
  let client: Client | undefined;
  const hold = async (): Promise<void> => {
    if (ended) return;
    client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    client.on('end', () => setTimeout(() => void hold().catch(() => undefined), 500));
    await client.connect();
    await client.query('begin; select pg_current_xact_id()');
  };
  void hold().catch(() => undefined);
  return {
    async end() {
      ended = true;
      await client?.end().catch(() => undefined);
    },
  };
}

async function restore(
  cluster: PostgresCluster,
  from: string,
  to: string,
  log: (line: string) => void,
): Promise<boolean> {
  const dump = join(cluster.binaries, 'pg_dump');
  if (!existsSync(dump)) {
    log(
      'No pg_dump beside this PostgreSQL: the restore is left out. Install PostgreSQL 15 or later to have it.',
    );
    return false;
  }
  const file = join(tmpdir(), `gladstone-torture-${cluster.port}.dump`);
  await run(dump, ['--format=custom', `--file=${file}`, cluster.url(from)]);
  await cluster.createDatabase(to);
  await run(join(cluster.binaries, 'pg_restore'), [`--dbname=${cluster.url(to)}`, file]);
  rmSync(file);
  log(`dumped and restored into ${to}`);
  return true;
}

/** Mulberry32: a run can be repeated by its seed as far as the machine lets it. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
