/** What holds for the whole practice: its templates, checks that are off, where it prescribes. By keyboard, offline. */
import type { Page } from '@playwright/test';
import type { Basic, Questionnaire } from '@medplum/fhirtypes';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import {
  actAs,
  chooseFrom,
  openByName,
  openNote,
  openPatientId,
  openSet,
  saved,
  showPart,
  tabTo,
} from '../../support/workspace-steps.ts';

async function openTemplates(page: Page): Promise<void> {
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.evaluate(() => {
    window.fakeMain.setSync({ connection: 'offline', inStep: false });
  });
  await page.keyboard.press('Alt+q');
  await expect(page.getByRole('heading', { name: 'Templates and checks' })).toBeVisible();
}

/** Chooses a line of the list by arrows from its first one. */
async function choose(page: Page, name: RegExp): Promise<void> {
  const choices = page.locator('.templates-choice');
  await expect(choices.filter({ hasText: name }).first()).toBeVisible();
  await choices.first().focus();
  for (let step = 0; step < 30; step += 1) {
    const words = await page.evaluate(() => document.activeElement?.textContent ?? '');
    if (name.test(words)) {
      await page.keyboard.press('Enter');
      return;
    }
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`no line ${String(name)}`);
}

/** Goes by Tab to the button of this name and presses Enter. */
async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, new RegExp(`^ ${name}$`));
  await page.keyboard.press('Enter');
}

const questionnaires = async (page: Page) =>
  (await saved(page, 'Questionnaire')) as unknown as Questionnaire[];
const settings = async (page: Page) => (await saved(page, 'Basic')) as unknown as Basic[];

async function copyAsthma(page: Page, name: string): Promise<void> {
  await choose(page, /^Asthma review$/);
  await press(page, 'Copy and change');
  await expect(page.getByLabel('Name')).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(name);
}

test('a built-in template is copied, changed, put in order, saved offline and used; the signed note names its version', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await openTemplates(page);
  expect(await brokenRules(page)).toEqual([]);
  await copyAsthma(page, 'Asthma, our way');
  expect(await brokenRules(page)).toEqual([]);
  const items = page.locator('.template-section').first().locator('.template-item');
  await expect(items).toHaveCount(6);
  // Removed and put back: what was typed since stays.
  await items.first().locator('.box').first().focus();
  await page.keyboard.press('Alt+Delete');
  await expect(items).toHaveCount(5);
  await page.keyboard.press('Alt+z');
  await expect(items).toHaveCount(6);
  await expect(page.getByLabel('Name')).toHaveValue('Asthma, our way');
  // The first goes down by one place, with the focus.
  await items.first().locator('.box').first().focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(items.nth(1).locator('.box').first()).toBeFocused();
  await expect(items.nth(1).locator('.box').first()).toHaveValue(/sleep disturbed/);
  // A reminder without words is named, and nothing is saved.
  await page.getByLabel('Add to section 1, History').focus();
  await page.keyboard.type('rem');
  await page.keyboard.press('Enter');
  await expect(page.locator('.template-item').nth(6)).toContainText('Reminder');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'Not saved' })).toContainText(
    'Section 1, item 7, words: Must be filled.',
  );
  expect(await brokenRules(page)).toEqual([]);
  expect(await questionnaires(page)).toEqual([]);
  await expect(page.locator('[aria-invalid="true"]')).toBeFocused();
  await page.keyboard.type('Ask about the school');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/Saved on this computer/).first()).toBeVisible();
  const [first] = await questionnaires(page);
  expect(first).toMatchObject({ status: 'active', version: '1', title: 'Asthma, our way' });
  expect(first?.derivedFrom?.[0]).toMatch(/asthma-review$/);
  expect(await page.evaluate(() => window.fakeMain.saved.at(-1)?.patientId)).toBeUndefined();

  // Changed once more: the next version of the same template.
  await choose(page, /^Asthma, our way/);
  await press(page, 'Change');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { name: 'Templates and checks' })).toBeVisible();
  const versions = await questionnaires(page);
  expect(versions.map(({ id, version }) => [id === first?.id, version])).toEqual([
    [true, '1'],
    [true, '2'],
  ]);

  await openByName(page, 'testpaper');
  await openNote(page);
  await chooseFrom(page, 'Template', 'Asthma, our way');
  await expect(page.locator('[data-note-line]:focus')).toHaveCount(1);
  await expect(page.getByText('Ask about the school')).toBeVisible();
  await page.getByRole('textbox', { name: /Reliever inhalers/ }).focus();
  await page.keyboard.type('two');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('dialog')).toContainText('by Asthma, our way, version 2');
  await expect(page.getByRole('button', { name: /^Sign for/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.pane')).toHaveCount(0);
  const [composition] = await saved(page, 'Composition');
  expect(JSON.stringify(composition?.['extension'])).toContain('"valueString":"2"');
  await showPart(page, 'Journal');
  // Not by its place: the fixture has a consultation of today too, which may stand before or after.
  await expect(
    page.locator('.journal-consultation').filter({ hasText: 'Asthma, our way, version 2' }),
  ).toBeVisible();
});

test('a template is tried out for nobody, withdrawn and offered again, hidden and shown again', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await openTemplates(page);
  await choose(page, /^Mental health/);
  await press(page, 'Try out');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('For no patient');
  await expect(dialog.locator('[data-note-line]:focus')).toHaveCount(1);
  await page.keyboard.type('tired for weeks');
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  expect(await page.evaluate(() => window.fakeMain.saved.length + window.fakeMain.drafts.size)).toBe(0);

  await press(page, 'Hide');
  await expect(page.locator('.templates-choice').filter({ hasText: 'Mental health' })).toContainText(
    'hidden',
  );
  await copyAsthma(page, 'Ours');
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('.templates-choice').first()).toContainText('Ours');
  await choose(page, /^Ours/);
  await press(page, 'Withdraw');
  await expect(page.locator('.templates-choice').filter({ hasText: 'Ours' })).toContainText('withdrawn');
  expect((await questionnaires(page)).map(({ status }) => status)).toEqual(['active', 'retired']);

  await openByName(page, 'testpaper');
  await openNote(page);
  const box = page.getByRole('combobox', { name: 'Template', exact: true });
  const picker = page.getByRole('listbox', { name: 'Template' });
  await box.focus();
  await page.keyboard.press('ArrowDown');
  await expect(picker).toContainText('Chest pain');
  await expect(picker).not.toContainText('Mental health');
  await expect(picker).not.toContainText('Ours');
  expect(await brokenRules(page)).toEqual([]);
  // The first closes the list, the second the consultation.
  await page.keyboard.press('Escape');
  await expect(picker).toHaveCount(0);
  await expect(page.locator('.consultation')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('.consultation')).toHaveCount(0);
  await page.keyboard.press('Alt+q');
  await choose(page, /^Mental health/);
  await press(page, 'Show it again');
  const stands = (name: string) => page.locator('.templates-choice').filter({ hasText: name });
  await expect(stands('Mental health')).not.toContainText('hidden');
  await choose(page, /^Ours/);
  await press(page, 'Offer it again');
  await expect(stands('Ours')).not.toContainText('withdrawn');
  await openByName(page, 'testpaper');
  await openNote(page);
  await box.focus();
  await page.keyboard.press('ArrowDown');
  await expect(picker).toContainText('Mental health');
  await expect(picker).toContainText('Ours');
});

test('a template goes out to a file and comes in again; a file that is none is refused with its faults', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await openTemplates(page);
  await choose(page, /^Chest pain/);
  await press(page, 'Export to a file');
  await expect(page.getByText('Saved as template.json')).toBeVisible();
  await page.evaluate(() => {
    window.fakeMain.fileToImport = { fileName: 'broken.json', text: '{"label": "X", "required": true}' };
  });
  await page.locator('.templates-choice').first().focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  const refused = page.getByRole('alert').filter({ hasText: 'broken.json was not taken in' });
  await expect(refused).toContainText('Templates have no compulsory fields.');
  expect(await brokenRules(page)).toEqual([]);
  await page.evaluate(() => {
    window.fakeMain.fileToImport = { fileName: 'template.json', text: window.fakeMain.files.at(-1) ?? '' };
  });
  await page.locator('.templates-choice').first().focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Name')).toHaveValue('Chest pain');
  await expect(page.getByLabel('Name')).toBeFocused();
  await page.keyboard.type(' from a file');
  // Closed unsaved: the draft waits, and goes on where it was.
  await page.getByLabel('Name').press('Escape');
  await expect(page.getByText(/Not yet saved/)).toContainText('Chest pain from a file');
  await press(page, 'Go on');
  await expect(page.getByLabel('Name')).toHaveValue('Chest pain from a file');
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('.templates-choice').first()).toContainText('Chest pain from a file');
  await expect.poll(() => page.evaluate(() => window.fakeMain.drafts.size)).toBe(0);
});

test('a template not in the agreed form is named as left out; who may not change them is offered nothing to change', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.evaluate(() =>
    window.fakeMain.arrive(null, [
      {
        resourceType: 'Questionnaire',
        id: 'foreign',
        status: 'active',
        title: 'Hospital form',
        item: [{ linkId: '1', type: 'string', text: 'Name' }],
      } as never,
    ]),
  );
  await page.keyboard.press('Alt+q');
  await expect(page.getByText('Hospital form is left out')).toBeVisible();
  await actAs(page, 'nurse');
  await expect(page.getByText('A GP or the practice manager can change these.')).toBeVisible();
  await expect(
    page.getByRole('button', { name: /Copy and change|New template|Hide|Switch off/ }),
  ).toHaveCount(0);
  expect(await brokenRules(page)).toEqual([]);
});

test('a check is switched off with a reason: where its result would stand the screen says so, until it is on again', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await openTemplates(page);
  await choose(page, /^Checks$/);
  await tabTo(page, /^Switch off: NEWS2/);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel(/^Why is NEWS2 switched off/)).toBeFocused();
  await page.keyboard.type('Band of the pulse is wrong');
  await page.keyboard.press('Enter');
  await expect(page.getByText('NEWS2 is switched off for the practice.')).toBeVisible();
  expect(await brokenRules(page)).toEqual([]);
  await choose(page, /^Chest pain$/);
  await tabTo(page, /^Switch off: Chest pain/);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel(/^Why is Chest pain switched off/)).toBeFocused();
  await page.keyboard.type('Advice out of date');
  await page.keyboard.press('Enter');
  await expect(page.locator('.templates-choice').filter({ hasText: 'Chest pain' })).toContainText(
    'switched off',
  );
  const made = await settings(page);
  expect(made.map(({ author, created }) => [author?.display, created?.length])).toEqual([
    ['Dr Amara Okafor', 10],
    ['Dr Amara Okafor', 10],
  ]);

  await openByName(page, 'testpaper');
  await openSet(page);
  await page.getByRole('button', { name: 'Full set' }).click();
  await expect(page.locator('.pane')).toContainText('This check is switched off: Band of the pulse is wrong');
  await expect(page.locator('.news2')).toHaveCount(0);
  const full = { respiration: '30', spo2: '90', oxygen: 'a', bloodPressure: '85/50', pulse: '140' };
  for (const [box, value] of Object.entries({ ...full, consciousness: 'a', temperature: '39.5' })) {
    await page.locator(`[data-observation="${box}"]`).fill(value);
    await page.locator(`[data-observation="${box}"]`).press('Enter');
    await page.locator(`[data-observation="${box}"]`).press('Enter');
  }
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/Saved on this computer/).first()).toBeVisible();
  // No score is recorded that nobody could trust.
  expect(JSON.stringify(await saved(page, 'Observation'))).not.toContain('1104051000000101');
  await openNote(page);
  await page.getByRole('combobox', { name: 'Template', exact: true }).focus();
  await page.keyboard.press('ArrowDown');
  const option = page.getByRole('option', { name: 'This template is switched off: Advice out of date' });
  await expect(option).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(option).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.locator('.pane')).toHaveCount(0);

  await page.keyboard.press('Alt+q');
  await choose(page, /^Checks$/);
  await press(page, 'Switch on again');
  await expect(page.getByText('NEWS2 is switched off for the practice.')).toHaveCount(0);
  expect((await settings(page)).at(-1)?.extension?.[0]?.valueBoolean).toBe(false);
  await openByName(page, 'testpaper');
  await openSet(page);
  await page.getByRole('button', { name: 'Full set' }).click();
  await expect(page.locator('.news2')).toHaveCount(1);
});

test('a medicine written under Medication is read against the allergies as typed and before signing', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  const patientId = await openPatientId(page);
  await page.evaluate(
    (id) =>
      window.fakeMain.arrive(id, [
        {
          resourceType: 'AllergyIntolerance',
          id: 'allergy-1',
          meta: { versionId: '2' },
          patient: { reference: `Patient/${id}` },
          clinicalStatus: { coding: [{ code: 'active' }] },
          code: {
            coding: [
              { system: 'http://snomed.info/sct', code: '91936005', display: 'Allergy to penicillin' },
            ],
            text: 'Allergy to penicillin',
          },
        } as never,
      ]),
    patientId,
  );
  await expect(page.locator('.banner')).toContainText(/penicillin/i);
  await openNote(page);
  await page.keyboard.type('m amoxicillin 500mg tds');
  await expect(page.locator('.note-heading').first()).toHaveText('Medication');
  const beside = page.locator('.line-allergies').first();
  await expect(beside.getByRole('alert')).toContainText('amoxicillin belongs to the penicillins');
  await page.keyboard.press('Enter');
  await page.keyboard.type('his usual inhaler');
  await expect(page.locator('.line-allergies').nth(1)).toContainText(
    'No medicine that is known here was read in “his usual inhaler”',
  );
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Control+Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('alert').first()).toContainText('amoxicillin belongs to the penicillins');
  await expect(dialog).toContainText('Allergies cannot be checked automatically');
  await expect(dialog).not.toContainText(/no conflict/i);
  expect(await brokenRules(page)).toEqual([]);
});

test('the prescribing system is named once and stands over every medication list, on the screen and on paper', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await openTemplates(page);
  await choose(page, /^Prescribing system$/);
  await page.getByLabel('Prescribing is done in').focus();
  await page.keyboard.type('Surgery System One');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Saved on this computer/).first()).toBeVisible();
  expect(await brokenRules(page)).toEqual([]);
  await openByName(page, 'testpaper');
  const words =
    /Prescribing is done in Surgery System One; this list is a copy of .*\d\d:\d\d\. Not for issuing\./;
  await expect(page.locator('.master-system')).toHaveText(words);
  await showPart(page, 'Medication');
  await expect(page.locator('.medication-table .master-system')).toHaveText(words);
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.medication-table .master-system')).toBeVisible();
  await page.emulateMedia({ media: null });
  expect(await brokenRules(page)).toEqual([]);
});

test('NEWS2 asked for in a consultation stands as typed and before signing', async ({ workspace }) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await openNote(page);
  await page.keyboard.type('Unwell');
  await chooseFrom(page, 'Observations in this consultation', 'Full set');
  const values = { respiration: '26', spo2: '91', oxygen: 'a', bloodPressure: '100/60', pulse: '120' };
  for (const [box, value] of Object.entries({ ...values, consciousness: 'a', temperature: '38.5' })) {
    await page.locator(`[data-observation="${box}"]`).fill(value);
  }
  await expect(page.locator('.pane .news2')).toContainText(/NEWS2 1\d · Emergency/);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('dialog')).toContainText(/NEWS2 1\d · Emergency\. .*999/);
  expect(await brokenRules(page)).toEqual([]);
});

test('a template pressed to save twice is one save with its last words; what cannot be given up stays and says so', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await openTemplates(page);
  await copyAsthma(page, 'Asthma, our way');
  await page.evaluate(() => {
    window.fakeMain.refuseNextSave = {
      code: 'journal',
      message: 'Whether it was saved is not known.',
      lost: 'not-saved',
      remedy: 'Press again.',
    };
  });
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('alert')).toContainText('Whether it was saved is not known.');
  await page.getByLabel('Name').fill('Asthma, our own way');
  await page.keyboard.press('Control+Enter');
  await expect.poll(async () => (await questionnaires(page)).length).toBe(1);
  expect(new Set(await page.evaluate(() => window.fakeMain.askedGroups)).size).toBe(1);
  const ended = await page.evaluate(() => JSON.stringify([...window.fakeMain.ended.values()]));
  expect(ended).toContain('Asthma, our own way');
  // A draft that is damaged hides none of the others, and a failed choice is said.
  await copyAsthma(page, 'Asthma, another way');
  await expect(page.getByText(/Draft kept on this computer/)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.evaluate(() => {
    const [draft] = [...window.fakeMain.drafts.values()];
    const draftId = crypto.randomUUID();
    if (draft) window.fakeMain.drafts.set(draftId, { ...draft, draftId, content: 'no JSON' });
  });
  await page.keyboard.press('Alt+s');
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.keyboard.press('Alt+q');
  const notice = page.getByText(/Not yet saved/);
  await expect(notice).toContainText('Asthma, another way');
  await page.evaluate(() => {
    window.fakeMain.refuseNext = {
      channel: 'draft.discard',
      error: { code: 'journal', message: 'It could not be given up.', lost: 'nothing', remedy: 'Try again.' },
    };
  });
  await page.getByRole('button', { name: 'Give it up' }).press('Enter');
  await expect(page.getByRole('alert')).toContainText('It could not be given up.');
  await expect(notice).toHaveCount(1);
  expect(await brokenRules(page)).toEqual([]);
  await page.getByRole('button', { name: 'Give it up' }).press('Enter');
  await expect(notice).toHaveCount(0);
  await expect(page.getByRole('alert')).toHaveCount(0);
});
