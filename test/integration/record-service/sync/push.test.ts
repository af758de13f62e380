import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PushAnswer } from '../../../../contract/record-service.ts';
import type { Operation, ResourceJson, SignedOperation } from '../../../../domain/sync/operation.ts';
import { systemActor } from '../../../../record-service/identity/actor.ts';
import { demoOrganisation, demoStaff } from '../../../../record-service/seed/demo-practice.ts';
import { Certificates } from '../../../../record-service/sync/certificates.ts';
import { push } from '../../../../record-service/sync/push.ts';
import { failpointNames, noFailpoint } from '../../../../record-service/sync/failpoint.ts';
import {
  allergyResource,
  compositionResource,
  encounterResource,
  medicationRequestResource,
  observationResource,
  patientResource,
} from '../../../support/clinical-resources.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/record-store.ts';
import { signIn } from '../../../support/sign-in.ts';
import { SyncDevice } from '../../../support/sync-device.ts';
import { startSyncService, type SyncService } from '../../../support/sync-service.ts';

let database: TestDatabase;
let running: SyncService;
let gp: SyncDevice;
let nurse: SyncDevice;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  database = await createTestDatabase('postgres');
  running = await startSyncService(await database.open());
  for (const account of ['gp', 'nurse', 'receptionist', 'locum', 'administrator']) {
    tokens[account] = (await signIn(running.url, account)).accessToken;
  }
  gp = await device('gp');
  nurse = await device('nurse');
});
afterAll(async () => {
  await running.close();
  await database.drop();
});

function device(account: string): Promise<SyncDevice> {
  return new SyncDevice(running.url, demoOrganisation.odsCode, tokens[account] ?? '').enrol();
}

async function newPatient(elements: object = {}): Promise<ResourceJson> {
  // Nobody's namesake: each has a record to herself.
  const patient = patientResource(undefined, {
    name: [{ family: randomUUID(), given: ['Ada'] }],
    ...elements,
  });
  const answer = await gp.save(patient.id, [{ kind: 'create', after: patient }]);
  expect(outcomes(answer.body)).toEqual(['applied']);
  return patient;
}

function outcomes(answer: PushAnswer): string[] {
  return answer.outcomes.map((outcome) =>
    'rule' in outcome
      ? `${outcome.outcome}:${outcome.rule}`
      : 'code' in outcome
        ? outcome.code
        : outcome.outcome,
  );
}

/** Live resources and versions of one patient, from a fresh pack. */
async function record(
  patientId: string,
): Promise<Map<string, ResourceJson & { meta: { versionId: string } }>> {
  const { epoch } = (await gp.probe()).body;
  const [pack] = (await gp.packs(epoch, [patientId])).body;
  return new Map(
    (pack?.resources ?? []).map((resource) => [
      `${resource.resourceType}/${resource.id}`,
      resource as ResourceJson & { meta: { versionId: string } },
    ]),
  );
}

async function tasksOf(patientId: string): Promise<ResourceJson[]> {
  return [...(await record(patientId)).values()].filter((resource) => resource.resourceType === 'Task');
}

describe('exactly one effect (I2)', () => {
  it.each(failpointNames.filter((name) => name.startsWith('push.')))(
    'L9 L25: a crash at %s, then the same group again: one effect, one answer',
    async (failpoint) => {
      const patient = await newPatient();
      const weight = observationResource(patient.id);
      const height = observationResource(patient.id);
      const group = gp.group(patient.id, [
        { kind: 'create', after: weight },
        { kind: 'create', after: height },
      ]);
      running.crashAt(failpoint);
      expect((await gp.send(group)).status).toBe(500);
      const again = await gp.send(group);
      expect(outcomes(again.body)).toEqual(['applied', 'applied']);
      const twice = await gp.send(group);
      expect(twice.body.outcomes).toEqual(again.body.outcomes);
      const held = await record(patient.id);
      expect([...held.values()].map((resource) => resource.meta.versionId)).toEqual(['1', '1', '1']);
    },
  );

  it('L3: the same group sent sixteen times at once has one effect, and every answer says the same', async () => {
    const patient = await newPatient();
    const group = gp.group(patient.id, [{ kind: 'create', after: observationResource(patient.id) }]);
    const answers = await Promise.all(Array.from({ length: 16 }, () => gp.send(group)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body.outcomes))).size).toBe(1);
    expect([...(await record(patient.id)).keys()]).toHaveLength(2);
  });

  it('L30: every operation has an outcome of its own with the version it received', async () => {
    const patient = await newPatient();
    const answer = await gp.save(patient.id, [
      { kind: 'amend', after: { ...patient, gender: 'unknown' }, baseVersion: 1 },
      { kind: 'create', after: observationResource(patient.id) },
    ]);
    expect(answer.body.outcomes).toMatchObject([
      { outcome: 'applied', version: 2 },
      { outcome: 'applied', version: 1 },
    ]);
  });

  it('the same operation with other content is refused, and the first stays', async () => {
    const patient = await newPatient();
    const [signed] = gp.group(patient.id, [{ kind: 'create', after: observationResource(patient.id) }]);
    const first = signed as SignedOperation;
    await gp.send([first]);
    const forged = gp.sign({
      ...first.operation,
      recordedAt: { wallClock: '2020-01-01T00:00:00Z', monotonicMs: 1 },
    });
    expect(await gp.send([forged])).toMatchObject({ status: 422, body: { code: 'hash-mismatch' } });
    expect((await gp.send([first])).status).toBe(200);
  });
});

describe('lanes (I5)', () => {
  it('L26 L28: a gap is answered held, nothing is stored; sent in order everything applies', async () => {
    const patient = await newPatient();
    const first = gp.group(patient.id, [{ kind: 'create', after: observationResource(patient.id) }]);
    const second = gp.group(patient.id, [{ kind: 'create', after: observationResource(patient.id) }]);
    const held = await gp.send(second);
    expect(held.body.outcomes).toMatchObject([
      { outcome: 'held', expectedLaneSeq: first[0]?.operation.laneSeq },
    ]);
    expect((await record(patient.id)).size).toBe(1);
    await gp.send(first);
    expect(outcomes((await gp.send(second)).body)).toEqual(['applied']);
    expect((await record(patient.id)).size).toBe(3);
  });

  it('a gap in one patient’s lane holds no other', async () => {
    const [one, other] = [await newPatient(), await newPatient()];
    gp.group(one.id, [{ kind: 'create', after: observationResource(one.id) }]);
    const late = gp.group(one.id, [{ kind: 'create', after: observationResource(one.id) }]);
    expect(outcomes((await gp.send(late)).body)).toEqual(['held']);
    const free = await gp.save(other.id, [{ kind: 'create', after: observationResource(other.id) }]);
    expect(outcomes(free.body)).toEqual(['applied']);
  });

  it('a refusal uses its place up: what comes after is not held', async () => {
    const patient = await newPatient();
    const refused = await gp.save(patient.id, [
      { kind: 'create', after: observationResource(patient.id, { status: 'nonsense', code: undefined }) },
    ]);
    expect(outcomes(refused.body)).toEqual(['invalid-resource']);
    const next = await gp.save(patient.id, [{ kind: 'create', after: observationResource(patient.id) }]);
    expect(outcomes(next.body)).toEqual(['applied']);
  });

  it('a person’s skip gives up a place that never arrived, and the lane goes on', async () => {
    const patient = await newPatient();
    const [lost] = gp.group(patient.id, [{ kind: 'create', after: observationResource(patient.id) }]);
    const stuck = lost as SignedOperation;
    const [later] = gp.group(patient.id, [{ kind: 'create', after: observationResource(patient.id) }]);
    const skip = gp.sign({
      ...stuck.operation,
      opId: randomUUID() as Operation['opId'],
      groupId: randomUUID() as Operation['groupId'],
      kind: 'skip',
      skippedOpId: stuck.operation.opId,
      reason: 'entered on paper',
      after: undefined,
    } as unknown as Operation);
    expect(outcomes((await gp.send([skip])).body)).toEqual(['skipped']);
    expect(outcomes((await gp.send([later as SignedOperation])).body)).toEqual(['applied']);
  });

  it('a cloned profile shows: another operation in a place that is taken', async () => {
    const patient = await newPatient();
    const [signed] = gp.group(patient.id, [{ kind: 'create', after: observationResource(patient.id) }]);
    const original = signed as SignedOperation;
    await gp.send([original]);
    const other = observationResource(patient.id);
    const clone = gp.sign({
      ...original.operation,
      opId: randomUUID() as Operation['opId'],
      groupId: randomUUID() as Operation['groupId'],
      after: other,
      resource: `Observation/${other.id}` as Operation['resource'],
    });
    expect(outcomes((await gp.send([clone])).body)).toEqual(['device-forked']);
    expect((await record(patient.id)).has(`Observation/${other.id}`)).toBe(false);
  });

  it('part of a group is refused as a whole', async () => {
    const patient = await newPatient();
    const group = gp.group(patient.id, [
      { kind: 'create', after: observationResource(patient.id) },
      { kind: 'create', after: observationResource(patient.id) },
    ]);
    expect(await gp.send(group.slice(0, 1))).toMatchObject({
      status: 422,
      body: { code: 'group-incomplete' },
    });
    expect(outcomes((await gp.send(group)).body)).toEqual(['applied', 'applied']);
  });
});

describe('authors and devices (I11)', () => {
  it('Q7: any session of the device carries the work; the author stays the author', async () => {
    const shared = await device('nurse');
    const patient = await newPatient();
    const weight = observationResource(patient.id);
    const group = shared.group(patient.id, [{ kind: 'create', after: weight }]);
    shared.carryWith(tokens['receptionist'] ?? '');
    expect(outcomes((await shared.send(group)).body)).toEqual(['applied']);
    const { rows } = await auditOf(`Observation/${weight.id}`);
    expect(rows).toEqual([{ user_id: 'demo-nurse', interaction: 'create' }]);
  });

  it('a signature by another key is refused, and nothing of the group is applied', async () => {
    const patient = await newPatient();
    const other = await device('gp');
    const [signed] = other.group(patient.id, [{ kind: 'create', after: observationResource(patient.id) }]);
    const forged = { ...(signed as SignedOperation), keyId: gp.certificate.keyId };
    expect(outcomes((await other.send([forged])).body)).toEqual(['signature-invalid']);
    expect((await record(patient.id)).size).toBe(1);
  });

  it('an author may not claim another role than the certificate says', async () => {
    const patient = await newPatient();
    const desk = await device('receptionist');
    const group = desk.group(
      patient.id,
      [{ kind: 'create', after: allergyResource(patient.id) }],
      (operation) => ({
        ...operation,
        author: { ...operation.author, role: 'gp' },
      }),
    );
    expect(outcomes((await desk.send(group)).body)).toEqual(['signature-invalid']);
  });

  it('a receptionist records no clinical content, and a nurse does not prescribe', async () => {
    const patient = await newPatient();
    const desk = await device('receptionist');
    const allergy = await desk.save(patient.id, [{ kind: 'create', after: allergyResource(patient.id) }]);
    expect(outcomes(allergy.body)).toEqual(['author-not-authorised']);
    const order = await nurse.save(patient.id, [
      { kind: 'create', after: medicationRequestResource(patient.id) },
    ]);
    expect(outcomes(order.body)).toEqual(['author-not-authorised']);
    expect((await record(patient.id)).size).toBe(1);
  });

  it('a locum’s work signed in time stays valid after the contract; later work is refused', async () => {
    const locum = await device('locum');
    const end = Date.parse(locum.certificate.notAfter ?? '');
    const patient = await newPatient();
    const inTime = locum.group(patient.id, [{ kind: 'create', after: observationResource(patient.id) }]);
    const late = locum.group(
      patient.id,
      [{ kind: 'create', after: observationResource(patient.id) }],
      (operation) => ({
        ...operation,
        recordedAt: { ...operation.recordedAt, lastServiceTime: new Date(end + 1_000).toISOString() },
      }),
    );
    // The contract has ended; a colleague's session carries what the locum left on the device.
    const after = (operations: readonly SignedOperation[]) =>
      push(
        {
          store: running.service.store,
          certificates: new Certificates(() => running.service.store.epoch),
          safetyRules: () => [],
          validate: () => [],
          failpoint: noFailpoint,
          now: () => new Date(end + 60_000),
        },
        systemActor(demoOrganisation.odsCode),
        locum.deviceId,
        { operations },
      );
    expect(outcomes(await after(inTime))).toEqual(['applied']);
    expect(outcomes(await after(late))).toEqual(['author-not-authorised']);
  });

  it('a revoked device sends nothing more, is told to wipe, and may still hand over sealed work', async () => {
    const lost = await device('nurse');
    const patient = await newPatient();
    const admin = await device('administrator');
    const group = lost.group(patient.id, [{ kind: 'create', after: observationResource(patient.id) }]);
    const refusedBy = await lost.post(`devices/${lost.deviceId}/revoke`, { wipe: true, reason: 'lost' });
    expect(refusedBy.status).toBe(403);
    await admin.post(`devices/${lost.deviceId}/revoke`, { wipe: true, reason: 'lost' });
    expect(await lost.send(group)).toMatchObject({ status: 403, body: { code: 'device-revoked' } });
    expect((await lost.directory().catch(() => ({ status: 403 }))).status).toBe(403);

    const [order] = (await lost.probe()).body.orders;
    expect(order).toMatchObject({ kind: 'wipe' });
    const receipt = await lost.post<{ received: string[]; durable: boolean }>('escrow', {
      deviceId: lost.deviceId,
      frames: [frame('operations', 'demo-nurse')],
    });
    expect(receipt).toMatchObject({ status: 200, body: { durable: true } });
    expect(receipt.body.received).toHaveLength(1);
    const done = `devices/${lost.deviceId}/orders/${order?.orderId ?? ''}/done`;
    expect((await lost.post(done, {})).status).toBe(200);
    expect((await lost.post(done, {})).status).toBe(200);
    expect((await lost.probe()).body.orders).toEqual([]);
  });
});

describe('wrong-patient guard (I14)', () => {
  it('D9: subject, consultation and banner must agree, or nothing of the save is taken', async () => {
    const [one, other] = [await newPatient(), await newPatient()];
    const foreign = encounterResource(other.id);
    await gp.save(other.id, [{ kind: 'create', after: foreign }]);
    const attempts: ResourceJson[] = [
      observationResource(other.id),
      observationResource(one.id, { encounter: { reference: `Encounter/${foreign.id}` } }),
    ];
    for (const wrong of attempts) {
      const innocent = observationResource(one.id);
      const answer = await gp.save(one.id, [
        { kind: 'create', after: innocent },
        { kind: 'create', after: wrong },
      ]);
      expect(outcomes(answer.body)).toEqual(['wrong-patient', 'wrong-patient']);
    }
    expect((await record(one.id)).size).toBe(1);
    expect((await record(other.id)).size).toBe(2);
  });

  it('what is recorded while a note is open is taken before its consultation is there, and can be taken back', async () => {
    const patient = await newPatient();
    const encounter = encounterResource(patient.id);
    const within = { encounter: { reference: `Encounter/${encounter.id}` } };
    const allergy = allergyResource(patient.id, within);
    const mistaken = observationResource(patient.id, within);
    const save = async (changes: Parameters<SyncDevice['save']>[1]) =>
      outcomes((await gp.save(patient.id, changes)).body);
    expect(await save([{ kind: 'create', after: allergy }])).toEqual(['applied']);
    expect(await save([{ kind: 'append', after: mistaken }])).toEqual(['applied']);
    const struck = { ...mistaken, status: 'entered-in-error' };
    expect(
      await save([{ kind: 'void', after: struck, baseVersion: 1, reason: 'the cuff had slipped' }]),
    ).toEqual(['merged:status-correction']);
    const composition = compositionResource(patient.id, encounter.id);
    expect(
      await save([
        { kind: 'create', after: encounter },
        { kind: 'create', after: composition },
        { kind: 'append', after: observationResource(patient.id, within) },
      ]),
    ).toEqual(['applied', 'applied', 'applied']);
    expect((await record(patient.id)).get(`AllergyIntolerance/${allergy.id}`)).toMatchObject(within);
  });

  it('a consultation that another patient’s entries name already is refused with all that is saved with it', async () => {
    const [one, other] = [await newPatient(), await newPatient()];
    for (const named of [
      (encounterId: string) =>
        allergyResource(one.id, { encounter: { reference: `Encounter/${encounterId}` } }),
      (encounterId: string) => ({
        resourceType: 'DocumentReference',
        id: randomUUID(),
        status: 'current',
        subject: { reference: `Patient/${one.id}` },
        content: [{ attachment: { contentType: 'text/plain', data: 'QQ==' } }],
        context: { encounter: [{ reference: `Encounter/${encounterId}` }] },
      }),
      (encounterId: string) => ({
        resourceType: 'MedicationAdministration',
        id: randomUUID(),
        status: 'completed',
        subject: { reference: `Patient/${one.id}` },
        medicationCodeableConcept: { text: 'Adrenaline' },
        effectiveDateTime: '2026-11-20T09:10:00Z',
        context: { reference: `Encounter/${encounterId}` },
      }),
    ]) {
      const encounter = encounterResource(other.id);
      const entry = named(encounter.id);
      expect(outcomes((await gp.save(one.id, [{ kind: 'create', after: entry }])).body)).toEqual(['applied']);
      const answer = await nurse.save(other.id, [
        { kind: 'create', after: encounter },
        { kind: 'create', after: compositionResource(other.id, encounter.id) },
      ]);
      expect(outcomes(answer.body)).toEqual(['wrong-patient', 'wrong-patient']);
    }
    expect((await record(other.id)).size).toBe(1);
    expect((await record(one.id)).size).toBe(4);
  });

  it('an entry and a consultation of another patient at the same moment: only one of the two is taken', async () => {
    const [one, other] = [await newPatient(), await newPatient()];
    for (let round = 0; round < 12; round += 1) {
      const encounter = encounterResource(other.id);
      const entry = observationResource(one.id, { encounter: { reference: `Encounter/${encounter.id}` } });
      const answers = await Promise.all([
        gp.save(one.id, [{ kind: 'append', after: entry }]),
        nurse.save(other.id, [{ kind: 'create', after: encounter }]),
      ]);
      expect(answers.flatMap(({ body }) => outcomes(body)).sort()).toEqual(['applied', 'wrong-patient']);
    }
  });

  it('D9: an entry of another patient cannot be changed into this one’s', async () => {
    const [one, other] = [await newPatient(), await newPatient()];
    const theirs = allergyResource(other.id);
    await gp.save(other.id, [{ kind: 'create', after: theirs }]);
    const moved = { ...theirs, patient: { reference: `Patient/${one.id}` } };
    expect(outcomes((await gp.save(one.id, [{ kind: 'amend', after: moved, baseVersion: 1 }])).body)).toEqual(
      ['wrong-patient'],
    );
  });

  it('D8: work for a patient who never arrived is refused with words, kept, and holds nobody else', async () => {
    const unknown = randomUUID();
    const answer = await gp.save(unknown, [{ kind: 'create', after: observationResource(unknown) }]);
    expect(answer.body.outcomes).toMatchObject([{ outcome: 'rejected', code: 'wrong-patient' }]);
    const patient = await newPatient();
    expect((await record(patient.id)).size).toBe(1);
  });
});

describe('conflicts', () => {
  it('a stale allergy keeps both versions, raises tasks, and does not block the consultation', async () => {
    const patient = await newPatient();
    const allergy = allergyResource(patient.id);
    await gp.save(patient.id, [{ kind: 'create', after: allergy }]);
    await nurse.save(patient.id, [
      { kind: 'amend', after: { ...allergy, note: [{ text: 'rash, seen' }] }, baseVersion: 1 },
    ]);
    const encounter = encounterResource(patient.id);
    const answer = await gp.save(patient.id, [
      { kind: 'create', after: encounter },
      { kind: 'create', after: compositionResource(patient.id, encounter.id) },
      { kind: 'amend', after: { ...allergy, criticality: 'high' }, baseVersion: 1 },
    ]);
    expect(outcomes(answer.body)).toEqual(['applied', 'applied', 'conflict:safety-list-never-merged']);
    const { conflicts } = (await nurse.conflicts(patient.id)).body;
    expect(conflicts).toHaveLength(1);
    expect(conflicts[0]?.losing.operation.after).toMatchObject({ criticality: 'high' });
    expect(conflicts[0]?.current).toContain('rash, seen');
    // Who wrote what stands is told with the answer and with the list.
    const standing = {
      name: demoStaff.nurse.displayName,
      role: 'nurse',
      organisation: demoOrganisation.odsCode,
    };
    expect(conflicts[0]?.standing).toMatchObject(standing);
    expect(conflicts[0]?.standing?.recordedAt).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(answer.body.outcomes[2]).toMatchObject({ standing });
    const tasks = await tasksOf(patient.id);
    expect(tasks.map((task) => (task['owner'] === undefined ? 'duty' : 'author')).sort()).toEqual([
      'author',
      'duty',
    ]);
    expect(tasks.find((task) => task['owner'] !== undefined)?.['owner']).toEqual({
      reference: `Practitioner/${demoStaff.gp.practitionerId}`,
      display: demoStaff.gp.displayName,
    });
    // The losing version travels with the task, so that the union shows on devices that are offline.
    expect(JSON.stringify(tasks)).toContain('criticality');

    // A resolution is an ordinary operation that names the conflict; the loser stays retrievable.
    const resolved = await gp.save(patient.id, [
      {
        kind: 'correct',
        after: { ...allergy, criticality: 'high', note: [{ text: 'rash, seen' }] },
        baseVersion: 2,
        reason: 'both are right',
        resolvesConflict: conflicts[0]?.conflictId ?? '',
      },
    ]);
    expect(outcomes(resolved.body)).toEqual(['applied']);
    expect((await gp.conflicts(patient.id)).body.conflicts).toEqual([]);
    expect((await tasksOf(patient.id)).map((task) => task['status'])).toEqual(['completed', 'completed']);
  });

  it('what another system wrote by REST is told with whoever was signed in there', async () => {
    const patient = await newPatient();
    const allergy = allergyResource(patient.id);
    await gp.save(patient.id, [{ kind: 'create', after: allergy }]);
    const put = await fetch(
      `${running.url}/fhir/R4/${demoOrganisation.odsCode}/AllergyIntolerance/${allergy.id}`,
      {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${tokens['nurse'] ?? ''}`,
          'content-type': 'application/fhir+json',
          'if-match': 'W/"1"',
        },
        body: JSON.stringify({ ...allergy, note: [{ text: 'by REST' }] }),
      },
    );
    expect(put.status).toBe(200);
    const answer = await gp.save(patient.id, [
      { kind: 'amend', after: { ...allergy, criticality: 'high' }, baseVersion: 1 },
    ]);
    expect(answer.body.outcomes[0]).toMatchObject({
      outcome: 'conflict',
      standing: { name: demoStaff.nurse.displayName, role: 'nurse' },
    });
  });

  it('a list of conflicts names every one that is open: those beyond a thousand, and those that the asker may not see', async () => {
    const patient = await newPatient();
    const allergy = allergyResource(patient.id);
    await gp.save(patient.id, [{ kind: 'create', after: allergy }]);
    const amended = (criticality: string) => ({ ...allergy, criticality });
    await nurse.save(patient.id, [{ kind: 'amend', after: amended('low'), baseVersion: 1 }]);
    const losing = gp.group(patient.id, [{ kind: 'amend', after: amended('high'), baseVersion: 1 }]);
    const [outcome] = (await gp.send(losing)).body.outcomes;
    const conflictId = outcome?.outcome === 'conflict' ? outcome.conflictId : '';
    const actor = systemActor(demoOrganisation.odsCode);
    await running.service.store.withTransaction(
      { organisation: demoOrganisation.odsCode, actor },
      async (transaction) => {
        // A thousand more of the same, raised earlier, in the words of the database.
        await transaction.query(
          `insert into sync_ledger select (jsonb_populate_record(row, jsonb_build_object('op_id', row.op_id || n,
             'device_sequence', row.device_sequence + 1000 + n, 'lane', row.lane || n))).*
           from sync_ledger row, generate_series(1, 1000) n where row.op_id = $1`,
          [losing[0]?.operation.opId],
        );
        await transaction.query(
          `insert into sync_conflict select (jsonb_populate_record(row, jsonb_build_object('op_id', row.op_id || n,
             'conflict_id', row.conflict_id || n, 'raised_at', row.raised_at - interval '1 day'))).*
           from sync_conflict row, generate_series(1, 1000) n where row.conflict_id = $1`,
          [conflictId],
        );
      },
    );
    const { conflicts, open } = (await gp.conflicts(patient.id)).body;
    expect(conflicts).toHaveLength(1_000);
    expect(conflicts.map((one) => one.conflictId)).not.toContain(conflictId);
    expect(open).toHaveLength(1_001);
    expect(open).toContain(conflictId);
    const desk = await device('receptionist');
    const asSeen = (await desk.conflicts(patient.id)).body;
    expect(asSeen.conflicts).toEqual([]);
    expect(asSeen.open).toHaveLength(1_001);
  });

  it('a second unsent edit of a branch that conflicted conflicts too', async () => {
    const patient = await newPatient();
    const allergy = allergyResource(patient.id);
    await gp.save(patient.id, [{ kind: 'create', after: allergy }]);
    await nurse.save(patient.id, [
      { kind: 'amend', after: { ...allergy, criticality: 'low' }, baseVersion: 1 },
    ]);
    const first = gp.group(patient.id, [
      { kind: 'amend', after: { ...allergy, criticality: 'high' }, baseVersion: 1 },
    ]);
    const second = gp.group(patient.id, [
      {
        kind: 'amend',
        after: { ...allergy, note: [{ text: 'x' }] },
        prevOpId: first[0]?.operation.opId ?? '',
      },
    ]);
    expect(outcomes((await gp.send(first)).body)).toEqual(['conflict:safety-list-never-merged']);
    expect(outcomes((await gp.send(second)).body)).toEqual(['conflict:previous-operation-conflicted']);
  });

  it('L1: telephone changed here and removed there merges to the right one, in either order', async () => {
    const patient = await newPatient();
    const [mobile, home] = patient['telecom'] as object[];
    const theirs = { ...patient, telecom: [home] };
    const mine = { ...patient, telecom: [mobile, { ...home, value: '01632960009' }] };
    await nurse.save(patient.id, [{ kind: 'amend', after: theirs, baseVersion: 1 }]);
    const answer = await gp.save(patient.id, [{ kind: 'amend', after: mine, baseVersion: 1 }]);
    expect(outcomes(answer.body)).toEqual(['merged:demographics-disjoint']);
    const stored = (await record(patient.id)).get(`Patient/${patient.id}`);
    expect(stored?.['telecom']).toEqual([{ ...home, value: '01632960009' }]);
  });

  it('L2: twelve entries added offline are twelve entries here', async () => {
    const patient = await newPatient();
    const added = Array.from({ length: 12 }, () => observationResource(patient.id));
    await gp.save(
      patient.id,
      added.map((after) => ({ kind: 'append', after })),
    );
    expect((await record(patient.id)).size).toBe(13);
  });

  it('L8: two creations of the same name never drop one in silence', async () => {
    const patient = await newPatient();
    const first = allergyResource(patient.id);
    await gp.save(patient.id, [{ kind: 'create', after: first }]);
    const answer = await nurse.save(patient.id, [
      { kind: 'create', after: { ...first, criticality: 'high' } },
    ]);
    expect(outcomes(answer.body)).toEqual(['conflict:safety-list-never-merged']);
  });

  it('L29: a colleague’s change between trunk and branch is flagged on the second operation', async () => {
    const patient = await newPatient();
    await nurse.save(patient.id, [
      { kind: 'amend', after: { ...patient, gender: 'unknown' }, baseVersion: 1 },
    ]);
    const withDate = { ...patient, birthDate: '1961-01-06' };
    const first = gp.group(patient.id, [{ kind: 'amend', after: withDate, baseVersion: 1 }]);
    const second = gp.group(patient.id, [
      {
        kind: 'amend',
        after: { ...withDate, gender: 'unknown', maritalStatus: { text: 'single' } },
        prevOpId: first[0]?.operation.opId ?? '',
      },
    ]);
    expect((await gp.send(first)).body).toMatchObject({ softConflicts: [] });
    expect((await gp.send(second)).body).toMatchObject({ softConflicts: [`Patient/${patient.id}`] });
  });

  it('L12 L13: an edit of what was deleted online is kept as a conflict with both', async () => {
    const patient = await newPatient();
    const allergy = allergyResource(patient.id);
    await gp.save(patient.id, [{ kind: 'create', after: allergy }]);
    await running.service.store.withTransaction(
      { organisation: demoOrganisation.odsCode, actor: systemActor(demoOrganisation.odsCode) },
      (transaction) => transaction.delete('AllergyIntolerance', allergy.id, 1),
    );
    const answer = await nurse.save(patient.id, [
      { kind: 'amend', after: { ...allergy, criticality: 'high' }, baseVersion: 1 },
    ]);
    expect(answer.body.outcomes).toMatchObject([
      { outcome: 'conflict', rule: 'deleted-while-edited', currentVersion: null, current: null },
    ]);
    const { conflicts } = (await gp.conflicts(patient.id)).body;
    expect(conflicts).toHaveLength(1);

    // A person puts it back; a second decision over the same question comes too late.
    const putBack = {
      kind: 'correct',
      after: { ...allergy, criticality: 'high' },
      baseVersion: 1,
      reason: 'it is an allergy',
      resolvesConflict: conflicts[0]?.conflictId ?? '',
    } as const;
    expect(outcomes((await gp.save(patient.id, [putBack])).body)).toEqual(['merged:deleted-while-edited']);
    expect((await record(patient.id)).get(`AllergyIntolerance/${allergy.id}`)?.meta.versionId).toBe('3');
    expect((await gp.conflicts(patient.id)).body.conflicts).toEqual([]);
    expect((await tasksOf(patient.id)).map((task) => task['status'])).toEqual(['completed', 'completed']);
    await running.service.store.withTransaction(
      { organisation: demoOrganisation.odsCode, actor: systemActor(demoOrganisation.odsCode) },
      (transaction) => transaction.delete('AllergyIntolerance', allergy.id, 3),
    );
    expect(outcomes((await nurse.save(patient.id, [putBack])).body)).toEqual([
      'conflict:deleted-while-edited',
    ]);
  });

  it('signed words are not changed: a later edit is an addendum linked to the version read', async () => {
    const patient = await newPatient();
    const encounter = encounterResource(patient.id);
    const composition = compositionResource(patient.id, encounter.id);
    await gp.save(patient.id, [
      { kind: 'create', after: encounter },
      { kind: 'create', after: composition },
    ]);
    const comment = {
      title: 'Comment',
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">Rang</div>' },
    };
    const edit = { ...composition, section: [...(composition['section'] as object[]), comment] };
    const answer = await gp.save(patient.id, [{ kind: 'amend', after: edit, baseVersion: 1 }]);
    expect(outcomes(answer.body)).toEqual(['merged:signed-narrative-addendum']);
    const held = await record(patient.id);
    expect(held.get(`Composition/${composition.id}`)?.meta.versionId).toBe('1');
    const addendum = [...held.values()].find(
      (resource) => resource.resourceType === 'Composition' && resource.id !== composition.id,
    );
    expect(addendum).toMatchObject({
      section: [comment],
      relatesTo: [
        { code: 'appends', targetReference: { reference: `Composition/${composition.id}/_history/1` } },
      ],
    });
  });

  it('death recorded meanwhile: the work lands, and somebody is told', async () => {
    const patient = await newPatient();
    await nurse.save(patient.id, [
      { kind: 'amend', after: { ...patient, deceasedDateTime: '2026-11-20' }, baseVersion: 1 },
    ]);
    const answer = await gp.save(patient.id, [{ kind: 'create', after: observationResource(patient.id) }]);
    expect(outcomes(answer.body)).toEqual(['applied']);
    expect(JSON.stringify(await tasksOf(patient.id))).toContain('record-closed');
  });

  it('deducted meanwhile: the work lands, and somebody is told that the patient had left', async () => {
    const patient = await newPatient();
    await nurse.save(patient.id, [{ kind: 'amend', after: { ...patient, active: false }, baseVersion: 1 }]);
    const weight = observationResource(patient.id);
    const answer = await gp.save(patient.id, [{ kind: 'create', after: weight }]);
    expect(outcomes(answer.body)).toEqual(['applied']);
    expect((await record(patient.id)).has(`Observation/${weight.id}`)).toBe(true);
    expect(JSON.stringify(await tasksOf(patient.id))).toContain('after the patient had left the practice');
  });

  it('merged meanwhile: the work lands as pre-merge, for review', async () => {
    const [kept, gone] = [await newPatient(), await newPatient()];
    await nurse.save(gone.id, [
      {
        kind: 'amend',
        after: {
          ...gone,
          active: false,
          link: [{ type: 'replaced-by', other: { reference: `Patient/${kept.id}` } }],
        },
        baseVersion: 1,
      },
    ]);
    const weight = observationResource(gone.id);
    const answer = await gp.save(gone.id, [{ kind: 'create', after: weight }]);
    expect(outcomes(answer.body)).toEqual(['merged:patient-merged']);
    const held = await record(gone.id);
    expect(JSON.stringify(held.get(`Observation/${weight.id}`)?.meta)).toContain('pre-merge');
    expect(JSON.stringify(await tasksOf(gone.id))).toContain('patient-merged');
  });
});

describe('form', () => {
  it('Q16: work of a newer schema is not touched: 426, the queue is kept', async () => {
    const patient = await newPatient();
    const group = gp.group(patient.id, [{ kind: 'create', after: observationResource(patient.id) }]);
    const newer = group.map((signed) => ({
      ...signed,
      operation: { ...signed.operation, schemaVersion: 2 },
    }));
    expect(await gp.post('ops', { operations: newer })).toMatchObject({
      status: 426,
      body: { code: 'schema-too-new' },
    });
    expect(outcomes((await gp.send(group)).body)).toEqual(['applied']);
  });

  it('unreadable requests say so and store nothing', async () => {
    expect(await gp.post('ops', { operations: [] })).toMatchObject({
      status: 400,
      body: { code: 'malformed' },
    });
    expect(await gp.post('ops', { operations: [{ operation: null }] })).toMatchObject({ status: 400 });
    const stranger = new SyncDevice(running.url, demoOrganisation.odsCode, 'not-a-token');
    expect((await stranger.probe()).status).toBe(401);
    const elsewhere = new SyncDevice(running.url, 'B88888', tokens['gp'] ?? '');
    expect(await elsewhere.probe()).toMatchObject({ status: 403, body: { code: 'wrong-organisation' } });
  });
});

async function auditOf(entity: string): Promise<{ rows: unknown[] }> {
  const organisation = demoOrganisation.odsCode;
  return running.service.store.withSnapshot(
    { organisation, actor: systemActor(organisation) },
    async (reader) => ({
      rows: await reader.database
        .selectFrom('audit_event')
        .select(['user_id', 'interaction'])
        .where('entity', '=', entity)
        .execute(),
    }),
  );
}

function frame(kind: string, userId: string) {
  const sealed = randomUUID();
  return {
    frameId: createHash('sha256').update(sealed).digest('hex'),
    kind,
    userId,
    since: '2026-11-20T10:00:00Z',
    sealed: Buffer.from(sealed).toString('base64url'),
  };
}
