/** The stored copy of the records is damaged or gone: what a person sees, and that unsent work is untouched. */
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, spoil } from '../../support/cache-electron.ts';
import { openPatient, patientsOf, takeInPalette } from '../../support/consulting.ts';
import { expect, test } from '../../support/electron.ts';
import { arrivedOnce, openSyncCentre, shot, signConsultation } from '../../support/failing.ts';
import { signInHere, startPractice, unlockHere } from '../../support/practice.ts';
import type { Practice } from '../../support/practice.ts';

test.describe.configure({ timeout: 240_000 });

const gone = /The stored copy of the records .* Nothing that was saved is lost\./;
/** Encounter and note; where the patient is booked later today, the visit goes in with a save of its own. */
const waiting = /^(2 changes in 1 save|3 changes in 2 saves)$/;
/** Where that visit stands in the list, it is about the others. */
const nobodyIsNotMeant = /This does not mean that nobody (else )?is booked/;
/** The sealed bodies of the records; beside them lie the engine's own lists and the salts of the keys, all small. */
function largestOf(files: readonly string[]): string {
  const [largest] = files.toSorted((left, right) => statSync(right).size - statSync(left).size);
  if (largest === undefined) throw new Error('no file of records is here');
  return largest;
}
let practice: Practice;
test.beforeAll(async () => {
  practice = await startPractice({ patients: 4 });
});
test.afterAll(() => practice.close());

test('S3, S4, S5: the stored records deleted, then damaged: said, fetched again, no unsent word lost', async ({
  desktop,
}) => {
  const [patient] = await patientsOf(practice, 1);
  if (patient === undefined) throw new Error('the practice has no patients');
  const environment = { GLADSTONE_SERVICE: practice.url };
  const first = await signInHere(desktop, practice, 'gp');
  await expect(first.page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  practice.network.cut();
  await signConsultation(first.page, patient, 'written before the records were deleted');
  await first.kill();
  const stored = join(first.profile, 'IndexedDB');
  rmSync(stored, { recursive: true });

  // Offline there is nothing to fetch from: the list is empty and says why, and what waits is counted.
  const second = await desktop.open({ profile: first.profile, environment });
  await unlockHere(second.page);
  await expect(second.page.getByText(/Offline/).first()).toBeVisible();
  await expect(second.page.getByText(nobodyIsNotMeant)).toBeVisible();
  await expect(second.page.getByText('Every record is on this computer')).toHaveCount(0);
  await expect(second.page.getByText('1 notice')).toBeVisible();
  await shot(second.page, 'cache-deleted-offline');
  await openSyncCentre(second.page);
  await expect(second.page.getByText(waiting)).toBeVisible();
  await expect(second.page.getByText(gone)).toBeVisible();
  await shot(second.page, 'cache-deleted-offline-sync-centre');

  // With the service the records come again, with the unsent words laid over them; then these are sent.
  practice.network.mend();
  await second.page.keyboard.press('Alt+Y');
  await expect(second.page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  await openPatient(second.page, patient);
  await expect(second.page.getByText('written before the records were deleted').first()).toBeVisible();
  await arrivedOnce(practice, patient, ['written before the records were deleted']);

  practice.network.cut();
  await signConsultation(second.page, patient, 'written before the records were damaged');
  await second.kill();
  for (const origin of readdirSync(stored).filter((name) => name.endsWith('.leveldb'))) {
    for (const file of readdirSync(join(stored, origin))) {
      writeFileSync(join(stored, origin, file), new Uint8Array(4_096).fill(0xa5));
    }
  }
  const third = await desktop.open({ profile: first.profile, environment });
  await unlockHere(third.page);
  await openSyncCentre(third.page);
  await expect(third.page.getByText(waiting)).toBeVisible();
  await expect(third.page.getByText(gone)).toBeVisible();
  await shot(third.page, 'cache-damaged-offline');
  practice.network.mend();
  await third.page.keyboard.press('Alt+Y');
  await expect(third.page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  await shot(third.page, 'cache-damaged-rebuilt');
  await openPatient(third.page, patient);
  await expect(third.page.getByText('written before the records were damaged').first()).toBeVisible();
  await arrivedOnce(practice, patient, [
    'written before the records were deleted',
    'written before the records were damaged',
  ]);
});

test('S5: a record whose bytes the disk changed is fetched again as soon as somebody opens it', async ({
  desktop,
}) => {
  const [patient] = await patientsOf(practice, 1);
  if (patient === undefined) throw new Error('the practice has no patients');
  const environment = { GLADSTONE_SERVICE: practice.url };
  const first = await signInHere(desktop, practice, 'gp');
  await expect(first.page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  await first.kill();
  spoil(largestOf(filesBelow(join(first.profile, 'File System'))));

  const second = await desktop.open({ profile: first.profile, environment });
  practice.network.cut();
  await unlockHere(second.page);
  await takeInPalette(second.page, patient);
  await expect(
    second.page.getByText('The copy of this record on this computer cannot be read'),
  ).toBeVisible();
  practice.network.mend();
  await second.page.keyboard.press('F9');
  await second.page.keyboard.press('Alt+Y');
  await openPatient(second.page, patient);
  await expect(second.page.locator('.record-body')).toBeVisible({ timeout: 60_000 });
});
