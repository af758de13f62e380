import { randomUUID } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EscrowReceipt, RecoverAnswer, RecoverWorkAnswer } from '../../../../contract/record-service.ts';
import { recoverWrapInfo } from '../../../../contract/sealed-frame.ts';
import { sealFrame, type FrameToSeal } from '../../../../main/services/journal/sealed-frame.ts';
import { makeKeyPair, unsealWithPrivateKey } from '../../../../main/services/vault/sealing.ts';
import { demoOrganisation } from '../../../../record-service/seed/demo-practice.ts';
import { copyEscrowKeys } from '../../../../record-service/backup/copy-escrow-keys.ts';
import { newPrivateKey } from '../../../../record-service/identity/service-secrets.ts';
import { systemActor } from '../../../../record-service/identity/actor.ts';
import { openPglite } from '../../../../record-service/store/pglite-engine.ts';
import { revokeDevice } from '../../../../record-service/sync/devices.ts';
import '../../../../record-service/sync/sync-tables.ts';
import { signIn } from '../../../support/sign-in.ts';
import { SyncDevice } from '../../../support/sync-device.ts';
import { startSyncService, type SyncService } from '../../../support/sync-service.ts';

const organisation = demoOrganisation.odsCode;
const secret = 'the ring key of one person';
let running: SyncService;
let gp: SyncDevice;
let nurse: SyncDevice;
/** Of the escrow, before it was lost. */
let privateKey = '';

beforeAll(async () => {
  running = await startSyncService(await openPglite());
  gp = await device('gp');
  nurse = await device('nurse');
});
afterAll(() => running.close());

async function device(account: string): Promise<SyncDevice> {
  const { accessToken } = await signIn(running.url, account);
  return new SyncDevice(running.url, organisation, accessToken).enrol();
}

/** Sealed by the desktop's own code: what one side writes, the other opens. */
function frameOf(
  of: SyncDevice,
  userId: string,
  given: Partial<Pick<FrameToSeal, 'kind' | 'facts' | 'since'>> & { readonly words?: string } = {},
) {
  const { escrowKeyId, escrowPublicKey } = of.enrolment;
  const { kind = 'key-backup', facts = {}, since = '2026-11-22T10:00:00Z', words = secret } = given;
  const content = new TextEncoder().encode(words);
  const escrow = { keyId: escrowKeyId, publicKey: escrowPublicKey };
  const frame = sealFrame({ kind, userId, since, facts, content, escrow });
  return {
    frameId: frame.frameId,
    kind,
    userId,
    since,
    sealed: Buffer.from(frame.bytes).toString('base64url'),
  };
}

/** The words of what the service hands to this person's present computer. */
async function lostWork(to: SyncDevice): Promise<readonly string[]> {
  const recovery = makeKeyPair();
  const { body } = await to.post<RecoverWorkAnswer>('escrow/recover-work', {
    deviceId: to.deviceId,
    recipientPublicKey: recovery.publicKey,
  });
  return body.frames.map(({ frameId, ephemeralPublicKey, sealed }) =>
    Buffer.from(
      unsealWithPrivateKey(
        recovery.privateKey,
        { ephemeralPublicKey, sealed: Buffer.from(sealed, 'base64url') },
        recoverWrapInfo,
        Buffer.from(frameId),
      ),
    ).toString(),
  );
}

describe('escrow', () => {
  it('keeps frames as they lie, once, and says whether they are durable', async () => {
    const backup = frameOf(gp, 'demo-gp');
    const request = { deviceId: gp.deviceId, frames: [backup] };
    running.crashAt('escrow.after-commit');
    expect((await gp.post('escrow', request)).status).toBe(500);
    const receipt = await gp.post<EscrowReceipt>('escrow', request);
    // PGlite promises nothing: the device keeps its copy and destroys nothing on this receipt.
    expect(receipt.body).toEqual({ received: [backup.frameId], durable: false });
    const stored = await running.service.store.withSnapshot(
      { organisation, actor: systemActor(organisation) },
      (reader) => reader.database.selectFrom('escrow_frame').selectAll().execute(),
    );
    expect(stored).toHaveLength(1);
    expect(Buffer.from(stored[0]?.sealed ?? []).toString('base64url')).toBe(backup.sealed);
  });

  it('refuses a frame that is not what its id says', async () => {
    const backup = frameOf(gp, 'demo-gp');
    const damaged = { ...backup, sealed: `${backup.sealed.slice(0, -4)}AAAA` };
    expect(await gp.post('escrow', { deviceId: gp.deviceId, frames: [damaged] })).toMatchObject({
      status: 422,
      body: { code: 'frame-damaged' },
    });
  });

  it('a forgotten passphrase: a fresh sign-in opens one’s own key, wrapped for this recovery only', async () => {
    const backup = frameOf(gp, 'demo-gp');
    await gp.post('escrow', { deviceId: gp.deviceId, frames: [backup, frameOf(nurse, 'demo-nurse')] });
    const recovery = makeKeyPair();
    const answer = await gp.post<RecoverAnswer>('escrow/recover', {
      deviceId: gp.deviceId,
      recipientPublicKey: recovery.publicKey,
    });
    expect(answer.status).toBe(200);
    const mine = answer.body.backups.find((one) => one.frameId === backup.frameId);
    const opened = unsealWithPrivateKey(
      recovery.privateKey,
      {
        ephemeralPublicKey: mine?.ephemeralPublicKey ?? '',
        sealed: Uint8Array.from(Buffer.from(mine?.sealed ?? '', 'base64url')),
      },
      recoverWrapInfo,
      new TextEncoder().encode(backup.frameId),
    );
    expect(Buffer.from(opened).toString()).toBe(secret);
    expect(JSON.stringify(answer.body)).not.toContain('demo-nurse');
  });

  it('hands the unsent work of one’s revoked computers to one’s present one, and of no other', async () => {
    const lost = await device('gp');
    const draftId = randomUUID();
    const draft = (words: string, minute: number, ended = false) => ({
      ...frameOf(lost, 'demo-gp', {
        kind: 'draft',
        facts: ended ? { draftId: randomUUID() } : { draftId },
        since: `2026-11-22T10:${String(minute)}:00Z`,
        words,
      }),
      ended,
    });
    await gp.post('escrow', {
      deviceId: lost.deviceId,
      frames: [
        draft('the first words', 10),
        draft('the last words', 20),
        draft('signed long ago', 15, true),
        frameOf(lost, 'demo-gp', {
          kind: 'operations',
          facts: { opIds: [randomUUID()] },
          words: 'saved, never sent',
        }),
        frameOf(lost, 'demo-nurse', {
          kind: 'draft',
          facts: { draftId: randomUUID() },
          words: 'of somebody else',
        }),
      ],
    });
    // In use somewhere else it stays there: it would be in two places.
    expect(await lostWork(gp)).toEqual([]);
    await running.service.store.withTransaction(
      { organisation, actor: systemActor(organisation) },
      (transaction) =>
        revokeDevice(transaction, lost.deviceId, { wipe: true, reason: 'left on a train' }, new Date()),
    );
    expect(await lostWork(gp)).toEqual(['saved, never sent', 'the last words']);
    expect(await lostWork(nurse)).toEqual(['of somebody else']);
  });

  it('I12: of a draft the words that came last are the last, though its computer’s clock had been set back', async () => {
    const lost = await device('gp');
    const facts = { draftId: randomUUID() };
    for (const [words, since] of [
      ['written with the clock a day ahead', '2026-11-23T10:00:00Z'],
      ['written after it was put right', '2026-11-22T10:05:00Z'],
    ] as const) {
      const frames = [frameOf(lost, 'demo-gp', { kind: 'draft', facts, since, words })];
      expect((await gp.post('escrow', { deviceId: lost.deviceId, frames })).status).toBe(200);
    }
    await running.service.store.withTransaction(
      { organisation, actor: systemActor(organisation) },
      (transaction) => revokeDevice(transaction, lost.deviceId, { wipe: true, reason: 'lost' }, new Date()),
    );
    const words = await lostWork(gp);
    expect(words).toContain('written after it was put right');
    expect(words).not.toContain('written with the clock a day ahead');
  });

  it('is refused from a session that is not fresh, and limited', async () => {
    const recovery = { deviceId: nurse.deviceId, recipientPublicKey: makeKeyPair().publicKey };
    const sixMinutesOn = () => new Date(Date.now() + 6 * 60_000);
    running.clock.now = sixMinutesOn;
    try {
      expect(await nurse.post('escrow/recover', recovery)).toMatchObject({
        status: 401,
        body: { code: 'sign-in-again' },
      });
    } finally {
      running.clock.now = () => new Date();
    }
    for (let time = 1; time <= 5; time += 1)
      expect((await nurse.post('escrow/recover', recovery)).status).toBe(200);
    expect(await nurse.post('escrow/recover', recovery)).toMatchObject({
      status: 429,
      body: { code: 'too-many' },
    });
  });

  it('the private key lies in a file of its own, never in the database, and its loss is said', async () => {
    const path = join(running.dataFolder, 'escrow', `${organisation}.pem`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    privateKey = readFileSync(path, 'utf8');
    expect(privateKey).toContain('PRIVATE KEY');
    rmSync(path);
    const answer = await gp.post('escrow/recover', {
      deviceId: gp.deviceId,
      recipientPublicKey: makeKeyPair().publicKey,
    });
    expect(answer).toMatchObject({ status: 503, body: { code: 'escrow-absent' } });
    // A new device gets the registered key all the same; no second key is made behind its back.
    const another = await device('gp');
    expect(another.enrolment.escrowKeyId).toBe(gp.enrolment.escrowKeyId);
    expect(existsSync(path)).toBe(false);
  });

  it('the backup copies the private key apart, once; put back it opens again; lost or another one is told', async () => {
    const path = join(running.dataFolder, 'escrow', `${organisation}.pem`);
    const out = join(running.dataFolder, 'kept-elsewhere');
    const copy = () =>
      copyEscrowKeys({ store: running.service.store, folder: join(running.dataFolder, 'escrow'), out });
    const keyId = gp.enrolment.escrowKeyId;
    expect(await copy()).toEqual([{ organisation, keyId, state: 'missing' }]);
    writeFileSync(path, newPrivateKey());
    expect(await copy()).toEqual([{ organisation, keyId, state: 'other' }]);
    expect(readdirSync(out)).toEqual([]);

    writeFileSync(path, privateKey);
    expect(await copy()).toEqual([{ organisation, keyId, state: 'copied' }]);
    expect(await copy()).toEqual([{ organisation, keyId, state: 'copied-before' }]);
    const [kept = ''] = readdirSync(out);
    expect(statSync(join(out, kept)).mode & 0o777).toBe(0o600);
    rmSync(path);
    copyFileSync(join(out, kept), path);
    const fresh = await device('receptionist');
    const answer = await fresh.post<RecoverAnswer>('escrow/recover', {
      deviceId: fresh.deviceId,
      recipientPublicKey: makeKeyPair().publicKey,
    });
    expect(answer.status).toBe(200);
  });
});
