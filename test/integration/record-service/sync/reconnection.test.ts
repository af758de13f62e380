/** An outage ends, and every computer of the place is back in the same second (hazard H-062). */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoOrganisation } from '../../../../record-service/seed/demo-practice.ts';
import { observationResource, patientResource } from '../../../support/clinical-resources.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/record-store.ts';
import { signIn } from '../../../support/sign-in.ts';
import { SyncDevice } from '../../../support/sync-device.ts';
import { startSyncService, type SyncService } from '../../../support/sync-service.ts';

const COMPUTERS = 200;
const PATIENTS = 40;
const organisation = demoOrganisation.odsCode;

let database: TestDatabase;
let running: SyncService;

beforeAll(async () => {
  database = await createTestDatabase('postgres');
  running = await startSyncService(await database.open());
});
afterAll(async () => {
  await running.close();
  await database.drop();
});

it('200 computers reconnect at once: each is answered, each save stands once, each feed ends at the same place', async () => {
  const tokens = await Promise.all(
    ['gp', 'nurse', 'locum'].map(async (account) => (await signIn(running.url, account)).accessToken),
  );
  const enrol = (index: number): Promise<SyncDevice> =>
    new SyncDevice(running.url, organisation, tokens[index % tokens.length] ?? '').enrol();
  const devices: SyncDevice[] = [];
  while (devices.length < COMPUTERS) {
    devices.push(...(await Promise.all(Array.from({ length: 20 }, (_none, at) => enrol(at)))));
  }
  const [first] = devices;
  if (first === undefined) throw new Error('no computer');
  const patients = Array.from({ length: PATIENTS }, () =>
    patientResource(undefined, { name: [{ family: randomUUID(), given: ['Ada'] }] }),
  );
  for (const patient of patients) await first.save(patient.id, [{ kind: 'create', after: patient }]);
  const { epoch, head: before } = (await first.probe()).body;

  // What was made apart waits in each journal; then the line is there for all.
  const saved = devices.map((device, at) => {
    const observation = observationResource(patients[at % PATIENTS]?.id ?? '');
    return {
      device,
      observation,
      group: device.group(patients[at % PATIENTS]?.id, [{ kind: 'append', after: observation }]),
    };
  });
  const back = await Promise.all(
    saved.map(async ({ device, group }) => {
      const probe = await device.probe();
      const pushed = await device.send(group);
      const pulled = await device.changes(epoch, before);
      return [probe.status, pushed.status, pulled.status, pushed.body.outcomes.map(({ outcome }) => outcome)];
    }),
  );
  expect(back.filter((answers) => String(answers) !== '200,200,200,applied')).toEqual([]);

  const feeds = await Promise.all(devices.slice(0, 10).map((device) => device.changes(epoch, before, 2_000)));
  for (const { body } of feeds) {
    const keys = body.entries.flatMap((entry) => ('key' in entry ? [entry.key] : []));
    for (const { observation } of saved) {
      expect(keys.filter((key) => key === `Observation/${observation.id}`)).toHaveLength(1);
    }
    expect(body.next).toBe(feeds[0]?.body.head);
  }
});
