/** Signed in the wrong record (H-026): moved to the right patient by keyboard, without a network. */
import { brokenRules, expect, test } from '../../support/workspace.ts';
import { openByName, openPatientId, saved, tabTo } from '../../support/workspace-steps.ts';

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
