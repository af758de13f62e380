import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResourceJson } from '../../../../domain/sync/operation.ts';
import { systemActor } from '../../../../record-service/identity/actor.ts';
import { demoOrganisation } from '../../../../record-service/seed/demo-practice.ts';
import type { FeedKind, RecordTransaction } from '../../../../record-service/store/record-store.ts';
import { OPENED_A_DAY, updateScope } from '../../../../record-service/sync/scope.ts';
import { patientResource } from '../../../support/clinical-resources.ts';
import { createTestDatabase, engineNames, type TestDatabase } from '../../../support/record-store.ts';
import { signIn } from '../../../support/sign-in.ts';
import { SyncDevice } from '../../../support/sync-device.ts';
import { startSyncService, type SyncService } from '../../../support/sync-service.ts';

const organisation = demoOrganisation.odsCode;
const DAY = 86_400_000;

describe.each(engineNames)('scope by booked days on %s', (engine) => {
  let database: TestDatabase;
  let running: SyncService;
  let gp: SyncDevice;
  let epoch: string;

  beforeAll(async () => {
    database = await createTestDatabase(engine);
    running = await startSyncService(await database.open(), {
      policy: { offlineScope: 'booked', bookedDays: 7 },
      scopeInterval: 25,
    });
    const { accessToken } = await signIn(running.url, 'gp');
    gp = await new SyncDevice(running.url, organisation, accessToken).enrol();
    epoch = (await gp.probe()).body.epoch;
  });
  afterAll(async () => {
    await running.close();
    await database.drop();
  });

  const asService = <T>(work: (transaction: RecordTransaction) => Promise<T>): Promise<T> =>
    running.service.store.withTransaction({ organisation, actor: systemActor(organisation) }, work);

  async function booked(inDays: number): Promise<string> {
    const patient = patientResource(undefined, { name: [{ family: randomUUID() }] });
    const start = new Date(Date.now() + inDays * DAY + 60_000);
    const appointment: ResourceJson = {
      resourceType: 'Appointment',
      id: randomUUID(),
      status: 'booked',
      start: start.toISOString(),
      end: new Date(start.getTime() + 600_000).toISOString(),
      participant: [{ actor: { reference: `Patient/${patient.id}` }, status: 'accepted' }],
    };
    await asService((transaction) =>
      transaction.writeMany([patient, appointment].map((resource) => ({ resource, expected: 'absent' }))),
    );
    return patient.id;
  }

  /** What the feed says of this patient's scope, once it says this last. Read from the store: tokens end by the clock. */
  async function scopeOf(patientId: string, last: FeedKind): Promise<FeedKind[]> {
    for (;;) {
      const { entries } = await asService((transaction) => transaction.readFeed(0, 2_000));
      const kinds = entries
        .filter((entry) => entry.patientId === patientId && entry.kind.startsWith('scope-'))
        .map((entry) => entry.kind);
      if (kinds.at(-1) === last) return kinds;
      // PGlite answers within the same turn of the event loop: the job's clock needs one of its own.
      await setImmediate();
    }
  }

  it('the service says by itself who comes in, and who leaves as time goes by, once each', async () => {
    const [soon, later] = [await booked(1), await booked(20)];
    expect(await scopeOf(soon, 'scope-enter')).toEqual(['scope-enter']);
    running.clock.now = () => new Date(Date.now() + 15 * DAY);
    expect(await scopeOf(later, 'scope-enter')).toEqual(['scope-enter']);
    expect(await scopeOf(soon, 'scope-exit')).toEqual(['scope-enter', 'scope-exit']);
    running.clock.now = () => new Date();
    await scopeOf(soon, 'scope-enter');
    expect(await scopeOf(later, 'scope-exit')).toEqual(['scope-enter', 'scope-exit']);
  });

  it('two looks at once say it once', async () => {
    const patientId = await booked(2);
    await Promise.all(
      Array.from({ length: 6 }, () => asService((transaction) => updateScope(transaction, new Date(), 7))),
    );
    expect(await scopeOf(patientId, 'scope-enter')).toEqual(['scope-enter']);
  });

  it('a computer fills itself with booked records; others are opened one by one, audited and not without end', async () => {
    const patientId = await booked(3);
    await scopeOf(patientId, 'scope-enter');
    expect((await gp.packs(epoch, [patientId])).status).toBe(200);
    const outside = Array.from({ length: OPENED_A_DAY }, () => randomUUID());
    expect((await gp.packs(epoch, outside)).status).toBe(200);
    // The same ones again are no more than they were.
    expect((await gp.packs(epoch, outside)).status).toBe(200);
    expect((await gp.packs(epoch, [randomUUID()])).status).toBe(403);
    expect((await gp.packs(epoch, [patientId])).status).toBe(200);
    const audited = await asService(({ database: tables }) =>
      tables
        .selectFrom('audit_event')
        .select('patient_id')
        .distinct()
        .where('interaction', '=', 'pack-outside-scope')
        .execute(),
    );
    expect(audited).toHaveLength(OPENED_A_DAY);
  });
});
