import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../../../../record-service/build-service.ts';
import { startTestService } from '../../../support/record-service.ts';
import { engineNames } from '../../../support/record-store.ts';
import { checks } from './checks.ts';
import { fhirClient, type FhirClient } from './fhir-client.ts';
import { startMemoryServer } from './memory-server.ts';
import { ownToken, startOwnService } from './own-service.ts';
import { runChecks } from './run-checks.ts';

const rounds = Number(process.env['CONTRACT_ROUNDS'] ?? 3);

describe.each(engineNames)('contract on %s', (engine) => {
  let service: Service & { readonly base: string; readonly stop: () => Promise<void> };
  let client: FhirClient;

  beforeAll(async () => {
    service = await startTestService(engine);
    client = fhirClient(`${service.base}/fhir/R4/A99999`, 'system');
  });
  afterAll(() => service.stop());

  it.each(checks)('$id: $title', async (check) => {
    await check.run(client, { rounds });
  });
});

describe('contract on our REST with the sync endpoints off', () => {
  it('passes every check, and there is no sync', async () => {
    const own = await startOwnService();
    const failed = (await runChecks(fhirClient(own.base, ownToken), checks, { rounds: 1 })).filter(
      (result) => result.fault !== undefined,
    );
    const probe = await fetch(own.base.replace('/fhir/R4/', '/sync/') + '/probe');
    await own.close();
    expect(failed.map(({ check, fault }) => `${check.id}: ${fault ?? ''}`)).toEqual([]);
    expect(probe.status).toBe(404);
  });
});

describe('contract on the router over its MemoryRepository', () => {
  it('fails the checks that it is known to fail, so the suite can fail', async () => {
    const server = await startMemoryServer();
    const results = await runChecks(fhirClient(server.base, ''), checks, { rounds: 1 });
    await server.close();
    const failed = results.filter((result) => result.fault !== undefined).map((result) => result.check.id);
    expect(failed).toEqual(
      expect.arrayContaining([
        'if-none-match-star',
        'delete-tombstone',
        'patch-by-index',
        'history-type-since',
        'history-system-since',
        'decimals',
        'validation',
        'transaction-atomic',
        'transaction-stale',
        'transaction-large',
      ]),
    );
    expect(failed).not.toContain('search-sort');
  });
});
