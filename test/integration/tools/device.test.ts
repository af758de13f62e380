import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '../../../record-service/identity/actor.ts';
import { demoOrganisation } from '../../../record-service/seed/demo-practice.ts';
import { openPglite } from '../../../record-service/store/pglite-engine.ts';
import { recordBackup } from '../../../record-service/sync/watermark.ts';
import { patientResource } from '../../support/clinical-resources.ts';
import { signIn } from '../../support/sign-in.ts';
import { SyncDevice } from '../../support/sync-device.ts';
import { startSyncService, type SyncService } from '../../support/sync-service.ts';

const organisation = demoOrganisation.odsCode;
let running: SyncService;
beforeAll(async () => {
  running = await startSyncService(await openPglite());
});
afterAll(() => running.close());

/** The command as an administrator runs it. */
async function device(...given: readonly string[]): Promise<{ code: unknown; out: string; said: string }> {
  const command = spawn(
    process.execPath,
    [
      join(resolve(import.meta.dirname, '../../..'), 'tools/device.ts'),
      ...given,
      ...['--service', running.url, '--data-dir', running.dataFolder],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise((settle) => command.once('exit', settle));
  const [out, said, code] = await Promise.all([text(command.stdout), text(command.stderr), ended]);
  return { code, out, said };
}

it('a wipe is not ordered while the last backup lacks changes, unless somebody says so; the record is closed at once', async () => {
  const { accessToken } = await signIn(running.url, 'gp');
  const lost = await new SyncDevice(running.url, organisation, accessToken).enrol();
  const patient = patientResource();
  await lost.save(patient.id, [{ kind: 'create', after: patient }]);

  const refused = await device('revoke', lost.deviceId, '--reason', 'left on a train', '--wipe');
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.said).toContain('The wipe was NOT ordered');
  expect(refused.out).toContain('revoke ordered');
  expect(refused.out).not.toContain('wipe ordered');
  expect((await lost.changes('', 0)).status).toBe(403);

  const { store } = running.service;
  await store.withTransaction({ organisation, actor: systemActor(organisation) }, async (transaction) =>
    recordBackup(transaction, store.epoch, await transaction.head(), new Date()),
  );
  const ordered = await device('revoke', lost.deviceId, '--reason', 'left on a train', '--wipe');
  expect(ordered).toMatchObject({ code: 0 });
  expect(ordered.out).toContain('wipe ordered');

  const other = await new SyncDevice(running.url, organisation, accessToken).enrol();
  const allergic = patientResource();
  await other.save(allergic.id, [{ kind: 'create', after: allergic }]);
  expect(
    await device('revoke', other.deviceId, '--reason', 'stolen', '--wipe', '--without-backup'),
  ).toMatchObject({ code: 0 });
});
