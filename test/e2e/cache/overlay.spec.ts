/** The cached record with this device's pending work over it, in the real worker. */
import { expect, fill, test } from '../../support/cache-electron.ts';
import { patientId, pendingOperation, resourceText } from '../../support/cache-records.ts';

const id = patientId(0);

test('L22: pending work stands in the record, in its text for an edit, and in the lists', async ({
  cache,
}) => {
  const bag = await cache.open();
  await fill(bag, 2);
  const allergy = resourceText(id, 'AllergyIntolerance', 'a1', 0, {
    patient: { reference: `Patient/${id}` },
    code: { text: 'Penicillin' },
    note: [{ text: 'dose was 8.000' }],
  });
  const booking = resourceText(id, 'Appointment', 'b1', 0, {
    status: 'arrived',
    start: '2026-11-22T09:00:00Z',
    participant: [],
  });
  const shown = await bag.page.evaluate(
    async ({ id, pending }) => {
      const { cacheHarness } = window;
      const heard: string[] = [];
      cacheHarness.client.onPatientChanged(id, () => heard.push(id));
      await cacheHarness.request({ type: 'put-pending', pending });
      const opened = await cacheHarness.client.openRecord(id);
      const day = await cacheHarness.client.appointments('2026-11-22');
      const resource = await cacheHarness.client.resource(id, 'AllergyIntolerance/a1');
      await cacheHarness.request({ type: 'put-pending', pending: [] });
      const after = await cacheHarness.client.openRecord(id);
      return {
        allergies: opened.state === 'ready' ? opened.record.allergyList.map(({ agent }) => agent) : null,
        waiting: opened.state === 'ready' ? opened.record.pending.length : null,
        lines: day.lines.map(({ appointment, entry }) => [appointment.status, entry?.family]),
        text: resource?.text,
        after: after.state === 'ready' ? after.record.allergyList.length : null,
        heard: heard.length,
      };
    },
    { id, pending: [pendingOperation(1, id, allergy), pendingOperation(2, id, booking)] },
  );
  expect(shown).toEqual({
    allergies: ['Penicillin'],
    waiting: 2,
    lines: [['arrived', 'Testford']],
    text: allergy,
    after: 0,
    heard: 2,
  });
});

test('decimals stay as written on screen and in the text of an edit', async ({ cache }) => {
  const bag = await cache.open();
  await fill(bag, 1);
  const shown = await bag.page.evaluate(async (id) => {
    const { client } = window.cacheHarness;
    const rows = await client.view(id, 'observations');
    return {
      table: rows?.[0]?.readings[0]?.text,
      text: (await client.resource(id, 'Observation/w0'))?.text.includes('"value":70.50'),
    };
  }, id);
  expect(shown).toEqual({ table: '70.50 kg', text: true });
});

test('bookings that the service sent stand in the day’s list once the packs are looked through', async ({
  cache,
}) => {
  const bag = await cache.open();
  await fill(bag, 1);
  const booking = resourceText(id, 'Appointment', 'b1', 1, {
    status: 'booked',
    start: '2026-11-22T09:00:00Z',
    participant: [],
  });
  const lines = await bag.page.evaluate(
    async ({ id, booking }) => {
      const { cacheHarness } = window;
      await cacheHarness.request({
        type: 'apply-changes',
        from: { epoch: 'e1', position: 10 },
        next: 11,
        entries: [
          {
            kind: 'upsert',
            position: 11,
            resource: booking,
            key: 'Appointment/b1',
            version: 1,
            patientId: id,
          },
        ],
        directory: [],
      });
      await cacheHarness.indexed();
      const day = await cacheHarness.client.appointments('2026-11-22');
      return day.lines.map(({ appointment, readiness }) => [appointment.status, readiness]);
    },
    { id, booking },
  );
  expect(lines).toEqual([['booked', 'ready']]);
});
