import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResourceJson } from '../../../../domain/sync/operation.ts';
import { demoOrganisation } from '../../../../record-service/seed/demo-practice.ts';
import { derivedId } from '../../../../record-service/sync/derived-id.ts';
import {
  allergyResource,
  observationResource,
  patientResource,
} from '../../../support/clinical-resources.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/record-store.ts';
import { signIn } from '../../../support/sign-in.ts';
import { SyncDevice } from '../../../support/sync-device.ts';
import { startSyncService, type SyncService } from '../../../support/sync-service.ts';

let database: TestDatabase;
let running: SyncService;
let gp: SyncDevice;
let nurse: SyncDevice;

beforeAll(async () => {
  database = await createTestDatabase('postgres');
  running = await startSyncService(await database.open());
  gp = await device('gp');
  nurse = await device('nurse');
});
afterAll(async () => {
  await running.close();
  await database.drop();
});

async function device(account: string): Promise<SyncDevice> {
  const { accessToken } = await signIn(running.url, account);
  return new SyncDevice(running.url, demoOrganisation.odsCode, accessToken).enrol();
}

function person(family: string, given: string, elements: object = {}): ResourceJson {
  return patientResource(undefined, { name: [{ use: 'official', family, given: [given] }], ...elements });
}

async function register(by: SyncDevice, patient: ResourceJson): Promise<void> {
  const answer = await by.save(patient.id, [{ kind: 'create', after: patient }]);
  expect(answer.body.outcomes).toMatchObject([{ outcome: 'applied' }]);
}

async function record(patientId: string): Promise<readonly ResourceJson[]> {
  const { epoch } = (await gp.probe()).body;
  const [pack] = (await gp.packs(epoch, [patientId])).body;
  return pack?.resources ?? [];
}

async function matchTasks(patientId: string): Promise<readonly ResourceJson[]> {
  const tasks = (await record(patientId)).filter(({ resourceType }) => resourceType === 'Task');
  return tasks.filter((task) => JSON.stringify(task['code']).includes('probable-match'));
}

describe('the same person registered twice', () => {
  it('D7: by two computers that know nothing of each other stands in the practice’s queue; nothing is joined', async () => {
    const [one, two] = [person('Ó Briain', 'Siobhán'), person('O Briain', 'S')];
    await Promise.all([register(gp, one), register(nurse, two)]);
    const tasks = [...(await matchTasks(one.id)), ...(await matchTasks(two.id))];
    expect(tasks).toHaveLength(1);
    expect(tasks[0]?.['owner']).toBeUndefined();
    expect(JSON.stringify(tasks[0]?.['input'])).toContain(one.id);
    expect(JSON.stringify(tasks[0]?.['input'])).toContain(two.id);
    for (const { id } of [one, two]) {
      const patient = (await record(id)).find(({ resourceType }) => resourceType === 'Patient');
      expect(patient).toMatchObject({ id, active: true });
      expect(patient?.['link']).toBeUndefined();
    }
  });

  it('D7: the same NHS number matches whatever the names say; a namesake born on another day does not', async () => {
    const identifier = [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990548609' }];
    const [one, two] = [person('Smythe', 'Jo', { identifier }), person('Jones', 'Kim', { identifier })];
    await register(gp, one);
    await register(nurse, two);
    expect(await matchTasks(two.id)).toHaveLength(1);
    const namesake = person('Smythe', 'Jo', { birthDate: '1990-02-03' });
    await register(gp, namesake);
    expect(await matchTasks(namesake.id)).toEqual([]);
  });

  it('D10: a merge and its undoing leave every entry of both records where it was, on every computer', async () => {
    const [kept, gone] = [person('Merger', 'Ann'), person('Other', 'Bo')];
    await register(gp, kept);
    await register(gp, gone);
    const notes = [observationResource(gone.id), allergyResource(gone.id)];
    await gp.save(
      gone.id,
      notes.map((after) => ({ kind: 'create', after })),
    );
    const keys = async (): Promise<string[]> =>
      (await record(gone.id))
        .map(({ resourceType, id }) => `${resourceType}/${id}`)
        .filter((key) => !key.startsWith('Task/'))
        .sort();
    const before = await keys();
    const head = (await nurse.probe()).body;
    const link = [{ type: 'replaced-by', other: { reference: `Patient/${kept.id}` } }];
    await nurse.save(gone.id, [{ kind: 'amend', after: { ...gone, active: false, link }, baseVersion: 1 }]);
    expect(await keys()).toEqual(before);
    await nurse.save(gone.id, [{ kind: 'amend', after: gone, baseVersion: 2 }]);
    expect(await keys()).toEqual(before);
    const { entries } = (await gp.changes(head.epoch, head.head)).body;
    expect(entries.filter(({ kind }) => kind === 'tombstone')).toEqual([]);
  });
});

describe('what the service derives', () => {
  it('D3: has the id of its cause: a crash, a second sending and sixteen at once make it once', async () => {
    const patient = person('Derived', 'Dee');
    await register(gp, patient);
    const allergy = allergyResource(patient.id);
    await gp.save(patient.id, [{ kind: 'create', after: allergy }]);
    await nurse.save(patient.id, [
      { kind: 'amend', after: { ...allergy, criticality: 'low' }, baseVersion: 1 },
    ]);
    const group = gp.group(patient.id, [
      { kind: 'amend', after: { ...allergy, criticality: 'high' }, baseVersion: 1 },
    ]);
    running.crashAt('push.after-apply');
    expect((await gp.send(group)).status).toBe(500);
    await Promise.all(Array.from({ length: 16 }, () => gp.send(group)));
    const conflictId = derivedId('conflict', group[0]?.operation.opId ?? '');
    const tasks = (await record(patient.id)).filter(({ resourceType }) => resourceType === 'Task');
    expect(tasks.map(({ id }) => id).sort()).toEqual(
      ['author', 'duty'].map((queue) => derivedId('review-task', 'sync-conflict', conflictId, queue)).sort(),
    );
    expect((await gp.conflicts(patient.id)).body.conflicts.map((one) => one.conflictId)).toEqual([
      conflictId,
    ]);
  });
});
