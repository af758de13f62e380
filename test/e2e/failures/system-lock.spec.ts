/** The system locks its screen in the middle of a word: the page keeps what was typed, then the bag is locked. */
import { openPatient, patientsOf } from '../../support/consulting.ts';
import { expect, test } from '../../support/electron.ts';
import { signInHere, startPractice, unlockHere } from '../../support/practice.ts';
import type { Practice } from '../../support/practice.ts';

test.describe.configure({ timeout: 120_000 });

let practice: Practice;
test.beforeAll(async () => {
  practice = await startPractice({ patients: 4 });
});
test.afterAll(() => practice.close());

for (const event of ['lock-screen', 'suspend'] as const) {
  test(`what was typed last is there again after the system’s own ${event}`, async ({ desktop }) => {
    const [patient] = await patientsOf(practice, 1);
    if (patient === undefined) throw new Error('the practice has no patients');
    const { app, page } = await signInHere(desktop, practice, 'gp');
    await expect(page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
    await openPatient(page, patient);
    const line = page.locator('[data-note-line]').first();
    await expect(async () => {
      await page.keyboard.press('F4');
      await expect(line).toBeFocused({ timeout: 2_000 });
    }).toPass();
    await page.keyboard.type('h the last words of the day');
    await app.evaluate(({ powerMonitor }, name) => {
      powerMonitor.emit(name);
    }, event);
    await unlockHere(page);
    await expect(page.locator(`[data-banner-patient="${patient.id}"]`)).toBeVisible();
    await expect(line).toHaveValue('the last words of the day');
  });
}
