/** Bodies of packs in files beside the database: what a crash, a lost file, eviction and a store of before leave. */
import { statSync, truncateSync, unlinkSync } from 'node:fs';
import { expect, fill, segmentFiles, test, type CacheWindow } from '../../support/cache-electron.ts';
import { filling, patientId } from '../../support/cache-records.ts';

const ids = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => patientId(index));

/** Opens the bag once more and tells which patients it counts as here, and how each of `asked` opens. */
function openAgain({ page }: CacheWindow, asked: readonly string[]) {
  return page.evaluate(async (patientIds) => {
    const answer = await window.cacheHarness.open('secret');
    const opened: string[] = [];
    for (const id of patientIds) opened.push((await window.cacheHarness.client.openRecord(id)).state);
    // What main is told comes by another road: an answer on that road comes after it.
    await window.cacheHarness.request({ type: 'describe' });
    return {
      here:
        answer.type === 'opened' ? answer.description.packs.map(({ patientId: id }) => id).sort() : answer,
      opened,
    };
  }, asked);
}

test('a file cut short by a power cut: records that are not whole count as missing, the others stay', async ({
  cache,
}) => {
  const first = await cache.open();
  await fill(first, 4);
  const [file = ''] = await segmentFiles(first);
  await first.close();
  truncateSync(file, statSync(file).size - 1);
  const second = await cache.open(first.profile);
  const found = await openAgain(second, ids(4));
  expect(found.here).toEqual([...ids(3)].sort());
  expect(found.opened).toEqual(['ready', 'ready', 'ready', 'arriving']);
  // Fetched again, it is whole.
  const { packs } = filling(4);
  const again = await second.page.evaluate(
    async ({ packs: sent, id }) => {
      const stored = await window.cacheHarness.putPacks('e1', sent);
      return { stored, opened: (await window.cacheHarness.client.openRecord(id)).state };
    },
    { packs: packs.slice(3), id: patientId(3) },
  );
  expect(again).toMatchObject({ stored: { stored: [patientId(3)] }, opened: 'ready' });
});

test('a file that was lost: its records are missing and are asked for, nothing else is', async ({
  cache,
}) => {
  const first = await cache.open();
  await fill(first, 2);
  const [file = ''] = await segmentFiles(first);
  await first.close();
  unlinkSync(file);
  const second = await cache.open(first.profile);
  const found = await openAgain(second, ids(2));
  expect(found).toEqual({ here: [], opened: ['arriving', 'arriving'] });
  expect(await second.page.evaluate(() => window.cacheHarness.tells)).toEqual(ids(2));
});

test('what a crash left behind in files goes when the store is next opened', async ({ cache }) => {
  const first = await cache.open();
  await fill(first, 1);
  await first.page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('bag.1.packs');
    // As if power went after bodies were written and before anything named them.
    const writing = await (await folder.getFileHandle('0badcafe', { create: true })).createWritable();
    await writing.write(new Uint8Array(500).fill(7));
    await writing.close();
  });
  await first.close();
  const second = await cache.open(first.profile);
  expect((await openAgain(second, ids(1))).opened).toEqual(['ready']);
  await expect
    .poll(() => second.page.evaluate(async () => Object.keys(await window.cacheHarness.segments())))
    .toHaveLength(1);
});

test('eviction gives the space back, and every record that stays opens', async ({ cache }) => {
  const first = await cache.open();
  await fill(first, 40);
  await first.close();
  const second = await cache.open(first.profile);
  const bytes = (): Promise<number> =>
    second.page.evaluate(async () =>
      Object.values(await window.cacheHarness.segments()).reduce((sum, { length }) => sum + length, 0),
    );
  await openAgain(second, []);
  const before = await bytes();
  await second.page.evaluate(
    (patientIds) => window.cacheHarness.request({ type: 'evict', patientIds }),
    ids(30),
  );
  await expect.poll(bytes).toBeLessThan(before / 2);
  await second.close();
  const third = await cache.open(first.profile);
  const found = await openAgain(third, ids(40));
  expect(found.here).toEqual([...ids(40).slice(30)].sort());
  expect(found.opened.slice(30)).toEqual(Array.from({ length: 10 }, () => 'ready'));
});

test('records that come while the store is tidied up are in all lists too', async ({ cache }) => {
  const bag = await cache.open();
  await fill(bag, 0);
  const waiting = await bag.page.evaluate(async ({ entries, packs }) => {
    const { cacheHarness } = window;
    await cacheHarness.request({
      type: 'put-directory',
      cursor: { epoch: 'e1', position: 10 },
      organisationName: 'Practice',
      entries,
      booked: [],
      shared: [],
    });
    for (const one of packs) await cacheHarness.putPacks('e1', [one]);
    await cacheHarness.indexed();
    return (await cacheHarness.client.state()).waitingForIndex;
  }, filling(60));
  expect(waiting).toBe(0);
});

test('a store of before, with bodies in the database, opens at once and moves them to files', async ({
  cache,
}) => {
  const first = await cache.open();
  await fill(first, 250);
  await first.page.evaluate(async () => {
    window.cacheHarness.end();
    await window.cacheHarness.asBefore('secret');
  });
  await first.close();
  const second = await cache.open(first.profile);
  const found = await openAgain(second, ids(250));
  expect(found.here).toEqual([...ids(250)].sort());
  expect(new Set(found.opened)).toEqual(new Set(['ready']));
  await expect.poll(() => second.page.evaluate(() => window.cacheHarness.rowsInDatabase())).toBe(0);
  await second.close();
  const third = await cache.open(first.profile);
  const moved = await openAgain(third, ids(250));
  expect(moved.here).toEqual([...ids(250)].sort());
  expect(new Set(moved.opened)).toEqual(new Set(['ready']));
});
