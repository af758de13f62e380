import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../../../support/record-service.ts';
import { create, observation, patient } from '../contract/check.ts';
import {
  CHECK_SYSTEM,
  fhirClient,
  unique,
  type FhirAnswer,
  type FhirClient,
} from '../contract/fhir-client.ts';

describe('two copies of the service against one PostgreSQL', () => {
  let first: TestService;
  let second: TestService;
  let clients: readonly [FhirClient, FhirClient];

  beforeAll(async () => {
    first = await startTestService('postgres');
    second = await startTestService('postgres', { engine: await first.database.open() });
    clients = [
      fhirClient(`${first.base}/fhir/R4/A99999`, 'gp'),
      fhirClient(`${second.base}/fhir/R4/A99999`, 'gp'),
    ];
  });
  afterAll(async () => {
    await second.stop();
    await first.stop();
  });

  it('make one of 16 parallel conditional creates', async () => {
    for (let round = 0; round < 5; round += 1) {
      const value = unique();
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, n) =>
          (clients[n % 2] ?? clients[0]).send('POST', 'Patient', {
            body: patient('Once', { identifier: [{ system: CHECK_SYSTEM, value }] }),
            headers: { 'if-none-exist': `identifier=${CHECK_SYSTEM}|${value}` },
          }),
        ),
      );
      expect(answers.map((answer) => answer.status).sort()).toEqual([...Array<number>(15).fill(200), 201]);
    }
  });

  it('give one of 16 parallel updates its version', async () => {
    const { id } = await create(clients[0], patient('Race'));
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        (clients[n % 2] ?? clients[0]).send('PUT', `Patient/${id}`, {
          body: { ...patient(`Race${n}`), id },
          headers: { 'if-match': 'W/"1"' },
        }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array<number>(15).fill(412)]);
  });

  it('go on with each other’s pages', async () => {
    const { id } = await create(clients[0], patient('Pages'));
    for (let n = 0; n < 9; n += 1) await create(clients[n % 2] ?? clients[0], observation(id));
    const seen: string[] = [];
    let path: string | undefined = `Observation?patient=${id}&_count=2&_sort=-date`;
    for (let page = 0; path !== undefined; page += 1) {
      const client: FhirClient = clients[page % 2] ?? clients[0];
      const answer: FhirAnswer = await client.send('GET', path);
      seen.push(...(answer.body.entry ?? []).map((entry) => entry.resource?.id ?? ''));
      const next: string | undefined = answer.body.link?.find((link) => link.relation === 'next')?.url;
      path = next?.slice(next.indexOf('Observation?'));
    }
    expect(new Set(seen).size).toBe(9);
    expect(seen).toHaveLength(9);
  });
});
