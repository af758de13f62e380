/** Two desks took the same slot while the line was down: both bookings stand, and each says whom it clashes with. */
import { patientsOf } from '../../support/consulting.ts';
import { expect, test } from '../../support/electron.ts';
import { shot } from '../../support/failing.ts';
import { demoStaff } from '../../../record-service/seed/demo-practice.ts';
import { daysToNextSurgery } from '../../support/day.ts';
import { signInHere, startPractice } from '../../support/practice.ts';
import type { Practice } from '../../support/practice.ts';

test.describe.configure({ timeout: 120_000 });

let practice: Practice;
test.beforeAll(async () => {
  practice = await startPractice({ patients: 4 });
});
test.afterAll(() => practice.close());

test('two bookings of one clinician at one time name each other until one is cancelled', async ({
  desktop,
}) => {
  const [first, second] = await patientsOf(practice, 2);
  if (first === undefined || second === undefined) throw new Error('the practice has too few patients');
  const away = await signInHere(desktop, practice, 'gp');
  const { page } = away;
  await page.getByRole('button', { name: 'Everyone’s' }).click();
  await expect(page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  const clashes = page.getByText(/^⚠ same time as /);

  const desk = await signInHere(desktop, practice, 'receptionist');
  await expect(desk.page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  practice.network.cut();
  const daysAhead = daysToNextSurgery();
  for (const [at, patient] of [
    [page, first],
    [desk.page, second],
  ] as const) {
    for (let day = 0; day < daysAhead; day += 1) await at.keyboard.press('Alt+ArrowRight');
    await at.keyboard.press('Alt+N');
    const dialog = at.getByRole('dialog');
    await expect(dialog.getByLabel('Patient')).toBeFocused();
    await at.keyboard.type(`${patient.family} ${patient.given}`);
    await expect(
      dialog.getByRole('option', { name: new RegExp(`${patient.family}.*${patient.given}`, 'i') }).first(),
    ).toHaveAttribute('aria-selected', 'true');
    await at.keyboard.press('Enter');
    await dialog.getByLabel('With').selectOption(demoStaff.gp.practitionerId);
    const book = dialog.getByRole('button', { name: /^Book / });
    await expect(book).toBeEnabled();
    await book.press('Enter');
    await expect(dialog).toHaveCount(0);
  }
  await expect(clashes).toHaveCount(0);

  practice.network.mend();
  for (const at of [page, desk.page]) await at.keyboard.press('Alt+Y');
  await expect(clashes).toHaveCount(2, { timeout: 60_000 });
  await shot(page, 'double-booked');
  await page
    .getByRole('row', { name: /same time as/ })
    .first()
    .locator('.surgery-name')
    .focus();
  await page.keyboard.press('Alt+c');
  await expect(page.getByRole('dialog').getByLabel('Why it is cancelled')).toBeFocused();
  await page.keyboard.type('Booked');
  await page.keyboard.press('Enter');
  await expect(clashes).toHaveCount(0);
});
