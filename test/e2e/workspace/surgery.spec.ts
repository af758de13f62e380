/** A surgery by keys: who is next, whose visit is under way, what the front desk sees and books. */
import type { Page } from '@playwright/test';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import { openPatientId, saved } from '../../support/workspace-steps.ts';

/** The list of today, a patient still booked chosen by arrows. */
async function chooseBooked(page: Page): Promise<void> {
  const chosen = page.locator('.surgery tr[data-chosen]');
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await expect(chosen).toHaveCount(1);
  while (!(await chosen.locator('td').nth(1).textContent())?.includes('Booked'))
    await page.keyboard.press('ArrowDown');
}

test('the next-patient key goes down the list once and never back; a consultation puts the visit in, signing and the key end it', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await chooseBooked(page);
  await page.keyboard.press('Enter');
  await page.locator('.record-body').waitFor();
  const statuses = async () => (await saved(page, 'Appointment')).map(({ status }) => status);
  const visit = page.locator('.title-visit');
  await expect(visit).toContainText('Booked');
  await page.keyboard.press('F4');
  await expect(page.locator('[data-note-line]').first()).toBeFocused();
  await expect(page.getByText(/In consultation: saved on this computer/)).toBeVisible();
  await expect(visit).toContainText('In');
  expect(await statuses()).toEqual(['checked-in']);
  // It was a slip: one key, and the words that are being written keep the focus.
  await page.keyboard.press('Alt+z');
  await expect(visit).toContainText('Booked');
  await expect(page.locator('[data-note-line]').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('.pane')).toHaveCount(0);
  await page.keyboard.press('F4');
  await expect(visit).toContainText('In');
  await page.locator('[data-note-line]').first().waitFor();
  await page.keyboard.type('Sore throat for a week.');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('button', { name: /^Sign for / })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.pane')).toHaveCount(0);
  const opened = [await openPatientId(page)];
  await page.keyboard.press('F2');
  await expect.poll(async () => (await statuses()).at(-1)).toBe('fulfilled');

  for (;;) {
    await expect.poll(() => page.locator('[data-banner-patient]').count()).toBeLessThanOrEqual(1);
    await expect(async () => {
      const now = (await page.locator('.surgery').count()) > 0 ? 'list' : await openPatientId(page);
      expect(opened).not.toContain(now);
    }).toPass();
    if ((await page.locator('section.surgery').count()) > 0) break;
    opened.push(await openPatientId(page));
    expect(opened.length).toBeLessThan(60);
    await page.keyboard.press('F2');
  }
  expect(opened.length).toBeGreaterThan(4);
  expect(new Set(opened).size).toBe(opened.length);
  // Nobody was called, and no visit but the one that was signed was ended.
  expect(await statuses()).toEqual(['checked-in', 'booked', 'checked-in', 'fulfilled']);
  expect(await brokenRules(page)).toEqual([]);
});
