import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangeEntry } from '../../../../contract/record-service.ts';
import type { ResourceJson } from '../../../../domain/sync/operation.ts';
import { TASK_CATEGORY_SYSTEM } from '../../../../record-service/identity/access.ts';
import { systemActor } from '../../../../record-service/identity/actor.ts';
import { demoOrganisation } from '../../../../record-service/seed/demo-practice.ts';
import type { RecordTransaction } from '../../../../record-service/store/record-store.ts';
import { recordBackup } from '../../../../record-service/sync/watermark.ts';
import {
  allergyResource,
  medicationRequestResource,
  observationResource,
  patientResource,
} from '../../../support/clinical-resources.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/record-store.ts';
import { signIn } from '../../../support/sign-in.ts';
import { SyncDevice } from '../../../support/sync-device.ts';
import { startSyncService, type SyncService } from '../../../support/sync-service.ts';

const organisation = demoOrganisation.odsCode;
let database: TestDatabase;
let running: SyncService;
let gp: SyncDevice;
let nurse: SyncDevice;
let desk: SyncDevice;
let epoch: string;

beforeAll(async () => {
  database = await createTestDatabase('postgres');
  running = await startSyncService(await database.open());
  [gp, nurse, desk] = (await Promise.all(
    ['gp', 'nurse', 'receptionist'].map((account) => device(account)),
  )) as [SyncDevice, SyncDevice, SyncDevice];
  epoch = (await gp.probe()).body.epoch;
});
afterAll(async () => {
  await running.close();
  await database.drop();
});

async function device(account: string): Promise<SyncDevice> {
  const { accessToken } = await signIn(running.url, account);
  return new SyncDevice(running.url, organisation, accessToken).enrol();
}

function asService<T>(work: (transaction: RecordTransaction) => Promise<T>): Promise<T> {
  return running.service.store.withTransaction({ organisation, actor: systemActor(organisation) }, work);
}

async function newPatient(elements: object = {}): Promise<ResourceJson> {
  // Nobody's namesake: each has a record to herself.
  const patient = patientResource(undefined, {
    name: [{ family: randomUUID(), given: ['Ada'] }],
    ...elements,
  });
  await gp.save(patient.id, [{ kind: 'create', after: patient }]);
  return patient;
}

async function allChanges(reader: SyncDevice, from: number, count: number): Promise<ChangeEntry[]> {
  const entries: ChangeEntry[] = [];
  for (let position = from; ;) {
    const page = (await reader.changes(epoch, position, count)).body;
    entries.push(...page.entries);
    if (page.next === position) return entries;
    position = page.next;
  }
}

describe('the feed (I6)', () => {
  it('M2 M4: pages of any size together are every change, and never cut a save group', async () => {
    const { head } = (await gp.probe()).body;
    const patient = await newPatient();
    for (const size of [1, 7, 3]) {
      await gp.save(
        patient.id,
        Array.from({ length: size }, () => ({ kind: 'create', after: observationResource(patient.id) })),
      );
    }
    const whole = await allChanges(gp, head, 500);
    expect(whole).toHaveLength(12);
    for (const count of [1, 2, 5]) expect(await allChanges(gp, head, count)).toEqual(whole);
    const small = (await gp.changes(epoch, head + 2, 1)).body;
    expect(small.entries).toHaveLength(7);
  });

  it('M1: what commits late is never behind a cursor that went on', async () => {
    const { head } = (await gp.probe()).body;
    const [slow, fast] = [patientResource(), patientResource()];
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let written = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      written = resolve;
    });
    const late = asService(async (transaction) => {
      await transaction.write(slow, 'absent');
      written();
      await gate;
    });
    await begun;
    await gp.save(fast.id, [{ kind: 'create', after: fast }]);
    const early = (await gp.changes(epoch, head)).body;
    expect(early.entries).toMatchObject([{ key: `Patient/${fast.id}` }]);
    release();
    await late;
    const rest = (await gp.changes(epoch, early.next)).body;
    expect(rest.entries).toMatchObject([{ key: `Patient/${slow.id}` }]);
  });

  it('L15 M6 M12: deletions stand in the same order as changes, and leave the pack', async () => {
    const { head } = (await gp.probe()).body;
    const patient = await newPatient();
    const allergy = allergyResource(patient.id);
    await gp.save(patient.id, [{ kind: 'create', after: allergy }]);
    await asService((transaction) => transaction.delete('AllergyIntolerance', allergy.id, 1));
    const entries = await allChanges(gp, head, 1);
    expect(entries.map((entry) => [entry.kind, 'version' in entry ? entry.version : 0])).toEqual([
      ['upsert', 1],
      ['upsert', 1],
      ['tombstone', 2],
    ]);
    const [pack] = (await gp.packs(epoch, [patient.id])).body;
    expect(pack?.resources).toHaveLength(1);
  });

  it('M13: a patient who leaves or enters somebody’s scope stands in the feed', async () => {
    const { head } = (await gp.probe()).body;
    const patient = await newPatient();
    await asService((transaction) => {
      transaction.recordScope('scope-exit', patient.id);
      return Promise.resolve();
    });
    const [, exit] = await allChanges(gp, head, 500);
    expect(exit).toMatchObject({ kind: 'scope-exit', patientId: patient.id });
  });

  it('M8 M9: a cursor of another history, or ahead of this one, is told to start anew: 410', async () => {
    const { head } = (await gp.probe()).body;
    expect(await gp.changes(randomUUID(), 0)).toMatchObject({ status: 410, body: { code: 'resync' } });
    expect(await gp.changes(epoch, head + 1)).toMatchObject({ status: 410, body: { code: 'resync' } });
    expect((await gp.packs(randomUUID(), [])).status).toBe(410);
  });

  it('M8: after a restore a device offers only what the ledger lacks', async () => {
    const patient = await newPatient();
    const [known] = gp.group(patient.id, [{ kind: 'create', after: observationResource(patient.id) }]);
    await gp.send(known === undefined ? [] : [known]);
    const lost = randomUUID();
    const { lane, opId, laneSeq } = known?.operation ?? { lane: '', opId: '', laneSeq: 0 };
    const answer = await gp.post('lanes', { lanes: [{ lane, opIds: [opId, lost] }] });
    expect(answer.body).toEqual({
      epoch,
      lanes: [{ lane, expectedLaneSeq: laneSeq + 1, lacking: [lost] }],
    });
  });

  it('says how far the backup reaches, and of another history nothing', async () => {
    expect((await gp.probe()).body.durableThrough).toBeNull();
    await asService((transaction) => recordBackup(transaction, 'another history', 3, new Date()));
    expect((await gp.probe()).body.durableThrough).toBeNull();
    await asService((transaction) => recordBackup(transaction, epoch, 3, new Date()));
    expect((await gp.probe()).body.durableThrough).toBe(3);
    expect((await gp.changes(epoch, 0, 1)).body.durableThrough).toBe(3);
  });
});

describe('the front desk gets no clinical content, by any path of sync', () => {
  it('feed, pack, directory, manifest and conflicts', async () => {
    const { head } = (await gp.probe()).body;
    const patient = await newPatient();
    const allergy = allergyResource(patient.id, { note: [{ text: 'Zebrafish roe' }] });
    await gp.save(patient.id, [
      { kind: 'create', after: allergy },
      {
        kind: 'create',
        after: task(patient.id, 'clinical', 'Zebrafish follow-up'),
      },
      { kind: 'create', after: task(patient.id, 'administrative', 'Send the form') },
    ]);
    await nurse.save(patient.id, [
      { kind: 'amend', after: { ...allergy, criticality: 'low' }, baseVersion: 1 },
    ]);
    await gp.save(patient.id, [
      { kind: 'amend', after: { ...allergy, criticality: 'high' }, baseVersion: 1 },
    ]);

    const page = (await desk.changes(epoch, head)).body;
    const pack = (await desk.packs(epoch, [patient.id])).body;
    const directory = (await desk.directory()).body;
    const manifest = (await desk.manifest()).body;
    const conflicts = (await desk.conflicts(patient.id)).body;
    expect(JSON.stringify([page, pack, directory, conflicts])).not.toMatch(
      /Zebrafish|Penicillin|criticality/,
    );
    expect(page.entries.map((entry) => ('key' in entry ? entry.key.split('/')[0] : ''))).toEqual([
      'Patient',
      'Task',
    ]);
    expect(page.next).toBe(page.head);
    expect(pack[0]?.resources.map((resource) => resource.resourceType)).toEqual(['Patient', 'Task']);
    expect(directory.entries.find((entry) => entry.id === patient.id)?.safety).toEqual({
      allergyTitle: 'Allergies unavailable',
      allergies: [],
      flags: [],
    });
    expect(manifest.patients.find((one) => one.patientId === patient.id)?.digest).toBe(
      pack[0]?.header.digest,
    );
    expect(conflicts.conflicts).toEqual([]);
    // The cache is by audience: the doctor's pack is whole, before and after.
    const [whole] = (await gp.packs(epoch, [patient.id])).body;
    expect(JSON.stringify(whole?.resources)).toContain('Zebrafish roe');
  });

  it('the safety facts ride in the directory of those who may see them', async () => {
    const patient = await newPatient({ deceasedDateTime: '2026-01-02' });
    await gp.save(patient.id, [
      { kind: 'create', after: allergyResource(patient.id) },
      {
        kind: 'create',
        after: {
          resourceType: 'Flag',
          id: randomUUID(),
          status: 'active',
          code: { text: 'Child safeguarding concern' },
          subject: { reference: `Patient/${patient.id}` },
        },
      },
    ]);
    const entry = (await gp.directory()).body.entries.find((one) => one.id === patient.id);
    expect(entry).toMatchObject({
      deceased: '2026-01-02',
      safety: {
        allergyTitle: 'Known allergies',
        allergies: ['Penicillin'],
        flags: [{ kind: 'safeguarding', text: 'Child safeguarding concern' }],
      },
    });
  });

  it('a protected patient has no address and no telephone in any directory', async () => {
    const patient = await newPatient({
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }] },
      address: [{ use: 'home', line: ['1 Hidden Lane'], postalCode: 'ZZ99 9ZZ' }],
    });
    const text = JSON.stringify((await gp.directory()).body.entries.find((one) => one.id === patient.id));
    expect(text).toContain('"protectedPatient":true');
    expect(text).not.toMatch(/Hidden Lane|ZZ99|0770/);
  });
});

describe('drift', () => {
  it('M10: a row changed past the feed is found by the manifest, and its pack is made anew', async () => {
    const patient = await newPatient();
    const [before] = (await gp.packs(epoch, [patient.id])).body;
    const [held] = (await gp.packs(epoch, [patient.id])).body;
    // Made or held, twice asked for or once: the same pack, and its header tells what is in it.
    expect((await gp.packs(epoch, [patient.id, patient.id])).body).toHaveLength(1);
    expect(held).toEqual(before);
    expect(before?.header.bodyDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(before?.header.listed).toBe(
      before?.resources.filter(({ resourceType }) => ['Appointment', 'Task'].includes(resourceType)).length,
    );
    await asService(({ database: tables }) =>
      sql`update resource set content = replace(content, '"female"', '"male"'), digest = 'backfilled'
          where id = ${patient.id}`.execute(tables),
    );
    const entry = (await gp.manifest()).body.patients.find((one) => one.patientId === patient.id);
    expect(entry?.digest).not.toBe(before?.header.digest);
    const [after] = (await gp.packs(epoch, [patient.id])).body;
    expect(after?.header.digest).toBe(entry?.digest);
    expect(after?.text).toContain('"male"');
  });
});

describe('work made apart (I16)', () => {
  it('what an author had not seen is put to the safety rules; both hear of it, once', async () => {
    const meeting = await startSyncService(await (await createTestDatabase('pglite')).open());
    try {
      const [doctor, sister] = (await Promise.all(
        ['gp', 'nurse'].map(async (account) => {
          const { accessToken } = await signIn(meeting.url, account);
          return new SyncDevice(meeting.url, organisation, accessToken).enrol();
        }),
      )) as [SyncDevice, SyncDevice];
      const history = (await doctor.probe()).body.epoch;
      const patient = patientResource();
      const { position = 0 } = (await doctor.save(patient.id, [{ kind: 'create', after: patient }])).body;
      doctor.seen = { epoch: history, position };
      const learned = (
        await sister.save(patient.id, [{ kind: 'create', after: allergyResource(patient.id) }])
      ).body;

      const group = doctor.group(patient.id, [
        { kind: 'create', after: medicationRequestResource(patient.id) },
      ]);
      const answer = (await doctor.send(group)).body;
      expect(answer.outcomes).toMatchObject([{ outcome: 'applied' }]);
      expect(answer.findings).toMatchObject([{ code: 'allergy' }]);
      expect(answer.findings[0]?.text).toMatch(/amoxicillin.*Dr Amara Okafor|Nurse Ruth Ellison/i);
      await doctor.send(group);
      const [pack] = (await doctor.packs(history, [patient.id])).body;
      const tasks = (pack?.resources ?? []).filter((resource) => resource.resourceType === 'Task');
      expect(tasks).toHaveLength(3);
      expect(tasks.filter((one) => one['owner'] !== undefined)).toHaveLength(2);

      // With the allergy on the screen it is the prescriber's decision, not work made apart.
      doctor.seen = { epoch: history, position: learned.position ?? 0 };
      const knowing = await doctor.save(patient.id, [
        { kind: 'create', after: medicationRequestResource(patient.id) },
      ]);
      expect(knowing.body.findings).toEqual([]);
    } finally {
      await meeting.close();
    }
  });
});

describe('audit of reads made offline', () => {
  it('is taken once however often it is sent, in the reader’s name', async () => {
    const patientId = randomUUID();
    const request = {
      deviceId: gp.deviceId,
      events: [
        {
          eventId: randomUUID(),
          sequence: 1,
          recorded: '2026-11-20T10:00:00Z',
          userId: 'demo-nurse',
          role: 'nurse',
          action: 'read',
          patientId,
        },
      ],
    };
    expect((await gp.post('audit', request)).body).toEqual({ accepted: 1 });
    expect((await gp.post('audit', request)).body).toEqual({ accepted: 1 });
    const rows = await asService((transaction) =>
      transaction.database
        .selectFrom('audit_event')
        .selectAll()
        .where('patient_id', '=', patientId)
        .execute(),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      interaction: 'offline-read',
      user_id: 'demo-gp',
      on_behalf_user_id: 'demo-nurse',
      recorded: new Date('2026-11-20T10:00:00Z'),
    });
  });
});

function task(patientId: string, category: string, description: string): ResourceJson {
  return {
    resourceType: 'Task',
    id: randomUUID(),
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: TASK_CATEGORY_SYSTEM, code: category }] },
    for: { reference: `Patient/${patientId}` },
    description,
  };
}
