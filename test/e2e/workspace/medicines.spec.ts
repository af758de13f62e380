/** A medicine by keyboard: the chosen term stands fast, what speaks against it asks for a reason, the mark stays. */
import { brokenRules, expect, test } from '../../support/workspace.ts';
import { openByName, openPatientId, saved } from '../../support/workspace-steps.ts';
import type { WorkspaceWindow } from '../../support/workspace-window.ts';

async function openAllergic({ page }: WorkspaceWindow): Promise<void> {
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  const patient = await openPatientId(page);
  const recordedDate = new Date(Date.now() - 86_400_000).toISOString();
  await page.evaluate(
    async ({ of, arriving }) => {
      await window.fakeMain.arrive(of, arriving);
    },
    {
      of: patient,
      arriving: [
        {
          resourceType: 'AllergyIntolerance',
          id: 'penicillin',
          meta: { versionId: '1', lastUpdated: recordedDate },
          patient: { reference: `Patient/${patient}` },
          code: {
            coding: [{ system: 'http://snomed.info/sct', code: '91936005' }],
            text: 'Allergy to penicillin',
          },
          clinicalStatus: { coding: [{ code: 'active' }] },
          recordedDate,
        },
      ],
    },
  );
  await expect(page.locator('.banner-allergies')).toContainText(/penicillin/i);
}

test('a chosen medicine stands fast: Enter goes on, what is typed next is the dose, and only Change frees its words', async ({
  workspace,
}) => {
  const opened = await workspace.open();
  const { page } = opened;
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await page.keyboard.press('Alt+m');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('combobox', { name: 'Medicine' })).toBeFocused();
  await page.keyboard.type('asthma');
  await expect(dialog.getByText('↓ and Enter choose')).toBeVisible();
  await expect(dialog.getByRole('listbox', { name: 'Coded terms' }).getByRole('option')).toHaveCount(0);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('paracetamol 500mg tab');
  await dialog.getByRole('listbox', { name: 'Coded terms' }).getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.locator('[role="option"][aria-selected="true"]').waitFor();
  await page.keyboard.press('Enter');
  const chosen = dialog.getByRole('group', { name: 'Medicine' });
  await expect(chosen).toContainText('Coded: SNOMED CT');
  const dose = dialog.getByLabel('Dose, as said');
  await expect(dose).toBeFocused();
  await page.keyboard.type('1 as needed');
  await expect(chosen.locator('strong')).toHaveText(/^Paracetamol 500mg tablets/);
  // Explicitly: Backspace on Change gives the words back, without their code.
  await page.keyboard.press('Shift+Tab');
  await expect(dialog.getByRole('button', { name: /^Change medicine/ })).toBeFocused();
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Backspace');
  const box = dialog.getByRole('combobox', { name: 'Medicine' });
  await expect(box).toBeFocused();
  await expect(box).toHaveValue(/^Paracetamol 500mg tablets/);
  await dialog.getByRole('listbox', { name: 'Coded terms' }).getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.locator('[role="option"][aria-selected="true"]').waitFor();
  await page.keyboard.press('Enter');
  await expect(dose).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  const [made] = (await saved(page, 'MedicationStatement')) as readonly {
    readonly medicationCodeableConcept?: { readonly coding?: readonly { readonly code?: string }[] };
    readonly dosage?: readonly { readonly text?: string }[];
  }[];
  expect(made?.medicationCodeableConcept?.coding?.[0]?.code).toMatch(/^\d+$/);
  expect(made?.dosage?.[0]?.text).toBe('1 as needed');
});

for (const given of [false, true])
  test(`a medicine ${given ? 'given here' : 'taken'} against a known allergy needs a reason, and its mark stays on the list`, async ({
    workspace,
  }) => {
    const opened = await workspace.open();
    const { page } = opened;
    await openAllergic(opened);
    await page.keyboard.press('Alt+m');
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('combobox', { name: 'Medicine' })).toBeFocused();
    await page.keyboard.type('amoxicillin 500mg');
    await dialog.getByRole('listbox', { name: 'Coded terms' }).getByRole('option').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.locator('[role="option"][aria-selected="true"]').waitFor();
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('alert').filter({ hasText: /penicillin/i })).toBeVisible();
    const reason = dialog.getByLabel('Reason to record it all the same');
    await expect(reason).toBeFocused();
    const save = dialog.getByRole('button', { name: /^Save for/ });
    await expect(save).toBeDisabled();
    // Enter without a reason saves nothing and goes nowhere.
    await page.keyboard.press('Enter');
    await expect(reason).toBeFocused();
    await page.keyboard.type('had it twice since without harm');
    await page.keyboard.press('Enter');
    await expect(dialog.getByLabel('Dose, as said')).toBeFocused();
    await page.keyboard.type('1 three times a day');
    if (given) await dialog.getByLabel('Where it comes from').selectOption('given here');
    expect(await brokenRules(page)).toEqual([]);
    await dialog.getByLabel('Dose, as said').press('Enter');
    await expect(dialog).toHaveCount(0);
    const made = await saved(page, given ? 'MedicationAdministration' : 'MedicationStatement');
    expect(JSON.stringify(made)).toContain('had it twice since without harm');
    const mark = /recorded although.*penicillin.*Reason: had it twice since without harm/i;
    await expect(page.locator('[data-area="medication"] .although')).toHaveText(mark);
    await page.keyboard.press('Alt+4');
    const line = page.locator('.medication-table tbody tr').filter({ hasText: /amoxicillin/i });
    await expect(line.locator('.although')).toHaveText(mark);
    await expect(line).toContainText(given ? 'Given' : 'Started');
    expect(await brokenRules(page)).toEqual([]);
    // Details first; to stop it is a step of its own.
    await line.locator('.entry-head').press('Enter');
    await expect(page.getByRole('dialog', { name: 'Medicine' })).toContainText(mark);
  });
