/** A round of visits in the real worker: who is found by address, what a record holds, and what is kept sealed. */
import { expect, fill, segmentFiles, spoil, test } from '../../support/cache-electron.ts';
import {
  directoryEntry,
  filling,
  patientId,
  pendingOperation,
  resourceText,
} from '../../support/cache-records.ts';

test('by address everybody there is found in order of room, a protected patient never', async ({ cache }) => {
  const bag = await cache.open();
  const { epoch } = filling(0);
  const residents = [12, 3].map((room, index) => ({
    ...directoryEntry(index),
    address: { lines: [`Room ${room}`, 'Willow Court'], postcode: 'ZZ99 1AB' },
  }));
  const hidden = {
    ...directoryEntry(2),
    address: { lines: ['Room 1', 'Willow Court'], postcode: 'ZZ99 1AB' },
    protectedPatient: true,
  };
  const found = await bag.page.evaluate(
    async ({ entries, epoch }) => {
      const { cacheHarness } = window;
      await cacheHarness.open('secret');
      await cacheHarness.request({
        type: 'put-directory',
        cursor: { epoch, position: 10 },
        organisationName: 'Practice',
        entries,
        booked: [],
        shared: [],
      });
      const home = await cacheHarness.client.searchAddresses('willow court');
      const postcode = await cacheHarness.client.searchAddresses('zz991ab', 1);
      return {
        home: home.hits.map(({ entry, readiness }) => [entry.address?.lines[0], readiness]),
        cut: [postcode.hits.length, postcode.more],
      };
    },
    { entries: [...residents, hidden], epoch },
  );
  expect(found).toEqual({
    home: [
      ['Room 3', 'arriving'],
      ['Room 12', 'arriving'],
    ],
    cut: [1, 1],
  });
});

test('what a record holds for a visit is found by opening it, with what was saved here; nobody else’s is opened', async ({
  cache,
}) => {
  const bag = await cache.open();
  await fill(bag, 3);
  const [first, second, third] = [patientId(0), patientId(1), patientId(2)];
  const letter = (id: string, attachment: object) =>
    resourceText(first, 'DocumentReference', id, 1, { status: 'current', content: [{ attachment }] });
  const pending = [
    pendingOperation(1, first, letter('d1', { contentType: 'text/plain', data: 'SGk=' })),
    pendingOperation(
      2,
      first,
      letter('d2', { contentType: 'application/pdf', url: 'https://records.example.org/1' }),
    ),
    pendingOperation(
      3,
      first,
      resourceText(first, 'AllergyIntolerance', 'a1', 1, {
        patient: { reference: `Patient/${first}` },
        clinicalStatus: { coding: [{ code: 'active' }] },
        code: { text: 'Penicillin' },
      }),
    ),
  ];
  const carried = await bag.page.evaluate(
    async ({ ids, pending }) => {
      const { cacheHarness } = window;
      await cacheHarness.request({ type: 'put-pending', pending });
      await cacheHarness.request({ type: 'evict', patientIds: [ids[1] ?? ''] });
      const records = await cacheHarness.client.carried([...ids, 'nobody']);
      const recent = await cacheHarness.client.recentPatients();
      await cacheHarness.client.wantRecords(ids);
      // What main is told comes by another road: an answer on that road comes after it.
      await cacheHarness.request({ type: 'describe' });
      return { records, recent: recent.length, tells: cacheHarness.tells };
    },
    { ids: [first, second, third], pending },
  );
  expect(carried.records).toMatchObject([
    {
      copy: 'whole',
      documents: { inRecord: 2, elsewhere: 1, notShown: 0 },
      allergies: { title: 'Known allergies', items: [{ agent: 'Penicillin' }] },
    },
    { patientId: second, copy: 'to-come' },
    { copy: 'whole', documents: { inRecord: 0 } },
    { patientId: 'nobody', copy: 'not-here' },
  ]);
  // Looking is no opening by a person: it changes nobody's list of recent patients.
  expect(carried.recent).toBe(0);
  // Only what is not here is asked for.
  expect(carried.tells).toEqual([second]);
});

test('a record that lies here damaged is not said to be here', async ({ cache }) => {
  const bag = await cache.open();
  await fill(bag, 1);
  await bag.page.evaluate(() => window.cacheHarness.indexed());
  for (const file of await segmentFiles(bag)) spoil(file);
  const carried = await bag.page.evaluate((id) => window.cacheHarness.client.carried([id]), patientId(0));
  expect(carried).toEqual([{ patientId: patientId(0), copy: 'unreadable' }]);
});

test('a round is kept for its person over a restart, sealed; who leaves this computer leaves it, and is counted', async ({
  cache,
}) => {
  const ids = [patientId(0), patientId(1)];
  const first = await cache.open();
  await fill(first, 2);
  await first.page.evaluate(
    (picked) =>
      window.cacheHarness.client.keepRound('user-gp', { day: '2026-12-01', patientIds: picked, gone: 0 }),
    ids,
  );
  await first.close();
  const second = await cache.open(first.profile);
  const kept = await second.page.evaluate(async (left) => {
    const { cacheHarness } = window;
    await cacheHarness.open('secret');
    const { client } = cacheHarness;
    const [before, others] = [await client.round('user-gp'), await client.round('user-nurse')];
    await cacheHarness.request({
      type: 'apply-changes',
      from: { epoch: 'e1', position: 10 },
      next: 11,
      entries: [{ kind: 'scope-exit', position: 11, patientId: left }],
      directory: [],
    });
    return { before, others, after: await client.round('user-gp') };
  }, patientId(0));
  expect(kept).toEqual({
    before: { day: '2026-12-01', patientIds: ids, gone: 0 },
    others: null,
    after: { day: '2026-12-01', patientIds: [patientId(1)], gone: 1 },
  });
});
