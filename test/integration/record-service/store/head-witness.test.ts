import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '../../../../record-service/identity/actor.ts';
import { startHeadWitness } from '../../../../record-service/store/head-witness.ts';
import { openStore } from '../../../../record-service/store/open-store.ts';
import { openPostgres } from '../../../../record-service/store/postgres-engine.ts';
import { startPostgres, type PostgresCluster } from '../../../support/postgres.ts';

const here = { organisation: 'A1', actor: systemActor('A1') };
const never = 1_000_000_000;
const fail = (error: unknown): void => {
  throw error;
};

describe('a cold copy of a PostgreSQL directory', () => {
  let folder = '';
  let cluster: PostgresCluster;
  let url = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gladstone-cold-copy-'));
    // The server may run as another person, who has to come through.
    chmodSync(folder, 0o755);
    cluster = await startPostgres({ folder: join(folder, 'cluster') });
    url = await cluster.createDatabase('records');
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** One run of the service: opens, writes so many patients, ends. */
  async function run(patients: readonly string[]): Promise<{ epoch: string; head: number }> {
    const store = await openStore(
      openPostgres({
        connectionString: url,
        connections: 2,
        statementTimeout: 30_000,
        onIdleError: () => undefined,
      }),
    );
    const witness = await startHeadWitness(store, join(folder, 'heads.json'), never, fail);
    for (const id of patients) {
      await store.withTransaction(here, (t) => t.write({ resourceType: 'Patient', id }, 'absent'));
    }
    const head = await store.withSnapshot(here, (reader) => reader.head());
    await witness.stop();
    const { epoch } = store;
    await store.close();
    return { epoch, head };
  }

  it('that is older than what the service remembers has a new epoch, once; one that goes on has not', async () => {
    const first = await run(['a']);
    await cluster.stop();
    copy('cluster', 'copied');
    await cluster.start();
    const second = await run(['b', 'c']);
    expect(second.epoch).toBe(first.epoch);

    await cluster.stop();
    rmSync(join(folder, 'cluster'), { recursive: true });
    copy('copied', 'cluster');
    await cluster.start();
    const restored = await run([]);
    expect(restored.epoch).not.toBe(first.epoch);
    expect(restored.head).toBe(first.head);
    const later = await run(['d']);
    expect(later.epoch).toBe(restored.epoch);
    // The file damaged, or gone with the data folder: nothing is remembered, and nothing stops.
    writeFileSync(join(folder, 'heads.json'), '{"epoch":');
    expect((await run([])).epoch).toBe(restored.epoch);
    expect(JSON.parse(readFileSync(join(folder, 'heads.json'), 'utf8'))).toMatchObject({ heads: { A1: 2 } });
  });

  /** With owners and modes, as an administrator copies. */
  function copy(from: string, to: string): void {
    execFileSync('cp', ['-a', join(folder, from), join(folder, to)]);
  }
});
