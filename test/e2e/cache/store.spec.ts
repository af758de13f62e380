/** The cache against the real engine: worker, IndexedDB and WebCrypto of Electron. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, filesBelow, fill, segmentFiles, test } from '../../support/cache-electron.ts';
import { directoryEntry, filling, pack, patientId, resourceText } from '../../support/cache-records.ts';

const epoch = 'e1';

test('a record is stored sealed, found, opened, and is there after a restart', async ({ cache }) => {
  const first = await cache.open();
  await fill(first, 3);
  const opened = await first.page.evaluate(async (id) => {
    const hits = await window.cacheHarness.client.searchPatients('testford');
    const record = await window.cacheHarness.client.openRecord(id);
    return { hits: hits.hits.map((hit) => hit.entry.id), record };
  }, patientId(1));
  expect(opened.hits).toContain(patientId(1));
  expect(opened.record.state).toBe('ready');
  await first.close();

  const second = await cache.open(first.profile);
  const again = await second.page.evaluate(async (id) => {
    const answer = await window.cacheHarness.open('secret');
    return { answer, record: (await window.cacheHarness.client.openRecord(id)).state };
  }, patientId(1));
  expect(again.record).toBe('ready');
  expect(again.answer).toMatchObject({
    type: 'opened',
    description: { cursor: { epoch, position: 10 }, directoryEntries: 3 },
  });
});

test('no name, number or id of a patient lies on the disk in clear', async ({ cache }) => {
  const bag = await cache.open();
  await fill(bag, 3);
  await bag.page.evaluate(() => window.cacheHarness.indexed());
  const segments = await segmentFiles(bag);
  await bag.close();
  const files = [
    ...filesBelow(join(bag.profile, 'IndexedDB')),
    ...filesBelow(join(bag.profile, 'File System')),
  ];
  expect(segments.length).toBeGreaterThan(0);
  expect(files).toEqual(expect.arrayContaining([...segments]));
  for (const sought of ['Testford', 'TESTFORD', '943476', patientId(1), 'Asthma']) {
    for (const encoding of ['utf8', 'utf16le'] as const) {
      const bytes = Buffer.from(sought, encoding);
      for (const file of files)
        expect(readFileSync(file).includes(bytes), `${sought} in ${file}`).toBe(false);
    }
  }
});

test('another key is told from damage', async ({ cache }) => {
  const bag = await cache.open();
  await fill(bag, 1);
  const answer = await bag.page.evaluate(() => window.cacheHarness.open('another secret'));
  expect(answer).toMatchObject({ type: 'failed', code: 'wrong-key' });
});

test('L19: rows and cursor move together, and a page that does not follow is refused', async ({ cache }) => {
  const bag = await cache.open();
  await fill(bag, 2);
  const id = patientId(0);
  const text = resourceText(id, 'Condition', 'new', 1, { code: { text: 'Gout' } });
  const answers = await bag.page.evaluate(
    async ({ epoch, id, text }) => {
      const { cacheHarness } = window;
      const page = {
        type: 'apply-changes' as const,
        from: { epoch, position: 10 },
        next: 12,
        entries: [
          {
            kind: 'upsert' as const,
            position: 11,
            resource: text,
            key: 'Condition/new',
            version: 1,
            patientId: id,
          },
        ],
        directory: [],
      };
      const applied = await cacheHarness.request(page);
      const again = await cacheHarness.request(page);
      const find = await cacheHarness.client.find(id, 'gout');
      return { applied, again, found: find.length };
    },
    { epoch, id, text },
  );
  expect(answers.applied).toMatchObject({ type: 'applied', cursor: { epoch, position: 12 } });
  expect(answers.again).toMatchObject({ type: 'failed', code: 'wrong-cursor', cursor: { position: 12 } });
  expect(answers.found).toBe(1);
});

test('L19: killed while pages are applied, the cursor never runs ahead of the rows', async ({ cache }) => {
  const first = await cache.open();
  await fill(first, 1);
  const id = patientId(0);
  // Pages follow each other without end; the process dies somewhere among them.
  await first.page.evaluate(
    ({ epoch, id, template }) => {
      const run = async (position: number): Promise<void> => {
        const answer = await window.cacheHarness.request({
          type: 'apply-changes',
          from: { epoch, position },
          next: position + 1,
          entries: [
            {
              kind: 'upsert',
              position: position + 1,
              resource: template.replaceAll('@', String(position + 1)),
              key: `Observation/o${position + 1}`,
              version: 1,
              patientId: id,
            },
          ],
          directory: [],
        });
        if (answer.type === 'applied') await run(position + 1);
      };
      void run(10);
    },
    { epoch, id, template: resourceText(id, 'Observation', 'o@', 1, { code: { text: 'Number @' } }) },
  );
  await first.page.waitForFunction(() => window.cacheHarness.notices.length > 40);
  await first.kill();
  const second = await cache.open(first.profile);
  const { position, observations } = await second.page.evaluate(async (id) => {
    const answer = await window.cacheHarness.open('secret');
    const shown = await window.cacheHarness.client.resources(id, ['Observation']);
    return {
      position: answer.type === 'opened' ? (answer.description.cursor?.position ?? 0) : 0,
      observations: shown.map(({ source }) => source.key),
    };
  }, id);
  expect(position).toBeGreaterThan(11);
  for (let at = 11; at <= position; at += 1) expect(observations).toContain(`Observation/o${at}`);
  expect(observations).not.toContain(`Observation/o${position + 1}`);
});

test('a pack older than the cursor is refused, and entries that it holds already change nothing', async ({
  cache,
}) => {
  const bag = await cache.open();
  await fill(bag, 2);
  const old = pack(0, 9);
  const ahead = pack(1, 20);
  const result = await bag.page.evaluate(
    async ({ epoch, old, ahead, text, id }) => {
      const { cacheHarness } = window;
      const stored = await cacheHarness.putPacks(epoch, [old, ahead]);
      // Deleted at the service before position 20: the feed's older upsert must not bring it back.
      await cacheHarness.request({
        type: 'apply-changes',
        from: { epoch, position: 10 },
        next: 15,
        entries: [
          { kind: 'upsert', position: 12, resource: text, key: 'Condition/gone', version: 1, patientId: id },
        ],
        directory: [],
      });
      return { stored, found: await cacheHarness.client.find(id, 'gone') };
    },
    {
      epoch,
      old,
      ahead,
      id: patientId(1),
      text: resourceText(patientId(1), 'Condition', 'gone', 1, { code: { text: 'gone' } }),
    },
  );
  expect(result.stored).toMatchObject({ stored: [patientId(1)], refused: [patientId(0)] });
  expect(result.found).toEqual([]);
});

test('M6: a tombstone takes an entry away; M7: eviction takes a record away and asks for nothing', async ({
  cache,
}) => {
  const bag = await cache.open();
  await fill(bag, 2);
  const result = await bag.page.evaluate(
    async ({ epoch, id, other }) => {
      const { cacheHarness } = window;
      const before = await cacheHarness.client.find(id, 'asthma');
      await cacheHarness.request({
        type: 'apply-changes',
        from: { epoch, position: 10 },
        next: 11,
        entries: [
          { kind: 'tombstone', position: 11, key: before[0]?.source.key ?? '', version: 2, patientId: id },
        ],
        directory: [],
      });
      const after = await cacheHarness.client.find(id, 'asthma');
      const evicted = await cacheHarness.request({ type: 'evict', patientIds: [other] });
      return {
        before: before.length,
        after: after.length,
        evicted,
        opened: (await cacheHarness.client.openRecord(other)).state,
      };
    },
    { epoch, id: patientId(0), other: patientId(1) },
  );
  expect(result).toMatchObject({ before: 1, after: 0, evicted: { type: 'done' }, opened: 'arriving' });
});

test('M11: a patient without the whole record counts as arriving, and opening asks for it first', async ({
  cache,
}) => {
  const bag = await cache.open();
  const entries = [directoryEntry(0)];
  const result = await bag.page.evaluate(
    async ({ epoch, entries, id }) => {
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
      const hit = (await cacheHarness.client.patients([id]))[0];
      const opened = await cacheHarness.client.openRecord(id);
      // What main is told comes by another road: an answer on that road comes after it.
      await cacheHarness.request({ type: 'describe' });
      return { readiness: hit?.readiness, opened, tells: cacheHarness.tells };
    },
    { epoch, entries, id: patientId(0) },
  );
  expect(result.readiness).toBe('arriving');
  expect(result.opened).toMatchObject({ state: 'arriving', entry: { safety: {} } });
  expect(result.tells).toEqual([patientId(0)]);
});

test('M13: what leaves the scope is gone with the page that says so', async ({ cache }) => {
  const bag = await cache.open();
  await fill(bag, 2);
  const result = await bag.page.evaluate(
    async ({ epoch, id }) => {
      const { cacheHarness } = window;
      await cacheHarness.request({
        type: 'apply-changes',
        from: { epoch, position: 10 },
        next: 11,
        entries: [{ kind: 'scope-exit', position: 11, patientId: id }],
        directory: [],
      });
      return {
        opened: (await cacheHarness.client.openRecord(id)).state,
        hits: (await cacheHarness.client.searchPatients('testford')).hits.map((hit) => hit.entry.id),
      };
    },
    { epoch, id: patientId(0) },
  );
  expect(result.opened).toBe('unknown');
  expect(result.hits).not.toContain(patientId(0));
});

test('S7: an open view hears of every bulk change of its patient', async ({ cache }) => {
  const bag = await cache.open();
  await fill(bag, 1);
  const told = await bag.page.evaluate(
    async ({ epoch, fresh, id }) => {
      const { cacheHarness } = window;
      let heard = 0;
      const stop = cacheHarness.client.onPatientChanged(id, () => {
        heard += 1;
      });
      await cacheHarness.putPacks(epoch, [fresh]);
      await cacheHarness.client.state();
      const after = heard;
      stop();
      await cacheHarness.putPacks(epoch, [fresh]);
      await cacheHarness.client.state();
      return { after, atEnd: heard };
    },
    { epoch, fresh: pack(0, 11), id: patientId(0) },
  );
  expect(told).toEqual({ after: 1, atEnd: 1 });
});

test('S4, S9: an emptied or set-aside store says that it is empty, and rebuild keeps what was there aside', async ({
  cache,
}) => {
  const bag = await cache.open();
  await fill(bag, 1);
  const result = await bag.page.evaluate(async () => {
    const { cacheHarness } = window;
    const rebuilt = await cacheHarness.request({ type: 'rebuild' });
    const described = await cacheHarness.request({ type: 'describe' });
    const { notice } = await cacheHarness.client.state();
    const databases = (await indexedDB.databases()).map(({ name }) => name);
    return { rebuilt, described, notice, databases };
  });
  expect(result.rebuilt).toEqual({ type: 'done' });
  expect(result.described).toMatchObject({ description: { cursor: null, directoryEntries: 0, packs: [] } });
  expect(result.notice).toContain('Nothing that you saved is lost');
  expect(result.databases.sort()).toEqual(['bag.1', 'bag.2']);
});

test('S10: a second worker opens the store that a first one still holds, and writes to it', async ({
  cache,
}) => {
  const bag = await cache.open();
  await fill(bag, 1);
  const result = await bag.page.evaluate(
    async ({ epoch }) => {
      const { cacheHarness } = window;
      const first = cacheHarness.request.bind(cacheHarness);
      const asOf = await first({ type: 'put-as-of', dataAsOf: '2026-11-22T10:00:00Z' });
      cacheHarness.start();
      const opened = await cacheHarness.open('secret');
      const second = await cacheHarness.request({ type: 'put-as-of', dataAsOf: '2026-11-22T10:01:00Z' });
      return { asOf, opened: opened.type, second, epoch };
    },
    { epoch },
  );
  expect(result).toMatchObject({ asOf: { type: 'done' }, opened: 'opened', second: { type: 'done' } });
});

test('S6: evicting thousands leaves a store that opens at once', async ({ cache }) => {
  const first = await cache.open();
  await fill(first, 2_000);
  const ids = Array.from({ length: 1_999 }, (_, index) => patientId(index));
  const done = await first.page.evaluate(
    (patientIds) => window.cacheHarness.request({ type: 'evict', patientIds }),
    ids,
  );
  expect(done).toEqual({ type: 'done' });
  await first.close();
  const second = await cache.open(first.profile);
  const answer = await second.page.evaluate(() => window.cacheHarness.open('secret'));
  expect(answer).toMatchObject({ type: 'opened', description: { packs: [{ patientId: patientId(1_999) }] } });
});

test('a torn pack is refused by its digest, and the same patient delivered twice at once is one record', async ({
  cache,
}) => {
  const bag = await cache.open();
  await fill(bag, 2);
  const torn = pack(0, 10);
  const [older, newer] = [pack(1, 11), pack(1, 12)];
  const result = await bag.page.evaluate(
    async ({ torn, twice, id }) => {
      const { cacheHarness } = window;
      const refused = await cacheHarness.putPacks('e1', [
        { header: { ...torn.header, bodyDigest: '0'.repeat(64) }, text: torn.text },
      ]);
      const both = await Promise.all(twice.map((one) => cacheHarness.putPacks('e1', [one])));
      await cacheHarness.indexed();
      const described = await cacheHarness.request({ type: 'describe' });
      return { refused, both, described, opened: (await cacheHarness.client.openRecord(id)).state };
    },
    { torn, twice: [older, newer], id: patientId(1) },
  );
  expect(result.refused).toEqual({ type: 'stored', stored: [], refused: [patientId(0)] });
  expect(result.both.map((answer) => answer.type)).toEqual(['stored', 'stored']);
  expect(result.opened).toBe('ready');
  expect(result.described).toMatchObject({
    description: {
      packs: [
        { patientId: patientId(0), validAt: 10 },
        { patientId: patientId(1), validAt: 12 },
      ],
    },
  });
});

test('a pack that holds neither appointment nor task is in all lists without being opened', async ({
  cache,
}) => {
  const bag = await cache.open();
  await fill(bag, 0);
  const { entries } = filling(2);
  const waiting = await bag.page.evaluate(
    async ({ entries, packs }) => {
      const { cacheHarness } = window;
      await cacheHarness.request({
        type: 'put-directory',
        cursor: { epoch: 'e1', position: 10 },
        organisationName: 'Practice',
        entries,
        booked: [],
        shared: [],
      });
      // What is no gzip at all would be found out by opening it.
      const body = new TextEncoder().encode('not a pack').buffer;
      await cacheHarness.request({
        type: 'put-packs',
        epoch: 'e1',
        packs: packs.map(({ header }) => ({ header: { ...header, listed: 0 }, body })),
      });
      await cacheHarness.indexed();
      return { tells: cacheHarness.tells, state: (await cacheHarness.client.state()).waitingForIndex };
    },
    { entries, packs: filling(2).packs },
  );
  expect(waiting).toEqual({ tells: [], state: 0 });
});
