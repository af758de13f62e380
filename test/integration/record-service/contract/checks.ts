import assert from 'node:assert/strict';
import { searchChecks } from './search-checks.ts';
import { bundleChecks } from './bundle-checks.ts';
import { create, isOutcome, observation, patient, type Check } from './check.ts';
import { CHECK_SYSTEM, unique, type FhirAnswer, type FhirClient } from './fhir-client.ts';

const interactionChecks: readonly Check[] = [
  {
    id: 'create',
    title: 'create answers 201 with Location, ETag and a version',
    async run(client) {
      const answer = await client.send('POST', 'Patient', { body: patient('Create') });
      assert.equal(answer.status, 201);
      assert.match(answer.headers.get('location') ?? '', /Patient\/[^/]+\/_history\/[^/]+$/);
      assert.match(answer.headers.get('etag') ?? '', /^W\/".+"$/);
    },
  },
  {
    id: 'read',
    title: 'read gives back what was written',
    async run(client) {
      const { id } = await create(client, patient('Read', { birthDate: '1951-02-03' }));
      const answer = await client.send('GET', `Patient/${id}`);
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get('content-type') ?? '', /application\/fhir\+json/);
      assert.equal(answer.body.name[0]?.family, 'Read');
      assert.equal(answer.body.birthDate, '1951-02-03');
    },
  },
  {
    id: 'read-conditional',
    title: 'read with If-None-Match of the current version answers 304',
    async run(client) {
      const { id, version } = await create(client, patient('NotModified'));
      const answer = await client.send('GET', `Patient/${id}`, {
        headers: { 'if-none-match': `W/"${version}"` },
      });
      assert.equal(answer.status, 304);
    },
  },
  {
    id: 'update-create',
    title: 'PUT under an id that the client chose creates, and answers 201',
    async run(client) {
      const id = unique();
      const answer = await client.send('PUT', `Patient/${id}`, { body: { ...patient('Put'), id } });
      assert.equal(answer.status, 201);
      assert.equal((await client.send('GET', `Patient/${id}`)).body.id, id);
    },
  },
  {
    id: 'update-if-match',
    title: 'PUT with the current If-Match makes the next version',
    async run(client) {
      const { id, version } = await create(client, patient('One'));
      const answer = await client.send('PUT', `Patient/${id}`, {
        body: { ...patient('Two'), id },
        headers: { 'if-match': `W/"${version}"`, prefer: 'return=representation' },
      });
      assert.equal(answer.status, 200);
      assert.notEqual(answer.body.meta.versionId, version);
      const first = await client.send('GET', `Patient/${id}/_history/${version}`);
      assert.equal(first.body.name[0]?.family, 'One');
    },
  },
  {
    id: 'update-stale',
    title: 'PUT with a stale If-Match answers 412 and changes nothing (L18)',
    async run(client) {
      const { id, version } = await create(client, patient('One'));
      const headers = { 'if-match': `W/"${version}"` };
      await client.send('PUT', `Patient/${id}`, { body: { ...patient('Two'), id }, headers });
      const answer = await client.send('PUT', `Patient/${id}`, { body: { ...patient('Lost'), id }, headers });
      assert.equal(answer.status, 412);
      isOutcome(answer);
      assert.equal((await client.send('GET', `Patient/${id}`)).body.name[0]?.family, 'Two');
    },
  },
  {
    id: 'update-race',
    title: 'of 16 simultaneous PUTs with the same If-Match one succeeds',
    async run(client, { rounds }) {
      for (let round = 0; round < rounds; round += 1) {
        const { id, version } = await create(client, patient('Race'));
        const answers = await Promise.all(
          Array.from({ length: 16 }, (_, n) =>
            client.send('PUT', `Patient/${id}`, {
              body: { ...patient(`Race${n}`), id },
              headers: { 'if-match': `W/"${version}"` },
            }),
          ),
        );
        assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
        assert.equal(answers.filter((answer) => answer.status === 412).length, 15);
      }
    },
  },
  {
    id: 'if-none-match-star',
    title: 'PUT with If-None-Match: * creates once, then answers 412',
    async run(client) {
      const id = unique();
      const put = (family: string) =>
        client.send('PUT', `Patient/${id}`, {
          body: { ...patient(family), id },
          headers: { 'if-none-match': '*' },
        });
      assert.equal((await put('First')).status, 201);
      const second = await put('Second');
      assert.equal(second.status, 412);
      isOutcome(second);
      assert.equal((await client.send('GET', `Patient/${id}`)).body.name[0]?.family, 'First');
    },
  },
  {
    id: 'delete-tombstone',
    title: 'DELETE leaves a tombstone: 410 on read, an entry in history, earlier versions readable',
    async run(client) {
      const { id, version } = await create(client, patient('Gone'));
      assert.ok([200, 204].includes((await client.send('DELETE', `Patient/${id}`)).status));
      assert.equal((await client.send('GET', `Patient/${id}`)).status, 410);
      const history = await client.send('GET', `Patient/${id}/_history`);
      assert.equal(history.status, 200);
      assert.equal(history.body.entry?.[0]?.request.method, 'DELETE');
      assert.equal(history.body.entry[0].resource, undefined);
      assert.equal(
        (await client.send('GET', `Patient/${id}/_history/${version}`)).body.name[0]?.family,
        'Gone',
      );
      const found = await client.send('GET', `Patient?_id=${id}`);
      assert.equal(found.body.entry?.length ?? 0, 0);
    },
  },
  {
    id: 'patch',
    title: 'JSON Patch changes what it names, and a stale If-Match refuses it',
    async run(client) {
      const { id, version } = await create(client, patient('Patch'));
      const patch = (family: string) =>
        client.send('PATCH', `Patient/${id}`, {
          body: [{ op: 'replace', path: '/name/0/family', value: family }],
          headers: { 'content-type': 'application/json-patch+json', 'if-match': `W/"${version}"` },
        });
      assert.equal((await patch('Patched')).status, 200);
      assert.equal((await patch('Lost')).status, 412);
      assert.equal((await client.send('GET', `Patient/${id}`)).body.name[0]?.family, 'Patched');
    },
  },
  {
    id: 'patch-by-index',
    title: 'JSON Patch by array index never hits the wrong element (L1)',
    async run(client) {
      const telecom = [
        { system: 'phone', value: '01632960001' },
        { system: 'phone', value: '01632960002' },
      ];
      const { id } = await create(client, patient('Index', { telecom }));
      const headers = { 'content-type': 'application/json-patch+json' };
      await client.send('PATCH', `Patient/${id}`, { body: [{ op: 'remove', path: '/telecom/0' }], headers });
      const second = await client.send('PATCH', `Patient/${id}`, {
        body: [{ op: 'replace', path: '/telecom/1/value', value: '01632960003' }],
        headers,
      });
      const after = (await client.send('GET', `Patient/${id}`)).body.telecom.map((one) => one.value);
      const honest = second.status >= 400 || after.join() === '01632960003';
      assert.ok(honest, `telecom is ${after.join()} after ${second.status}`);
      // The first patch, made without saying which version it knew, must not have been taken on trust either.
      assert.ok(after.includes('01632960002') || after.includes('01632960003'));
      assert.ok(after.includes('01632960001'), 'an unguarded patch by index was applied');
    },
  },
  {
    id: 'history-instance',
    title: 'history of an instance has every version, newest first',
    async run(client) {
      const { id, version } = await create(client, patient('One'));
      await client.send('PUT', `Patient/${id}`, {
        body: { ...patient('Two'), id },
        headers: { 'if-match': `W/"${version}"` },
      });
      const { body } = await client.send('GET', `Patient/${id}/_history`);
      const families = body.entry?.map((entry) => entry.resource?.name[0]?.family);
      assert.deepEqual(families, ['Two', 'One']);
    },
  },
  {
    id: 'history-type-since',
    title: 'history of a type with _since has what came after, deletions too (L16, M6)',
    async run(client) {
      const first = await create(client, patient('Since'));
      const { body: written } = await client.send('GET', `Patient/${first.id}`);
      const since = encodeURIComponent(written.meta.lastUpdated);
      const second = await create(client, patient('Since'));
      await client.send('DELETE', `Patient/${second.id}`);
      const urls = await followHistory(client, `Patient/_history?_since=${since}&_count=3`);
      assert.ok(urls.includes(`POST ${first.id}`) && urls.includes(`POST ${second.id}`));
      assert.ok(urls.includes(`DELETE ${second.id}`));
    },
  },
  {
    id: 'history-system-since',
    title: 'history of the system with _since has every type',
    async run(client) {
      const { id } = await create(client, patient('System'));
      const { body: written } = await client.send('GET', `Patient/${id}`);
      const since = encodeURIComponent(written.meta.lastUpdated);
      const made = await create(client, observation(id));
      const urls = await followHistory(client, `_history?_since=${since}&_count=50`);
      assert.ok(urls.includes(`POST ${id}`) && urls.includes(`POST ${made.id}`));
    },
  },
  {
    id: 'decimals',
    title: 'decimals keep their written form',
    async run(client) {
      const { id } = await create(client, patient('Decimal'));
      const resource = JSON.stringify(
        observation(id, { valueQuantity: { value: 80.5, unit: 'kg' } }),
      ).replace('80.5', '8.000');
      const made = await client.send('POST', 'Observation', {
        body: resource,
        headers: { prefer: 'return=representation' },
      });
      assert.equal(made.status, 201);
      const read = await client.send('GET', `Observation/${made.body.id}`);
      assert.match(read.text, /"value":\s*8\.000/);
      const found = await client.send('GET', `Observation?_id=${made.body.id}`);
      assert.match(found.text, /"value":\s*8\.000/);
    },
  },
  {
    id: 'validation',
    title: 'a resource that R4 does not allow is refused with an OperationOutcome',
    async run(client) {
      const wrong = [
        { resourceType: 'Patient', nonsense: true },
        { resourceType: 'Patient', birthDate: 'yesterday' },
        { resourceType: 'Observation', code: { text: 'no status' } },
        { resourceType: 'Observation', status: 'nearly', code: { text: 'no such status' } },
        { resourceType: 'Patient', name: { family: 'not a list' } },
      ];
      for (const body of wrong) {
        const answer = await client.send('POST', body.resourceType, { body });
        assert.ok([400, 422].includes(answer.status), `${JSON.stringify(body)} answered ${answer.status}`);
        isOutcome(answer);
      }
    },
  },
  {
    id: 'errors',
    title: 'every error is an OperationOutcome',
    async run(client) {
      const refused: readonly [status: readonly number[], answer: Promise<FhirAnswer>][] = [
        [[404], client.send('GET', `Patient/${unique()}`)],
        [[404], client.send('GET', 'Nonsense/1')],
        [[404, 400], client.send('GET', 'Nonsense?name=x')],
        [[400], client.send('POST', 'Patient', { body: '{ "resourceType": "Patient", ' })],
        [[400, 422], client.send('POST', 'Patient', { body: { resourceType: 'Observation' } })],
        [[400, 422], client.send('PUT', 'Patient/one', { body: { ...patient('x'), id: 'two' } })],
        [
          [415, 400],
          client.send('POST', 'Patient', { body: 'x', headers: { 'content-type': 'text/plain' } }),
        ],
        [[404], client.send('GET', 'Patient/1/2/3/4')],
      ];
      for (const [statuses, sent] of refused) {
        const answer = await sent;
        assert.ok(
          statuses.includes(answer.status),
          `expected ${statuses.join(' or ')}, got ${answer.status}`,
        );
        isOutcome(answer);
      }
    },
  },
  {
    id: 'conditional-create',
    title: 'If-None-Exist creates once, and answers 200 with the match afterwards',
    async run(client) {
      const value = unique();
      const post = () =>
        client.send('POST', 'Patient', {
          body: patient('Once', { identifier: [{ system: CHECK_SYSTEM, value }] }),
          headers: { 'if-none-exist': `identifier=${CHECK_SYSTEM}|${value}` },
        });
      assert.equal((await post()).status, 201);
      assert.equal((await post()).status, 200);
    },
  },
  {
    id: 'conditional-create-race',
    title: '16 parallel conditional creates give 1 (D4)',
    async run(client, { rounds }) {
      for (let round = 0; round < rounds; round += 1) {
        const value = unique();
        const answers = await Promise.all(
          Array.from({ length: 16 }, () =>
            client.send('POST', 'Patient', {
              body: patient('Once', { identifier: [{ system: CHECK_SYSTEM, value }] }),
              headers: { 'if-none-exist': `identifier=${CHECK_SYSTEM}|${value}` },
            }),
          ),
        );
        assert.equal(answers.filter((answer) => answer.status === 201).length, 1, `round ${round}`);
        assert.equal(answers.filter((answer) => answer.status === 200).length, 15, `round ${round}`);
        const { body } = await client.send('GET', `Patient?identifier=${CHECK_SYSTEM}|${value}`);
        assert.equal(body.entry?.length, 1, `round ${round}`);
      }
    },
  },
  {
    id: 'conditional-update',
    title: 'conditional update finds the one that matches, and refuses when several do',
    async run(client) {
      const value = unique();
      const identifier = [{ system: CHECK_SYSTEM, value }];
      const url = `Patient?identifier=${CHECK_SYSTEM}|${value}`;
      assert.equal((await client.send('PUT', url, { body: patient('One', { identifier }) })).status, 201);
      assert.equal((await client.send('PUT', url, { body: patient('Two', { identifier }) })).status, 200);
      await create(client, patient('Three', { identifier }));
      assert.equal((await client.send('PUT', url, { body: patient('Four', { identifier }) })).status, 412);
    },
  },
  {
    id: 'everything',
    title: '$everything has the whole record of the patient and nothing of another',
    async run(client) {
      const { id } = await create(client, patient('Everything'));
      const other = await create(client, patient('Other'));
      const mine = await create(client, observation(id));
      const theirs = await create(client, observation(other.id));
      const answer = await client.send('GET', `Patient/${id}/$everything`);
      assert.equal(answer.status, 200);
      const ids = (answer.body.entry ?? []).map((entry) => entry.resource?.id);
      assert.ok(ids.includes(id) && ids.includes(mine.id));
      assert.ok(!ids.includes(other.id) && !ids.includes(theirs.id));
    },
  },
  {
    id: 'capability-true',
    title: 'the CapabilityStatement lists nothing that is refused',
    async run(client) {
      const { body } = await client.send('GET', 'metadata');
      assert.equal(body.resourceType, 'CapabilityStatement');
      assert.equal(body.fhirVersion, '4.0.1');
      const values: Readonly<Record<string, string>> = {
        date: '2026-01-01',
        reference: 'Patient/nobody',
        token: 'nothing',
        string: 'nothing',
      };
      for (const resource of body.rest[0]?.resource ?? []) {
        for (const parameter of resource.searchParam ?? []) {
          const value = values[parameter.type] ?? 'nothing';
          const answer = await client.send('GET', `${resource.type}?${parameter.name}=${value}&_count=1`);
          assert.equal(answer.status, 200, `${resource.type}?${parameter.name} answered ${answer.status}`);
        }
        for (const include of resource.searchInclude ?? []) {
          const answer = await client.send('GET', `${resource.type}?_include=${include}&_count=1`);
          assert.equal(answer.status, 200, `_include=${include} answered ${answer.status}`);
        }
      }
    },
  },
];

async function followHistory(client: FhirClient, path: string): Promise<string[]> {
  const urls: string[] = [];
  let next: string | undefined = path;
  for (let page = 0; next !== undefined && page < 500; page += 1) {
    const answer: FhirAnswer = await client.send('GET', next);
    assert.equal(answer.status, 200, `${next} answered ${answer.status}`);
    assert.equal(answer.body.type, 'history');
    for (const entry of answer.body.entry ?? []) {
      urls.push(`${entry.request.method} ${entry.resource?.id ?? entry.request.url.split('/')[1] ?? ''}`);
    }
    next = answer.body.link?.find((link) => link.relation === 'next')?.url;
  }
  return urls;
}

export const checks: readonly Check[] = [...interactionChecks, ...searchChecks, ...bundleChecks];
