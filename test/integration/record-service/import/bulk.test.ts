import { mkdtemp, rm, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseExact, stringifyExact } from '../../../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../../../domain/sync/operation.ts';
import { buildService } from '../../../../record-service/build-service.ts';
import type { Service } from '../../../../record-service/build-service.ts';
import { exportPractice } from '../../../../record-service/export/export-practice.ts';
import { readExport } from '../../../../record-service/export/read-export.ts';
import { selectPatient } from '../../../../record-service/export/select-patient.ts';
import { systemActor } from '../../../../record-service/identity/actor.ts';
import { bulkRoutes } from '../../../../record-service/import/bulk-routes.ts';
import { convertBundle } from '../../../../record-service/import/convert-bundle.ts';
import { loadResources } from '../../../../record-service/import/load-resources.ts';
import { ServiceClient } from '../../../../record-service/import/service-client.ts';
import { generatePractice } from '../../../../record-service/seed/practice.ts';
import { seedInto } from '../../../../record-service/seed/seed-into.ts';
import { openPglite } from '../../../../record-service/store/pglite-engine.ts';
import { ONE, syntheticRecord } from '../../../fixtures/gp-connect/synthetic-record.ts';

const ORGANISATION = 'A99999';
const folders: string[] = [];
const services: Service[] = [];

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gladstone-bulk-'));
  folders.push(folder);
  return folder;
}

/** A real service over its own sign-in, on a port of its own, with an empty database in memory. */
async function startService(): Promise<{ service: Service; client: ServiceClient; url: string }> {
  const dataFolder = await temporaryFolder();
  const service = await buildService(
    { dataFolder, engine: await openPglite(), logger: pino({ level: 'silent' }) },
    [bulkRoutes],
  );
  services.push(service);
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = service.app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return { service, client: new ServiceClient({ url, organisation: ORGANISATION, dataFolder }), url };
}

const imported = (text = syntheticRecord()): readonly ResourceJson[] =>
  convertBundle(parseExact(text), { organisation: ORGANISATION, sourceSystem: 'https://source.example' })
    .resources as unknown as readonly ResourceJson[];

afterAll(async () => {
  await Promise.all(services.map((service) => service.close()));
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

describe('import through the running service', () => {
  let started: Awaited<ReturnType<typeof startService>>;
  const context = { organisation: ORGANISATION, actor: systemActor(ORGANISATION) };
  beforeAll(async () => {
    started = await startService();
  });

  it('loads a record once; a second run makes no version', async () => {
    const { client, service } = started;
    const resources = imported();
    expect(await client.load(resources)).toMatchObject({
      created: resources.length,
      updated: 0,
      unchanged: 0,
    });
    const before = await client.overview();
    expect(await client.load(imported())).toMatchObject({
      created: 0,
      updated: 0,
      unchanged: resources.length,
    });
    expect((await client.overview()).position).toBe(before.position);
    const stored = await service.store.withSnapshot(context, (reader) =>
      reader.readMany(resources.map(({ resourceType, id }) => ({ type: resourceType, id }))),
    );
    expect(stored.every((version) => version.version === 1)).toBe(true);
  });

  it('keeps the written form of decimals down to the database', async () => {
    const { service } = started;
    const observation = imported().find((resource) => stringifyExact(resource).includes('Banana'));
    const stored = await service.store.withSnapshot(context, (reader) =>
      reader.read('Observation', observation?.id ?? ''),
    );
    expect(stored?.content).toContain('"value":8.000');
  });

  it('takes over what changed at the source, and leaves what was changed or deleted here', async () => {
    const { client, service } = started;
    const [changedAtSource, changedHere, deletedHere] = imported().filter(
      (resource) => resource.resourceType === 'Observation',
    );
    const clinician = { ...systemActor(ORGANISATION), userId: 'demo-gp', role: 'gp' as const };
    await service.store.withTransaction(
      { organisation: ORGANISATION, actor: clinician },
      async (transaction) => {
        if (!changedHere || !deletedHere) throw new Error('the record has three observations');
        await transaction.write({ ...changedHere, note: [{ text: 'Corrected here' }] }, 1);
        await transaction.delete('Observation', deletedHere.id, 1);
      },
    );
    const again = imported(syntheticRecord().replace('Degraded once', 'Corrected at the source'));
    expect(stringifyExact(again.find(({ id }) => id === changedAtSource?.id))).toContain(
      'Corrected at the source',
    );
    const result = await client.load(again);
    expect(result).toMatchObject({
      created: 0,
      updated: 1,
      changedHere: [`Observation/${changedHere?.id ?? ''}`],
      deletedHere: [`Observation/${deletedHere?.id ?? ''}`],
    });
  });

  it('saves nothing of a request that holds one resource that is not valid', async () => {
    const { client } = started;
    const before = await client.overview();
    const good = { resourceType: 'Practitioner', id: 'good' };
    const bad = { resourceType: 'Practitioner', id: 'bad', nonsense: true };
    await expect(client.load([good, bad])).rejects.toMatchObject({ name: 'ServiceFailure' });
    expect((await client.overview()).position).toBe(before.position);
  });

  it('is refused to everybody but the system client', async () => {
    const { url } = started;
    expect((await fetch(`${url}/bulk/${ORGANISATION}`)).status).toBe(401);
    const doctor = { ...systemActor(ORGANISATION), userId: 'demo-gp', role: 'gp' as const };
    const service = await buildService(
      {
        dataFolder: await temporaryFolder(),
        engine: await openPglite(),
        logger: pino({ level: 'silent' }),
        authenticate: () => Promise.resolve(doctor),
      },
      [bulkRoutes],
    );
    services.push(service);
    const answer = await service.app.inject({ method: 'GET', url: `/bulk/${ORGANISATION}/Patient` });
    expect(answer.statusCode).toBe(403);
    expect(answer.body).not.toContain('resourceType');
  });

  it('says plainly that there is no service', async () => {
    const folder = await temporaryFolder();
    const nowhere = new ServiceClient({
      url: 'http://127.0.0.1:9',
      organisation: ORGANISATION,
      dataFolder: folder,
    });
    await expect(nowhere.overview()).rejects.toThrow(/npm run service/);
    await writeFile(join(folder, 'system-client-secret'), 'secret');
    await expect(nowhere.overview()).rejects.toThrow(/No record service answers/);
  });
});

describe('export', () => {
  const made: string[] = [];
  afterEach(() => made.splice(0));

  it('gives, loaded into an empty service, the same export to the letter; and finds damage', async () => {
    const first = await startService();
    await seedInto(first.service.store, { patients: 6, days: 1, today: '2026-11-22' });
    await first.client.load(imported());
    const folder = await temporaryFolder();
    const options = { organisation: ORGANISATION, exportedAt: '2026-11-22T10:00:00Z' };
    const manifest = await exportPractice(first.client, folder, options);
    expect(manifest.positionAfter).toBe(manifest.positionBefore);

    const second = await startService();
    for (const file of manifest.files) {
      const lines = (await readFile(join(folder, file.name), 'utf8'))
        .split('\n')
        .filter((line) => line !== '');
      expect(lines).toHaveLength(file.count);
      await second.client.load(lines.map(parseExact));
    }
    const again = await exportPractice(second.client, await temporaryFolder(), options);
    expect(again.files).toEqual(manifest.files);

    expect((await readExport(folder)).faults).toEqual([]);
    await writeFile(join(folder, 'Patient.ndjson'), '{"resourceType":"Patient","id":"x"}\n');
    await rm(join(folder, 'Flag.ndjson'), { force: true });
    expect((await readExport(folder)).faults).toEqual(
      ['Flag.ndjson is missing.', 'Patient.ndjson is not what was exported.'].sort(
        (a, b) =>
          manifest.files.findIndex((file) => a.startsWith(file.name)) -
          manifest.files.findIndex((file) => b.startsWith(file.name)),
      ),
    );
  });

  it('selects one patient with the people and places that the record names, and nobody else', async () => {
    const { client, service } = await startService();
    await seedInto(service.store, { patients: 5, days: 1, today: '2026-11-22' });
    await client.load(imported());
    const lines = (await selectPatient(client, ONE.nhsNumber)) ?? [];
    expect(lines[0]).toContain('"resourceType":"Patient"');
    const all = lines.join('\n');
    expect(new Set(all.match(/Patient\/[0-9a-f-]{36}/g)).size).toBe(1);
    expect(all).toContain('"resourceType":"Practitioner"');
    expect(all).toContain('Testcase');
    expect(await selectPatient(client, '9999999999')).toBeUndefined();
  });
});

describe('seed', () => {
  it('fills the store once, and completes what was interrupted', async () => {
    const { service } = await startService();
    const options = { patients: 12, days: 1, today: '2026-11-22' };
    const context = { organisation: ORGANISATION, actor: systemActor(ORGANISATION) };
    const everything = [...generatePractice(options)].flat();
    await loadResources(
      service.store,
      context,
      everything.slice(0, 100) as unknown as readonly ResourceJson[],
    );
    expect(await seedInto(service.store, options)).toMatchObject({
      patients: 12,
      resources: everything.length - 100,
      seeded: true,
    });
    expect(await seedInto(service.store, options)).toMatchObject({ resources: 0, seeded: false });
  });
});
