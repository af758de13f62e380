/** Templates and settings of a practice are ordinary operations without a patient: synced, refused, in conflict as any. */
import type { Basic, Questionnaire } from '@medplum/fhirtypes';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PushAnswer } from '../../../../contract/record-service.ts';
import type { ConsultationTemplate } from '../../../../domain/clinical/template.ts';
import { readPracticeSettings, switchOff } from '../../../../domain/record/practice-setting.ts';
import { readPracticeTemplate, templateEdit } from '../../../../domain/record/practice-template.ts';
import type { ResourceJson } from '../../../../domain/sync/operation.ts';
import { demoOrganisation } from '../../../../record-service/seed/demo-practice.ts';
import {
  allergyResource,
  medicationRequestResource,
  patientResource,
} from '../../../support/clinical-resources.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/record-store.ts';
import { signIn } from '../../../support/sign-in.ts';
import { SyncDevice } from '../../../support/sync-device.ts';
import { startSyncService, type SyncService } from '../../../support/sync-service.ts';

let database: TestDatabase;
let running: SyncService;
const devices: Record<string, SyncDevice> = {};

beforeAll(async () => {
  database = await createTestDatabase('postgres');
  running = await startSyncService(await database.open());
  for (const account of ['gp', 'nurse', 'receptionist', 'administrator']) {
    const token = (await signIn(running.url, account)).accessToken;
    devices[account] = await new SyncDevice(running.url, demoOrganisation.odsCode, token).enrol();
  }
});
afterAll(async () => {
  await running.close();
  await database.drop();
});

function device(account: string): SyncDevice {
  const found = devices[account];
  if (!found) throw new Error(account);
  return found;
}

const template: ConsultationTemplate = {
  key: 'k',
  label: 'Ankle',
  version: '1',
  sections: [{ heading: 'Plan', items: [{ kind: 'text', key: 'plan', label: 'Plan' }] }],
};

function questionnaire(id: string, change: Partial<ConsultationTemplate> = {}): ResourceJson {
  const { after } = templateEdit(
    'create',
    { id, template: { ...template, ...change }, withdrawn: false, copiedFrom: null },
    { by: 'Dr Okafor', practice: 'Practice', on: '2026-11-22T10:00:00+00:00' },
  );
  return JSON.parse(JSON.stringify(after)) as ResourceJson;
}

function outcomes(answer: PushAnswer): string[] {
  return answer.outcomes.map((outcome) =>
    'code' in outcome
      ? outcome.code
      : 'rule' in outcome
        ? `${outcome.outcome}:${outcome.rule}`
        : outcome.outcome,
  );
}

async function shared(account: string, key: string): Promise<unknown> {
  const { body } = await device(account).directory();
  return body.shared
    .map((text) => JSON.parse(text) as ResourceJson)
    .find((resource) => `${resource.resourceType}/${resource.id}` === key);
}

it('a template made by a GP comes to everybody’s computer by feed and directory, letter for letter', async () => {
  const id = randomUUID();
  const before = (await device('nurse').probe()).body;
  const answer = await device('gp').save(undefined, [{ kind: 'create', after: questionnaire(id) }]);
  expect(outcomes(answer.body)).toEqual(['applied']);
  for (const account of ['nurse', 'receptionist', 'administrator']) {
    const page = (await device(account).changes(before.epoch, before.head)).body;
    const entry = page.entries.find((one) => one.kind === 'upsert' && one.key === `Questionnaire/${id}`);
    expect(entry).toMatchObject({ version: 1 });
    expect(entry).not.toHaveProperty('patientId');
    const read = readPracticeTemplate((await shared(account, `Questionnaire/${id}`)) as Questionnaire);
    expect(read.ok && read.value.template).toEqual({ ...template, key: id });
  }
});

it('the practice manager may make one; a nurse and a receptionist may not, and nothing is written', async () => {
  const id = randomUUID();
  for (const account of ['nurse', 'receptionist']) {
    const refused = await device(account).save(undefined, [{ kind: 'create', after: questionnaire(id) }]);
    expect(outcomes(refused.body)).toEqual(['author-not-authorised']);
  }
  expect(await shared('gp', `Questionnaire/${id}`)).toBeUndefined();
  const taken = await device('administrator').save(undefined, [{ kind: 'create', after: questionnaire(id) }]);
  expect(outcomes(taken.body)).toEqual(['applied']);
});

it('changed in two places it is a conflict: neither version is lost and nothing is merged by itself', async () => {
  const id = randomUUID();
  await device('gp').save(undefined, [{ kind: 'create', after: questionnaire(id) }]);
  const first = await device('gp').save(undefined, [
    { kind: 'amend', after: questionnaire(id, { version: '2', label: 'Ankle and foot' }), baseVersion: 1 },
  ]);
  expect(outcomes(first.body)).toEqual(['applied']);
  const second = await device('administrator').save(undefined, [
    { kind: 'amend', after: questionnaire(id, { version: '2', label: 'Ankle, foot, knee' }), baseVersion: 1 },
  ]);
  expect(outcomes(second.body)).toEqual(['conflict:changed-meanwhile']);
  expect(await shared('nurse', `Questionnaire/${id}`)).toMatchObject({ title: 'Ankle and foot' });
});

it('a check switched off by one is off on every computer', async () => {
  const off = switchOff(randomUUID(), 'rule:news2', 'band wrong', {
    author: { practitionerId: 'p', name: 'Dr Okafor' },
    recorded: '2026-11-22T10:00:00+00:00',
  });
  const after = JSON.parse(JSON.stringify(off.after)) as ResourceJson;
  expect(outcomes((await device('gp').save(undefined, [{ kind: 'create', after }])).body)).toEqual([
    'applied',
  ]);
  const heard = (await shared('nurse', `Basic/${after.id}`)) as Basic;
  expect(readPracticeSettings([heard]).switchedOff[0]).toMatchObject({
    target: 'rule:news2',
    reason: 'band wrong',
  });
});

it('a Basic about a patient stays in the record: the front desk neither sees nor writes it', async () => {
  const patientId = randomUUID();
  const patient = {
    resourceType: 'Patient',
    id: patientId,
    name: [{ family: randomUUID() }],
  } as ResourceJson;
  await device('gp').save(patientId, [{ kind: 'create', after: patient }]);
  const basic = {
    resourceType: 'Basic',
    id: randomUUID(),
    code: { text: 'Adverse event' },
    subject: { reference: `Patient/${patientId}` },
  } as ResourceJson;
  const refused = await device('administrator').save(patientId, [{ kind: 'create', after: basic }]);
  expect(outcomes(refused.body)).toEqual(['author-not-authorised']);
  const before = (await device('receptionist').probe()).body;
  expect(outcomes((await device('gp').save(patientId, [{ kind: 'create', after: basic }])).body)).toEqual([
    'applied',
  ]);
  const { entries } = (await device('receptionist').changes(before.epoch, before.head)).body;
  expect(entries.filter((entry) => entry.kind === 'upsert' && entry.key === `Basic/${basic.id}`)).toEqual([]);
});

it('a rule that is switched off still finds what met apart, and every finding says that it is off (I16, H-039)', async () => {
  const doctor = device('gp');
  const patient = patientResource(undefined, { name: [{ family: randomUUID(), given: ['Ada'] }] });
  const { position = 0, epoch } = (await doctor.save(patient.id, [{ kind: 'create', after: patient }])).body;
  const off = switchOff(randomUUID(), 'rule:allergy-check', 'classes mixed up', {
    author: { practitionerId: 'p', name: 'Dr Okafor' },
    recorded: '2026-11-22T10:00:00+00:00',
  });
  const after = JSON.parse(JSON.stringify(off.after)) as ResourceJson;
  await doctor.save(undefined, [{ kind: 'create', after }]);
  await device('nurse').save(patient.id, [{ kind: 'create', after: allergyResource(patient.id) }]);
  doctor.seen = { epoch, position };
  const { findings } = (
    await doctor.save(patient.id, [{ kind: 'create', after: medicationRequestResource(patient.id) }])
  ).body;
  expect(findings).toMatchObject([{ code: 'allergy' }]);
  expect(findings[0]?.text).toMatch(/amoxicillin.* This check is switched off: classes mixed up\.$/is);
});
