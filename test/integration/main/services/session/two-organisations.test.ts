import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SaveService } from '../../../../../main/services/save/save-service.ts';
import { DEMONSTRATION_PASSWORD } from '../../../../../record-service/identity/demonstration-accounts.ts';
import { identityDatabase } from '../../../../../record-service/identity/identity-tables.ts';
import { hashPassword } from '../../../../../record-service/identity/password.ts';
import { runService, startDesktop } from '../../../../support/desktop-session.ts';
import type { OpenBag } from '../../../../../main/services/session/open-bag.ts';
import type { Desktop, RunningService } from '../../../../support/desktop-session.ts';

const here = { organisation: 'A99999', userId: 'demo-gp', passphrase: 'correct horse battery' };
const there = { organisation: 'B88888', userId: 'gp-of-b', passphrase: 'another long phrase' };
const day = 86_400_000;

let service: RunningService;
let desktop: Desktop;

beforeAll(async () => {
  service = await runService();
  const row = {
    username: 'gp-b',
    subject: there.userId,
    password_hash: await hashPassword(DEMONSTRATION_PASSWORD),
    organisation: there.organisation,
    role: 'gp' as const,
    practitioner_id: randomUUID(),
    name: 'Dr Amara Okafor',
    role_expires: null,
  };
  await identityDatabase(service.service.store)((tables) =>
    tables.insertInto('sign_in_account').values(row).execute(),
  );
  desktop = await startDesktop();
  await desktop.session.handlers['session.configure']({ serviceUrl: service.url });
});
afterAll(async () => {
  await desktop.dispose();
  await service.close();
});

async function join(account: string, { passphrase }: typeof here): Promise<OpenBag> {
  const { handlers } = desktop.session;
  desktop.visitor(account);
  await handlers['session.another-user'](undefined);
  expect(await handlers['session.sign-in'](undefined)).toMatchObject({ value: { phase: 'set-passphrase' } });
  expect(await handlers['session.set-passphrase']({ passphrase })).toMatchObject({
    value: { phase: 'unlocked' },
  });
  return openBag();
}

async function unlock({ organisation, userId, passphrase }: typeof here) {
  await desktop.session.lock();
  const secret = { kind: 'passphrase', passphrase } as const;
  return await desktop.session.handlers['session.unlock']({ organisation, userId, secret });
}

function openBag(): OpenBag {
  const bag = desktop.session.bagAtWork();
  if (bag === null) throw new Error('no bag is open');
  return bag;
}

function saves(): SaveService {
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

async function register(): Promise<void> {
  const id = randomUUID();
  const patient = { resourceType: 'Patient', id, active: true, name: [{ family: id, given: ['Anna'] }] };
  const saved = await saves().saveRequest({
    groupId: randomUUID(),
    patientId: id,
    bannerPatientId: id,
    changes: [{ kind: 'create', resource: `Patient/${id}`, after: JSON.stringify(patient) }],
  });
  expect(saved).toMatchObject({ ok: true });
}

function draft(content: string) {
  const at = '2026-11-23T09:00:00.000Z';
  return { draftId: randomUUID(), kind: 'consultation' as const, startedAt: at, changedAt: at, content };
}

/** What is this bag's own: nothing of it may ever equal another bag's. */
function own(bag: OpenBag) {
  const cache = bag.cache();
  return {
    organisation: bag.organisation,
    device: bag.journal.deviceId,
    cache: cache?.database,
    key: Buffer.from(cache?.key ?? []).toString('hex'),
    signer: bag.signer()?.keyId,
  };
}

it('two organisations on one computer: each its own device, keys, journal, lanes and lease; switching mixes nothing', async () => {
  const ofA = own(await join('gp', here));
  await register();
  await saves().handlers['draft.put'](draft('words of A'));
  const operationsOfA = openBag().journal.operations();

  const began = desktop.clock.wallMs();
  desktop.clock.setWall(began + 2 * day);
  const ofB = own(await join('gp-b', there));
  expect(desktop.session.state().user?.organisation).toBe(there.organisation);
  for (const name of Object.keys(ofA) as (keyof typeof ofA)[]) expect(ofB[name], name).not.toBe(ofA[name]);
  expect(openBag().journal.operations()).toEqual([]);
  expect(await saves().handlers['draft.list'](undefined)).toMatchObject({ value: [] });
  expect(desktop.session.state().enrolled).toMatchObject([
    { organisation: here.organisation, unsentOperations: 1, openDrafts: 1 },
    { organisation: there.organisation, unsentOperations: 0, openDrafts: 0 },
  ]);

  // What is saved here is B's alone, and A's work cannot be sent by way of B.
  await register();
  const operationsOfB = openBag().journal.operations();
  expect(operationsOfB.map(({ signed }) => signed.operation.lane)).toEqual([
    expect.stringContaining(`:${there.organisation}:`),
  ]);
  const smuggled = await openBag().client.push(operationsOfA.map(({ signed }) => signed));
  expect(smuggled.ok && smuggled.value.outcomes[0]?.outcome === 'applied').toBe(false);
  const sent = await openBag().client.push(operationsOfB.map(({ signed }) => signed));
  expect(sent).toMatchObject({ ok: true, value: { outcomes: [{ outcome: 'applied' }] } });
  const probe = await openBag().client.probe();
  const feed = await openBag().client.changes({ epoch: probe.ok ? probe.value.epoch : '', position: 0 }, 100);
  const keys = feed.ok ? feed.value.entries.map((entry) => ('key' in entry ? entry.key : '')) : [];
  expect(keys).toEqual(operationsOfB.map(({ signed }) => signed.operation.resource));

  // Back and forth, also over a restart: each bag opens with its own passphrase and holds its own work.
  desktop = await desktop.restart();
  expect(await unlock({ ...here, passphrase: there.passphrase })).toMatchObject({
    error: { code: 'wrong-passphrase' },
  });
  for (const [bag, facts, operations, drafts] of [
    [here, ofA, operationsOfA, 1],
    [there, ofB, operationsOfB, 0],
    [here, ofA, operationsOfA, 1],
  ] as const) {
    expect(await unlock(bag)).toMatchObject({
      ok: true,
      value: { user: { organisation: bag.organisation } },
    });
    expect(own(openBag())).toEqual(facts);
    expect(
      openBag()
        .journal.operations()
        .map(({ signed }) => signed.hash),
    ).toEqual(operations.map(({ signed }) => signed.hash));
    const listed = await saves().handlers['draft.list'](undefined);
    expect(listed.ok ? listed.value : null).toHaveLength(drafts);
  }

  // The sign-in for B renewed nothing for A.
  await desktop.session.suspend();
  desktop.clock.setWall(began + 15 * day);
  expect(await unlock(here)).toMatchObject({ error: { code: 'lease-expired' } });
  expect(await unlock(there)).toMatchObject({ ok: true });
}, 60_000);
