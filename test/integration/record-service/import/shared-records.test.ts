import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { parseExact } from '../../../../domain/fhir/exact-json.ts';
import type { ResourceJson } from '../../../../domain/sync/operation.ts';
import { buildService, type Service } from '../../../../record-service/build-service.ts';
import { exportPractice } from '../../../../record-service/export/export-practice.ts';
import { systemActor } from '../../../../record-service/identity/actor.ts';
import { bulkRoutes } from '../../../../record-service/import/bulk-routes.ts';
import { convertBundle } from '../../../../record-service/import/convert-bundle.ts';
import { ServiceClient } from '../../../../record-service/import/service-client.ts';
import { sourceSystemOf } from '../../../../record-service/import/source-system.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/record-store.ts';

const ORGANISATION = 'A99999';
const RECORDS = new URL('../../../../../shared/data/gp-records/', import.meta.url);
const files = existsSync(RECORDS) ? readdirSync(RECORDS).filter((name) => name.endsWith('.json')) : [];

const folders: string[] = [];
const closing: (() => Promise<void>)[] = [];

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gladstone-shared-records-'));
  folders.push(folder);
  return folder;
}

async function emptyService(): Promise<{ readonly service: Service; readonly client: ServiceClient }> {
  const dataFolder = await temporaryFolder();
  const database: TestDatabase = await createTestDatabase('postgres');
  const service = await buildService(
    { dataFolder, engine: await database.open(), logger: pino({ level: 'silent' }) },
    [bulkRoutes],
  );
  closing.push(async () => {
    await service.close();
    await database.drop();
  });
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(service.app.server.address() as AddressInfo).port}`;
  return { service, client: new ServiceClient({ url, organisation: ORGANISATION, dataFolder }) };
}

afterAll(async () => {
  for (const close of closing) await close();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

describe.skipIf(files.length === 0)(
  'the shared GP records through the service (../shared/data/gp-records, where present)',
  () => {
    it('come in once, with nothing unexplained; export, import into an empty service and export again are equal to the byte', async () => {
      const first = await emptyService();
      const bundles = files.map((name) => parseExact(readFileSync(new URL(name, RECORDS), 'utf8')));
      const converted = bundles.map((bundle) =>
        convertBundle(bundle, { organisation: ORGANISATION, sourceSystem: sourceSystemOf(bundle) ?? '' }),
      );
      expect(converted.map(({ report }) => report.unexplained)).toEqual(files.map(() => 0));
      const load = async (): Promise<{ readonly made: number; readonly unchanged: number }> => {
        let [made, unchanged] = [0, 0];
        for (const { resources } of converted) {
          const result = await first.client.load(resources);
          made += result.created + result.updated;
          unchanged += result.unchanged;
        }
        return { made, unchanged };
      };
      const head = () =>
        first.service.store.withSnapshot(
          { organisation: ORGANISATION, actor: systemActor(ORGANISATION) },
          (reader) => reader.head(),
        );
      const loaded = await load();
      const position = await head();
      expect(loaded.made).toBeGreaterThan(files.length * 100);

      const again = await load();
      expect(again.made).toBe(0);
      expect(again.unchanged).toBe(converted.reduce((sum, { resources }) => sum + resources.length, 0));
      expect(await head()).toBe(position);

      const options = { organisation: ORGANISATION, exportedAt: '2026-11-22T10:00:00Z' };
      const [out, backOut] = [await temporaryFolder(), await temporaryFolder()];
      const manifest = await exportPractice(first.client, out, options);
      const second = await emptyService();
      for (const { name } of manifest.files) {
        const lines = (await readFile(join(out, name), 'utf8')).split('\n').filter((line) => line !== '');
        await second.client.load(lines.map(parseExact) as ResourceJson[]);
      }
      const back = await exportPractice(second.client, backOut, options);
      expect(back.files).toEqual(manifest.files);
      for (const { name } of manifest.files) {
        const [before, after] = [await readFile(join(out, name)), await readFile(join(backOut, name))];
        expect(after.equals(before), name).toBe(true);
      }
    }, 240_000);
  },
);
