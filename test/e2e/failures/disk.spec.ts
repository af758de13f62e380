/** A volume that fills up, for real: a small tmpfs that holds the whole profile. Only root may mount one. */
import { spawnSync } from 'node:child_process';
import { rmSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openPatient, patientsOf, writeConsultation } from '../../support/consulting.ts';
import { expect, test } from '../../support/electron.ts';
import { arrivedOnce, openSyncCentre, shot, signConsultation } from '../../support/failing.ts';
import { signInHere, startPractice } from '../../support/practice.ts';
import { asRoot } from '../../../tools/electron-launch.ts';
import type { Practice } from '../../support/practice.ts';

test.describe.configure({ timeout: 240_000 });

let practice: Practice;
test.beforeAll(async () => {
  practice = await startPractice({ patients: 4 });
});
test.afterAll(() => practice.close());

const megabyte = 1_000_000;

/** Leaves so many bytes and no more. */
function fillUp(file: string, leave: number): void {
  const { bavail, bsize } = statfsSync(dirname(file));
  const bytes = Math.max(1, bavail * bsize - leave);
  expect(spawnSync('fallocate', ['-l', String(bytes), file]).status).toBe(0);
}

test('S1: on a full disk a save is refused in words, the text stays, and with room it is saved', async ({
  desktop,
}) => {
  test.skip(!asRoot, 'a small volume is mounted, which only root may do');
  const [patient] = await patientsOf(practice, 1);
  if (patient === undefined) throw new Error('the practice has no patients');
  const profile = desktop.newProfile();
  const { uid, gid } = { uid: 65_534, gid: 65_534 };
  const options = `size=700m,mode=700,uid=${uid},gid=${gid}`;
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', profile]).status).toBe(0);
  try {
    const opened = await signInHere(desktop, practice, 'gp', { profile });
    const { page } = opened;
    await expect(page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
    practice.network.cut();
    const [ballast, more] = [join(profile, 'ballast'), join(profile, 'more')];
    fillUp(ballast, 200 * megabyte);
    await signConsultation(page, patient, 'saved while space was short');
    await openSyncCentre(page);
    await expect(page.getByText(/disk has less than 500 MB left\. Saving still works/)).toBeVisible();
    await shot(page, 'disk-nearly-full');
    fillUp(more, 10 * megabyte);
    await openPatient(page, patient);
    await writeConsultation(page, 'no room for these words');
    await page.keyboard.press('Enter');
    await expect(
      page.getByText(
        /disk is nearly full, so nothing new is saved\. It was not saved; your text is still here\. Free some space/,
      ),
    ).toBeVisible();
    await shot(page, 'disk-full-refused');
    rmSync(more);
    await page.getByRole('button', { name: /^Sign for / }).click();
    await expect(page.getByText(/Saved on this computer/).first()).toBeVisible();
    rmSync(ballast);
    practice.network.mend();
    await arrivedOnce(practice, patient, ['saved while space was short', 'no room for these words']);
    await opened.close();
  } finally {
    spawnSync('umount', ['-l', profile]);
  }
});
