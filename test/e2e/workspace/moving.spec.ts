/** Signed in the wrong record (H-026): moved to the right patient by keyboard, without a network. */
import type { Page } from '@playwright/test';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import {
  chooseFrom,
  openByName,
  openNote,
  openPatientId,
  openSet,
  saved,
  showPart,
  tabTo,
} from '../../support/workspace-steps.ts';

test('a consultation signed in the wrong record: an error there with why, a draft in the right one after a confirmation', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.evaluate(() => {
    window.fakeMain.setSync({ connection: 'offline', inStep: false });
  });
  await openByName(page, 'testpaper');
  const wrong = await openPatientId(page);
  await page.keyboard.press('F4');
  await page.locator('[data-note-line]').first().fill('Sore throat, fever for two days');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: /^Sign for/ }).click();
  await expect(page.getByText(/Saved on this computer/).first()).toBeVisible();
  await page.keyboard.press('Alt+2');
  await tabTo(page, /^ ?Move to the right patient$/);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Move to the right patient' });
  await expect(dialog).toContainText('Sore throat, fever for two days');
  await page.keyboard.type('Opened the wrong record');
  await page.keyboard.press('Tab');
  await page.keyboard.type('testtwin alexa');
  const hit = dialog.getByRole('button', { name: /TESTTWIN, Alexa/ });
  await hit.waitFor();
  // Enter in the box chooses nobody.
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('region', { name: 'The right patient' })).toHaveCount(0);
  await hit.focus();
  await page.keyboard.press('Enter');
  // Chosen is not confirmed: until then nothing can be moved.
  await expect(dialog.getByRole('region', { name: 'The right patient' })).toContainText('TESTTWIN, Alexa');
  const move = dialog.getByRole('button', { name: /^Move/ });
  await expect(move).toBeDisabled();
  expect(await brokenRules(page)).toEqual([]);
  await expect(dialog.getByRole('button', { name: /^Yes, it belongs to TESTTWIN, Alexa/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(move).toHaveText(/^Move to TESTTWIN, Alexa \(Mx\): mark as error for TESTPAPER/);
  expect((await saved(page, 'Composition')).map((one) => one['status'])).toEqual(['final']);
  await move.focus();
  await page.keyboard.press('Enter');
  // The other's record opens with the words as a draft, and nothing of it is signed.
  await expect(page.locator('.banner-name')).toContainText('TESTTWIN, Alexa');
  await expect(page.locator('[data-note-line]').first()).toHaveValue('Sore throat, fever for two days');
  expect((await saved(page, 'Composition')).map((one) => one['status'])).toEqual([
    'final',
    'entered-in-error',
  ]);
  expect((await saved(page, 'Encounter')).map((one) => one['status'])).toEqual([
    'finished',
    'entered-in-error',
  ]);
  const reasons = await page.evaluate(() =>
    window.fakeMain.saved.at(-1)?.changes.map(({ kind, reason }) => `${kind}: ${reason ?? ''}`),
  );
  expect(new Set(reasons)).toEqual(
    new Set(['void: Written in the wrong record and moved to the right one. Opened the wrong record']),
  );
  // Neither record names the other patient.
  const written = await page.evaluate(() => JSON.stringify(window.fakeMain.saved.at(-1)));
  expect(written).not.toMatch(/Testtwin/i);
  const drafts = await page.evaluate(() => JSON.stringify([...window.fakeMain.drafts.values()]));
  expect(drafts).not.toMatch(/Testpaper/i);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: /^Sign for TESTTWIN, Alexa/ }).click();
  await expect.poll(async () => (await saved(page, 'Composition')).length).toBe(3);
  const [signed] = (await saved(page, 'Composition')).slice(-1);
  expect(JSON.stringify(signed)).toContain('Sore throat, fever for two days');
  expect(JSON.stringify(signed)).not.toContain(wrong);
  // In the wrong record it stands, struck through, with why.
  await openByName(page, 'testpaper');
  await page.keyboard.press('Alt+2');
  await expect(page.locator('.record-body')).toContainText('Opened the wrong record');
});

/** Moves the entry whose dialogue is open to the twin, once confirmed. */
async function moveToTwin(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Move to the right patient' });
  await dialog.getByRole('textbox', { name: 'Why it does not belong here' }).fill('Opened the wrong record');
  await dialog.getByRole('textbox', { name: 'The right patient' }).fill('testtwin alexa');
  await dialog.getByRole('button', { name: /TESTTWIN, Alexa/ }).press('Enter');
  await dialog.getByRole('button', { name: /^Yes, it belongs to TESTTWIN, Alexa/ }).press('Enter');
  await dialog.getByRole('button', { name: /^Move to TESTTWIN, Alexa/ }).press('Enter');
  await expect(page.locator('.banner-name')).toContainText('TESTTWIN, Alexa');
}

test('one entry of a consultation is moved alone: nothing else of the note comes into the other record', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await openNote(page);
  await page.locator('[data-note-line]').first().fill('Says nothing to anybody about the miscarriage');
  await chooseFrom(page, 'Observations in this consultation', 'Blood pressure');
  await page.locator('[data-observation="bloodPressure"]').fill('128/76');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: /^Sign for/ }).click();
  await expect(page.getByText(/Saved on this computer/).first()).toBeVisible();
  const [pressure] = await saved(page, 'Observation');
  await showPart(page, 'Journal');
  await page
    .getByRole('button', { name: /Blood pressure/ })
    .first()
    .press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Move to the right patient' }).press('Enter');
  const struck = page.getByRole('list', { name: 'What is struck out here and moved' });
  await expect(struck).toContainText('128/76 mmHg');
  await expect(struck).not.toContainText('miscarriage');
  await moveToTwin(page);
  await expect(page.locator('[data-note-line]')).toHaveCount(1);
  await expect(page.locator('[data-note-line]')).toHaveValue(/128\/76 mmHg/);
  const drafts = await page.evaluate(() => JSON.stringify([...window.fakeMain.drafts.values()]));
  expect(drafts).not.toContain('miscarriage');
  const voided = await page.evaluate(() =>
    window.fakeMain.saved.at(-1)?.changes.map(({ resource }) => resource),
  );
  expect(voided).toEqual([`Observation/${String(pressure?.['id'])}`]);
});

test('a value of a set: the dialogue shows every value that is struck out with it', async ({ workspace }) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await openSet(page);
  await page.locator('[data-observation="bloodPressure"]').fill('128/76');
  await page.locator('[data-observation="pulse"]').fill('72');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/Saved on this computer/).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await showPart(page, 'Journal');
  await page
    .getByRole('button', { name: /Blood pressure/ })
    .first()
    .press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Move to the right patient' }).press('Enter');
  const struck = page.getByRole('list', { name: 'What is struck out here and moved' });
  await expect(struck).toContainText('128/76 mmHg');
  await expect(struck).toContainText('72 per minute');
  expect(await brokenRules(page)).toEqual([]);
  await moveToTwin(page);
  await expect(page.locator('[data-observation="bloodPressure"]')).toHaveValue('128/76');
  await expect(page.locator('[data-observation="pulse"]')).toHaveValue('72');
});

test('a whole consultation takes with it what was recorded meanwhile and its addendum', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await openNote(page);
  await page.locator('[data-note-line]').first().fill('Sore throat');
  await page.keyboard.press('Alt+a');
  const allergy = page.getByRole('dialog', { name: 'Add an allergy or intolerance' });
  await allergy.getByRole('combobox', { name: 'Causative agent' }).fill('Doxycycline');
  await allergy.getByRole('textbox', { name: 'Reaction' }).fill('rash');
  await allergy.getByRole('button', { name: /^Save for/ }).press('Enter');
  await expect(allergy).toHaveCount(0);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: /^Sign for/ }).click();
  await expect.poll(async () => (await saved(page, 'Composition')).length).toBe(1);
  await showPart(page, 'Journal');
  const consultation = page.locator('.journal-consultation').first();
  await consultation.getByRole('button', { name: 'Addendum' }).press('Enter');
  const addendum = page.getByRole('dialog', { name: 'Addendum to this consultation' });
  await addendum.getByRole('textbox', { name: 'Addendum' }).fill('Swab negative');
  await addendum.getByRole('button', { name: /^Sign the addendum/ }).press('Enter');
  await expect(consultation.getByRole('region', { name: 'Addendum' })).toContainText('Swab negative');
  await consultation.getByRole('button', { name: 'Move to the right patient' }).press('Enter');
  const struck = page.getByRole('list', { name: 'What is struck out here and moved' });
  for (const words of ['Sore throat', 'Doxycycline', 'Swab negative'])
    await expect(struck).toContainText(words);
  await moveToTwin(page);
  const lines = page.locator('[data-note-line]');
  await expect(lines).toHaveCount(3);
  await expect(lines.nth(0)).toHaveValue('Sore throat');
  await expect(lines.nth(1)).toHaveValue(/Doxycycline.*Reaction: rash/);
  await expect(lines.nth(2)).toHaveValue(/^Addendum of .*Swab negative$/);
  const voids = await page.evaluate(() =>
    window.fakeMain.saved.at(-1)?.changes.map(({ resource }) => resource.split('/')[0]),
  );
  expect(voids?.toSorted()).toEqual(['AllergyIntolerance', 'Composition', 'Composition', 'Encounter']);
  await page.keyboard.press('Escape');
  await openByName(page, 'testpaper');
  await showPart(page, 'Journal');
  await expect(page.getByRole('region', { name: 'Addendum' }).first()).toContainText(
    /Entered in error: Written in the wrong record.* \(Dr .+, \d\d-\w+-\d{4} \d\d:\d\d\)/,
  );
});
