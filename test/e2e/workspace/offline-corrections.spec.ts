/** What is put right without a network, with the real main and service: moved words, an alarm answered, what arrived since. */
import { randomUUID } from 'node:crypto';
import { expect, test } from '../../support/electron.ts';
import { openPatient, patientsOf, sign, writeConsultation } from '../../support/consulting.ts';
import { signInHere, startPractice, unlockHere } from '../../support/practice.ts';
import type { Practice } from '../../support/practice.ts';

test.describe.configure({ timeout: 240_000 });

let practice: Practice;
test.beforeAll(async () => {
  practice = await startPractice({ patients: 6 });
});
test.afterAll(() => practice.close());

async function statusesWith(patientId: string, words: string): Promise<readonly unknown[]> {
  const found = await practice.search(`Composition?subject=Patient/${patientId}&_count=500`);
  return (found.entry ?? [])
    .filter(({ resource }) => JSON.stringify(resource).includes(words))
    .map(({ resource }) => resource['status']);
}

test('offline: an alarm answered survives a kill; a consultation is moved to the right patient; later a result is listed', async ({
  desktop,
}) => {
  const [wrong, right] = await patientsOf(practice, 2);
  if (!wrong || !right) throw new Error('the practice has too few patients');
  const words = 'knee locked since Monday';
  const first = await signInHere(desktop, practice, 'gp');
  await expect(first.page.getByText(/^In step/).first()).toBeVisible({ timeout: 60_000 });
  practice.network.cut();
  await openPatient(first.page, wrong);
  await writeConsultation(first.page, words);
  await sign(first.page);

  // An urgent task that reaches nobody: who was told about whom is kept, also over a kill.
  await first.page.keyboard.press('F8');
  const task = first.page.getByRole('dialog');
  await task.getByLabel('What is to be done').fill('Call back today');
  await task.getByLabel('Priority').selectOption('urgent');
  await task.getByRole('button', { name: /^Save for/ }).press('Enter');
  await expect(task).toHaveCount(0);
  const alarm = first.page.getByRole('region', { name: 'Not sent' });
  await expect(alarm).toContainText('NOT SENT: phone');
  await first.page.keyboard.press('Alt+u');
  await expect(first.page.getByRole('button', { name: /I have phoned/ })).toBeFocused();
  await first.page.keyboard.press('Enter');
  await expect(task).toContainText(new RegExp(wrong.family, 'i'));
  await expect(task.getByLabel('Whom did you speak to?')).toBeFocused();
  await first.page.keyboard.type('Sister Hale, duty desk');
  await first.page.keyboard.press('Enter');
  await expect(alarm).toBeHidden();
  await first.kill();

  const { page } = await desktop.open({
    profile: first.profile,
    environment: { GLADSTONE_SERVICE: practice.url },
  });
  await unlockHere(page);
  await page.keyboard.press('F9');
  await expect(page.getByText('spoke to Sister Hale, duty desk')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Not sent' })).toBeHidden();

  // The consultation stands in the wrong record: moved, still without a network.
  await openPatient(page, wrong);
  await page.keyboard.press('Alt+2');
  const consultation = page.getByRole('article').filter({ hasText: words });
  await expect(consultation).toBeVisible();
  // What an entry offers shows while something of it has the focus.
  await consultation.getByRole('button').first().focus();
  await consultation.getByRole('button', { name: 'Move to the right patient' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Move to the right patient' });
  await expect(dialog).toContainText(words);
  await expect(dialog.getByLabel('Why it does not belong here')).toBeFocused();
  await page.keyboard.type('Opened the wrong record');
  await dialog.getByLabel('The right patient').fill(`${right.family} ${right.given}`);
  await dialog
    .getByRole('button', { name: new RegExp(`^${right.family}, ${right.given}`, 'i') })
    .first()
    .press('Enter');
  await dialog.getByRole('button', { name: /^Yes, it belongs to/ }).press('Enter');
  const move = dialog.getByRole('button', { name: /^Move to/ });
  await expect(move).toBeEnabled();
  await move.press('Enter');
  await expect(page.locator('.banner-name')).toContainText(new RegExp(right.family, 'i'));
  await expect(page.locator('[data-note-line]').first()).toHaveValue(words);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('button', { name: /^Sign for / })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-note-line]')).toHaveCount(0);

  practice.network.mend();
  await expect(page.getByText(/^In step/).first()).toBeVisible({ timeout: 90_000 });
  expect(await statusesWith(wrong.id, words)).toEqual(['entered-in-error']);
  expect(await statusesWith(right.id, words)).toEqual(['final']);
  await expect(page.getByText('spoke to Sister Hale, duty desk')).toHaveCount(0);

  // A result for somebody who was seen comes later from elsewhere: listed until it is read.
  await practice.bulk.load([
    {
      resourceType: 'Observation',
      id: randomUUID(),
      status: 'final',
      subject: { reference: `Patient/${right.id}` },
      effectiveDateTime: new Date().toISOString(),
      code: { text: 'Serum potassium' },
      valueQuantity: { value: 6.4, unit: 'mmol/L' },
      interpretation: [{ coding: [{ code: 'H' }] }],
    },
  ]);
  await page.keyboard.press('Alt+k');
  const arrived = page.getByRole('region', { name: 'Arrived since you last looked' });
  await expect(arrived).toContainText('Serum potassium 6.4 mmol/L', { timeout: 90_000 });
  await expect(arrived).toContainText(new RegExp(right.family, 'i'));
  await page.keyboard.press('Alt+j');
  await expect(page.locator('.banner-name')).toContainText(new RegExp(right.family, 'i'));
  // The key belongs to the notice: it does nothing before that stands, and has done its work when that is gone.
  const read = page.getByRole('button', { name: /^Mark as read/ });
  await expect(read).toBeVisible();
  await page.keyboard.press('Alt+f');
  await expect(read).toHaveCount(0);
  await page.keyboard.press('Alt+k');
  await expect(arrived).toHaveCount(0);
});
