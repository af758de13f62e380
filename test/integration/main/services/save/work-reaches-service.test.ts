import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SaveService } from '../../../../../main/services/save/save-service.ts';
import { OutboxView } from '../../../../../main/services/sync/outbox-view.ts';
import { attentionItems } from '../../../../../domain/sync/attention.ts';
import { runService, startDesktop } from '../../../../support/desktop-session.ts';
import type { SaveRequest } from '../../../../../contract/channels/record.ts';
import type { GroupId } from '../../../../../domain/identifiers.ts';
import type { Room } from '../../../../../main/services/storage/storage-watch.ts';
import type { OpenBag } from '../../../../../main/services/session/open-bag.ts';
import type { Desktop, RunningService } from '../../../../support/desktop-session.ts';

let service: RunningService;
let desktop: Desktop;
let bag: OpenBag;
let saves: SaveService;

beforeAll(async () => {
  service = await runService();
  desktop = await startDesktop();
  const { handlers } = desktop.session;
  await handlers['session.configure']({ serviceUrl: service.url });
  await handlers['session.sign-in'](undefined);
  await handlers['session.set-passphrase']({ passphrase: 'correct horse battery' });
  const opened = desktop.session.bagAtWork();
  if (opened === null) throw new Error('the bag is not open');
  bag = opened;
  saves = new SaveService({
    bag: () => {
      const signer = bag.signer();
      return signer === null ? null : { journal: bag.journal, signer };
    },
    wallMs: () => desktop.clock.wallMs(),
    monotonicMs: () => desktop.clock.monotonicMs(),
    lastServiceTime: () => undefined,
    seen: () => undefined,
    newId: randomUUID,
  });
});
afterAll(async () => {
  await desktop.dispose();
  await service.close();
});

const patientId = randomUUID();
const patient = {
  resourceType: 'Patient',
  id: patientId,
  active: true,
  name: [{ family: 'Test', given: ['Anna'] }],
};

function weight(id: string, subject = patientId): string {
  return (
    `{"resourceType":"Observation","id":"${id}","status":"final",` +
    '"code":{"coding":[{"system":"http://snomed.info/sct","code":"27113001","display":"Body weight"}]},' +
    `"subject":{"reference":"Patient/${subject}"},"effectiveDateTime":"2026-11-23T09:00:00Z",` +
    '"valueQuantity":{"value":72.50,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}'
  );
}

function request(changes: SaveRequest['changes'], given: Partial<SaveRequest> = {}): SaveRequest {
  return { groupId: randomUUID(), patientId, bannerPatientId: patientId, changes, ...given };
}

async function sendAll() {
  const outcomes = [];
  for (const { signed } of bag.journal.operations().filter(({ outcome }) => outcome === null)) {
    const answer = await bag.client.push([signed]);
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    for (const outcome of answer.value.outcomes) {
      if (outcome.outcome === 'held') throw new Error('held');
      const { position = 0, epoch, durable } = answer.value;
      await bag.journal.recordOutcomes([{ outcome, position, epoch, durable, at: '2026-11-23T09:00:00Z' }]);
      outcomes.push(outcome);
    }
  }
  return outcomes;
}

describe('work saved here', () => {
  it('is accepted by the service as its author signed it, with decimals as written, and can be taken back', async () => {
    const weightId = randomUUID();
    const key = `Observation/${weightId}`;
    await saves.saveRequest(
      request([{ kind: 'create', resource: `Patient/${patientId}`, after: JSON.stringify(patient) }]),
    );
    const saved = await saves.saveRequest(
      request([{ kind: 'append', resource: key, after: weight(weightId) }]),
    );
    expect(saved).toMatchObject({ ok: true, value: { repeated: false } });
    const undone = await saves.undo(saved.ok ? (saved.value.groupId as never) : ('' as never));
    expect(undone).toMatchObject({ ok: true });
    expect(await sendAll()).toMatchObject([
      { outcome: 'applied', version: 1 },
      { outcome: 'applied', version: 1 },
      { outcome: 'merged', version: 2 },
    ]);
    const { epoch } = await probed();
    const page = await bag.client.changes({ epoch, position: 0 }, 100);
    const entry = page.ok
      ? page.value.entries.find((change) => 'key' in change && change.key === key)
      : undefined;
    expect(entry?.kind === 'upsert' && entry.resource).toContain('72.50');
  });

  it('a template of the practice is saved about no patient, offline, and sent like everything else', async () => {
    const id = randomUUID();
    const resource = `Questionnaire/${id}`;
    const questionnaire = {
      resourceType: 'Questionnaire',
      id,
      status: 'active',
      title: 'Ankle',
      version: '1',
    };
    const first = JSON.stringify(questionnaire);
    const second = JSON.stringify({ ...questionnaire, version: '2' });
    const saving = (changes: SaveRequest['changes']) => saves.saveRequest({ groupId: randomUUID(), changes });
    expect(await saving([{ kind: 'create', resource, after: first }])).toMatchObject({ ok: true });
    expect(await saving([{ kind: 'amend', resource, before: first, after: second }])).toMatchObject({
      ok: true,
    });
    const [made, changed] = bag.journal
      .operations()
      .slice(-2)
      .map(({ signed }) => signed.operation);
    expect(made?.patientId).toBeUndefined();
    expect(made?.lane.endsWith(':org')).toBe(true);
    expect(changed?.prevOpId).toBe(made?.opId);
    expect(await sendAll()).toMatchObject([
      { outcome: 'applied', version: 1 },
      { outcome: 'applied', version: 2 },
    ]);
    const directory = await bag.client.directory();
    expect(directory.ok && directory.value.shared.some((text) => text.includes(id))).toBe(true);
  });

  it('an edit of unsent work builds on it, and of sent work on the version that came back', async () => {
    const before = JSON.stringify(patient);
    const married = JSON.stringify({ ...patient, name: [{ family: 'Married', given: ['Anna'] }] });
    const again = JSON.stringify({ ...patient, name: [{ family: 'Again', given: ['Anna'] }] });
    const resource = `Patient/${patientId}`;
    const amend = { kind: 'amend', resource, baseVersion: 1 } as const;
    await saves.saveRequest(request([{ ...amend, before, after: married }]));
    await saves.saveRequest(request([{ ...amend, before: married, after: again }]));
    const [first, second] = bag.journal
      .operations()
      .slice(-2)
      .map(({ signed }) => signed.operation);
    expect(first).toMatchObject({ baseVersion: 1 });
    expect(second?.prevOpId).toBe(first?.opId);
    expect(await sendAll()).toMatchObject([{ outcome: 'applied' }, { outcome: 'applied' }]);
  });

  it('what the service refused is corrected from its own draft, sent again, and the refused one stays, replaced', async () => {
    const draftId = randomUUID();
    const startedAt = '2026-11-23T09:00:00Z';
    const content = '{"words":"as typed"}';
    await saves.handlers['draft.put']({
      draftId,
      kind: 'observations',
      patientId,
      startedAt,
      changedAt: startedAt,
      content,
    });
    const id = randomUUID();
    const resource = `Observation/${id}`;
    const invalid = weight(id).replace('2026-11-23T09:00:00Z', 'yesterday');
    const refused = request([{ kind: 'append', resource, after: invalid }], { draftId });
    await saves.saveRequest(refused);
    const { groupId } = refused;
    // Waiting work is not refused work: nothing is corrected yet.
    expect(await saves.handlers['draft.correct']({ groupId })).toMatchObject({ ok: false });
    expect(await sendAll()).toMatchObject([{ outcome: 'rejected', code: 'invalid-resource' }]);
    const outbox = new OutboxView(bag.journal);
    const refusedItem = () => {
      const items = attentionItems({
        journal: outbox.entries(),
        waiting: outbox.waiting(),
        holds: new Map(),
        openConflicts: { told: [], open: new Set() },
        findings: [],
        softConflicts: new Set(),
        closed: new Set(),
      });
      return items.find((item) => item.kind === 'rejected');
    };
    expect(refusedItem()).toMatchObject({ choices: ['will-not-send'] });

    expect(await saves.handlers['record.save-of']({ resource })).toMatchObject({
      value: { resources: [resource], draft: { draftId, content } },
    });
    const opened = await saves.handlers['draft.correct']({ groupId });
    const draft = opened.ok ? opened.value : null;
    expect(draft).toMatchObject({ kind: 'observations', patientId, content });
    expect(draft?.draftId).not.toBe(draftId);
    // A second press opens the same draft.
    expect(await saves.handlers['draft.correct']({ groupId })).toMatchObject({
      value: { draftId: draft?.draftId },
    });
    const corrected = request([{ kind: 'append', resource, after: weight(id) }], {
      draftId: draft?.draftId ?? '',
    });
    await saves.saveRequest(corrected);
    const [old] = bag.journal.group(groupId as GroupId);
    const [anew] = bag.journal.group(corrected.groupId as GroupId);
    expect(anew?.signed.operation.replaces).toEqual([old?.signed.operation.opId]);
    // The alarm goes only when the corrected one was taken.
    expect(refusedItem()).toMatchObject({ choices: [], correctedAt: expect.any(String) as string });
    expect(await sendAll()).toMatchObject([{ outcome: 'applied', version: 1 }]);
    expect(refusedItem()).toBeUndefined();
    expect(bag.journal.group(groupId as GroupId)).toMatchObject([
      { outcome: { outcome: { outcome: 'rejected' } } },
    ]);
    outbox.close();
  });

  it('words moved to the right record: the save that signs them leads to the one that marked them as an error', async () => {
    const rightId = randomUUID();
    const from = randomUUID();
    const at = '2026-11-23T09:00:00Z';
    const draft = {
      draftId: randomUUID(),
      kind: 'observations',
      patientId: rightId,
      startedAt: at,
      changedAt: at,
      content: '{}',
    } as const;
    expect(await saves.handlers['draft.move']({ draft, from })).toMatchObject({ ok: true });
    const id = randomUUID();
    const asked = request(
      [
        {
          kind: 'create',
          resource: `Patient/${rightId}`,
          after: JSON.stringify({ ...patient, id: rightId }),
        },
        { kind: 'append', resource: `Observation/${id}`, after: weight(id, rightId) },
      ],
      { draftId: draft.draftId, patientId: rightId, bannerPatientId: rightId },
    );
    await saves.saveRequest(asked);
    const [first] = bag.journal.group(asked.groupId as GroupId);
    expect(first?.signed.operation.movedFrom).toBe(from);
    const group = bag.journal.group(asked.groupId as GroupId).map(({ signed }) => signed);
    const answer = await bag.client.push(group);
    expect(answer.ok && answer.value.outcomes).toMatchObject([
      { outcome: 'applied' },
      { outcome: 'applied' },
    ]);
  });

  it('a save names what it replaces only where that was refused', async () => {
    const id = randomUUID();
    const asked = request([{ kind: 'append', resource: `Observation/${id}`, after: weight(id) }], {
      replaces: randomUUID(),
    });
    expect(await saves.saveRequest(asked)).toMatchObject({ ok: false, error: { code: 'unknown-save' } });
  });

  it.each([
    ['another banner', { bannerPatientId: 'somebody-else' }],
    ['no banner', { bannerPatientId: undefined }],
  ])('I14, D9: is refused with %s', async (_what, given) => {
    const id = randomUUID();
    const asked = {
      ...request([{ kind: 'append', resource: `Observation/${id}`, after: weight(id) }]),
      ...given,
    };
    const refused = await saves.saveRequest(asked);
    expect(refused).toMatchObject({ ok: false, error: { code: 'wrong-patient', lost: 'not-saved' } });
  });

  it('I14: is refused when the entry itself names another patient, or none', async () => {
    const id = randomUUID();
    const resource = `Observation/${id}`;
    const strange = { kind: 'append', resource, after: weight(id, randomUUID()) } as const;
    expect(await saves.saveRequest(request([strange]))).toMatchObject({ error: { code: 'wrong-patient' } });
    const after = JSON.stringify({ resourceType: 'Observation', id, status: 'final' });
    const nobody = { kind: 'append', resource, after } as const;
    expect(await saves.saveRequest(request([nobody]))).toMatchObject({ error: { code: 'wrong-patient' } });
  });

  it('S1: is refused before the disk is full, keeps drafts, and is taken once there is room; a repeated press is answered', async () => {
    let room: Room = 'enough';
    const watched = new SaveService({
      bag: () => {
        const signer = bag.signer();
        return signer === null ? null : { journal: bag.journal, signer };
      },
      wallMs: () => desktop.clock.wallMs(),
      monotonicMs: () => desktop.clock.monotonicMs(),
      lastServiceTime: () => undefined,
      seen: () => undefined,
      newId: randomUUID,
      room: () => Promise.resolve(room),
    });
    const [first, second] = [randomUUID(), randomUUID()].map((id) =>
      request([{ kind: 'append', resource: `Observation/${id}`, after: weight(id) }]),
    );
    if (first === undefined || second === undefined) throw new Error('two saves');
    expect(await watched.saveRequest(first)).toMatchObject({ ok: true });
    room = 'none';
    expect(await watched.saveRequest(first)).toMatchObject({ ok: true, value: { repeated: true } });
    expect(await watched.saveRequest(second)).toMatchObject({
      error: { code: 'disk-full', lost: 'not-saved' },
    });
    expect(bag.journal.group(second.groupId as GroupId)).toEqual([]);
    const at = '2026-11-23T09:00:00.000Z';
    const draft = {
      draftId: randomUUID(),
      kind: 'other',
      startedAt: at,
      changedAt: at,
      content: '{}',
    } as const;
    expect(await watched.handlers['draft.put'](draft)).toMatchObject({ ok: true });
    room = 'low';
    expect(await watched.saveRequest(second)).toMatchObject({ ok: true });
  });

  it('a void needs its reason, and two changes of one entry are no single save', async () => {
    const id = randomUUID();
    const change = { kind: 'append', resource: `Observation/${id}`, after: weight(id) } as const;
    expect(await saves.saveRequest(request([{ ...change, kind: 'void', baseVersion: 1 }]))).toMatchObject({
      error: { code: 'reason-missing' },
    });
    expect(await saves.saveRequest(request([change, change]))).toMatchObject({
      error: { code: 'twice-in-one-save' },
    });
  });
});

async function probed() {
  const answer = await bag.client.probe();
  if (!answer.ok) throw new Error('no probe');
  return answer.value;
}
