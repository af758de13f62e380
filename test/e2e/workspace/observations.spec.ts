/** What a set of observations asks beyond its boxes: several pressures, the SpO2 scale, pregnancy; and the order kept. */
import type { Page } from '@playwright/test';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import {
  actAs,
  chooseSet,
  openByName,
  openPatientId,
  openSet,
  saved,
  showPart,
} from '../../support/workspace-steps.ts';

async function openAt(page: Page, name: string, set: number): Promise<void> {
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, name);
  await openSet(page, set);
}

async function saveSet(page: Page): Promise<void> {
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/Saved on this computer/).first()).toBeVisible();
}

test('several blood pressures in one set by one key: each is recorded, one stands for them, all keep their order', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await openAt(page, 'testpaper', 1);
  const box = (key: string) => page.locator(`[data-observation="${key}"]`);
  await box('bloodPressure').focus();
  for (const letter of '160/95+152/90+148/88') await page.keyboard.press(letter);
  await expect(box('bloodPressure-3')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(box('bloodPressure-3')).not.toBeFocused();
  const stands = page.getByLabel('Stands for the set');
  await expect(stands.locator('option:checked')).toHaveText('3: 148/88');
  await expect(page.getByText('the lower of the last two')).toBeVisible();
  // An unusual one asks once, as the first does; what cannot be holds the focus.
  await box('bloodPressure-2').fill('210/90');
  await box('bloodPressure-2').press('Enter');
  await expect(box('bloodPressure-2')).toBeFocused();
  await box('bloodPressure-2').fill('90/152');
  await box('bloodPressure-2').press('+');
  await expect(box('bloodPressure-2')).toBeFocused();
  await expect(page.getByText('Systolic must be above diastolic')).toBeVisible();
  await box('bloodPressure-2').press('Enter');
  // What is refused is selected: what is typed next takes its place.
  await page.keyboard.type('152/90');
  await expect(box('bloodPressure-2')).toHaveValue('152/90');
  // A person may choose another; the rule then says no more.
  await stands.selectOption({ label: '2: 152/90' });
  await expect(page.getByText('Your choice. All are recorded.')).toBeVisible();
  expect(await brokenRules(page)).toEqual([]);
  await box('pulse').fill('72');
  await saveSet(page);
  const made = (await saved(page, 'Observation')) as readonly {
    component?: { valueQuantity?: { value?: number } }[];
    extension?: { extension?: { url: string; valueBoolean?: boolean }[] }[];
  }[];
  const pressures = made.filter(({ component }) => component !== undefined);
  expect(pressures.map(({ component }) => component?.[0]?.valueQuantity?.value)).toEqual([160, 152, 148]);
  expect(
    pressures.map(
      ({ extension }) =>
        extension?.flatMap((one) => one.extension ?? []).find(({ url }) => url === 'represents')
          ?.valueBoolean,
    ),
  ).toEqual([false, true, false]);
  // On the screen: the one that stands for the set is the latest, the others are one press away.
  await showPart(page, 'Results');
  const row = page.getByRole('row', { name: /^Blood pressure/ });
  await expect(row.locator('.reading-latest')).toHaveText('152/90 mmHg');
  await expect(row).toContainText('reading 2 of 3, stands for the set');
  await row.getByRole('button', { name: 'All' }).press('Enter');
  await expect(row).toContainText('160/95');
  await expect(row).toContainText('148/88');
  // The journal keeps the order in which they were entered.
  await showPart(page, 'Journal');
  const values = page.locator('.journal-item').filter({ hasText: 'Observation' });
  await expect(async () => {
    const words = (await values.allTextContents()).join(' ');
    const places = ['160/95', '152/90', '148/88', 'Pulse'].map((value) => words.indexOf(value));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  }).toPass({ timeout: 15_000 });
});

test('SpO2 scale 2: never by Enter, in two steps, recorded with who and when, there for the next set until taken back', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await openAt(page, 'testpaper', 2);
  const panel = page.getByRole('region', { name: 'NEWS2' });
  const boxes = page.locator('[data-observation]');
  // Enter walks through every box and never comes to the scale.
  const values: Record<string, string> = {
    spo2: '90',
    oxygen: 'o',
    consciousness: 'a',
    bloodPressure: '128/76',
  };
  for (const box of await boxes.all()) {
    await expect(box).toBeFocused();
    await page.keyboard.type(values[(await box.getAttribute('data-observation')) ?? ''] ?? '');
    await page.keyboard.press('Enter');
  }
  await expect(panel).toContainText('SpO2 scale 1');
  await expect(panel).toContainText('oxygen saturation 3');
  const offered = page.getByRole('button', { name: 'Scale 2…' });
  await offered.focus();
  await page.keyboard.press('Enter');
  await expect(panel).toContainText('confirmed hypercapnic respiratory failure');
  // The first answer is no: a second Enter by habit changes nothing.
  await expect(page.getByRole('button', { name: 'Keep scale 1' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(panel).toContainText('SpO2 scale 1');
  await offered.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Confirmed: record scale 2' }).focus();
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(panel).toContainText(/SpO2 scale 2 chosen by .+, now/);
  await expect(panel).not.toContainText('oxygen saturation 3');
  await saveSet(page);
  const texts = JSON.stringify(await saved(page, 'Observation'));
  expect(texts).toContain('"code":"scale-2"');
  expect(texts).toContain('1104321000000102');
  expect(texts).toMatch(/hypercapnic respiratory failure confirmed by [^"]+, \d{4}-/);
  // The next set, by another person, uses it and says whose it is.
  await page.keyboard.press('Escape');
  await expect(page.locator('.pane')).toHaveCount(0);
  await actAs(page, 'nurse');
  await openSet(page, 2);
  await expect(panel).toContainText(/SpO2 scale 2 chosen by .+, \d\d-\w+-\d{4}/);
  await page.getByRole('button', { name: 'Back to scale 1' }).focus();
  await page.keyboard.press('Enter');
  await expect(panel).toContainText('SpO2 scale 1');
  await saveSet(page);
  expect(JSON.stringify((await saved(page, 'Observation')).at(-1))).toContain('"code":"scale-1"');
});

test('pregnancy: asked where it matters, recorded with its last day, feeds NEWS2 and BMI; after that day it is asked again', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await openAt(page, 'testtwin alexa', 2);
  const id = await openPatientId(page);
  const panel = page.getByRole('region', { name: 'NEWS2' });
  const pregnancy = page.getByRole('combobox', { name: 'Pregnancy' });
  await page.locator('[data-observation="respiration"]').fill('26');
  await expect(panel).toContainText('NEWS2');
  await expect(pregnancy).toHaveValue('not-asked');
  await pregnancy.selectOption({ label: 'Pregnant' });
  await expect(panel).toContainText('NEWS2 is not for pregnancy');
  await page.getByLabel('Expected date of birth').fill('1 3 2099');
  await expect(panel).toContainText('holds until 15-Mar-2099');
  expect(await brokenRules(page)).toEqual([]);
  await saveSet(page);
  const made = JSON.stringify(await saved(page, 'Observation'));
  expect(made).toContain('77386006');
  expect(made).toContain('"valueDate":"2099-03-15"');
  expect(made).not.toContain('1104051000000101');
  // The next set takes it from the record, and BMI gives no band.
  await chooseSet(page, 2);
  await expect(panel).toContainText('NEWS2 is not for pregnancy');
  await expect(panel).toContainText(/Pregnant, \d\d-\w+-\d{4}, .+; holds until 15-Mar-2099/);
  await chooseSet(page, 6);
  await page.locator('[data-observation="weight"]').fill('72');
  await page.locator('[data-observation="height"]').fill('168');
  await expect(page.getByText('Pregnant: bands do not apply.')).toBeVisible();
  // An answer whose last day has passed is no answer: it is asked again, and nothing is assumed.
  await page.evaluate(
    async ({ patient, on }) => {
      await window.fakeMain.arrive(patient, [
        {
          resourceType: 'Observation',
          id: 'expired',
          meta: { versionId: '1', lastUpdated: on },
          status: 'final',
          code: { coding: [{ system: 'http://snomed.info/sct', code: '60001007' }], text: 'Not pregnant' },
          subject: { reference: `Patient/${patient}` },
          effectiveDateTime: on,
          extension: [
            {
              url: 'https://gladstone.example/fhir/StructureDefinition/holds-until',
              valueDate: '2020-01-01',
            },
          ],
        },
      ] as never);
    },
    { patient: id, on: new Date(Date.now() + 3_600_000).toISOString() },
  );
  await expect(panel).toContainText(/Not pregnant.*held until 01-Jan-2020\. Ask again/);
  await expect(page.getByText('Pregnancy not asked: bands do not apply in pregnancy.')).toBeVisible();
});

test('a child: no usual range of an adult is put to any value, and that is said (H-037)', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await openAt(page, 'testchild', 6);
  await expect(page.getByText('no usual range for a child here')).toBeVisible();
  const pulse = page.locator('[data-observation="pulse"]');
  await pulse.focus();
  await page.keyboard.type('150');
  await page.keyboard.press('Enter');
  await expect(pulse).not.toBeFocused();
  await expect(page.getByText(/Unusual for an adult/)).toHaveCount(0);
  await expect(page.getByRole('combobox', { name: 'Pregnancy' })).toHaveCount(0);
  // What cannot be is refused all the same.
  await pulse.fill('900');
  await pulse.press('Enter');
  await expect(pulse).toBeFocused();
});

test('an emergency that was saved: advice and alarm stay until they are closed, the set stays, the band stands in words beside the score everywhere', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await openAt(page, 'testpaper', 2);
  const values: Record<string, string> = {
    respiration: '26',
    spo2: '91',
    oxygen: 'a',
    bloodPressure: '94/58',
    pulse: '122',
    consciousness: 'a',
    temperature: '38.4',
  };
  for (const [key, value] of Object.entries(values))
    await page.locator(`[data-observation="${key}"]`).fill(value);
  await saveSet(page);
  const advice = page.getByRole('region', { name: 'Saved set' });
  await expect(advice).toContainText(/NEWS2 1\d · Emergency/);
  await expect(advice).toContainText(/999/);
  await expect(page.getByRole('button', { name: /Acute with NEWS2/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  const lastValues = page.locator('[data-area="values"]');
  await expect(lastValues.getByRole('row', { name: /Early Warning/ })).toContainText('Emergency');
  // No position that nobody chose.
  const pressures = (await saved(page, 'Observation')).filter((one) => 'component' in one);
  expect(JSON.stringify(pressures)).not.toMatch(/sitting/i);
  expect(await brokenRules(page)).toEqual([]);
  await advice.getByRole('button', { name: 'Close this advice' }).press('Enter');
  await expect(advice).toHaveCount(0);
  for (const [keys, place] of [
    ['Alt+5', '.record-table tr'],
    ['Alt+2', '.journal-item'],
  ] as const) {
    await page.keyboard.press(keys);
    await expect(
      page
        .locator(place)
        .filter({ hasText: /Early Warning/ })
        .first(),
    ).toContainText('Emergency');
  }
});
