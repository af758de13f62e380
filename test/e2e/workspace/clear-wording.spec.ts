/** What is measured and prescribed, worded so that it cannot be misread: doses, peak flow, templates' ages, the codes' release. */
import { brokenRules, expect, test } from '../../support/workspace.ts';
import {
  chooseFrom,
  openByName,
  openNote,
  openPatientId,
  openSet,
  saved,
  showPart,
} from '../../support/workspace-steps.ts';

const yesterday = () => new Date(Date.now() - 86_400_000).toISOString();

test('a dose that is written: amounts are set clearly, clear words are offered for what can be misread (MEDi-038, 041..044)', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await page.keyboard.press('Alt+m');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Medicine' }).waitFor();
  await page.keyboard.type('Levothyroxine');
  await page.keyboard.press('Tab');
  const dose = dialog.getByLabel('Dose, as said');
  await dose.focus();
  await page.keyboard.type('1000mcg @ night');
  const offer = dialog.getByRole('button', { name: 'Write “1,000 micrograms at night”' });
  await expect(offer).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(dose).toHaveValue('1,000 mcg @ night');
  await expect(offer).toBeFocused();
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(dose).toHaveValue('1,000 micrograms at night');
  await expect(offer).toHaveCount(0);
  await dose.focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  const [made] = (await saved(page, 'MedicationStatement')) as readonly {
    readonly dosage?: readonly { readonly text?: string }[];
  }[];
  expect(made?.dosage?.[0]?.text).toBe('1,000 micrograms at night');
});

test('a dose held in parts stands by the rules, the dose alone in bold; what somebody wrote stands as written (MEDi-007, 018, 051)', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  const patient = await openPatientId(page);
  await page.evaluate(
    async ({ of, at }) => {
      const statement = (id: string, drug: string, dosage: object) => ({
        resourceType: 'MedicationStatement',
        id,
        meta: { versionId: '1', lastUpdated: at },
        status: 'active',
        subject: { reference: `Patient/${of}` },
        medicationCodeableConcept: { text: drug },
        effectivePeriod: { start: at },
        dosage: [dosage],
      });
      await window.fakeMain.arrive(of, [
        statement('parts', 'Metformin 500mg tablets', {
          doseAndRate: [{ doseQuantity: { value: 1000, unit: 'mg' } }],
          route: { text: 'oral' },
          timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd' } },
        }),
        statement('words', 'Levothyroxine 50microgram tablets', { text: '50mcg od' }),
      ] as never);
    },
    { of: patient, at: yesterday() },
  );
  await showPart(page, 'Medication');
  const line = (drug: RegExp) =>
    page.locator('.medication-table .medication-words').filter({ hasText: drug });
  await expect(line(/Metformin/)).toHaveText(
    'Metformin 500mg tablets — DOSE\u00a01,000 mg — oral — twice a day',
  );
  await expect(line(/Metformin/).locator('.dose strong')).toHaveText('1,000 mg');
  await expect(line(/Levothyroxine/).locator('.dose strong')).toHaveText('50mcg od');
});

test('the best ever peak flow stands beside the box, and what is typed as a part of it', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  const patient = await openPatientId(page);
  await openSet(page, 4);
  const box = page.locator('.observation').filter({ has: page.locator('[data-observation="peakFlow"]') });
  await expect(box).toContainText('Best ever not recorded');
  await page.evaluate(
    async ({ of, at }) => {
      await window.fakeMain.arrive(of, [
        {
          resourceType: 'Observation',
          id: 'best',
          meta: { versionId: '1', lastUpdated: at },
          status: 'final',
          subject: { reference: `Patient/${of}` },
          code: {
            coding: [{ system: 'http://snomed.info/sct', code: '271306003' }],
            text: 'Best ever peak flow rate',
          },
          effectiveDateTime: '2024-03-12',
          valueQuantity: { value: 400, unit: 'L/min', code: 'L/min', system: 'http://unitsofmeasure.org' },
        },
      ] as never);
    },
    { of: patient, at: yesterday() },
  );
  await expect(box).toContainText('Best ever 400 12-Mar-2024');
  await page.locator('[data-observation="peakFlow"]').focus();
  await page.keyboard.type('300');
  await expect(box).toContainText('75% of best ever');
  expect(await brokenRules(page)).toEqual([]);
});

test('a template made for another age says so while it stands in the note', async ({ workspace }) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await openNote(page);
  await chooseFrom(page, 'Template', 'Child with fever');
  await expect(page.getByRole('alert').filter({ hasText: 'is made for ages up to' })).toBeVisible();
  await page.keyboard.press('Alt+Delete');
  await expect(page.getByRole('alert').filter({ hasText: 'is made for ages up to' })).toHaveCount(0);
});

test('the help says which release of codes this computer runs on', async ({ workspace }) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.keyboard.press('F1');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: 'Codes' })).toBeVisible();
  await expect(dialog).toContainText(/SNOMED CT Global Patient Set.*release 2020-09.*Not the UK Edition/);
  await expect(dialog).toContainText('SNOMED International');
});
