import assert from 'node:assert/strict';
import { create, isOutcome, observation, patient, type Check } from './check.ts';
import { CHECK_SYSTEM, unique, type FhirAnswer, type FhirClient } from './fhir-client.ts';

function idsOf(answer: FhirAnswer, mode = 'match'): string[] {
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  return (answer.body.entry ?? [])
    .filter((entry) => (entry.search?.mode ?? 'match') === mode)
    .map((entry) => entry.resource?.id ?? '');
}

async function finds(client: FhirClient, query: string, expected: readonly string[]): Promise<void> {
  const found = idsOf(await client.send('GET', query));
  assert.deepEqual([...found].sort(), [...expected].sort(), query);
}

export const searchChecks: readonly Check[] = [
  {
    id: 'search-patient',
    title: 'patients are found by identifier, name, birthdate, address, _id and _lastUpdated',
    async run(client) {
      const value = unique();
      const family = unique('Ünlü').replaceAll('-', '');
      const { id } = await create(
        client,
        patient(family, {
          identifier: [{ system: CHECK_SYSTEM, value }],
          birthDate: '1949-07-05',
          address: [{ line: [`${family} Road`], city: 'Leeds', postalCode: 'LS1 4AP' }],
        }),
      );
      const { body } = await client.send('GET', `Patient/${id}`);
      const at = encodeURIComponent(body.meta.lastUpdated);
      for (const query of [
        `identifier=${CHECK_SYSTEM}|${value}`,
        `identifier=${value}`,
        `name=${family}`,
        `name=${family.toLowerCase().replace('ü', 'u').slice(0, -3)}`,
        `family=${family}&birthdate=1949-07-05`,
        `family=${family}&birthdate=1949`,
        `family=${family}&birthdate=lt1950`,
        `address=${family}`,
        `_id=${id}`,
        `family=${family}&_lastUpdated=ge${at}`,
      ]) {
        await finds(client, `Patient?${query}`, [id]);
      }
      for (const query of [
        `identifier=https://elsewhere.example|${value}`,
        `family=${family}&birthdate=1950`,
        `family=${family}&birthdate=gt1949-07-05`,
        `family=${family}&_lastUpdated=lt${at}`,
      ]) {
        await finds(client, `Patient?${query}`, []);
      }
    },
  },
  {
    id: 'search-clinical',
    title: 'clinical resources are found by patient, subject, code, category, date, status and encounter',
    async run(client) {
      const { id } = await create(client, patient('Clinical'));
      const encounter = await create(client, {
        resourceType: 'Encounter',
        status: 'finished',
        class: { code: 'AMB' },
        subject: { reference: `Patient/${id}` },
        period: { start: '2026-03-01T09:00:00Z', end: '2026-03-01T10:00:00Z' },
      });
      const weight = await create(
        client,
        observation(id, {
          category: [
            {
              coding: [
                { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' },
              ],
            },
          ],
          encounter: { reference: `Encounter/${encounter.id}` },
        }),
      );
      const height = await create(
        client,
        observation(id, {
          status: 'preliminary',
          code: { coding: [{ system: 'http://snomed.info/sct', code: '50373000' }] },
          effectiveDateTime: '2026-04',
        }),
      );
      const both = [weight.id, height.id];
      const of = `patient=${id}`;
      await finds(client, `Observation?patient=${id}`, both);
      await finds(client, `Observation?patient=Patient/${id}`, both);
      await finds(client, `Observation?subject=Patient/${id}`, both);
      await finds(client, `Observation?${of}&code=http://snomed.info/sct|27113001`, [weight.id]);
      await finds(client, `Observation?${of}&code=27113001,50373000`, both);
      await finds(client, `Observation?${of}&category=vital-signs`, [weight.id]);
      await finds(client, `Observation?${of}&date=2026-03-01`, [weight.id]);
      await finds(client, `Observation?${of}&date=ge2026-03-02`, [height.id]);
      await finds(client, `Observation?${of}&date=ge2026-03&date=lt2026-04`, [weight.id]);
      await finds(client, `Observation?${of}&status=preliminary`, [height.id]);
      await finds(client, `Observation?${of}&encounter=Encounter/${encounter.id}`, [weight.id]);
      await finds(client, `Encounter?${of}&status=finished&date=2026-03-01`, [encounter.id]);
      await finds(client, `Observation?${of}&status:not=final`, [height.id]);
      await finds(client, `Observation?${of}&encounter:missing=true`, [height.id]);
    },
  },
  {
    id: 'search-chain',
    title: 'a chain finds by the NHS number of the patient',
    async run(client) {
      const value = unique();
      const { id } = await create(
        client,
        patient('Chain', { identifier: [{ system: CHECK_SYSTEM, value }] }),
      );
      const made = await create(client, observation(id));
      await finds(client, `Observation?patient.identifier=${CHECK_SYSTEM}|${value}`, [made.id]);
    },
  },
  {
    id: 'search-by-post',
    title: 'POST _search keeps names out of URLs',
    async run(client) {
      const family = unique('Posted').replaceAll('-', '');
      const { id } = await create(client, patient(family));
      const answer = await client.send('POST', 'Patient/_search', {
        body: `family=${family}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      assert.deepEqual(idsOf(answer), [id]);
    },
  },
  {
    id: 'search-unknown',
    title: 'an unknown parameter or modifier is refused, not ignored',
    async run(client) {
      for (const query of [
        'Patient?favourite-colour=green',
        'Observation?code:in=x',
        'Patient?_sort=shoe-size',
      ]) {
        const answer = await client.send('GET', query);
        assert.equal(answer.status, 400, `${query} answered ${answer.status}`);
        isOutcome(answer);
      }
    },
  },
  {
    id: 'search-include',
    title: '_include and _revinclude bring along what they name',
    async run(client) {
      const { id } = await create(client, patient('Include'));
      const made = await create(client, observation(id));
      const included = await client.send('GET', `Observation?_id=${made.id}&_include=Observation:subject`);
      assert.deepEqual(idsOf(included), [made.id]);
      assert.deepEqual(idsOf(included, 'include'), [id]);
      const reverse = await client.send('GET', `Patient?_id=${id}&_revinclude=Observation:subject`);
      assert.deepEqual(idsOf(reverse, 'include'), [made.id]);
    },
  },
  {
    id: 'search-sort',
    title: '_sort orders by date, both ways, and _total counts',
    async run(client) {
      const { id } = await create(client, patient('Sort'));
      const dates = ['2026-02-01', '2025-01-01', '2026-01-01'];
      for (const effectiveDateTime of dates) await create(client, observation(id, { effectiveDateTime }));
      const ordered = async (sort: string) =>
        (await client.send('GET', `Observation?patient=${id}&_sort=${sort}`)).body.entry?.map(
          (entry) => entry.resource?.effectiveDateTime,
        );
      assert.deepEqual(await ordered('date'), [...dates].sort());
      assert.deepEqual(await ordered('-date'), [...dates].sort().reverse());
      const counted = await client.send('GET', `Observation?patient=${id}&_summary=count`);
      assert.equal(counted.body.total, 3);
      assert.equal(counted.body.entry?.length ?? 0, 0);
    },
  },
  {
    id: 'search-paging',
    title: 'pages neither repeat nor drop a resource while others write (M4)',
    async run(client) {
      const { id } = await create(client, patient('Paging'));
      const standing = new Set<string>();
      for (let n = 0; n < 12; n += 1) {
        standing.add((await create(client, observation(id, { effectiveDateTime: '2026-01-01' }))).id);
      }
      const seen: string[] = [];
      let next: string | undefined = `Observation?patient=${id}&_sort=-date&_count=4`;
      while (next !== undefined) {
        const answer: FhirAnswer = await client.send('GET', next);
        seen.push(...idsOf(answer));
        // Written between the pages: one that sorts before everything, and one that sorts after.
        await create(client, observation(id, { effectiveDateTime: '2026-02-01' }));
        await create(client, observation(id, { effectiveDateTime: '2025-01-01' }));
        const link: { url: string } | undefined = answer.body.link?.find((one) => one.relation === 'next');
        next = seen.length > 100 ? undefined : link?.url;
      }
      const standingSeen = seen.filter((one) => standing.has(one));
      assert.equal(new Set(standingSeen).size, standing.size, 'a resource was dropped');
      assert.equal(standingSeen.length, standing.size, 'a resource was repeated');
    },
  },
];
