/** Who may be mistaken for whom, what reached nobody, what changed meanwhile, what a role may see: by keyboard. */
import { brokenRules, expect, test } from '../../support/workspace.ts';
import {
  actAs,
  chooseFrom,
  openByName,
  openNote,
  openPalette,
  openPatientId,
  saved,
  showPart,
} from '../../support/workspace-steps.ts';

test('another patient with a similar name: said on the banner and beside every save, identity emphasised', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testtwin alexa');
  const banner = page.locator('.banner');
  await expect(banner).toHaveAttribute('data-look-alike', 'true');
  await expect(banner).toContainText('Another patient has a similar name and the same date of birth');
  // What tells them apart is marked; the other patient's name stands nowhere beside the open record.
  const marked = banner.locator('[data-tells] .banner-value');
  await expect(marked).toHaveText([/04-Mar-1980/, /999 000 0026/]);
  expect(await page.locator('.record-page').textContent()).not.toMatch(/Alex(?!a)/);
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('F6');
  await expect(page.locator('.pane').getByText(/similar name.*This is TESTTWIN, Alexa/)).toBeVisible();
  await page.keyboard.press('Alt+a');
  await expect(page.getByRole('dialog').getByText(/similar name.*999 000 0026/)).toBeVisible();
  await page.keyboard.press('Escape');
  await openNote(page);
  await page.keyboard.type('Sore throat');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('dialog').getByText(/similar name.*04-Mar-1980/)).toBeVisible();
  expect(await brokenRules(page)).toEqual([]);
});

test('nobody like this patient: no alert', async ({ workspace }) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testlate');
  await expect(page.locator('.banner')).not.toHaveAttribute('data-look-alike', 'true');
});

test('NOT SENT stands on every screen, after a restart too, until a person has phoned', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testtwin alexa');
  const patientId = await openPatientId(page);
  await page.keyboard.press('F8');
  await expect(page.getByRole('dialog').getByLabel('What is to be done')).toBeFocused();
  await page.keyboard.type('Chest pain, call back today');
  await page.getByLabel('Priority').selectOption('urgent');
  await page.getByRole('button', { name: /^Save for/ }).click();
  const alarm = page.getByRole('region', { name: 'Not sent' });
  await expect(alarm).toContainText('NOT SENT: phone');
  await expect(alarm).toContainText('Urgent task');
  // Another record, another place: it stands; no other patient's name beside an open record.
  await openByName(page, 'testlate');
  await expect(alarm).toContainText('another patient');
  await expect(alarm).not.toContainText(/Testtwin/i);
  await page.keyboard.press('F9');
  await expect(alarm).toContainText(/TESTTWIN/);
  expect(await brokenRules(page)).toEqual([]);
  // Main tells the list of its journal again after a restart; the window keeps none of its own.
  await page.reload();
  await page.locator('.surgery tbody tr').first().waitFor();
  await expect(alarm).toBeHidden();
  await page.evaluate((id) => {
    window.fakeMain.setAlarms([
      {
        groupId: '00000000-0000-4000-8000-00000000aaaa',
        patientId: id,
        kind: 'early-warning-score',
        what: 'NEWS2 9: emergency',
        author: 'Dr Amara Okafor',
        recordedAt: '2026-11-22T10:00:00+00:00',
        state: 'refused',
      },
    ]);
  }, patientId);
  await expect(alarm).toContainText('REFUSED, reached nobody: phone');
  await expect(alarm).toContainText('NEWS2 9: emergency');
  await actAs(page, 'receptionist');
  await expect(alarm).not.toContainText('NEWS2');
  await page.keyboard.press('Alt+u');
  await expect(page.getByRole('button', { name: /I have phoned/ })).toBeFocused();
  // It asks about whom and what, and whom one has spoken to; Escape keeps the alarm.
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(/TESTTWIN, Alexa/);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(alarm).toContainText('REFUSED');
  await actAs(page, 'gp');
  await page.keyboard.press('Alt+u');
  await expect(page.getByRole('button', { name: /I have phoned/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('NEWS2 9: emergency, about TESTTWIN, Alexa');
  await expect(dialog.getByLabel('Whom did you speak to?')).toBeFocused();
  await page.keyboard.type('Sister Hale, duty desk');
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(alarm).toBeHidden();
  // Pressed by mistake: the sync centre says who told whom, and brings the alarm back.
  await page.keyboard.press('F9');
  const phoned = page.getByRole('listitem').filter({ hasText: 'spoke to Sister Hale, duty desk' });
  await expect(phoned).toContainText('NEWS2 9: emergency');
  expect(await brokenRules(page)).toEqual([]);
  await phoned.getByRole('button', { name: /bring the alarm back/ }).focus();
  await page.keyboard.press('Enter');
  await expect(alarm).toContainText('REFUSED');
  await expect(phoned).toHaveCount(0);
});

test('an emergency score within a consultation alarms as one of the observation pane does', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await openNote(page);
  await chooseFrom(page, 'Observations in this consultation', 'Acute with NEWS2');
  await expect(page.locator('[data-observation]').first()).toBeFocused();
  for (const [box, value] of [
    ['respiration', '26'],
    ['spo2', '91'],
    ['oxygen', 'a'],
    ['bloodPressure', '88/50'],
    ['pulse', '128'],
    ['consciousness', 'a'],
    ['temperature', '39.2'],
  ] as const) {
    await page.locator(`[data-observation="${box}"]`).fill(value);
    await page.keyboard.press('Enter');
  }
  await page.locator('[data-note-line]').first().fill('Very unwell');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: /^Sign for/ }).click();
  await expect(page.getByRole('region', { name: 'Not sent' })).toContainText(/NEWS2 1[0-9]: emergency/);
});

test('changed since you opened: who added what is read before the signature; safety facts interrupt the record', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  const patientId = await openPatientId(page);
  await openNote(page);
  await page.keyboard.type('Knee pain');
  // Later than the fixture's records, which are of 10:32 today at whatever time this runs.
  const later = new Date(Date.now() + 86_400_000).toISOString();
  await page.evaluate(
    async ({ id, at }) => {
      await window.fakeMain.arrive(id, [
        {
          resourceType: 'AllergyIntolerance',
          id: 'from-the-nurse',
          meta: { versionId: '2', lastUpdated: at },
          clinicalStatus: { coding: [{ code: 'active' }] },
          code: { text: 'Penicillin' },
          recorder: { display: 'Nurse Bell' },
          recordedDate: at,
          patient: { reference: `Patient/${id}` },
        },
      ] as never);
    },
    { id: patientId, at: later },
  );
  const interrupt = page
    .getByRole('alert')
    .filter({ hasText: 'Changed elsewhere while this record is open' });
  await expect(interrupt).toContainText('Allergy: Penicillin');
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Control+Enter');
  const review = page.getByRole('dialog');
  await expect(review).toContainText('Changed since you opened this consultation');
  await expect(review).toContainText(/Allergy: Penicillin.*Nurse Bell/);
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await interrupt.getByRole('button', { name: 'I have read this' }).click();
  await expect(interrupt).toBeHidden();
  // What was read on the record is still said at the signature: the note was begun before it.
  await page.keyboard.press('Control+Enter');
  await expect(review).toContainText('Allergy: Penicillin');
});

test('a fast typist: Enter before the list is there opens the patient of these words, never of older ones', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  for (const [typed, name] of [
    ['testlate', /TESTLATE/],
    ['testpaper lou', /TESTPAPER/],
    ['testtwin alexa', /TESTTWIN, Alexa/],
  ] as const) {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type(typed, { delay: 0 });
    await page.keyboard.press('Enter');
    await expect(page.locator('.banner-name')).toHaveText(name);
  }
});

test('a nurse records what was given and taken, and is offered no stop of what was prescribed', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await actAs(page, 'nurse');
  const rows = page.locator('.surgery-name');
  // The first patient of the list who has a prescribed medicine.
  for (let at = 0; at < (await rows.count()); at += 1) {
    await rows.nth(at).click();
    await page.locator('.banner').waitFor();
    await showPart(page, 'Medication');
    if ((await page.locator('.medication-table tbody .entry-head').count()) > 0) break;
    await page.keyboard.press('Alt+s');
    await rows.first().waitFor();
  }
  await page.locator('.medication-table tbody .entry-head').first().click();
  const dialog = page.getByRole('dialog');
  // A reader sees the details; to stop it is a step of its own, which this role may not take.
  await expect(dialog).toContainText('Started');
  expect(await brokenRules(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Stop this medicine' }).press('Enter');
  await expect(dialog.getByText(/cannot be|read and not stopped|stopped there/)).toBeVisible();
  await expect(dialog.getByRole('button', { name: /Record as stopped/ })).toHaveCount(0);
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press('Alt+m');
  await page.getByLabel('Medicine', { exact: true }).fill('influenza vaccine');
  await page.getByLabel('Where it comes from').selectOption('given here');
  await page.getByRole('button', { name: /^Save for/ }).click();
  await expect.poll(async () => (await saved(page, 'MedicationAdministration')).length).toBe(1);
});

test('a receptionist sees no clinical content on any screen, and no key leads to any', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testtwin alexa');
  await page.keyboard.press('Alt+a');
  await page.getByLabel('Causative agent').fill('Zanthium pollen');
  await page.getByRole('button', { name: /^Save for/ }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.locator('.banner-allergies')).toContainText('Zanthium');
  await actAs(page, 'receptionist');
  await expect(page.getByRole('heading', { name: 'Demographics' })).toBeVisible();
  const clinical = /Zanthium|allerg|penicillin|problem|medication|NEWS2|consultation(?!s? with)/i;
  const seen = async () => (await page.locator('body').textContent()) ?? '';
  expect(await seen()).not.toMatch(clinical);
  expect(await brokenRules(page)).toEqual([]);
  for (const key of ['F4', 'F6', 'Alt+a', 'Alt+p', 'Alt+m', 'Alt+2', 'Alt+4']) {
    await page.keyboard.press(key);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page.locator('.pane, .record-body')).toHaveCount(0);
  }
  // A message to a clinician is the front desk's to leave; its form shows and asks nothing clinical.
  await page.keyboard.press('F8');
  const message = page.getByRole('dialog');
  await expect(message).toBeVisible();
  expect(await message.textContent()).not.toMatch(clinical);
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(message).toHaveCount(0);
  for (const [key, place] of [
    ['Alt+s', page.locator('.surgery tbody tr').first()],
    ['Alt+k', page.getByRole('heading', { name: 'Tasks and notes' })],
    ['F9', page.locator('.sync-screen')],
  ] as const) {
    await page.keyboard.press(key);
    await place.waitFor();
    expect(await seen(), key).not.toMatch(/Zanthium|allerg|penicillin/i);
  }
  await openPalette(page);
  await page.keyboard.type('zanthium');
  await expect(page.getByText('0 found.')).toBeVisible();
});
