/** A profile copied to another computer, a clock that is wrong, and a record service restored from an older backup. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPatient, patientsOf } from '../../support/consulting.ts';
import { expect, test } from '../../support/electron.ts';
import { arrivedOnce, bagFolder, openSyncCentre, shot, signConsultation } from '../../support/failing.ts';
import { fillInSignIn, signInHere, startPractice, unlockHere } from '../../support/practice.ts';
import type { OpenDesktop } from '../../support/electron.ts';
import type { Somebody } from '../../support/consulting.ts';
import type { Practice } from '../../support/practice.ts';

test.describe.configure({ timeout: 240_000 });

let practice: Practice;
let patient: Somebody;
test.beforeAll(async () => {
  practice = await startPractice({ patients: 4 });
  const [first] = await patientsOf(practice, 1);
  if (first === undefined) throw new Error('the practice has no patients');
  patient = first;
});
test.afterAll(() => practice.close());

const environment = (): Record<string, string> => ({ GLADSTONE_SERVICE: practice.url });

test('a cloned profile: both copies write, all of it arrives once', async ({ desktop }) => {
  const first = await signInHere(desktop, practice, 'gp');
  await expect(first.page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  practice.network.cut();
  await signConsultation(first.page, patient, 'written before the copy');
  await first.close();
  const copy = desktop.newProfile();
  cpSync(first.profile, copy, { recursive: true, preserveTimestamps: true });
  desktop.launch.give(copy);

  const texts = ['written before the copy', 'written on the first computer', 'written on the copy'];
  const original = await desktop.open({ profile: first.profile, environment: environment() });
  await unlockHere(original.page);
  await signConsultation(original.page, patient, 'written on the first computer');
  const cloned = await desktop.open({ profile: copy, environment: environment() });
  await unlockHere(cloned.page);
  await signConsultation(cloned.page, patient, 'written on the copy');
  practice.network.mend();
  await original.page.keyboard.press('Escape');
  await syncedAt(original);
  // One sign-in belongs to one computer: the copy's has ended, and it says so.
  await openSyncCentre(cloned.page);
  await cloned.page.keyboard.press('Alt+Y');
  await expect(cloned.page.locator('.sync-indicator')).toContainText('Sign in to send');
  await shot(cloned.page, 'cloned-profile-sign-in');
  await signInAgain(cloned);
  await syncedAt(cloned);
  if ((await original.page.locator('.sync-indicator').textContent())?.includes('Sign in') === true) {
    await signInAgain(original);
    await syncedAt(original);
  }
  await arrivedOnce(practice, patient, texts);
  await openSyncCentre(cloned.page);
  await shot(cloned.page, 'cloned-profile');
  await expect(cloned.page.getByText('Nothing waits.').first()).toBeVisible();
});

test('I12: a clock that is wrong: days ahead is said, weeks ahead locks, put right it opens, nothing is lost', async ({
  desktop,
}) => {
  const first = await signInHere(desktop, practice, 'gp');
  await expect(first.page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  practice.network.cut();
  await signConsultation(first.page, patient, 'written at the right time');
  await setClock(first, 3);
  await signConsultation(first.page, patient, 'written three days ahead');
  practice.network.mend();
  await syncedAt(first);
  await openSyncCentre(first.page);
  await expect(
    first.page.getByText('This computer’s clock is 3 days ahead of the record service’s.'),
  ).toBeVisible();
  await shot(first.page, 'clock-three-days-ahead');
  await arrivedOnce(practice, patient, ['written at the right time', 'written three days ahead']);
  practice.network.cut();
  await signConsultation(first.page, patient, 'not sent when the clock jumped');
  await first.close();

  const second = await desktop.open({ profile: first.profile, environment: environment() });
  await setClock(second, 40);
  await second.page.getByLabel(/^Passphrase of /).fill('correct horse battery');
  await second.page.keyboard.press('Enter');
  await expect(second.page.getByText(/too long since the last online sign-in/)).toBeVisible();
  await shot(second.page, 'clock-forty-days-ahead');
  await second.close();

  const third = await desktop.open({ profile: first.profile, environment: environment() });
  await unlockHere(third.page);
  await openPatient(third.page, patient);
  await expect(third.page.getByText('not sent when the clock jumped').first()).toBeVisible();
  practice.network.mend();
  await syncedAt(third);
  await arrivedOnce(practice, patient, ['not sent when the clock jumped']);
});

test('I2, I3: the record service restored from an older backup gets again what it lost, once', async ({
  desktop,
}) => {
  const backup = `${practice.dataFolder}-backup`;
  const first = await signInHere(desktop, practice, 'gp');
  await expect(first.page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  await signConsultation(first.page, patient, 'sent before the backup');
  await arrivedOnce(practice, patient, ['sent before the backup']);
  await practice.stop();
  cpSync(practice.dataFolder, backup, { recursive: true, preserveTimestamps: true });
  await practice.start();
  await syncedAt(first);
  await signConsultation(first.page, patient, 'sent after the backup');
  await arrivedOnce(practice, patient, ['sent after the backup']);

  await practice.stop();
  rmSync(practice.dataFolder, { recursive: true });
  cpSync(backup, practice.dataFolder, { recursive: true, preserveTimestamps: true });
  rmSync(backup, { recursive: true });
  await practice.start();
  await signConsultation(first.page, patient, 'written after the restore');
  await syncedAt(first);
  await arrivedOnce(practice, patient, [
    'sent before the backup',
    'sent after the backup',
    'written after the restore',
  ]);
  await openSyncCentre(first.page);
  await expect(
    first.page.getByText(/record service was restored or replaced\. .* sent to it again/),
  ).toBeVisible();
  await shot(first.page, 'service-restored');
});

/** By the button of the sync centre, in the sign-in window. */
async function signInAgain(desktop: OpenDesktop): Promise<void> {
  await fillInSignIn(desktop, 'gp');
  await expect(desktop.page.locator('.sync-indicator')).not.toContainText('Sign in', { timeout: 30_000 });
}

test('keys that cannot be read: it is said, work goes on beside it, and what support puts right is sent', async ({
  desktop,
}) => {
  const first = await signInHere(desktop, practice, 'gp');
  await expect(first.page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  practice.network.cut();
  await signConsultation(first.page, patient, 'kept under keys that were damaged');
  await first.close();
  const vault = join(bagFolder(first.profile), 'vault.json');
  const whole = readFileSync(vault);
  writeFileSync(vault, whole.subarray(0, whole.length / 2));

  const second = await desktop.open({ profile: first.profile, environment: environment() });
  await expect(second.page.getByText(/keys of a bag on this computer cannot be read/)).toBeVisible();
  await expect(second.page.getByRole('button', { name: /^Sign in/ })).toBeVisible();
  await shot(second.page, 'keys-damaged');
  await second.close();

  writeFileSync(vault, whole);
  const third = await desktop.open({ profile: first.profile, environment: environment() });
  await unlockHere(third.page);
  practice.network.mend();
  await syncedAt(third);
  await arrivedOnce(practice, patient, ['kept under keys that were damaged']);
});

/** As a person would: says "Sync now" until it is in step. */
async function syncedAt({ page }: OpenDesktop): Promise<void> {
  await expect(async () => {
    await openSyncCentre(page);
    await page.keyboard.press('Alt+Y');
    await expect(page.locator('.sync-indicator')).toContainText('In step', { timeout: 3_000 });
  }).toPass({ timeout: 60_000 });
}

/** Main's clock, as if somebody had set the computer's, so many days ahead. */
async function setClock({ app }: OpenDesktop, days: number): Promise<void> {
  await app.evaluate((_electron, ahead) => {
    const right = Date.now.bind(Date);
    Date.now = () => right() + ahead * 86_400_000;
  }, days);
}
