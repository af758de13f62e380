/** A surgery by keys: who is next, whose visit is under way, what the front desk sees and books. */
import type { Page } from '@playwright/test';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import { actAs, openByName, openNote, openPatientId, saved } from '../../support/workspace-steps.ts';

/** The list of today, a patient still booked chosen by arrows. */
async function chooseBooked(page: Page): Promise<void> {
  const chosen = page.locator('.surgery tr[data-chosen]');
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await expect(chosen).toHaveCount(1);
  const stands = chosen.locator('td').nth(1);
  await expect(async () => {
    if (!(await stands.textContent())?.includes('Booked')) await page.keyboard.press('ArrowDown');
    expect(await stands.textContent()).toContain('Booked');
  }).toPass({ timeout: 15_000 });
}

/** Whose record is open, the list, or nothing yet. */
function placeOf(page: Page): Promise<string> {
  return page.evaluate(() =>
    document.querySelector('section.surgery')
      ? 'list'
      : (document.querySelector<HTMLElement>('[data-banner-patient]')?.dataset['bannerPatient'] ?? ''),
  );
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
  await openNote(page);
  await expect(page.getByText(/In consultation: saved on this computer/)).toBeVisible();
  await expect(visit).toContainText('In');
  expect(await statuses()).toEqual(['checked-in']);
  // It was a slip: one key, and the words that are being written keep the focus.
  await page.keyboard.press('Alt+z');
  await expect(visit).toContainText('Booked');
  await expect(page.locator('[data-note-line]').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('.pane')).toHaveCount(0);
  await openNote(page);
  await expect(visit).toContainText('In');
  await page.keyboard.type('Sore throat for a week.');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('button', { name: /^Sign for / })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.pane')).toHaveCount(0);
  const opened = [await openPatientId(page)];
  await page.keyboard.press('F2');
  await expect.poll(async () => (await statuses()).at(-1)).toBe('fulfilled');

  for (;;) {
    await expect.poll(() => placeOf(page)).not.toMatch(new RegExp(`^(${opened.join('|')})?$`));
    const place = await placeOf(page);
    if (place === 'list') break;
    opened.push(place);
    expect(opened.length).toBeLessThan(60);
    await page.keyboard.press('F2');
  }
  expect(opened.length).toBeGreaterThan(4);
  expect(new Set(opened).size).toBe(opened.length);
  // Nobody was called, and no visit but the one that was signed was ended.
  expect(await statuses()).toEqual(['checked-in', 'booked', 'checked-in', 'fulfilled']);
  expect(await brokenRules(page)).toEqual([]);
});

test('a visit is cancelled once, with its reason, also after arrival; one key takes it back as it stood', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await chooseBooked(page);
  const chosen = page.locator('.surgery tr[data-chosen]');
  const stands = chosen.locator('td').nth(1);
  await page.keyboard.press('Alt+v');
  await expect(stands).toContainText('Arrived');
  const name = (await chosen.locator('.surgery-name').textContent()) ?? '';
  await page.keyboard.press('Alt+c');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(name);
  await expect(dialog).toContainText(/born \d\d-\w{3}-\d{4}/);
  expect(await brokenRules(page)).toEqual([]);
  // Without a reason nothing is cancelled; Escape keeps the visit.
  await expect(dialog.getByLabel('Why it is cancelled')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('button', { name: /Cancel this visit/ })).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(stands).toContainText('Arrived');
  await page.keyboard.press('Alt+c');
  await expect(dialog.getByLabel('Why it is cancelled')).toBeFocused();
  await page.keyboard.type('No longer');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(stands).toContainText('Cancelled');
  await page.keyboard.press('Alt+z');
  await expect(stands).toContainText('Arrived');
  const written = await saved(page, 'Appointment');
  expect(written.map(({ status, cancelationReason }) => [status, cancelationReason])).toEqual([
    ['arrived', undefined],
    ['cancelled', { text: 'No longer needed' }],
    ['arrived', undefined],
  ]);
});

test('the front desk opens on everybody’s list, with the clinician and the date of birth; the buttons of a line stand on it alone and move nothing', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await actAs(page, 'receptionist');
  await expect(page.getByRole('button', { name: 'Everyone’s' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('columnheader', { name: 'With' })).toBeVisible();
  const rows = page.locator('.agenda tbody tr');
  await expect(rows.first()).toContainText(/\d\d-\w{3}-\d{4} \(/);
  await expect(page.locator('.agenda')).not.toContainText('allerg');
  const booked = rows.filter({ hasText: 'Booked' }).first();
  const steps = page.locator('.visit-actions .button');
  await page.mouse.move(0, 0);
  await expect(steps.filter({ visible: true })).toHaveCount(0);
  await booked.scrollIntoViewIfNeeded();
  const before = await booked.boundingBox();
  await booked.locator('.surgery-name').focus();
  await expect(booked.getByRole('button', { name: /Arrived.*Alt\+V/ })).toBeVisible();
  expect(await booked.boundingBox()).toEqual(before);
  const here = await steps.filter({ visible: true }).count();
  expect(here).toBe(await booked.locator('.button').count());
  await page.keyboard.press('Alt+v');
  await expect(page.locator('.agenda tr[data-chosen] td').nth(1)).toContainText('Arrived');
  expect(await brokenRules(page)).toEqual([]);
});

test('booked by keys from any day: the patient by arrow and Enter, day, clinician and type chosen, nothing that has begun', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.keyboard.press('Alt+n');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Patient')).toBeFocused();
  await page.keyboard.type('test');
  await expect(dialog.getByRole('option').nth(1)).toBeVisible();
  await page.keyboard.press('ArrowDown');
  const second = dialog.getByRole('option').nth(1);
  await expect(second).toHaveAttribute('aria-selected', 'true');
  const name = await second.locator('.patient-line-name').textContent();
  await page.keyboard.press('Enter');
  await expect(dialog.locator('[data-booking-patient]')).toContainText(name ?? '');
  await expect(dialog.locator('[data-booking-patient]')).toContainText(/born \d\d-\w{3}-\d{4}/);
  const day = dialog.getByLabel('Day');
  await expect(day).toBeFocused();
  // One's own places stand first; a colleague's are asked for.
  await expect(dialog.getByLabel('With')).not.toHaveValue('');
  const own = await dialog.getByLabel('With').inputValue();
  const firstDay = await day.inputValue();
  await page.keyboard.press('ArrowDown');
  await expect(day).not.toHaveValue(firstDay);
  await page.keyboard.press('Shift+Tab');
  await expect(dialog.getByLabel('With')).toBeFocused();
  await page.keyboard.press('Home');
  await expect(dialog.getByLabel('With')).toHaveValue('');
  await expect(dialog.getByLabel('Free slot')).toHaveValue('');
  await expect(dialog.getByRole('button', { name: /^Book/ })).toBeDisabled();
  const others = await dialog.getByLabel('Free slot').locator('option').allTextContents();
  expect(others.length).toBeGreaterThan(1);
  await dialog.getByLabel('With').selectOption(own);
  await dialog.getByLabel('Type of visit').focus();
  await page.keyboard.press('ArrowDown');
  await expect(dialog.locator('.booking-said')).toContainText(
    /born \d\d-\w{3}-\d{4}: .* at \d\d:\d\d, 10 min, with .*, Telephone/,
  );
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  const [booking] = await saved(page, 'Appointment');
  expect(booking).toMatchObject({ status: 'booked', appointmentType: { text: 'Telephone' } });
  expect(Date.parse(String(booking?.['start']))).toBeGreaterThan(Date.now());
});

test('the front desk leaves a message about a patient to a clinician, who finishes it from the list', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  const gp = await page.evaluate(() => window.fakeMain.session.user?.practitionerId ?? '');
  await actAs(page, 'receptionist');
  await page.keyboard.press('F8');
  await expect(page.getByText(/A task is about a patient/)).toBeVisible();
  await openByName(page, 'testpaper');
  await page.keyboard.press('F8');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('What is to be done')).toBeFocused();
  await page.keyboard.type('Asks to be rung about the letter');
  // Nobody is chosen unasked.
  await expect(dialog.getByRole('button', { name: /^Save for / })).toBeDisabled();
  await dialog.getByLabel('For', { exact: true }).selectOption(gp);
  expect(await brokenRules(page)).toEqual([]);
  await dialog.getByRole('button', { name: /^Save for / }).press('Enter');
  await expect(dialog).toHaveCount(0);
  const [task] = await saved(page, 'Task');
  expect(task).toMatchObject({
    status: 'requested',
    owner: { reference: `Practitioner/${gp}` },
    code: { coding: [{ code: 'note' }, { code: 'administrative' }] },
  });

  await actAs(page, 'gp');
  await page.keyboard.press('Alt+k');
  const row = page.getByRole('row', { name: /Asks to be rung about the letter/ });
  await expect(row).toBeVisible();
  // The title bar counts one's own open tasks, which are those of this list.
  const count = await page.locator('section.surgery tbody tr').count();
  await expect(page.locator('.title-nav')).toContainText(`Tasks ${count} open`);
  for (let line = 0; line < count && (await row.getAttribute('data-chosen')) === null; line += 1)
    await page.keyboard.press('ArrowDown');
  await expect(row).toHaveAttribute('data-chosen', 'true');
  await page.keyboard.press('Alt+d');
  await expect(page.getByText(/Task done: saved on this computer/)).toBeVisible();
  await expect(row).toHaveCount(0);
  await expect(page.locator('.title-nav')).toContainText(count === 1 ? 'Tasks' : `Tasks ${count - 1} open`);
  expect((await saved(page, 'Task')).at(-1)).toMatchObject({ status: 'completed' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toBeVisible();
  expect(await brokenRules(page)).toEqual([]);
});
