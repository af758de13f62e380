/** Pull and push against FHIR R4 servers that know nothing of sync: Medplum's router, and our own REST alone. */
import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseExact, stringifyExact } from '../../../../../domain/fhir/exact-json.ts';
import { success } from '../../../../../domain/result.ts';
import type { ResourceJson, SignedOperation } from '../../../../../domain/sync/operation.ts';
import { PlainFhirClient } from '../../../../../main/services/record-client/plain-fhir/plain-fhir-client.ts';
import type { Answered } from '../../../../../main/services/sync/ports.ts';
import { observationResource, patientResource } from '../../../../support/clinical-resources.ts';
import { startMemoryServer } from '../../../record-service/contract/memory-server.ts';
import { startTestService } from '../../../../support/record-service.ts';

interface Server {
  readonly base: string;
  /** The router has no CapabilityStatement of its own. */
  readonly metadata?: object;
  close(): Promise<void>;
}

const servers: readonly {
  readonly name: string;
  /** Whether `ifMatch` within a transaction is honoured; the router's is not atomic. */
  readonly keepsConditions: boolean;
  readonly start: () => Promise<Server>;
}[] = [
  {
    name: 'router over a MemoryRepository',
    keepsConditions: false,
    start: async () => ({
      ...(await startMemoryServer()),
      metadata: {
        resourceType: 'CapabilityStatement',
        fhirVersion: '4.0.1',
        rest: [{ mode: 'server', interaction: [{ code: 'transaction' }] }],
      },
    }),
  },
  {
    name: 'our own service without sync',
    keepsConditions: true,
    start: async () => {
      const service = await startTestService('pglite', { withoutSync: true });
      return { base: `${service.base}/fhir/R4/A99999`, close: service.stop };
    },
  },
];

describe.each(servers)('$name', ({ start, keepsConditions }) => {
  let server: Server;
  let client: PlainFhirClient;
  let beforeSending: (request: { readonly method: string }) => Promise<'send' | 'lose-answer'> = () =>
    Promise.resolve('send');

  const connect = async (): Promise<PlainFhirClient> =>
    valueOf(
      await PlainFhirClient.connect({
        fhirBase: server.base,
        fetch: async (input, init) => {
          const url = input instanceof Request ? input.url : input.toString();
          if (server.metadata !== undefined && url.endsWith('/metadata')) {
            return new Response(JSON.stringify(server.metadata));
          }
          const then = await beforeSending({ method: init?.method ?? 'GET' });
          const answer = await fetch(input, init);
          if (then === 'lose-answer') throw new TypeError('the connection broke after the server had acted');
          return answer;
        },
        tokens: { current: () => Promise.resolve(success('gp')), refused: () => undefined },
        organisation: { id: 'A99999', name: 'Practice' },
        today: () => '2026-11-22',
      }),
    );

  beforeAll(async () => {
    server = await start();
    client = await connect();
  });
  afterAll(() => server.close());

  const read = async (key: string) => {
    const answer = await fetch(`${server.base}/${key}`, { headers: { authorization: 'Bearer gp' } });
    return { status: answer.status, resource: parseExact(await answer.text()) as ResourceJson };
  };
  /** Another program writes, with what it finds as its base. */
  const writtenElsewhere = async (key: string, edit: object): Promise<void> => {
    const { resource } = await read(key);
    const { versionId } = resource['meta'] as { readonly versionId: string };
    const answer = await fetch(`${server.base}/${key}`, {
      method: 'PUT',
      headers: {
        authorization: 'Bearer gp',
        'content-type': 'application/fhir+json',
        'if-match': `W/"${versionId}"`,
      },
      body: stringifyExact({ ...resource, ...edit }),
    });
    expect(answer.status).toBe(200);
  };
  const versions = async (key: string): Promise<number> => {
    const answer = await fetch(`${server.base}/${key}/_history`, {
      headers: { authorization: 'Bearer gp' },
    });
    return ((await answer.json()) as { readonly entry?: readonly unknown[] }).entry?.length ?? 0;
  };
  const created = async (): Promise<{ readonly patient: ResourceJson; readonly weight: ResourceJson }> => {
    const patient = patientResource(randomUUID());
    const weight = observationResource(patient.id);
    valueOf(await client.push([change('create', patient), change('append', weight)]));
    return { patient, weight };
  };

  it('a save group arrives whole under its own ids; sent again it is known and nothing is doubled', async () => {
    const patient = patientResource(randomUUID());
    const weight = observationResource(patient.id);
    const group = [change('create', patient), change('append', weight)];
    const first = valueOf(await client.push(group));
    const again = valueOf(await client.push(group));
    expect(first.outcomes.map(({ outcome }) => outcome)).toEqual(['applied', 'applied']);
    expect(again).toEqual(first);
    expect(first.durable).toBe(false);
    expect(await versions(`Observation/${weight.id}`)).toBe(1);
  });

  it('an answer lost after the server acted: the group is answered from its tags, once written', async () => {
    const { patient } = await created();
    const weight = observationResource(patient.id);
    beforeSending = ({ method }) => Promise.resolve(method === 'POST' ? 'lose-answer' : 'send');
    const group = [change('append', weight)];
    const lost = await client.push(group);
    beforeSending = () => Promise.resolve('send');
    expect(lost).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
    expect(valueOf(await client.push(group)).outcomes).toMatchObject([{ outcome: 'applied' }]);
    expect(await versions(`Observation/${weight.id}`)).toBe(1);
  });

  it('an edit on the version that its author saw is written; on another it is a conflict, and the rest is written', async () => {
    const { patient } = await created();
    const [known] = await packOf(client, patient.id);
    const base = Number((known?.['meta'] as { readonly versionId: string }).versionId);
    const renamed = change('amend', { ...patient, gender: 'male' }, { baseVersion: base });
    expect(valueOf(await client.push([renamed])).outcomes).toMatchObject([{ outcome: 'applied' }]);

    await writtenElsewhere(`Patient/${patient.id}`, { gender: 'other' });
    const weight = observationResource(patient.id);
    const stale = change('amend', { ...patient, gender: 'unknown' }, { baseVersion: base });
    const { outcomes } = valueOf(await client.push([stale, change('append', weight)]));
    expect(outcomes).toMatchObject([
      { outcome: 'conflict', rule: 'changed-meanwhile', current: { gender: 'other' } },
      { outcome: 'applied' },
    ]);
    // No list tells that it was settled: it stays with its author until somebody settles it here.
    expect((await client.conflicts()).ok).toBe(false);
    expect((await read(`Patient/${patient.id}`)).resource['gender']).toBe('other');
    // What was ours and was overwritten since is still known as applied.
    expect(valueOf(await client.push([renamed])).outcomes).toMatchObject([{ outcome: 'applied' }]);
  });

  it('a second edit rests on the first, though its version was not known when it was made', async () => {
    const { patient } = await created();
    const [known] = await packOf(client, patient.id);
    const base = Number((known?.['meta'] as { readonly versionId: string }).versionId);
    const one = change('amend', { ...patient, gender: 'male' }, { baseVersion: base });
    const two = change('amend', { ...patient, gender: 'other' }, { prevOpId: one.operation.opId });
    expect(valueOf(await client.push([one])).outcomes).toMatchObject([{ outcome: 'applied' }]);
    expect(valueOf(await client.push([two])).outcomes).toMatchObject([{ outcome: 'applied' }]);
    await writtenElsewhere(`Patient/${patient.id}`, { gender: 'unknown' });
    const three = change('amend', { ...patient, gender: 'male' }, { prevOpId: two.operation.opId });
    expect(valueOf(await client.push([three])).outcomes).toMatchObject([{ outcome: 'conflict' }]);
  });

  if (keepsConditions) {
    it('two at the same moment: one is written, the other hears of it', async () => {
      const { patient } = await created();
      const [known] = await packOf(client, patient.id);
      const base = Number((known?.['meta'] as { readonly versionId: string }).versionId);
      let raced = false;
      beforeSending = async ({ method }) => {
        if (method === 'POST' && !raced) {
          raced = true;
          await writtenElsewhere(`Patient/${patient.id}`, { gender: 'other' });
        }
        return 'send';
      };
      const mine = change('amend', { ...patient, gender: 'male' }, { baseVersion: base });
      const { outcomes } = valueOf(await client.push([mine]));
      beforeSending = () => Promise.resolve('send');
      expect(outcomes).toMatchObject([{ outcome: 'conflict', current: { gender: 'other' } }]);
    });
  }

  it('directory and packs bring what stands, and nobody where there is nobody', async () => {
    const { patient, weight } = await created();
    const directory = valueOf(await client.directory());
    expect(directory.entries.map(({ id }) => id)).toContain(patient.id);
    const pack = await packOf(client, patient.id);
    expect(pack.map(({ resourceType, id }) => `${resourceType}/${id}`)).toEqual([
      `Patient/${patient.id}`,
      `Observation/${weight.id}`,
    ]);
    expect(await packOf(client, randomUUID())).toEqual([]);
  });

  it('polling misses nothing that was written after the record was read, and tells the same twice without harm', async () => {
    const { patient } = await created();
    const directory = valueOf(await client.directory());
    const cursor = { epoch: directory.epoch, position: directory.position };
    const weight = observationResource(patient.id);
    valueOf(await client.push([change('append', weight)]));
    const page = valueOf(await client.changes(cursor));
    expect(page.next).toBeGreaterThan(cursor.position);
    const keys = page.entries.map((entry) => ('key' in entry ? entry.key : ''));
    expect(keys.filter((key) => key === `Observation/${weight.id}`)).toHaveLength(1);
    expect(page.entries.every(({ position }) => position === page.next)).toBe(true);
    expect(page.directory.map(({ id }) => id)).toContain(patient.id);
    const later = valueOf(await client.changes({ epoch: page.epoch, position: page.next }));
    expect(later.next).toBeGreaterThan(page.next);
  });

  it('what a plain server cannot do is refused in words, and costs nothing that is here', async () => {
    for (const answer of [await client.escrow(), await client.audit(), await client.manifest()]) {
      expect(answer).toMatchObject({ ok: false, error: { status: 403, code: 'not-supported' } });
    }
    expect(valueOf(await client.probe())).toMatchObject({ durableThrough: null, orders: [] });
  });
});

it('a server without transactions is not written to: a save could arrive in parts', async () => {
  const answer = await PlainFhirClient.connect({
    fhirBase: 'https://fhir.example',
    fetch: () =>
      Promise.resolve(
        Response.json({
          resourceType: 'CapabilityStatement',
          fhirVersion: '4.0.1',
          rest: [{ mode: 'server', interaction: [{ code: 'batch' }] }],
        }),
      ),
    tokens: { current: () => Promise.resolve(success('token')), refused: () => undefined },
    organisation: { id: 'A99999', name: 'Practice' },
    today: () => '2026-11-22',
  });
  expect(answer).toMatchObject({ ok: false, error: { status: 426 } });
});

async function packOf(client: PlainFhirClient, patientId: string): Promise<readonly ResourceJson[]> {
  const packs: ResourceJson[][] = [];
  valueOf(
    await client.packs({ epoch: '', patients: [patientId], notBefore: 0 }, ({ header, body }) => {
      packs.push(
        header.absent === true ? [] : (parseExact(gunzipSync(body).toString('utf8')) as ResourceJson[]),
      );
      return Promise.resolve();
    }),
  );
  return packs[0] ?? [];
}

function change(
  kind: 'create' | 'append' | 'amend',
  after: ResourceJson,
  on: { readonly baseVersion?: number; readonly prevOpId?: string } = {},
): SignedOperation {
  return {
    operation: { opId: randomUUID(), kind, resource: `${after.resourceType}/${after.id}`, after, ...on },
    hash: '',
    signature: '',
    keyId: '',
  } as unknown as SignedOperation;
}

function valueOf<T>(answer: Answered<T>): T {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.error)}`);
  return answer.value;
}
