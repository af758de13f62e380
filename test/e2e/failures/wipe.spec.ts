/** A computer that the practice orders wiped: what it had not sent is handed over, then nothing of the copy is left. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { patientsOf } from '../../support/consulting.ts';
import { expect, test } from '../../support/electron.ts';
import { arrivedOnce, openSyncCentre, shot, signConsultation } from '../../support/failing.ts';
import { startPostgres } from '../../support/postgres.ts';
import { signInHere, startPractice } from '../../support/practice.ts';
import type { PostgresCluster } from '../../support/postgres.ts';
import type { Practice } from '../../support/practice.ts';

test.describe.configure({ timeout: 120_000 });

let cluster: PostgresCluster;
let practice: Practice;
test.beforeAll(async () => {
  // Only a service that promises to keep what it was handed may have a computer wiped: the embedded store does not.
  cluster = await startPostgres();
  practice = await startPractice({
    patients: 4,
    databaseUrl: await cluster.createDatabase('gladstone_wipe'),
  });
});
test.afterAll(async () => {
  await practice.close();
  await cluster.stop();
});

test('an ordered wipe: what was not sent is handed over and comes back to its author, copy and journal leave the disk', async ({
  desktop,
}) => {
  const [patient] = await patientsOf(practice, 1);
  if (patient === undefined) throw new Error('the practice has no patients');
  const { page, profile } = await signInHere(desktop, practice, 'gp');
  await expect(page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  practice.network.cut();
  await signConsultation(page, patient, 'written before the computer was ordered wiped');
  expect(kept(profile)).not.toEqual([]);

  const [device] = await practice.bulk.devices();
  if (device === undefined) throw new Error('no computer is enrolled');
  await practice.bulk.revokeDevice(device.deviceId, { wipe: true, reason: 'left on a train' });
  practice.network.mend();
  await page.keyboard.press('Alt+Y');

  await expect(page.getByRole('button', { name: /^Sign in/ })).toBeVisible({ timeout: 60_000 });
  await shot(page, 'wiped');
  expect(kept(profile)).toEqual([]);
  await expect
    .poll(async () => (await practice.bulk.devices())[0]?.orders.find(({ kind }) => kind === 'wipe')?.doneAt)
    .toBeDefined();

  // The same computer, given out anew, or any other: its author has the words again, and they are sent once.
  const next = await signInHere(desktop, practice, 'gp');
  await expect(next.page.getByText('1 notice')).toBeVisible({ timeout: 60_000 });
  await openSyncCentre(next.page);
  await expect(next.page.getByText(/Work that your other computer had not finished sending/)).toBeVisible();
  await shot(next.page, 'lost-work-taken-in');
  await arrivedOnce(practice, patient, ['written before the computer was ordered wiped']);
});

/** Files of journal, audit, record store and pack keys that hold anything. */
function kept(profile: string): readonly string[] {
  const folders = [
    ...readdirSync(join(profile, 'bags')).map((bag) => join(profile, 'bags', bag)),
    ...['IndexedDB', 'File System'].map((name) => join(profile, name)),
  ];
  return folders
    .flatMap(filesUnder)
    .filter((file) =>
      /segment$|aside$|\.keys$|\/t\/\d{2}\/\d+$|IndexedDB\/.*\/\d+\.(ldb|log)$|\.blob\//.test(file),
    );
}

function filesUnder(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}
