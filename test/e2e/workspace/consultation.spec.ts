/** What a consultation holds before it is signed, by keyboard alone, in real Electron. */
import type { Page } from '@playwright/test';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import { chooseFrom, openByName, openNote, openSet, saved, showPart } from '../../support/workspace-steps.ts';

async function beginNote(page: Page): Promise<void> {
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await openNote(page);
}

const ACUTE = {
  respiration: '26',
  spo2: '91',
  oxygen: 'a',
  bloodPressure: '100/60',
  pulse: '120',
  pulseRhythm: 'r',
  consciousness: 'a',
  temperature: '38.5',
} as Record<string, string>;

test('the review lists every observation with its value, the score with its band, the task and each problem', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await beginNote(page);
  await page.keyboard.type('Unwell.');
  await page.keyboard.press('Enter');
  await page.keyboard.type('p review 2/52');
  await chooseFrom(page, 'Observations in this consultation', 'Acute with NEWS2');
  await expect(page.locator('[data-observation]').first()).toBeFocused();
  for (const box of await page.locator('[data-observation]').all()) {
    await box.focus();
    await page.keyboard.type(ACUTE[(await box.getAttribute('data-observation')) ?? ''] ?? '');
    await page.keyboard.press('Enter');
  }
  // The scale is chosen here as in a set of its own.
  await expect(page.locator('.pane .news2')).toContainText(/SpO2 scale/i);
  await page.keyboard.press('Control+Enter');
  const review = page.getByRole('dialog');
  await expect(review).toContainText(/Respiration rate 26 per minute/);
  await expect(review).toContainText(/Blood pressure.* 100\/60 mmHg/);
  await expect(review).toContainText(/38\.5 °C/);
  await expect(review).toContainText(/NEWS2 1\d · Emergency/);
  await expect(review).toContainText('999');
  await expect(review).toContainText(/Tasks for you.*review 2\/52 due \w{3} \d\d-\w{3}-\d{4}/);
  expect(await brokenRules(page)).toEqual([]);
  await page.screenshot({ path: '.gladstone/review.png' });
  await expect(page.getByRole('button', { name: /^Sign for/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.pane')).toHaveCount(0);
  // What was listed is what was written: nine entries and the score.
  expect(await saved(page, 'Observation')).toHaveLength(9);
  expect(await saved(page, 'Task')).toHaveLength(1);
});

test('a template or a set is taken by Enter only, and goes out again with its name while nothing of it is used', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await beginNote(page);
  await page.keyboard.type('Short of breath.');
  const lines = page.locator('[data-note-line]');
  await page.getByRole('combobox', { name: 'Template', exact: true }).focus();
  // The arrows pass over the list, and nothing is taken.
  for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowDown');
  await expect(lines).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.locator('.consultation')).toBeVisible();
  await chooseFrom(page, 'Template', 'Asthma review');
  await expect(lines.nth(1)).toBeFocused();
  await expect(page.getByText('Asthma review was added.')).toBeVisible();
  expect(await brokenRules(page)).toEqual([]);
  await page.screenshot({ path: '.gladstone/template.png' });
  await page.keyboard.press('Alt+Delete');
  await expect(lines).toHaveCount(1);
  await expect(lines.first()).toBeFocused();
  await expect(page.getByText('was added.')).toHaveCount(0);
  await expect(page.locator('[data-observation]')).toHaveCount(0);

  await chooseFrom(page, 'Observations in this consultation', 'Acute with NEWS2');
  await expect(page.locator('[data-observation]').first()).toBeFocused();
  await page.locator('[data-observation="respiration"]').focus();
  await page.keyboard.type('18');
  // Another set, and none: the value that was typed stays.
  await chooseFrom(page, 'Observations in this consultation', 'No observations');
  await expect(page.locator('[data-observation="respiration"]')).toHaveValue('18');
  await expect(page.locator('[data-observation]')).toHaveCount(1);
  await page.keyboard.press('Control+Enter');
  const review = page.getByRole('dialog');
  await expect(review).toContainText('Respiration rate 18 per minute');
  await expect(review).not.toContainText('Asthma review');
});

/** Types words and takes the term with exactly this name. */
async function code(page: Page, words: string, term: string): Promise<void> {
  await page.keyboard.type(words);
  const highlighted = page.locator('.note-terms [aria-selected="true"]');
  await expect(page.getByRole('option', { name: new RegExp(`^${term} `) }).first()).toBeVisible();
  await expect(async () => {
    if ((await highlighted.count()) === 0) await page.keyboard.press('ArrowDown');
    await expect(highlighted).toHaveText(new RegExp(`^${term}`), { timeout: 1_000 });
  }).toPass();
  await page.keyboard.press('Tab');
  await expect(page.locator('.code-term').last()).toHaveText(term);
}

test('a coded condition says whether it goes to the problem list; one key changes it; the summary lists what did not', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await beginNote(page);
  const codes = page.locator('.code-line');
  await code(page, 'pr asthma', 'Asthma');
  await expect(codes.last()).toContainText('Problem list: yes');
  await page.keyboard.press('Control+b');
  await expect(codes.last()).toContainText('Problem list: no');
  await page.keyboard.press('Control+b');
  await expect(codes.last()).toContainText('Problem list: yes');
  await page.keyboard.press('Enter');
  await code(page, 'a migraine', 'Migraine');
  await expect(codes.last()).toContainText('Problem list: no');
  await expect(page.locator('[data-note-line]').last()).toBeFocused();
  expect(await brokenRules(page)).toEqual([]);
  await page.screenshot({ path: '.gladstone/problem.png' });
  await page.keyboard.press('Control+Enter');
  const review = page.getByRole('dialog');
  await expect(review).toContainText(/To the problem listAsthma significant problem, active/);
  await expect(review).toContainText(/Not on the problem listMigraine/);
  await expect(page.getByRole('button', { name: /^Sign for/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.pane')).toHaveCount(0);
  const problems = page.locator('[data-area="problems"]');
  await expect(problems).toContainText('Asthma');
  await expect(problems).toContainText(/Recent diagnoses not on the problem list.*Migraine/);
  expect(await brokenRules(page)).toEqual([]);
  await page.screenshot({ path: '.gladstone/summary.png' });
});

test('what is recorded while a note is open belongs to it, stands in its review, and the focus goes back to the line', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await beginNote(page);
  await page.keyboard.type('Rash after tablets.');
  await page.keyboard.press('Enter');
  await page.keyboard.type('p stop them');
  const lines = page.locator('[data-note-line]');
  await page.keyboard.press('ArrowUp');
  await expect(lines.first()).toBeFocused();

  await page.keyboard.press('Alt+a');
  await expect(page.getByLabel('Causative agent')).toBeFocused();
  await page.keyboard.type('Doxycycline tablets, blue');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Reaction')).toBeFocused();
  await page.keyboard.type('rash');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(lines.first()).toBeFocused();

  await openSet(page);
  const box = page.locator('[data-observation="bloodPressure"]');
  await expect(box).toBeFocused();
  await page.keyboard.type('128/76');
  await page.keyboard.press('Control+Enter');
  await expect.poll(async () => (await saved(page, 'Observation')).length).toBe(1);
  await expect(box).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(page.locator('.consultation')).toBeVisible();
  await expect(lines.first()).toBeFocused();
  await expect(lines.first()).toHaveValue('Rash after tablets.');
  const list = page.getByRole('region', { name: 'Recorded in this consultation' });
  await expect(list).toContainText('Doxycycline tablets, blue');
  await expect(list).toContainText('128/76 mmHg');
  expect(await brokenRules(page)).toEqual([]);
  await page.screenshot({ path: '.gladstone/recorded.png' });

  await page.keyboard.press('Control+Enter');
  const review = page.getByRole('dialog');
  await expect(review).toContainText(
    /Recorded in this consultation, saved already.*Doxycycline.*128\/76 mmHg/,
  );
  await page.screenshot({ path: '.gladstone/review-recorded.png' });
  await expect(page.getByRole('button', { name: /^Sign for/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.pane')).toHaveCount(0);
  const [encounter] = await saved(page, 'Encounter');
  const reference = `Encounter/${String(encounter?.['id'])}`;
  const [allergy] = await saved(page, 'AllergyIntolerance');
  const [pressure] = await saved(page, 'Observation');
  expect([allergy?.['encounter'], pressure?.['encounter']]).toEqual([{ reference }, { reference }]);
  const [composition] = await saved(page, 'Composition');
  const sections = JSON.stringify(composition?.['section']);
  expect(sections).toContain(`AllergyIntolerance/${String(allergy?.['id'])}`);
  expect(sections).toContain(`Observation/${String(pressure?.['id'])}`);
  await showPart(page, 'Journal');
  const signed = page.locator('.journal-consultation').filter({ hasText: 'Rash after tablets.' });
  await expect(signed).toContainText('Doxycycline tablets, blue');
  await expect(signed).toContainText('128/76');
  // With no note open, what is recorded stands by itself again.
  await openSet(page);
  await expect(box).toBeFocused();
  await page.keyboard.type('130/80');
  await page.keyboard.press('Control+Enter');
  await expect.poll(async () => (await saved(page, 'Observation')).length).toBe(2);
  expect((await saved(page, 'Observation'))[1]?.['encounter']).toBeUndefined();
});

test('an answer is signed with the question of the template, which stands above it while it is written', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await beginNote(page);
  await chooseFrom(page, 'Template', 'Mental health');
  const asked = 'Risk to or from others; children at home';
  const answer = page.getByRole('textbox', { name: asked });
  await answer.fill('none');
  await expect(page.locator('.note-prompt')).toHaveText(asked);
  await answer.fill(`${asked}: none`);
  await expect(page.locator('.note-prompt')).toHaveCount(0);
  await answer.fill('none');
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('dialog')).toContainText(`${asked}: none`);
  await page.getByRole('button', { name: /^Sign for/ }).press('Enter');
  await expect(page.locator('.pane')).toHaveCount(0);
  expect(JSON.stringify(await saved(page, 'Composition'))).toContain(`${asked}: none`);
});

test('a letter that was a word and no heading comes back by Escape, and the pane stays open', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await beginNote(page);
  const line = page.locator('[data-note-line]').first();
  await page.keyboard.type('A ');
  await expect(page.locator('.note-heading').first()).toHaveText('Assessment');
  await expect(line).toHaveAttribute('placeholder', 'Esc: “A” is a word');
  await page.keyboard.press('Escape');
  await expect(page.locator('.note-heading').first()).toHaveText('History');
  await page.keyboard.type('cough for a week.');
  await expect(line).toHaveValue('A cough for a week.');
  await page.keyboard.press('Enter');
  // Once something stands under the heading, Escape is the pane's again.
  await page.keyboard.type('so lives alone.');
  await expect(page.locator('.note-heading').nth(1)).toHaveText('Social');
  await expect(page.getByRole('listbox', { name: 'Coded terms' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.locator('.pane')).toHaveCount(0);
});
