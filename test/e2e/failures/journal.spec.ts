/** The journal after a torn write and after damage in its middle: what a person sees, and what is still sent. */
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { openPatient, patientsOf } from '../../support/consulting.ts';
import { expect, test } from '../../support/electron.ts';
import { arrivedOnce, openSyncCentre, segments, shot, signConsultation } from '../../support/failing.ts';
import { signInHere, startPractice, unlockHere } from '../../support/practice.ts';
import type { Practice } from '../../support/practice.ts';

test.describe.configure({ timeout: 240_000 });

let practice: Practice;
test.beforeAll(async () => {
  practice = await startPractice({ patients: 4 });
});
test.afterAll(() => practice.close());

test('I1: a torn tail is set aside and said; damage in the middle is said and the rest is sent', async ({
  desktop,
}) => {
  const [patient] = await patientsOf(practice, 1);
  if (patient === undefined) throw new Error('the practice has no patients');
  const environment = { GLADSTONE_SERVICE: practice.url };
  const first = await signInHere(desktop, practice, 'gp');
  await expect(first.page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  const beforeFirst = lengthOf(segments(first.profile).at(-1));
  await signConsultation(first.page, patient, 'sent before the damage');
  await arrivedOnce(practice, patient, ['sent before the damage']);
  practice.network.cut();
  await signConsultation(first.page, patient, 'saved before the power went');
  await first.kill();
  // The power went while a further batch was being written: its first bytes are there, its end is not.
  const torn = segments(first.profile).at(-1) ?? '';
  appendFileSync(torn, readFileSync(torn).subarray(-200, -60));

  const second = await desktop.open({ profile: first.profile, environment });
  await unlockHere(second.page);
  await openPatient(second.page, patient);
  await expect(second.page.getByText('saved before the power went').first()).toBeVisible();
  await openSyncCentre(second.page);
  await expect(second.page.getByText(/stopped while something was being written/)).toBeVisible();
  await shot(second.page, 'journal-torn-tail');
  await signConsultation(second.page, patient, 'saved after the power came back');
  await second.kill();

  // The disk returns other bytes than it was given, in the frame of what the service has already.
  const bytes = readFileSync(torn);
  const middle = beforeFirst + 200;
  bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
  writeFileSync(torn, bytes);
  const third = await desktop.open({ profile: first.profile, environment });
  await unlockHere(third.page);
  await expect(third.page.getByText('1 notice')).toBeVisible();
  await shot(third.page, 'journal-damaged-first-screen');
  await openSyncCentre(third.page);
  await expect(third.page.getByText(/is damaged and cannot be read/)).toBeVisible();
  await shot(third.page, 'journal-damaged-middle');
  practice.network.mend();
  await third.page.keyboard.press('Alt+Y');
  await arrivedOnce(practice, patient, [
    'sent before the damage',
    'saved before the power went',
    'saved after the power came back',
  ]);
});

function lengthOf(file: string | undefined): number {
  return file === undefined ? 0 : statSync(file).size;
}
