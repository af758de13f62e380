/** What came into a record after somebody had looked at it (H-022): listed, opened by a key, read by a key. */
import type { Page } from '@playwright/test';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import { openByName, openPatientId } from '../../support/workspace-steps.ts';

/** A potassium out of its range and a letter come by the feed, later than whatever the fixture holds. */
async function arrive(page: Page, patientId: string): Promise<void> {
  await page.evaluate(
    async ({ id, at }) => {
      const subject = { reference: `Patient/${id}` };
      const meta = { versionId: '2', lastUpdated: at };
      await window.fakeMain.arrive(id, [
        {
          resourceType: 'DocumentReference',
          id: 'late-letter',
          meta,
          status: 'current',
          subject,
          date: at,
          description: 'Discharge letter',
          content: [
            { attachment: { title: 'Discharge letter', contentType: 'text/plain', data: 'SGVsbG8=' } },
          ],
        },
        {
          resourceType: 'Patient',
          id,
          meta,
          name: [{ use: 'official', family: 'Testpaper', given: ['Lou'], prefix: ['Mx'] }],
          birthDate: '1955-07-08',
          gender: 'female',
          deceasedDateTime: at,
        },
        {
          resourceType: 'Observation',
          id: 'late-potassium',
          meta,
          status: 'final',
          subject,
          effectiveDateTime: at,
          code: { text: 'Serum potassium' },
          valueQuantity: { value: 6.4, unit: 'mmol/L' },
          interpretation: [{ coding: [{ code: 'H' }] }],
          performer: [{ display: 'Laboratory' }],
        },
      ] as never);
    },
    { id: patientId, at: new Date(Date.now() + 86_400_000).toISOString() },
  );
}

test('results and letters of a patient seen before stand in a list, abnormal first, until a person has read them', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  const patientId = await openPatientId(page);
  await expect.poll(() => page.evaluate(() => window.fakeMain.looked.length)).toBe(1);
  await page.keyboard.press('Alt+k');
  const panel = page.getByRole('region', { name: 'Arrived since you last looked' });
  await expect(page.getByRole('heading', { name: 'Tasks and notes' })).toBeVisible();
  await expect(panel).toHaveCount(0);

  await arrive(page, patientId);
  await expect(panel).toContainText('TESTPAPER');
  await expect(panel.locator('.arrived-entry').first()).toContainText(
    /abnormal.*Serum potassium 6\.4 mmol\/L/,
  );
  await expect(panel.locator('.arrived-entry').nth(1)).toContainText('recorded as having died');
  await expect(panel.locator('.arrived-entry').last()).toContainText('Discharge letter');
  await expect(page.locator('.title-bar')).toContainText(/Tasks (\d+ open )?1 new ⚠ 1/);
  expect(await brokenRules(page)).toEqual([]);

  // Opened by a key; looking at it, leaving it and coming back mark nothing.
  await page.keyboard.press('Alt+j');
  await expect(page.locator('.banner-name')).toContainText('TESTPAPER');
  const here = page.getByRole('status').filter({ hasText: 'Arrived since you last looked' });
  await expect(here).toContainText('Serum potassium');
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Alt+k');
  await expect(panel).toContainText('TESTPAPER');
  await page.keyboard.press('Alt+j');
  await expect(here).toContainText('Serum potassium');
  await page.keyboard.press('Alt+f');
  await expect(here).toHaveCount(0);
  await expect(page.locator('.title-bar')).not.toContainText('new');
  await page.keyboard.press('Alt+k');
  await expect(page.getByRole('heading', { name: 'Tasks and notes' })).toBeVisible();
  await expect(panel).toHaveCount(0);
  const looked = await page.evaluate(() => window.fakeMain.looked);
  expect(looked.map((one) => one.patientId)).toEqual([patientId]);
});

test('patients whom this person has not seen are nobody’s news here', async ({ workspace }) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await arrive(page, '00000000-0000-4000-8000-0000000f0005');
  await page.keyboard.press('Alt+k');
  await expect(page.getByRole('heading', { name: 'Tasks and notes' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Arrived since you last looked' })).toHaveCount(0);
});
