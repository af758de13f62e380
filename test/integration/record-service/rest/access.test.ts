import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TASK_CATEGORY_SYSTEM } from '../../../../record-service/identity/access.ts';
import { startTestService, type TestService } from '../../../support/record-service.ts';
import { fhirClient, type FhirClient } from '../contract/fhir-client.ts';
import { create, observation, patient } from '../contract/check.ts';

/** A word that stands in clinical content only: it must not come out of any answer to the front desk. */
const SECRET = 'Phaeochromocytoma';

describe('the front desk', () => {
  let service: TestService;
  let system: FhirClient;
  let receptionist: FhirClient;
  let patientId = '';
  let conditionId = '';
  let clinicalTask = '';

  beforeAll(async () => {
    service = await startTestService('pglite');
    const base = `${service.base}/fhir/R4/A99999`;
    system = fhirClient(base, 'system');
    receptionist = fhirClient(base, 'receptionist');
    patientId = (await create(system, patient('Desk', { birthDate: '1950-01-01' }))).id;
    conditionId = (
      await create(system, {
        resourceType: 'Condition',
        subject: { reference: `Patient/${patientId}` },
        code: { text: SECRET },
      })
    ).id;
    await create(system, observation(patientId, { note: [{ text: SECRET }] }));
    const task = (category: string) => ({
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      code: { coding: [{ system: TASK_CATEGORY_SYSTEM, code: category }] },
      for: { reference: `Patient/${patientId}` },
      description: category === 'clinical' ? SECRET : 'Ring back about the appointment',
    });
    clinicalTask = (await create(system, task('clinical'))).id;
    await create(system, task('administrative'));
  });
  afterAll(() => service.stop());

  it('sees whom it books, and administrative tasks', async () => {
    expect((await receptionist.send('GET', `Patient/${patientId}`)).status).toBe(200);
    const tasks = await receptionist.send('GET', `Task?patient=${patientId}&_total=accurate`);
    expect(tasks.body.entry).toHaveLength(1);
    expect(tasks.body.total).toBe(1);
  });

  it('gets no clinical content by any path', async () => {
    const paths = [
      `Condition/${conditionId}`,
      `Condition/${conditionId}/_history`,
      `Condition/${conditionId}/_history/1`,
      `Condition?patient=${patientId}`,
      `Condition?_id=${conditionId}`,
      'Condition/_history',
      '_history?_count=1000',
      `Observation?patient=${patientId}&_include=Observation:subject`,
      `Patient?_id=${patientId}&_revinclude=Condition:subject&_revinclude=Observation:subject&_revinclude=Task:subject`,
      `Patient/${patientId}/$everything`,
      `Patient/${patientId}/$everything?_type=Condition,Observation,Task`,
      `Task/${clinicalTask}`,
      `Task/${clinicalTask}/_history`,
      `Task/${clinicalTask}/_history/1`,
      'Task/_history',
      `Task?patient=${patientId}`,
      'AuditEvent',
    ];
    for (const path of paths) {
      const answer = await receptionist.send('GET', path);
      expect(answer.text, path).not.toContain(SECRET);
      if (answer.status === 200) {
        const types = new Set((answer.body.entry ?? []).map((entry) => entry.resource?.resourceType));
        expect(
          [...types].filter((type) => !['Patient', 'Task'].includes(type ?? '')),
          path,
        ).toEqual([]);
      } else {
        expect(answer.status, path).toBe(403);
        expect(answer.body.resourceType).toBe('OperationOutcome');
      }
    }
    const entry = [
      ...paths.map((url) => ({ request: { method: 'GET', url } })),
      {
        request: { method: 'PATCH', url: `Condition/${conditionId}` },
        resource: jsonPatch([{ op: 'test', path: '/code/text', value: SECRET }]),
      },
    ];
    const batch = await receptionist.send('POST', '', {
      body: { resourceType: 'Bundle', type: 'batch', entry },
    });
    expect(batch.status).toBe(200);
    expect(batch.text).not.toContain(SECRET);
  });

  it('cannot find out by searching either', async () => {
    for (const path of [
      `Task?code=${TASK_CATEGORY_SYSTEM}|clinical&_summary=count`,
      `Task?_id=${clinicalTask}&_summary=count`,
    ]) {
      expect((await receptionist.send('GET', path)).body.total, path).toBe(0);
    }
    const chained = await receptionist.send('GET', `Appointment?patient.name=Desk&actor:Condition.code=x`);
    expect(chained.status).toBe(403);
  });

  it('changes nothing clinical', async () => {
    const body = {
      resourceType: 'Condition',
      id: conditionId,
      subject: { reference: `Patient/${patientId}` },
    };
    const tries = [
      receptionist.send('PUT', `Condition/${conditionId}`, { body, headers: { 'if-match': 'W/"1"' } }),
      receptionist.send('POST', 'Condition', { body }),
      receptionist.send('DELETE', `Condition/${conditionId}`),
      receptionist.send('DELETE', `Patient/${patientId}`),
      receptionist.send('POST', '', {
        body: {
          resourceType: 'Bundle',
          type: 'transaction',
          entry: [
            {
              request: { method: 'PUT', url: `Task/${clinicalTask}`, ifMatch: 'W/"1"' },
              resource: {
                resourceType: 'Task',
                id: clinicalTask,
                status: 'completed',
                intent: 'order',
                code: { coding: [{ system: TASK_CATEGORY_SYSTEM, code: 'administrative' }] },
                for: { reference: `Patient/${patientId}` },
              },
            },
          ],
        },
      }),
    ];
    for (const sent of tries) expect((await sent).status).toBe(403);
    expect((await system.send('GET', `Condition/${conditionId}`)).body.meta.versionId).toBe('1');
    expect((await system.send('GET', `Task/${clinicalTask}`)).body.meta.versionId).toBe('1');
  });

  it('is refused without a token, and with one for elsewhere nothing is shown', async () => {
    const nobody = fhirClient(`${service.base}/fhir/R4/A99999`, randomUUID());
    expect((await nobody.send('GET', `Patient/${patientId}`)).status).toBe(401);
    const elsewhere = fhirClient(`${service.base}/fhir/R4/B12345`, 'gp');
    expect((await elsewhere.send('GET', `Patient/${patientId}`)).status).toBe(404);
  });
});

function jsonPatch(operations: readonly object[]): object {
  return {
    resourceType: 'Binary',
    contentType: 'application/json-patch+json',
    data: Buffer.from(JSON.stringify(operations)).toString('base64'),
  };
}
