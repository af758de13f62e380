import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealAudit, verifyAuditChain } from '../../../../record-service/audit/seal-audit.ts';
import { buildService } from '../../../../record-service/build-service.ts';
import { activitiesOf } from '../../../../record-service/identity/activities.ts';
import { systemActor, type Actor } from '../../../../record-service/identity/actor.ts';
import { recordBackup } from '../../../../record-service/sync/watermark.ts';
import { openStore } from '../../../../record-service/store/open-store.ts';
import { startTestService, type TestService } from '../../../support/record-service.ts';
import { create, observation, patient } from '../contract/check.ts';
import { fhirClient, type FhirClient } from '../contract/fhir-client.ts';

interface AuditBundle {
  readonly entry?: readonly {
    readonly resource: {
      readonly action: string;
      readonly outcome: string;
      readonly outcomeDesc?: string;
      readonly subtype: readonly { readonly code: string }[];
      readonly agent: readonly { readonly who: { readonly identifier: { readonly value: string } } }[];
      readonly entity?: readonly { readonly what: { readonly reference: string } }[];
      readonly extension?: readonly { readonly valueInteger: number }[];
    };
  }[];
  readonly link: readonly { readonly relation: string; readonly url: string }[];
}

describe('audit on PostgreSQL', () => {
  let service: TestService;
  let gp: FhirClient;
  let administrator: FhirClient;

  beforeAll(async () => {
    service = await startTestService('postgres', { limits: { sealing: 3_600_000 } });
    gp = fhirClient(`${service.base}/fhir/R4/A99999`, 'gp');
    administrator = fhirClient(`${service.base}/fhir/R4/A99999`, 'administrator');
  });
  afterAll(() => service.stop());

  const auditOf = async (query: string) =>
    (await administrator.send('GET', `AuditEvent?${query}`)).body as unknown as AuditBundle;
  const actsIn = (bundle: AuditBundle) =>
    (bundle.entry ?? [])
      .map(({ resource }) => `${resource.subtype[0]?.code ?? ''} ${resource.outcome}`)
      .reverse();

  it('has every read, write and refusal of a patient, with who did it', async () => {
    const { id } = await create(gp, patient('Audited'));
    const made = await create(gp, observation(id));
    await gp.send('GET', `Patient/${id}`);
    await gp.send('GET', `Observation?patient=${id}`);
    await gp.send('GET', `Patient/${id}/$everything`);
    await gp.send('GET', `Patient/${id}/_history`);
    await gp.send('DELETE', `Patient/${id}`);
    await gp.send('PUT', `Patient/${id}`, {
      body: { ...patient('Stale'), id },
      headers: { 'if-match': 'W/"9"' },
    });
    const found = await auditOf(`patient=Patient/${id}&_count=100`);
    expect(actsIn(found)).toEqual([
      'create 0',
      'create 0',
      'read 0',
      'search-type 0',
      'everything 0',
      'history-instance 0',
      'delete 4',
      'put 4',
    ]);
    expect(new Set(found.entry?.map(({ resource }) => resource.agent[0]?.who.identifier.value))).toEqual(
      new Set(['user-gp']),
    );
    const byEntity = await auditOf(`entity=Observation/${made.id}`);
    expect(actsIn(byEntity)).toEqual(['create 0']);
    expect((await auditOf('agent=user-nurse')).entry ?? []).toEqual([]);
    expect((await auditOf('date=lt2020')).entry ?? []).toEqual([]);
  });

  it('is not for clinicians to read, and for nobody to write', async () => {
    expect((await gp.send('GET', 'AuditEvent')).status).toBe(403);
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const path = method === 'POST' ? 'AuditEvent' : 'AuditEvent/1';
      const answer = await administrator.send(method, path, {
        body: { resourceType: 'AuditEvent', id: '1' },
      });
      expect([403, 404]).toContain(answer.status);
    }
  });

  it('keeps refusals whose transaction was rolled back', async () => {
    const id = 'rolled-back';
    const answer = await gp.send('POST', '', {
      body: {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [
          { request: { method: 'PUT', url: `Patient/${id}` }, resource: { ...patient('Rolled'), id } },
          { request: { method: 'DELETE', url: 'Patient/nobody' } },
        ],
      },
    });
    expect(answer.status).toBe(403);
    expect((await auditOf(`entity=Patient/${id}`)).entry ?? []).toEqual([]);
    const refused = await auditOf('agent=user-gp&_count=1');
    expect(actsIn(refused)).toEqual(['post 4']);
  });

  it('says of each act in which role, for which organisation, on which device, when to the second in UTC', async () => {
    const { id } = await create(gp, patient('Attributed'));
    const actor: Actor = {
      userId: 'user-locum',
      practitionerId: 'p',
      name: 'Dr Locum',
      organisation: 'A99999',
      role: 'locum',
      activities: activitiesOf('locum'),
      deviceId: 'device-7',
    };
    await service.store.readAudited({ organisation: 'A99999', actor }, { type: 'Patient', id });
    const found = await auditOf(`patient=Patient/${id}&agent=user-locum`);
    expect(found.entry).toHaveLength(1);
    expect(found.entry?.[0]?.resource).toMatchObject({
      action: 'R',
      outcome: '0',
      recorded: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      agent: [
        {
          who: { identifier: { value: 'user-locum' }, display: 'Dr Locum' },
          role: [{ coding: [{ code: 'locum' }] }],
          network: { address: 'device-7' },
        },
      ],
      source: { site: 'A99999' },
      entity: [{ what: { reference: `Patient/${id}` } }],
    });
  });

  it('has the start of each version of the service, and each backup', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gladstone-service-'));
    const next = await buildService({
      logger: pino({ level: 'silent' }),
      dataFolder: folder,
      engine: await service.database.open(),
      version: '9.9.9',
    });
    const context = { organisation: 'A99999', actor: systemActor('A99999') };
    await next.store.withTransaction(context, (transaction) =>
      recordBackup(transaction, next.store.epoch, 7, new Date()),
    );
    await next.close();
    rmSync(folder, { recursive: true, force: true });
    const found = await auditOf('agent=system&_count=2');
    expect(
      found.entry?.map(({ resource }) => [resource.subtype[0]?.code, resource.outcomeDesc, resource.outcome]),
    ).toEqual([
      ['backup', 'position=7', '0'],
      ['service-start', 'version=9.9.9', '0'],
    ]);
  });

  it('gives numbers without a gap and one chain, with two copies sealing at once', async () => {
    const other = await openStore(await service.database.open());
    for (let n = 0; n < 40; n += 1) await gp.send('GET', `Patient/none-${n}`);
    const sealed = await Promise.all(
      Array.from({ length: 6 }, (_, n) => sealAudit(n % 2 === 0 ? service.store : other, 'A99999')),
    );
    expect(sealed.filter((rows) => rows > 0)).toHaveLength(1);
    await gp.send('GET', 'Patient/once-more');
    expect(await sealAudit(other, 'A99999')).toBe(1);
    const verdict = await verifyAuditChain(service.store, 'A99999');
    expect(verdict).toMatchObject({ whole: true, seals: 2 });
    const numbers = ((await auditOf('_count=1000')).entry ?? []).flatMap(
      ({ resource }) => resource.extension?.map((extension) => extension.valueInteger) ?? [],
    );
    expect([...numbers].sort((a, b) => a - b)).toEqual(numbers.map((_, index) => index + 1));
    // A stretch of it is found by its numbers.
    const stretch = await auditOf('sequence=ge3&sequence=lt6');
    expect(
      stretch.entry
        ?.map(({ resource }) => resource.extension?.[0]?.valueInteger)
        .sort((a = 0, b = 0) => a - b),
    ).toEqual([3, 4, 5]);
    expect((await auditOf('sequence=4')).entry).toHaveLength(1);
    expect((await administrator.send('GET', 'AuditEvent?sequence=many')).status).toBe(400);
    await other.close();
  });

  it('tells when somebody with the database in hand changed or removed a row', async () => {
    await sealAudit(service.store, 'A99999');
    const database = new Client({ connectionString: service.database.url });
    await database.connect();
    await database.query(`update audit_event set user_id = 'somebody-else' where sequence = 3`);
    expect(await verifyAuditChain(service.store, 'A99999')).toMatchObject({
      whole: false,
      why: 'Rows were changed.',
    });
    await database.query(`delete from audit_event where sequence = 3`);
    expect(await verifyAuditChain(service.store, 'A99999')).toMatchObject({
      whole: false,
      why: 'Rows are missing.',
    });
    await database.end();
  });

  it('follows its pages to the end', async () => {
    const seen: number[] = [];
    let next: string | undefined = 'AuditEvent?agent=user-gp&_count=7';
    while (next !== undefined) {
      const bundle = (await administrator.send('GET', next)).body as unknown as AuditBundle;
      seen.push(bundle.entry?.length ?? 0);
      next = bundle.link.find((link) => link.relation === 'next')?.url;
    }
    expect(seen.reduce((sum, count) => sum + count, 0)).toBe(
      (await auditOf('agent=user-gp&_count=1000')).entry?.length,
    );
  });
});
