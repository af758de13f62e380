import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { SaveService } from '../../../../../main/services/save/save-service.ts';
import { systemActor } from '../../../../../record-service/identity/actor.ts';
import { memoryKeystore, runService, startDesktop } from '../../../../support/desktop-session.ts';
import type { UnlockRequest } from '../../../../../contract/channels/session.ts';
import type { Desktop, RunningService } from '../../../../support/desktop-session.ts';

const passphrase = 'correct horse battery';
const pin = '2468';
const hour = 3_600_000;

let service: RunningService;
const desktops: Desktop[] = [];

beforeAll(async () => {
  service = await runService();
});
afterAll(() => service.close());
afterEach(async () => {
  for (const desktop of desktops.splice(0)) await desktop.dispose();
});

async function desk(given: Parameters<typeof startDesktop>[0] = {}): Promise<Desktop> {
  const desktop = await startDesktop(given);
  desktops.push(desktop);
  return desktop;
}

async function restarted(desktop: Desktop): Promise<Desktop> {
  const next = await desktop.restart();
  desktops.splice(desktops.indexOf(desktop), 1, next);
  return next;
}

async function enrol(desktop: Desktop, account = 'gp', withPin: string | undefined = pin): Promise<void> {
  const { handlers } = desktop.session;
  await handlers['session.configure']({ serviceUrl: service.url });
  desktop.visitor(account);
  const signedIn = await handlers['session.sign-in'](undefined);
  expect(signedIn).toMatchObject({ ok: true, value: { phase: 'set-passphrase' } });
  const set = await handlers['session.set-passphrase']({ passphrase, pin: withPin });
  expect(set).toMatchObject({ ok: true, value: { phase: 'unlocked' } });
}

function unlock(desktop: Desktop, secret: UnlockRequest['secret'], userId = 'demo-gp') {
  return desktop.session.handlers['session.unlock']({ userId, organisation: 'A99999', secret });
}
/** Key backups of this device that the escrow holds. */
async function keyBackups(deviceId: string): Promise<number> {
  const stored = await service.service.store.withSnapshot(
    { organisation: 'A99999', actor: systemActor('A99999') },
    (reader) => reader.database.selectFrom('escrow_frame').selectAll().execute(),
  );
  return stored.filter((frame) => frame.kind === 'key-backup' && frame.device_id === deviceId).length;
}

const byPassphrase = { kind: 'passphrase', passphrase } as const;
const byPin = { kind: 'pin', pin } as const;

function saver(desktop: Desktop): SaveService {
  return new SaveService({
    bag: () => {
      const bag = desktop.session.bagAtWork();
      const signer = bag?.signer() ?? null;
      return bag === null || signer === null ? null : { journal: bag.journal, signer };
    },
    wallMs: () => desktop.clock.wallMs(),
    monotonicMs: () => desktop.clock.monotonicMs(),
    lastServiceTime: () => undefined,
    seen: () => undefined,
    newId: randomUUID,
  });
}

const content = JSON.stringify({ note: 'Complains of a sore throat, Wilhelmina' });
const draft = {
  draftId: '5a0f7a1e-0000-4000-8000-000000000001',
  kind: 'consultation' as const,
  startedAt: '2026-11-23T09:00:00.000Z',
  changedAt: '2026-11-23T09:00:00.000Z',
  content,
};

describe('a person at this computer', () => {
  it('S16: signs in once, and after that opens the bag without the network', async () => {
    const first = await desk();
    await enrol(first);
    const offline = await restarted(first);
    expect(offline.session.state()).toMatchObject({ phase: 'locked', enrolled: [{ warmUnlock: false }] });
    expect(await unlock(offline, byPin)).toMatchObject({ ok: false, error: { code: 'pin-not-available' } });
    const wrong = { kind: 'passphrase', passphrase: 'wrong horse battery' } as const;
    expect(await unlock(offline, wrong)).toMatchObject({ ok: false, error: { code: 'wrong-passphrase' } });
    expect(await unlock(offline, byPassphrase)).toMatchObject({ ok: true, value: { phase: 'unlocked' } });
    expect(offline.session.bagAtWork()?.cache()?.key).toHaveLength(32);
  });

  it('saves, is answered by the service, and finds nothing of it in clear on the disk', async () => {
    const desktop = await desk();
    await enrol(desktop);
    expect(await saver(desktop).handlers['draft.put'](draft)).toMatchObject({ ok: true });
    const bag = desktop.session.bagAtWork();
    expect((await bag?.client.probe())?.ok).toBe(true);
    await bag?.audit.record({ userId: 'demo-gp', role: 'gp' }, { action: 'search', detail: 'Wilhelmina' });
    for (const file of filesUnder(desktop.profile)) {
      const bytes = readFileSync(file);
      for (const form of [Buffer.from('Wilhelmina'), Buffer.from('Wilhelmina', 'utf16le')]) {
        expect(bytes.includes(form), file).toBe(false);
      }
      expect(file).not.toContain('A99999');
    }
  });

  it('L20, L21: lock, sign-out, another person and a restart never drop a draft', async () => {
    const desktop = await desk();
    await enrol(desktop);
    await saver(desktop).handlers['draft.put'](draft);
    const { handlers } = desktop.session;
    await handlers['session.sign-out'](undefined);
    expect(desktop.session.state()).toMatchObject({ phase: 'locked', enrolled: [{ openDrafts: 1 }] });
    expect(await saver(desktop).handlers['draft.list'](undefined)).toMatchObject({
      error: { code: 'locked' },
    });

    await handlers['session.another-user'](undefined);
    desktop.visitor('nurse');
    await handlers['session.sign-in'](undefined);
    await handlers['session.set-passphrase']({ passphrase: 'another long phrase' });
    expect(await saver(desktop).handlers['draft.list'](undefined)).toMatchObject({ ok: true, value: [] });

    const again = await restarted(desktop);
    expect(await unlock(again, byPassphrase)).toMatchObject({ ok: true });
    expect(await saver(again).handlers['draft.list'](undefined)).toMatchObject({ value: [draft] });
    expect(again.session.state().onlineSignInNeeded).toBe(true);
  });

  it('a locked screen gives neither cache key nor signature, and five wrong PINs close the PIN', async () => {
    const desktop = await desk();
    await enrol(desktop);
    const bag = desktop.session.bagAtWork();
    await desktop.session.lock();
    expect([bag?.cache(), bag?.signer(), desktop.session.bagAtWork()]).toEqual([null, null, null]);
    const wrong = { kind: 'pin', pin: '0000' } as const;
    for (let left = 4; left >= 0; left -= 1) {
      const refused = await unlock(desktop, wrong);
      expect(refused).toMatchObject({ ok: false, error: { code: 'wrong-pin' } });
    }
    expect(await unlock(desktop, byPin)).toMatchObject({ error: { code: 'pin-not-available' } });
    expect(await unlock(desktop, byPassphrase)).toMatchObject({ ok: true });
  });

  it('locks after a while without a keystroke, warns a minute before, and a keystroke takes it back', async () => {
    const desktop = await desk();
    const warnings: number[] = [];
    desktop.session.listen({
      changed: () => undefined,
      bag: () => undefined,
      lockWarning: (s) => warnings.push(s),
    });
    await enrol(desktop);
    desktop.clock.pass(9 * 60_000);
    expect(warnings).toEqual([60]);
    await desktop.session.handlers['session.activity'](undefined);
    expect(warnings).toEqual([60, 0]);
    desktop.clock.pass(10 * 60_000);
    await desktop.session.lock();
    expect(desktop.session.state().phase).toBe('locked');
  });
});

describe('the lease', () => {
  it('M14: a clock set forward locks, set right it opens; set back it gains nothing', async () => {
    const desktop = await desk();
    await enrol(desktop);
    const right = desktop.clock.wallMs();
    await desktop.session.suspend();
    desktop.clock.setWall(right + 400 * 24 * hour);
    expect(await unlock(desktop, byPassphrase)).toMatchObject({ error: { code: 'lease-expired' } });
    desktop.clock.setWall(right);
    expect(await unlock(desktop, byPassphrase)).toMatchObject({ ok: true });
    await desktop.session.suspend();
    desktop.clock.setWall(right - 400 * 24 * hour);
    desktop.clock.pass(15 * 24 * hour);
    expect(await unlock(desktop, byPassphrase)).toMatchObject({ error: { code: 'lease-expired' } });
    desktop.visitor('gp');
    await desktop.session.handlers['session.sign-in'](undefined);
    expect(await unlock(desktop, byPassphrase)).toMatchObject({ ok: true });
  });
});

describe('a forgotten passphrase', () => {
  it('is replaced after an online sign-in, and the work of before opens', async () => {
    const desktop = await desk();
    await enrol(desktop);
    await saver(desktop).handlers['draft.put'](draft);
    const bag = desktop.session.bagAtWork();
    await bag?.client.probe();
    // Asked of the store: recoveries are limited to a few an hour, so they cannot be polled for.
    await expect.poll(() => keyBackups(bag?.journal.deviceId ?? ''), { timeout: 20_000 }).toBe(1);
    const later = await restarted(desktop);
    const { handlers } = later.session;
    expect(await handlers['session.recover']({ passphrase: 'a new long phrase' })).toMatchObject({
      ok: false,
    });
    await handlers['session.sign-in'](undefined);
    const recovered = await handlers['session.recover']({ passphrase: 'a new long phrase' });
    expect(recovered).toMatchObject({ ok: true, value: { phase: 'unlocked' } });
    expect(await saver(later).handlers['draft.list'](undefined)).toMatchObject({ value: [draft] });
    await later.session.suspend();
    expect(await unlock(later, byPassphrase)).toMatchObject({ error: { code: 'wrong-passphrase' } });
  });
});

describe('the keystore', () => {
  it('S8: another backend, or none: the passphrase is asked, nothing is lost and nothing weaker opens', async () => {
    const keystore = memoryKeystore();
    const desktop = await desk({ keystore });
    await enrol(desktop);
    await saver(desktop).handlers['draft.put'](draft);
    keystore.use('none');
    const later = await restarted(desktop);
    expect(later.session.state()).toMatchObject({ keystore: 'none', enrolled: [{ warmUnlock: false }] });
    expect(await unlock(later, byPin)).toMatchObject({ error: { code: 'pin-not-available' } });
    expect(await unlock(later, byPassphrase)).toMatchObject({ ok: true });
    expect(await saver(later).handlers['draft.list'](undefined)).toMatchObject({ value: [draft] });
    await later.session.lock();
    expect(await unlock(later, byPin)).toMatchObject({ error: { code: 'pin-not-available' } });
  });

  it('without a keystore no PIN is taken', async () => {
    const desktop = await desk({ keystore: memoryKeystore('none') });
    await desktop.session.handlers['session.configure']({ serviceUrl: service.url });
    await desktop.session.handlers['session.sign-in'](undefined);
    const refused = await desktop.session.handlers['session.set-passphrase']({ passphrase, pin });
    expect(refused).toMatchObject({ ok: false, error: { code: 'no-keystore' } });
    expect(await desktop.session.handlers['session.set-passphrase']({ passphrase })).toMatchObject({
      ok: true,
    });
  });
});

describe('several people', () => {
  it('a receptionist on the same computer opens nothing clinical and has a cache of her own', async () => {
    const desktop = await desk();
    await enrol(desktop);
    const clinical = desktop.session.bagAtWork()?.cache()?.database;
    await desktop.session.handlers['session.another-user'](undefined);
    desktop.visitor('receptionist');
    await desktop.session.handlers['session.sign-in'](undefined);
    await desktop.session.handlers['session.set-passphrase']({ passphrase: 'reception phrase' });
    const bag = desktop.session.bagAtWork();
    expect(bag?.user.role).toBe('receptionist');
    expect(bag?.cache()?.database).not.toBe(clinical);
    const folder = filesUnder(desktop.profile).find((file) => file.endsWith('vault.json'));
    const vault = JSON.parse(readFileSync(folder ?? '', 'utf8')) as {
      rings: { ringClass: string; wraps: { userId: string }[] }[];
    };
    for (const ring of vault.rings.filter(({ ringClass }) => ringClass === 'clinical')) {
      expect(ring.wraps.map(({ userId }) => userId)).toEqual(['demo-gp']);
    }
  });
});

describe('unsent work as a file', () => {
  it('is imported once, and twice changes nothing', async () => {
    const desktop = await desk();
    await enrol(desktop);
    await saver(desktop).handlers['draft.put'](draft);
    const exported = await desktop.session.bagAtWork()?.exportWork();
    expect(exported).toMatchObject({ drafts: 1 });
    expect(Buffer.from(exported?.bytes ?? []).includes('Wilhelmina')).toBe(false);
    const again = await desktop.session.bagAtWork()?.importWork(exported?.bytes ?? new Uint8Array());
    expect(again).toMatchObject({ ok: true, value: { operations: 0, drafts: 0 } });
    const broken = await desktop.session
      .bagAtWork()
      ?.importWork((exported?.bytes ?? new Uint8Array()).subarray(1));
    expect(broken).toMatchObject({ ok: false, error: { code: 'not-readable' } });
  });
});

describe('unsent work of a lost computer', () => {
  it('is opened on another one by its author, counts there as unsent at once, and is sent from there once', async () => {
    const lost = await desk();
    await enrol(lost);
    const id = randomUUID();
    const patient = { resourceType: 'Patient', id, active: true, name: [{ family: id, given: ['Anna'] }] };
    await saver(lost).saveRequest({
      groupId: randomUUID(),
      patientId: id,
      bannerPatientId: id,
      changes: [{ kind: 'create', resource: `Patient/${id}`, after: JSON.stringify(patient) }],
    });
    const old = lost.session.bagAtWork();
    await old?.client.probe();
    await expect.poll(() => keyBackups(old?.journal.deviceId ?? ''), { timeout: 20_000 }).toBe(1);
    const { bytes = new Uint8Array() } = (await old?.exportWork()) ?? {};

    const found = await desk();
    await enrol(found);
    const bag = found.session.bagAtWork();
    if (bag === null) throw new Error('the bag is not open');
    expect(await bag.importWork(bytes)).toMatchObject({ ok: true, value: { operations: 1, alreadyHere: 0 } });
    expect(bag.journal.counts().unsentOperations).toBe(1);
    expect(found.session.state().enrolled).toMatchObject([{ unsentOperations: 1 }]);
    expect(await bag.importWork(bytes)).toMatchObject({ ok: true, value: { operations: 0, alreadyHere: 1 } });
    const sent = await bag.client.push(bag.journal.operations().map(({ signed }) => signed));
    expect(sent).toMatchObject({ ok: true, value: { outcomes: [{ outcome: 'applied' }] } });
  });
});

describe('a wipe', () => {
  it('destroys nothing without a receipt for everything unsent; with it, keys first and then files', async () => {
    const forgetCopies = vi.fn(() => Promise.resolve());
    const desktop = await desk({ forgetCopies });
    await enrol(desktop);
    await saver(desktop).handlers['draft.put'](draft);
    const bag = desktop.session.bagAtWork();
    if (bag === null) throw new Error('the bag is not open');
    expect(await bag.keeper.wipe()).toBe('work-remains');
    const frames = await bag.journal.sealedFrames('unsent');
    await bag.journal.recordReceipt(frames.map(({ frameId }) => frameId));
    expect(await bag.keeper.wipe()).toBe('done');
    const gone = new Promise<void>((resolve) => {
      const changed = ({ enrolled }: { enrolled: readonly unknown[] }): void => {
        if (enrolled.length === 0) resolve();
      };
      desktop.session.listen({ changed, bag: () => undefined, lockWarning: () => undefined });
    });
    desktop.clock.pass(5_000);
    await gone;
    expect(filesUnder(desktop.profile).filter((file) => /segment|aside/.test(file))).toEqual([]);
    expect(desktop.session.state()).toMatchObject({ phase: 'signed-out', enrolled: [] });
    expect(forgetCopies).toHaveBeenCalledOnce();
  });

  it('what is said to be saved while it is under way is handed over first; afterwards nothing is said to be saved', async () => {
    const desktop = await desk();
    await enrol(desktop);
    const saves = saver(desktop);
    const bag = desktop.session.bagAtWork();
    if (bag === null) throw new Error('the bag is not open');
    await saves.handlers['draft.put'](draft);
    const hasReceipt = async () => {
      const frames = await bag.journal.sealedFrames('unsent');
      await bag.journal.recordReceipt(frames.map(({ frameId }) => frameId));
    };
    await hasReceipt();
    // Already on its way to the disk when the order comes.
    const before = saves.handlers['draft.put']({ ...draft, content: 'the last words' });
    const wiping = bag.keeper.wipe();
    // And between the order and its end.
    const during = saves.handlers['draft.put']({ ...draft, content: 'words after the order' });
    expect(await wiping).toBe('work-remains');
    expect((await before).ok).toBe(true);
    expect((await during).ok).toBe(false);
    expect(bag.journal.drafts().map((one) => one.draft.content)).toEqual(['the last words']);
    // Nothing was destroyed: work goes on until that is handed over too.
    expect(await saves.handlers['draft.put']({ ...draft, content: 'going on' })).toMatchObject({ ok: true });
    await hasReceipt();
    expect(await bag.keeper.wipe()).toBe('done');
    expect(await saves.handlers['draft.put']({ ...draft, content: 'too late' })).toMatchObject({
      ok: false,
      error: { lost: 'not-saved' },
    });
  });

  it('that was cut short after the keys is finished at the next start', async () => {
    const forgetCopies = vi.fn(() => Promise.resolve());
    const desktop = await desk({ forgetCopies });
    await enrol(desktop);
    expect(await desktop.session.bagAtWork()?.keeper.wipe()).toBe('done');
    // Killed before the rest: two seconds that never passed.
    const later = await restarted(desktop);
    expect(filesUnder(later.profile).filter((file) => /segment|aside/.test(file))).toEqual([]);
    expect(forgetCopies).toHaveBeenCalledOnce();
    expect(later.session.state()).toMatchObject({ phase: 'signed-out', enrolled: [] });
    expect(later.session.state().unopened).toBeUndefined();
  });
});

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}
