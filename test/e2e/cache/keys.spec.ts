/** I10: after somebody left the scope, nothing that ever lay on the disk tells of them, even to who has the bag's key. */
import { expect, fill, test, type CacheWindow } from '../../support/cache-electron.ts';
import { pack, patientId } from '../../support/cache-records.ts';

const [gone, stays] = [patientId(1), patientId(2)];

/** Texts of everything that was ever on the disk and still opens, which speak of a patient. */
async function tellingOf({ page }: CacheWindow, patient: string): Promise<number> {
  const texts = await page.evaluate(() => window.cacheHarness.openStolen('secret'));
  return texts.filter((text) => text.includes(patient)).length;
}

/** A bag with three patients, all in every list, and a thief who copies the disk. */
async function copiedBag(bag: CacheWindow): Promise<void> {
  await fill(bag, 3);
  await bag.page.evaluate(async () => {
    await window.cacheHarness.indexed();
    await window.cacheHarness.steal();
  });
}

test('I10: keys of who leaves the scope are destroyed, so that old blocks of the store tell nothing', async ({
  cache,
}) => {
  const bag = await cache.open();
  await copiedBag(bag);
  // Pack, directory, list of packs, agenda: the copy and the keys open them all.
  expect(await tellingOf(bag, gone)).toBeGreaterThanOrEqual(4);

  const answer = await bag.page.evaluate(async (patient) => {
    const applied = await window.cacheHarness.request({
      type: 'apply-changes',
      from: { epoch: 'e1', position: 10 },
      next: 11,
      entries: [{ kind: 'scope-exit', position: 11, patientId: patient }],
      directory: [],
    });
    await window.cacheHarness.steal();
    return applied;
  }, gone);
  expect(answer.type).toBe('applied');
  expect(await tellingOf(bag, gone)).toBe(0);
  expect(await tellingOf(bag, stays)).toBeGreaterThanOrEqual(4);
});

test('I10: a record that was evicted does not open from a copy; fetched again it does, under a new key', async ({
  cache,
}) => {
  const bag = await cache.open();
  await copiedBag(bag);
  const asthma = async (): Promise<number> =>
    (await bag.page.evaluate(() => window.cacheHarness.openStolen('secret'))).filter(
      (text) => text.includes(gone) && text.includes('Asthma'),
    ).length;
  expect(await asthma()).toBe(1);
  await bag.page.evaluate((patientIds) => window.cacheHarness.request({ type: 'evict', patientIds }), [gone]);
  expect(await asthma()).toBe(0);

  const again = await bag.page.evaluate(
    async ({ packs, id }) => {
      const stored = await window.cacheHarness.putPacks('e1', packs);
      await window.cacheHarness.steal();
      return { stored, opened: (await window.cacheHarness.client.openRecord(id)).state };
    },
    { packs: [pack(1, 10)], id: gone },
  );
  expect(again).toMatchObject({ stored: { type: 'stored', stored: [gone] }, opened: 'ready' });
  expect(await asthma()).toBe(1);
});

test('I10: a key that a crash left behind goes when the store is next opened; the others stay', async ({
  cache,
}) => {
  const first = await cache.open();
  await fill(first, 2);
  const before = await first.page.evaluate(async () => {
    const file = await (await navigator.storage.getDirectory()).getFileHandle('bag.1.keys');
    const writing = await file.createWritable({ keepExistingData: true });
    // As if power went after the keys of two packs were written, and before the packs.
    await writing.write({ type: 'write', position: 40 * 32, data: new Uint8Array(64).fill(7) });
    await writing.close();
    return (await file.getFile()).size;
  });
  expect(before).toBe(42 * 32);
  await first.close();

  const second = await cache.open(first.profile);
  const after = await second.page.evaluate(async (id) => {
    await window.cacheHarness.open('secret');
    const file = await (await navigator.storage.getDirectory()).getFileHandle('bag.1.keys');
    const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
    return {
      left: bytes.slice(40 * 32).some((byte) => byte !== 0),
      opened: (await window.cacheHarness.client.openRecord(id)).state,
    };
  }, patientId(0));
  expect(after).toEqual({ left: false, opened: 'ready' });
});

test('I10: without its key file the store counts as damaged and is fetched again', async ({ cache }) => {
  const first = await cache.open();
  await fill(first, 1);
  await first.page.evaluate(async () => {
    await (await navigator.storage.getDirectory()).removeEntry('bag.1.keys');
  });
  await first.close();
  const second = await cache.open(first.profile);
  const answers = await second.page.evaluate(async () => {
    const opened = await window.cacheHarness.open('secret');
    return [opened, await window.cacheHarness.request({ type: 'rebuild' })];
  });
  expect(answers).toMatchObject([{ type: 'failed', code: 'damaged' }, { type: 'done' }]);
});
