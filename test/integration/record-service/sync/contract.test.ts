import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';
import { demoOrganisation } from '../../../../record-service/seed/demo-practice.ts';
import { parseExact } from '../../../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../../../domain/sync/operation.ts';
import {
  compositionResource,
  encounterResource,
  observationResource,
  patientResource,
} from '../../../support/clinical-resources.ts';
import { createTestDatabase, engineNames, type TestDatabase } from '../../../support/record-store.ts';
import { signIn } from '../../../support/sign-in.ts';
import { SyncDevice } from '../../../support/sync-device.ts';
import { startSyncService, type SyncService } from '../../../support/sync-service.ts';

describe.each(engineNames)('the sync contract on %s', (engineName) => {
  let database: TestDatabase;
  let running: SyncService;
  let gp: SyncDevice;

  beforeAll(async () => {
    database = await createTestDatabase(engineName);
    running = await startSyncService(await database.open());
    const { accessToken } = await signIn(running.url, 'gp');
    gp = await new SyncDevice(running.url, demoOrganisation.odsCode, accessToken).enrol();
  });
  afterAll(async () => {
    await running.close();
    await database.drop();
  });

  it('says where everything is', async () => {
    const response = await fetch(`${running.url}/.well-known/gladstone`);
    expect(await response.json()).toMatchObject({
      issuer: `${running.url}/oidc`,
      clientId: 'gladstone-desktop',
      fhirBase: `${running.url}/fhir/R4/{organisation}`,
      syncBase: `${running.url}/sync/{organisation}`,
      operationSchema: { oldest: 1, newest: 1 },
    });
  });

  it('takes a signed consultation and gives it back in feed, pack, directory and manifest', async () => {
    const before = (await gp.probe()).body;
    const patient = patientResource();
    const encounter = encounterResource(patient.id);
    const composition = compositionResource(patient.id, encounter.id);
    const weight = observationResource(patient.id, {
      encounter: { reference: `Encounter/${encounter.id}` },
      valueQuantity: parseExact(
        '{"value":8.000,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}',
      ),
    });
    const registered = await gp.save(patient.id, [{ kind: 'create', after: patient }]);
    expect(registered).toMatchObject({
      status: 200,
      body: { outcomes: [{ outcome: 'applied', version: 1 }] },
    });
    const answer = await gp.save(patient.id, [
      { kind: 'create', after: encounter, encounterId: encounter.id },
      { kind: 'create', after: composition, encounterId: encounter.id },
      { kind: 'create', after: weight, encounterId: encounter.id },
    ]);
    expect(answer.status).toBe(200);
    expect(answer.body.outcomes.map((outcome) => outcome.outcome)).toEqual(['applied', 'applied', 'applied']);
    expect(answer.body.durable).toBe(engineName === 'postgres');

    const page = (await gp.changes(before.epoch, before.head)).body;
    const keys = page.entries.map((entry) => ('key' in entry ? entry.key : entry.kind));
    expect(keys).toEqual([
      `Patient/${patient.id}`,
      `Encounter/${encounter.id}`,
      `Composition/${composition.id}`,
      `Observation/${weight.id}`,
    ]);
    expect(new Set(page.entries.slice(1).map((entry) => entry.position)).size).toBe(1);
    expect(page.next).toBe(answer.body.position);
    expect(JSON.stringify(page.entries)).toContain('8.000');
    expect(page.directory.map((entry) => entry.id)).toEqual([patient.id]);

    const [pack, absent] = (await gp.packs(before.epoch, [patient.id, randomUUID()], page.next)).body;
    expect(pack?.header).toMatchObject({ patientId: patient.id, resources: 4, validAt: page.head });
    expect(pack?.resources[0]).toMatchObject({ resourceType: 'Patient', meta: { versionId: '1' } });
    expect(pack?.text).toContain('"value":8.000');
    expect(absent?.header.absent).toBe(true);

    const directory = (await gp.directory()).body;
    expect(directory.position).toBe(page.head);
    expect(directory.entries.find((entry) => entry.id === patient.id)).toMatchObject({
      family: 'Exempelton',
      given: ['Ada'],
      birthDate: '1961-01-05',
      phones: ['07700900001', '01632960001'],
      safety: { allergyTitle: 'Allergies not recorded' },
      pack: { resources: 4 },
    });

    const manifest = (await gp.manifest()).body;
    expect(manifest.patients.find((one) => one.patientId === patient.id)).toEqual({
      patientId: patient.id,
      resources: 4,
      digest: pack?.header.digest,
    });
  });

  it('hands out the same pack from its cache, and a new one after a change', async () => {
    const { epoch } = (await gp.probe()).body;
    const patient = patientResource();
    await gp.save(patient.id, [{ kind: 'create', after: patient }]);
    const [first] = (await gp.packs(epoch, [patient.id])).body;
    const [again] = (await gp.packs(epoch, [patient.id])).body;
    expect(again?.header.digest).toBe(first?.header.digest);
    const amended: ResourceJson = { ...patient, gender: 'unknown' };
    const { position } = (await gp.save(patient.id, [{ kind: 'amend', after: amended, baseVersion: 1 }]))
      .body;
    const [changed] = (await gp.packs(epoch, [patient.id], position ?? 0)).body;
    expect(changed?.header.digest).not.toBe(first?.header.digest);
    expect(changed?.resources[0]).toMatchObject({ gender: 'unknown', meta: { versionId: '2' } });
    expect(changed?.header.validAt).toBeGreaterThanOrEqual(position ?? 0);
  });
});
