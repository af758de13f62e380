/** A consultation signed too early: taken back by its author before it is sent, written on, and signed again. */
import { openPatient, patientsOf, sign, writeConsultation } from '../../support/consulting.ts';
import { expect, test } from '../../support/electron.ts';
import { arrivedOnce } from '../../support/failing.ts';
import { signInHere, startPractice } from '../../support/practice.ts';
import type { Practice } from '../../support/practice.ts';

test.describe.configure({ timeout: 120_000 });

let practice: Practice;
test.beforeAll(async () => {
  practice = await startPractice({ patients: 4 });
});
test.afterAll(() => practice.close());

test('a consultation reopened offline has every word again, and the service gets it once', async ({
  desktop,
}) => {
  const [patient] = await patientsOf(practice, 1);
  if (patient === undefined) throw new Error('the practice has no patients');
  const { page } = await signInHere(desktop, practice, 'gp');
  await expect(page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  practice.network.cut();
  await openPatient(page, patient);
  await writeConsultation(page, 'signed too early');
  await sign(page);
  await page.keyboard.press('Alt+2');
  const consultation = page.locator('.journal-consultation', { hasText: 'signed too early' });
  // What can be done with an entry shows when the pointer or the focus is on it.
  await consultation.locator('.entry-head').first().focus();
  await consultation.getByRole('button', { name: 'Reopen' }).press('Enter');
  await page.getByRole('button', { name: /^Reopen for / }).click();
  const line = page.locator('[data-note-line]').first();
  await expect(line).toHaveValue('signed too early');
  await line.fill('signed when it was finished');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('button', { name: /^Sign for / })).toBeFocused();
  await sign(page);
  practice.network.mend();
  await arrivedOnce(practice, patient, ['signed when it was finished']);
  // The first one is there too, marked by its author; nothing that was signed disappears.
  const found = await practice.search(`Composition?subject=Patient/${patient.id}&status=entered-in-error`);
  expect(JSON.stringify(found)).toContain('signed too early');
});
