import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { systemActor } from '../../../../record-service/identity/actor.ts';
import { openStore } from '../../../../record-service/store/open-store.ts';
import { openPglite } from '../../../../record-service/store/pglite-engine.ts';
import { openPostgres } from '../../../../record-service/store/postgres-engine.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/record-store.ts';

const here = { organisation: 'A1', actor: systemActor('A1') };
const patient = (id: string) => ({ resourceType: 'Patient', id });

describe('embedded database on disk', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gladstone-lifecycle-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps what was saved, and its epoch, over a restart; a copy of the folder is another epoch', async () => {
    const place = join(folder, 'original');
    const first = await openStore(await openPglite(place));
    await first.withTransaction(here, (t) => t.write(patient('kept'), 'absent'));
    const { epoch } = first;
    await first.close();

    const again = await openStore(await openPglite(place));
    expect(again.epoch).toBe(epoch);
    expect((await again.withSnapshot(here, (reader) => reader.read('Patient', 'kept')))?.version).toBe(1);
    await again.close();

    const backup = join(folder, 'restored');
    cpSync(place, backup, { recursive: true });
    const restored = await openStore(await openPglite(backup));
    expect(restored.epoch).not.toBe(epoch);
    expect(await restored.withSnapshot(here, (reader) => reader.head())).toBe(1);
    await restored.close();
  });

  it('is held by one process; a lock whose holder is gone is taken over', async () => {
    const place = join(folder, 'locked');
    const engine = await openPglite(place);
    await expect(openPglite(place)).rejects.toThrow(/Another record service is using .* Nothing was changed/);
    await engine.close();
    // A process id beyond what the system gives out: nobody runs under it.
    writeFileSync(join(place, 'service.lock'), '99999999 1');
    const next = await openPglite(place);
    await next.close();
  });
});

describe('PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase('postgres');
  });
  afterAll(() => database.drop());

  it('is set up once by copies that start together', async () => {
    const stores = await Promise.all([0, 1, 2].map(async () => openStore(await database.open())));
    expect(new Set(stores.map((store) => store.epoch)).size).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('has a new epoch when it was restored from a dump', async () => {
    const store = await openStore(await database.open());
    const { epoch } = store;
    await store.close();
    const copy = `${new URL(database.url ?? '').pathname.slice(1)}_copy`;
    const base = `postgres://gladstone@127.0.0.1:${inject('postgresPort')}`;
    const administrator = new Client({ connectionString: `${base}/postgres` });
    await administrator.connect();
    await administrator.query(
      `create database ${copy} template ${new URL(database.url ?? '').pathname.slice(1)}`,
    );
    const restored = await openStore(
      openPostgres({
        connectionString: `${base}/${copy}`,
        connections: 2,
        statementTimeout: 30_000,
        onIdleError: () => undefined,
      }),
    );
    expect(restored.epoch).not.toBe(epoch);
    await restored.close();
    await administrator.query(`drop database ${copy} with (force)`);
    await administrator.end();
  });

  it('of a newer service is left alone', async () => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(`insert into migration (number, name) values (999, 'from-the-future')`);
    const engine = await database.open();
    await expect(openStore(engine)).rejects.toThrow(
      /written by a newer record service .* Nothing was changed/,
    );
    await engine.close();
    await client.query('delete from migration where number = 999');
    await client.end();
  });

  it('that cuts a connection in the middle of a transaction undoes it, and serves the next', async () => {
    const store = await openStore(await database.open());
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const work = store.withTransaction(here, async (t) => {
      await t.write(patient('cut'), 'absent');
      await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'gladstone-record-service' and datname = current_database()`,
      );
      await t.write(patient('cut-too'), 'absent');
    });
    await expect(work).rejects.toMatchObject({ code: 'unavailable' });
    expect(await store.withSnapshot(here, (reader) => reader.read('Patient', 'cut'))).toBeUndefined();
    await store.withTransaction(here, (t) => t.write(patient('cut'), 'absent'));
    await client.end();
    await store.close();
  });
});
