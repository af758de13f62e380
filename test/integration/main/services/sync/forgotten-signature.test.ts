import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../../main/services/clock.ts';
import { SaveService } from '../../../../../main/services/save/save-service.ts';
import { SyncEngine } from '../../../../../main/services/sync/engine.ts';
import { runService, startDesktop } from '../../../../support/desktop-session.ts';
import type { OpenBag } from '../../../../../main/services/session/open-bag.ts';
import type { Desktop, RunningService } from '../../../../support/desktop-session.ts';

let service: RunningService;
let desktop: Desktop;

beforeAll(async () => {
  service = await runService();
  desktop = await startDesktop({ fetch: fetchWhatIsKnown });
  const { handlers } = desktop.session;
  await handlers['session.configure']({ serviceUrl: service.url });
  await handlers['session.sign-in'](undefined);
  await handlers['session.set-passphrase']({ passphrase: 'correct horse battery' });
});
afterAll(async () => {
  await desktop.dispose();
  await service.close();
});

function openBag(): OpenBag {
  const bag = desktop.session.bagAtWork();
  if (bag === null) throw new Error('the bag is not open');
  return bag;
}

async function saveNewPatient(bag: OpenBag): Promise<void> {
  const saves = new SaveService({
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
  const id = randomUUID();
  const patient = { resourceType: 'Patient', id, active: true, name: [{ family: id, given: ['Anna'] }] };
  const saved = await saves.saveRequest({
    groupId: randomUUID(),
    patientId: id,
    bannerPatientId: id,
    changes: [{ kind: 'create', resource: `Patient/${id}`, after: JSON.stringify(patient) }],
  });
  expect(saved).toMatchObject({ ok: true });
}

function engineOf(bag: OpenBag): SyncEngine {
  return new SyncEngine({
    client: bag.client,
    journal: bag.journal,
    decisions: { save: () => Promise.reject(new Error('nobody decides here')) },
    keeper: bag.keeper,
    audit: { peek: () => Promise.resolve([]), acknowledge: () => Promise.resolve() },
    clock: systemClock,
    chance: () => 0.5,
    newId: randomUUID,
    offlineScope: () => 'all',
    recent: () => [],
    today: () => '2026-11-23',
  });
}

/**
 * What the service of before answers once it was restored from a backup older than this computer's enrolment, or than
 * its author's key. Everything else, the new enrolment too, is the real service's.
 */
const forgotten = new Map<string, 'author-unknown' | 'device-unknown'>();

const fetchWhatIsKnown: typeof globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const code = forgotten.get(request.headers.get('x-gladstone-device') ?? '');
  if (code === undefined || !request.url.endsWith('/ops')) return await fetch(request);
  return Response.json(
    { code, message: 'Not known here. The work is kept.' },
    { status: code === 'author-unknown' ? 403 : 404 },
  );
};

describe('a service that does not know the signature any more', () => {
  it.each(['author-unknown', 'device-unknown'] as const)(
    '%s: the unsent work is signed anew and arrives; nothing is lost or doubled',
    async (code) => {
      const bag = openBag();
      const before = bag.journal.deviceId;
      await saveNewPatient(bag);
      await saveNewPatient(bag);
      forgotten.set(before, code);
      const engine = engineOf(bag);
      await engine.now();
      expect(bag.journal.deviceId).not.toBe(before);
      expect(bag.journal.operations().map(({ outcome }) => outcome?.outcome.outcome)).not.toContain(
        undefined,
      );
      expect(bag.journal.counts().unsentOperations).toBe(0);
      expect(engine.attention()).toEqual([]);
      await engine.stop();
    },
    60_000,
  );

  it('says so while the screen is locked, keeps the work, and sends it once its author is back', async () => {
    const bag = openBag();
    await saveNewPatient(bag);
    forgotten.set(bag.journal.deviceId, 'author-unknown');
    await desktop.session.lock();
    const engine = engineOf(bag);
    await engine.now();
    expect(engine.attention()).toMatchObject([{ kind: 'stuck', choices: ['retry'] }]);
    expect(bag.journal.counts().unsentOperations).toBe(1);
    await engine.stop();
    await desktop.session.handlers['session.unlock']({
      userId: 'demo-gp',
      organisation: 'A99999',
      secret: { kind: 'passphrase', passphrase: 'correct horse battery' },
    });
    const again = openBag();
    const next = engineOf(again);
    await next.now();
    expect(again.journal.counts().unsentOperations).toBe(0);
    await next.stop();
  }, 60_000);
});
