import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../../../support/record-service.ts';
import { patient } from '../contract/check.ts';
import { fhirClient, unique } from '../contract/fhir-client.ts';

describe('operations', () => {
  let service: TestService;
  const lines: string[] = [];

  beforeAll(async () => {
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString('utf8'));
        done();
      },
    });
    service = await startTestService('pglite', {
      logger: pino({ level: 'trace' }, sink),
      rateLimit: { perSecond: 1, burst: 60 },
      limits: { body: 100_000, bundleEntries: 5 },
    });
  });
  afterAll(() => service.stop());

  it('is alive and ready, and says that PGlite does not flush', async () => {
    expect((await fetch(`${service.base}/livez`)).status).toBe(200);
    const ready = await fetch(`${service.base}/readyz`);
    expect(ready.status).toBe(200);
    const about = (await ready.json()) as Record<string, unknown>;
    expect(about).toMatchObject({ status: 'ready', engine: 'pglite', durable: false });
    expect(about['note']).toContain('no fsync');
  });

  it('logs no name, identifier or search value, whatever goes wrong', async () => {
    const secret = unique('Secretname').replaceAll('-', '');
    const gp = fhirClient(`${service.base}/fhir/R4/A99999`, 'gp');
    await gp.send('POST', 'Patient', { body: patient(secret) });
    await gp.send('GET', `Patient?name=${secret}`);
    await gp.send('GET', `Patient/${secret}`);
    await gp.send('GET', `Patient?${secret}=1`);
    await gp.send('GET', `${secret}/1`);
    await gp.send('GET', `Patient/%E0%A4%A?name=${secret}`);
    await gp.send('POST', 'Patient', { body: `{"resourceType":"Patient","name":${secret}` });
    await gp.send('POST', 'Patient', { body: { resourceType: 'Patient', [secret]: 1 } });
    await fetch(`${service.base}/${secret}?q=${secret}`);
    expect(lines.length).toBeGreaterThan(8);
    expect(lines.filter((line) => line.includes(secret))).toEqual([]);
  });

  it('counts for Prometheus, without a patient in it', async () => {
    const text = await (await fetch(`${service.base}/metrics`)).text();
    expect(text).toContain('gladstone_feed_head{organisation="A99999"} 1');
    expect(text).toMatch(
      /gladstone_http_requests_total\{method="POST",route="\/fhir\/R4\/:organisation\/\*",status="201"\} 1/,
    );
    expect(text).toContain('gladstone_feed_seconds_since_commit');
    expect(text).not.toMatch(/Secretname/i);
  });

  it('refuses what is too large with an OperationOutcome', async () => {
    const gp = fhirClient(`${service.base}/fhir/R4/A99999`, 'gp');
    const big = await gp.send('POST', 'Patient', { body: patient('x'.repeat(200_000)) });
    expect([big.status, big.body.resourceType]).toEqual([413, 'OperationOutcome']);
    const entry = Array.from({ length: 6 }, () => ({ request: { method: 'GET', url: 'Patient/1' } }));
    const many = await gp.send('POST', '', { body: { resourceType: 'Bundle', type: 'batch', entry } });
    expect([many.status, many.body.resourceType]).toEqual([413, 'OperationOutcome']);
  });

  it('slows one user down and not another', async () => {
    const nurse = fhirClient(`${service.base}/fhir/R4/A99999`, 'nurse');
    const answers = await Promise.all(Array.from({ length: 80 }, () => nurse.send('GET', 'Patient/none')));
    const limited = answers.filter((answer) => answer.status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(limited[0]?.body.resourceType).toBe('OperationOutcome');
    const locum = fhirClient(`${service.base}/fhir/R4/A99999`, 'locum');
    expect((await locum.send('GET', 'Patient/none')).status).toBe(404);
  });
});
