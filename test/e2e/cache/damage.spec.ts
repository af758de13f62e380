/** What becomes of a store that the engine, the disk or somebody else damaged (sync-bugs S1, S3, S5). */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, fill, segmentFiles, spoil, test } from '../../support/cache-electron.ts';
import { digestOf, filling, pack, patientId, resourceText } from '../../support/cache-records.ts';

test('S5: one damaged record is set apart, asked for again, and holds neither feed nor search', async ({
  cache,
}) => {
  const bag = await cache.open();
  await fill(bag, 2);
  await bag.page.evaluate(() => window.cacheHarness.indexed());
  for (const file of await segmentFiles(bag)) spoil(file);
  const result = await bag.page.evaluate(
    async ({ ids, text }) => {
      const { cacheHarness } = window;
      const [first = '', second = ''] = ids;
      const opened = await cacheHarness.client.openRecord(first);
      const described = await cacheHarness.request({ type: 'describe' });
      const applied = await cacheHarness.request({
        type: 'apply-changes',
        from: { epoch: 'e1', position: 10 },
        next: 11,
        entries: [
          { kind: 'upsert', position: 11, resource: text, key: 'Condition/x', version: 1, patientId: second },
        ],
        directory: [],
      });
      const hits = await cacheHarness.client.searchPatients('testford');
      return { opened: opened.state, described, tells: cacheHarness.tells, applied, hits: hits.hits.length };
    },
    {
      ids: [patientId(0), patientId(1)],
      text: resourceText(patientId(1), 'Condition', 'x', 1, { code: { text: 'Gout' } }),
    },
  );
  expect(result.opened).toBe('unreadable');
  expect(result.tells).toEqual([patientId(0)]);
  // It counts as here no longer: a list that still named it would have nothing fetched.
  expect(result.described).toMatchObject({ description: { packs: [{ patientId: patientId(1) }] } });
  expect(result.applied).toMatchObject({
    type: 'applied',
    wanted: [{ patientId: patientId(1), notBefore: 11 }],
  });
  expect(result.hits).toBe(2);
});

test('S3: the store’s files destroyed while closed: main is told, rebuilds, and the records come again', async ({
  cache,
}) => {
  const first = await cache.open();
  await fill(first, 3);
  await first.close();
  const folder = join(first.profile, 'IndexedDB');
  for (const origin of readdirSync(folder).filter((name) => name.endsWith('.leveldb'))) {
    for (const file of readdirSync(join(folder, origin))) {
      writeFileSync(join(folder, origin, file), new Uint8Array(4_096).fill(0xa5));
    }
  }
  const second = await cache.open(first.profile);
  const result = await second.page.evaluate(async ({ entries, packs, epoch }) => {
    const { cacheHarness } = window;
    const opened = await cacheHarness.open('secret');
    // Chromium may have begun an empty store by itself; otherwise the worker says that it is damaged.
    const isTold =
      opened.type === 'opened'
        ? opened.description.cursor === null && opened.description.packs.length === 0
        : opened.type === 'failed' && opened.code === 'damaged';
    const rebuilt = await cacheHarness.request({ type: 'rebuild' });
    await cacheHarness.request({
      type: 'put-directory',
      cursor: { epoch, position: 10 },
      organisationName: 'Practice',
      entries,
      booked: [],
      shared: [],
    });
    const stored = await cacheHarness.putPacks(epoch, packs);
    const { notice } = await cacheHarness.client.state();
    return { isTold, rebuilt, stored, notice };
  }, filling(3));
  expect(result.isTold).toBe(true);
  expect(result.rebuilt).toEqual({ type: 'done' });
  expect(result.stored).toMatchObject({ type: 'stored', refused: [] });
  // What was set aside went when its successor was filled.
  expect(result.notice).toBeNull();
});

test('S10: the database closed by another connection is opened again, and the next request is served', async ({
  cache,
}) => {
  const bag = await cache.open();
  await fill(bag, 1);
  const result = await bag.page.evaluate(async () => {
    const { cacheHarness } = window;
    // A newer version asks the worker to let go; then it is gone again, and the store with it.
    await new Promise<void>((done) => {
      const upgrade = indexedDB.open('bag.1', 99);
      upgrade.onupgradeneeded = () => upgrade.transaction?.abort();
      upgrade.onerror = (event) => {
        event.preventDefault();
        done();
      };
      upgrade.onsuccess = () => {
        upgrade.result.close();
        done();
      };
    });
    const first = await cacheHarness.request({ type: 'put-as-of', dataAsOf: '2026-11-22T10:00:00Z' });
    const second = await cacheHarness.request({ type: 'describe' });
    return { first: first.type, second };
  });
  expect(['done', 'failed']).toContain(result.first);
  expect(result.second).toMatchObject({
    type: 'description',
    description: { packs: [{ patientId: patientId(0) }] },
  });
});

test('M10: digests are those of the manifest, before and after the feed changed a record', async ({
  cache,
}) => {
  const bag = await cache.open();
  await fill(bag, 1);
  const id = patientId(0);
  const added = resourceText(id, 'Condition', 'x', 1, { code: { text: 'Gout' } });
  const { text } = pack(0, 10);
  const answers = await bag.page.evaluate(
    async ({ id, added }) => {
      const { cacheHarness } = window;
      const before = await cacheHarness.request({ type: 'digests' });
      await cacheHarness.request({
        type: 'apply-changes',
        from: { epoch: 'e1', position: 10 },
        next: 11,
        entries: [
          { kind: 'upsert', position: 11, resource: added, key: 'Condition/x', version: 1, patientId: id },
        ],
        directory: [],
      });
      return [before, await cacheHarness.request({ type: 'digests' })];
    },
    { id, added },
  );
  expect(answers).toEqual([
    { type: 'digests', digests: [{ patientId: id, digest: digestOf(text) }] },
    { type: 'digests', digests: [{ patientId: id, digest: digestOf(`${text.slice(0, -1)},${added}]`) }] },
  ]);
});

test('a new epoch: records stay readable, marked, and are refused until they are fetched anew', async ({
  cache,
}) => {
  const bag = await cache.open();
  await fill(bag, 1);
  const fresh = { ...pack(0, 3) };
  const result = await bag.page.evaluate(
    async ({ entries, id, fresh }) => {
      const { cacheHarness } = window;
      await cacheHarness.request({
        type: 'put-directory',
        cursor: { epoch: 'e2', position: 3 },
        organisationName: 'Practice',
        entries,
        booked: [],
        shared: [],
      });
      const described = await cacheHarness.request({ type: 'describe' });
      const opened = await cacheHarness.client.openRecord(id);
      const old = await cacheHarness.putPacks('e1', [fresh]);
      const stored = await cacheHarness.putPacks('e2', [fresh]);
      const again = await cacheHarness.client.openRecord(id);
      return {
        described,
        opened: opened.state === 'ready' ? opened.record.completeness.state : opened.state,
        old,
        stored,
        again: again.state === 'ready' ? again.record.completeness.state : again.state,
      };
    },
    { entries: filling(1).entries, id: patientId(0), fresh },
  );
  expect(result).toMatchObject({
    described: { description: { packs: [] } },
    opened: 'superseded',
    old: { stored: [], refused: [patientId(0)] },
    stored: { stored: [patientId(0)] },
    again: 'complete',
  });
});
