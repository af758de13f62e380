import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '../../../../record-service/identity/actor.ts';
import { openStore, type OpenStore } from '../../../../record-service/store/open-store.ts';
import { StoreError } from '../../../../record-service/store/record-store.ts';
import type { ResourceJson } from '../../../../domain/sync/operation.ts';
import { parseExact, stringifyExact } from '../../../../domain/fhir/exact-json.ts';
import { createTestDatabase, engineNames, type TestDatabase } from '../../../support/record-store.ts';

const here = { organisation: 'A1', actor: systemActor('A1') };
const elsewhere = { organisation: 'B2', actor: systemActor('B2') };

const patient = (id: string, family: string): ResourceJson => ({
  resourceType: 'Patient',
  id,
  name: [{ family }],
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    return error instanceof StoreError ? error.code : String(error);
  }
}

describe.each(engineNames)('record store on %s', (engineName) => {
  let database: TestDatabase;
  let store: OpenStore;

  beforeAll(async () => {
    database = await createTestDatabase(engineName);
    store = await openStore(await database.open());
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });

  it('counts versions and keeps every one of them', async () => {
    await store.withTransaction(here, (t) => t.write(patient('versions', 'One'), 'absent'));
    await store.withTransaction(here, (t) => t.write(patient('versions', 'Two'), 1));
    await store.withTransaction(here, (t) => t.delete('Patient', 'versions', 2));
    await store.withTransaction(here, (t) => t.write(patient('versions', 'Four'), 3));
    const history = await store.withSnapshot(here, (reader) => reader.readHistory('Patient', 'versions'));
    expect(history.map((one) => [one.version, one.deleted])).toEqual([
      [4, false],
      [3, true],
      [2, false],
      [1, false],
    ]);
    const first = await store.withSnapshot(here, (reader) => reader.readVersion('Patient', 'versions', 1));
    expect(first?.content).toContain('"One"');
    expect(first?.content).toContain('"versionId":"1"');
  });

  it('refuses what is not as expected, and leaves nothing behind', async () => {
    await store.withTransaction(here, (t) => t.write(patient('expected', 'One'), 'absent'));
    const before = await store.withSnapshot(here, (reader) => reader.head());
    expect(
      await codeOf(store.withTransaction(here, (t) => t.write(patient('expected', 'Two'), 'absent'))),
    ).toBe('exists');
    expect(await codeOf(store.withTransaction(here, (t) => t.write(patient('expected', 'Two'), 7)))).toBe(
      'version-conflict',
    );
    expect(await codeOf(store.withTransaction(here, (t) => t.write(patient('nobody', 'Two'), 1)))).toBe(
      'not-found',
    );
    expect(await codeOf(store.withTransaction(here, (t) => t.delete('Patient', 'nobody', 'any')))).toBe(
      'not-found',
    );
    expect(await codeOf(store.withTransaction(here, (t) => t.write(patient('no/slash', 'Two'), 'any')))).toBe(
      'invalid',
    );
    expect(await store.withSnapshot(here, (reader) => reader.head())).toBe(before);
  });

  it('keeps decimals as they were written', async () => {
    const text =
      '{"resourceType":"Observation","id":"decimals","subject":{"reference":"Patient/decimals"},"valueQuantity":{"value":8.000}}';
    await store.withTransaction(here, (t) => t.write(parseExact(text) as ResourceJson, 'absent'));
    const stored = await store.withSnapshot(here, (reader) => reader.read('Observation', 'decimals'));
    expect(stored?.content).toContain('"value":8.000}');
    expect(stringifyExact(parseExact(stored?.content ?? ''))).toBe(stored?.content);
  });

  it('undoes a savepoint with its feed and audit entries, and nothing else', async () => {
    await store.withTransaction(here, async (t) => {
      await t.write(patient('kept', 'Kept'), 'absent');
      await expect(
        t.savepoint('inner', async () => {
          await t.write(patient('undone', 'Undone'), 'absent');
          throw new Error('undo');
        }),
      ).rejects.toThrow('undo');
      // A failed statement inside must not poison the transaction either.
      await expect(
        t.savepoint('broken', () =>
          t.database
            .selectFrom('nonsense' as never)
            .selectAll()
            .execute(),
        ),
      ).rejects.toThrow();
    });
    const found = await store.withSnapshot(here, async (reader) => ({
      kept: await reader.read('Patient', 'kept'),
      undone: await reader.read('Patient', 'undone'),
      feed: (await reader.readFeed(0, 10_000)).entries.filter((entry) =>
        ['kept', 'undone'].includes(entry.id),
      ),
      audit: await reader.database
        .selectFrom('audit_event')
        .select('entity')
        .where('entity', 'in', ['Patient/kept', 'Patient/undone'])
        .execute(),
    }));
    expect(found.kept?.version).toBe(1);
    expect(found.undone).toBeUndefined();
    expect(found.feed.map((entry) => entry.id)).toEqual(['kept']);
    expect(found.audit).toEqual([{ entity: 'Patient/kept' }]);
  });

  it('never reports success for a transaction that a caught error had ended', async () => {
    const work = store.withTransaction(here, async (t) => {
      await t.database
        .selectFrom('nonsense' as never)
        .selectAll()
        .execute()
        .catch(() => undefined);
    });
    await expect(work).rejects.toThrow(/aborted/);
  });

  it('shows one organisation nothing of another, whatever the query', async () => {
    await store.withTransaction(here, (t) => t.write(patient('ours', 'Ours'), 'absent'));
    const seen = await store.withSnapshot(elsewhere, async (reader) => ({
      read: await reader.read('Patient', 'ours'),
      rows: await reader.database.selectFrom('resource').selectAll().execute(),
      feed: await reader.database.selectFrom('feed').selectAll().execute(),
      audit: await reader.database.selectFrom('audit_event').selectAll().execute(),
      strings: await reader.database.selectFrom('search_string').selectAll().execute(),
    }));
    expect(seen).toEqual({ read: undefined, rows: [], feed: [], audit: [], strings: [] });
    await expect(
      store.withTransaction(elsewhere, (t) =>
        t.database
          .insertInto('organisation_counter')
          .values({ organisation: 'A1', position: 999_999, committed_at: new Date() })
          .execute(),
      ),
    ).rejects.toThrow(/row-level security/);
  });

  it('lets nobody change or remove audit', async () => {
    await expect(
      store.withTransaction(here, (t) => t.database.deleteFrom('audit_event').execute()),
    ).rejects.toThrow(/permission denied/);
    await expect(
      store.withTransaction(here, (t) =>
        t.database.updateTable('audit_event').set({ user_id: 'nobody' }).execute(),
      ),
    ).rejects.toThrow(/permission denied/);
  });

  it('does not move a resource from one record into another', async () => {
    const observation = (subject: string): ResourceJson => ({
      resourceType: 'Observation',
      id: 'mover',
      subject: { reference: `Patient/${subject}` },
    });
    await store.withTransaction(here, (t) => t.write(observation('p1'), 'absent'));
    expect(await codeOf(store.withTransaction(here, (t) => t.write(observation('p2'), 1)))).toBe('invalid');
  });

  it('gives every transaction one position, and cuts pages only between positions', async () => {
    const organisation = 'PAGES';
    const context = { organisation, actor: systemActor(organisation) };
    for (let group = 0; group < 5; group += 1) {
      await store.withTransaction(context, (t) =>
        t.writeMany(
          [0, 1, 2].map((n) => ({
            resource: patient(`g${group}-${n}`, 'Page'),
            expected: 'absent' as const,
          })),
        ),
      );
    }
    const cuts: number[][] = [];
    let after = 0;
    for (;;) {
      const page = await store.withSnapshot(context, (reader) => reader.readFeed(after, 4));
      expect(page.head).toBe(5);
      if (page.entries.length === 0) break;
      cuts.push(page.entries.map((entry) => entry.position));
      after = page.next;
    }
    expect(cuts.flat()).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5]);
    expect(cuts.every((positions) => positions.length % 3 === 0)).toBe(true);
  });

  it('lets exactly one of many simultaneous writers have each version', async () => {
    const organisation = 'RACE';
    const context = { organisation, actor: systemActor(organisation) };
    const create = () => store.withTransaction(context, (t) => t.write(patient('raced', 'Race'), 'absent'));
    const created = await Promise.all(Array.from({ length: 16 }, () => codeOf(create())));
    expect(created.filter((code) => code === 'no error')).toHaveLength(1);
    expect(created.filter((code) => code === 'exists')).toHaveLength(15);
    const update = () => store.withTransaction(context, (t) => t.write(patient('raced', 'Race'), 1));
    const updated = await Promise.all(Array.from({ length: 16 }, () => codeOf(update())));
    expect(updated.filter((code) => code === 'no error')).toHaveLength(1);
    expect(updated.filter((code) => code === 'version-conflict')).toHaveLength(15);
    const page = await store.withSnapshot(context, (reader) => reader.readFeed(0, 100));
    expect(page.entries.map((entry) => [entry.position, entry.version])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('has audited a read when the answer goes out', async () => {
    const organisation = 'READS';
    const context = { organisation, actor: systemActor(organisation) };
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        store.auditReads(context, [
          {
            action: 'read',
            interaction: 'read',
            outcome: 'success',
            entity: `Patient/p${n}`,
            patientId: `p${n}`,
          },
        ]),
      ),
    );
    const rows = await store.withSnapshot(context, (reader) =>
      reader.database.selectFrom('audit_event').select(['patient_id', 'user_id', 'role']).execute(),
    );
    expect(new Set(rows.map((row) => row.patient_id)).size).toBe(40);
    expect(rows.every((row) => row.user_id === 'system' && row.role === 'system')).toBe(true);
  });
});
