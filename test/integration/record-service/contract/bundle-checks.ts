import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { create, isOutcome, observation, patient, type Check } from './check.ts';
import { CHECK_SYSTEM, unique, type FhirClient } from './fhir-client.ts';

function bundle(type: 'batch' | 'transaction', entry: readonly object[]): object {
  return { resourceType: 'Bundle', type, entry };
}

async function isThere(client: FhirClient, value: string): Promise<boolean> {
  const { body } = await client.send('GET', `Patient?identifier=${CHECK_SYSTEM}|${value}`);
  return (body.entry?.length ?? 0) > 0;
}

const marked = (value: string) => patient('Bundle', { identifier: [{ system: CHECK_SYSTEM, value }] });

export const bundleChecks: readonly Check[] = [
  {
    id: 'batch',
    title: 'the entries of a batch succeed or fail each by itself',
    async run(client) {
      const value = unique();
      const answer = await client.send('POST', '', {
        body: bundle('batch', [
          { request: { method: 'GET', url: `Patient/${unique()}` } },
          { resource: marked(value), request: { method: 'POST', url: 'Patient' } },
        ]),
      });
      assert.equal(answer.status, 200);
      assert.equal(answer.body.type, 'batch-response');
      const [missing, made] = (answer.body.entry ?? []).map((entry) => entry.response);
      assert.match(missing?.status ?? '', /^404/);
      assert.equal(missing?.outcome.resourceType, 'OperationOutcome');
      assert.match(made?.status ?? '', /^201/);
      assert.ok(await isThere(client, value));
    },
  },
  {
    id: 'transaction-references',
    title: 'a transaction resolves references between its entries',
    async run(client) {
      const urn = `urn:uuid:${randomUUID()}`;
      const value = unique();
      const answer = await client.send('POST', '', {
        body: bundle('transaction', [
          {
            resource: { ...observation('x'), subject: { reference: urn } },
            request: { method: 'POST', url: 'Observation' },
          },
          { fullUrl: urn, resource: marked(value), request: { method: 'POST', url: 'Patient' } },
        ]),
      });
      assert.equal(answer.status, 200, answer.text.slice(0, 300));
      const [made, person] = (answer.body.entry ?? []).map((entry) => entry.response.location);
      assert.match(String(made), /Observation\/[^/]+\/_history\//);
      const id = /Patient\/([^/]+)/.exec(String(person))?.[1] ?? '';
      const found = await client.send('GET', `Observation?patient=${id}`);
      assert.equal(found.body.entry?.length, 1);
    },
  },
  {
    id: 'transaction-atomic',
    title: 'a transaction with one bad entry applies nothing',
    async run(client) {
      const value = unique();
      const answer = await client.send('POST', '', {
        body: bundle('transaction', [
          { resource: marked(value), request: { method: 'POST', url: 'Patient' } },
          {
            resource: { resourceType: 'Observation', code: { text: 'no status' } },
            request: { method: 'POST', url: 'Observation' },
          },
        ]),
      });
      assert.ok(answer.status >= 400);
      isOutcome(answer);
      assert.ok(!(await isThere(client, value)), 'the good entry was applied');
    },
  },
  {
    id: 'transaction-stale',
    title: 'a stale ifMatch inside a transaction applies nothing (L7)',
    async run(client) {
      const { id, version } = await create(client, patient('One'));
      await client.send('PUT', `Patient/${id}`, {
        body: { ...patient('Two'), id },
        headers: { 'if-match': `W/"${version}"` },
      });
      const value = unique();
      const answer = await client.send('POST', '', {
        body: bundle('transaction', [
          { resource: marked(value), request: { method: 'POST', url: 'Patient' } },
          {
            resource: { ...patient('Stale'), id },
            request: { method: 'PUT', url: `Patient/${id}`, ifMatch: `W/"${version}"` },
          },
        ]),
      });
      assert.ok([409, 412].includes(answer.status), `answered ${answer.status}`);
      isOutcome(answer);
      assert.ok(!(await isThere(client, value)), 'the other entry was applied');
      assert.equal((await client.send('GET', `Patient/${id}`)).body.name[0]?.family, 'Two');
    },
  },
  {
    id: 'transaction-large',
    title: 'a transaction of 60 updates and a conditional create among 12 entries are taken',
    async run(client) {
      const entries = Array.from({ length: 60 }, () => {
        const id = unique();
        return { resource: { ...patient('Large'), id }, request: { method: 'PUT', url: `Patient/${id}` } };
      });
      assert.equal((await client.send('POST', '', { body: bundle('transaction', entries) })).status, 200);
      const value = unique();
      const mixed = entries.slice(0, 11).map(() => ({
        resource: patient('Mixed'),
        request: { method: 'POST', url: 'Patient' },
      }));
      const answer = await client.send('POST', '', {
        body: bundle('transaction', [
          ...mixed,
          {
            resource: marked(value),
            request: { method: 'POST', url: 'Patient', ifNoneExist: `identifier=${CHECK_SYSTEM}|${value}` },
          },
        ]),
      });
      assert.equal(answer.status, 200, answer.text.slice(0, 300));
    },
  },
  {
    id: 'transaction-conditional-race',
    title: 'parallel transactions with a conditional create make one, and refer to it',
    async run(client, { rounds }) {
      for (let round = 0; round < rounds; round += 1) {
        const value = unique();
        const answers = await Promise.all(
          Array.from({ length: 8 }, () => {
            const urn = `urn:uuid:${randomUUID()}`;
            return client.send('POST', '', {
              body: bundle('transaction', [
                {
                  fullUrl: urn,
                  resource: marked(value),
                  request: {
                    method: 'POST',
                    url: 'Patient',
                    ifNoneExist: `identifier=${CHECK_SYSTEM}|${value}`,
                  },
                },
                {
                  resource: { ...observation('x'), subject: { reference: urn } },
                  request: { method: 'POST', url: 'Observation' },
                },
              ]),
            });
          }),
        );
        assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [200]);
        const { body } = await client.send('GET', `Patient?identifier=${CHECK_SYSTEM}|${value}`);
        assert.equal(body.entry?.length, 1);
        const id = body.entry[0]?.resource?.id ?? '';
        const observations = await client.send('GET', `Observation?patient=${id}&_count=50`);
        assert.equal(
          observations.body.entry?.length,
          8,
          'an observation refers to a patient that was never made',
        );
      }
    },
  },
  {
    id: 'transaction-duplicate',
    title: 'two entries that write the same resource are refused (L8)',
    async run(client) {
      const id = unique();
      const entry = (family: string) => ({
        resource: { ...patient(family), id },
        request: { method: 'PUT', url: `Patient/${id}` },
      });
      const answer = await client.send('POST', '', {
        body: bundle('transaction', [entry('One'), entry('Two')]),
      });
      assert.equal(answer.status, 400);
      assert.equal((await client.send('GET', `Patient/${id}`)).status, 404);
    },
  },
];
