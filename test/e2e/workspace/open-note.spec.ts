/** What is recorded while a note is open goes to the real service before the note is signed, and all of it is taken. */
import { openPatient, patientsOf } from '../../support/consulting.ts';
import { expect, test } from '../../support/electron.ts';
import { signInHere, startPractice } from '../../support/practice.ts';
import type { Practice } from '../../support/practice.ts';

test.describe.configure({ timeout: 180_000 });

let practice: Practice;
test.beforeAll(async () => {
  practice = await startPractice({ patients: 4 });
});
test.afterAll(() => practice.close());

test('a note is open, an allergy and a set are recorded, it is signed: all of it is at the service, nothing was refused', async ({
  desktop,
}) => {
  const [patient] = await patientsOf(practice, 1);
  if (patient === undefined) throw new Error('the practice has no patients');
  const { page } = await signInHere(desktop, practice, 'gp');
  const inStep = () => expect(page.getByText(/^In step/).first()).toBeVisible({ timeout: 60_000 });
  const atService = async (type: string, words: string) => {
    const subject = type === 'AllergyIntolerance' ? 'patient' : 'subject';
    const found = await practice.search(`${type}?${subject}=Patient/${patient.id}&_count=500`);
    return (found.entry ?? [])
      .map(({ resource }) => resource)
      .filter((resource) => JSON.stringify(resource).includes(words));
  };
  await inStep();
  await openPatient(page, patient);
  const lines = page.locator('[data-note-line]');
  await expect(async () => {
    await page.keyboard.press('F4');
    await expect(lines.first()).toBeFocused({ timeout: 2_000 });
  }).toPass();
  await page.keyboard.type('h rash after the blue tablets');

  await page.keyboard.press('Alt+a');
  await expect(page.getByLabel('Causative agent')).toBeFocused();
  await page.keyboard.type('Tablets, the blue ones');
  const save = page.getByRole('dialog').getByRole('button', { name: /^Save for / });
  await expect(save).toBeEnabled();
  await save.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  // It is sent at once and by itself: the note is not signed yet, and its Encounter is nowhere.
  await expect
    .poll(async () => (await atService('AllergyIntolerance', 'the blue ones')).length, { timeout: 60_000 })
    .toBe(1);

  await page.keyboard.press('F6');
  const box = page.locator('[data-observation="bloodPressure"]');
  await expect(box).toBeFocused();
  await page.keyboard.type('127/79');
  await page.keyboard.press('Control+Enter');
  await expect(box).toHaveValue('');
  await page.keyboard.press('Escape');
  const recorded = page.getByRole('region', { name: 'Recorded in this consultation' });
  await expect(recorded).toContainText('the blue ones');
  await expect(recorded).toContainText('127/79');
  await inStep();

  await expect(lines.first()).toBeFocused();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('button', { name: /^Sign for / })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.consultation')).toHaveCount(0);

  await expect
    .poll(async () => (await atService('Composition', 'rash after the blue tablets')).length, {
      timeout: 60_000,
    })
    .toBe(1);
  await inStep();
  const [composition] = await atService('Composition', 'rash after the blue tablets');
  const [allergy] = await atService('AllergyIntolerance', 'the blue ones');
  const [pressure] = await atService('Observation', '"value":127');
  const { encounter } = composition ?? {};
  expect(encounter).toBeDefined();
  expect([allergy?.['encounter'], pressure?.['encounter']]).toEqual([encounter, encounter]);
  await page.locator('.sync-indicator').click();
  await expect(page.getByRole('heading', { name: 'Sync centre' })).toBeVisible();
  await expect(page.getByText(/refused/i)).toHaveCount(0);
});
