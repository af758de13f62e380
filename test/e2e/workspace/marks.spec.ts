/** Marks without which a line of the record means something else, on the screen and on paper. */
import { expect, test } from '../../support/workspace.ts';
import { openByName, openPatientId } from '../../support/workspace-steps.ts';

test('an interim report, a recall and a medicine prescribed elsewhere say so where they stand (hazards 20, 77, 86)', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  const id = await openPatientId(page);
  await page.evaluate(
    async ({ patient, at }) => {
      const of = { reference: `Patient/${patient}` };
      const meta = { versionId: '2', lastUpdated: at };
      const arriving: readonly object[] = [
        {
          resourceType: 'DiagnosticReport',
          id: 'report',
          meta,
          status: 'preliminary',
          code: { text: 'Blood culture' },
          subject: of,
          effectiveDateTime: at,
          issued: at,
        },
        {
          resourceType: 'ServiceRequest',
          id: 'recall',
          meta,
          status: 'active',
          intent: 'plan',
          code: { text: 'Asthma review' },
          subject: of,
          authoredOn: at,
          occurrenceDateTime: at,
        },
        {
          resourceType: 'MedicationStatement',
          id: 'elsewhere',
          meta,
          status: 'active',
          medicationCodeableConcept: { text: 'Methotrexate 2.5mg tablets' },
          subject: of,
          effectivePeriod: { start: at },
          extension: [
            {
              url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-MedicationPrescribingOrganizationType',
              valueCodeableConcept: { text: 'Prescribed by another organisation' },
            },
          ],
        },
      ];
      await window.fakeMain.arrive(patient, arriving as never);
    },
    { patient: id, at: new Date(Date.now() - 86_400_000).toISOString() },
  );
  await page.keyboard.press('Alt+5');
  const report = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Blood culture' }) });
  await expect(report.last()).toContainText('Interim: preliminary');
  await page.keyboard.press('Alt+4');
  await expect(page.getByRole('row', { name: /Methotrexate/ })).toContainText(
    'Prescribed by another organisation',
  );
  await page.keyboard.press('Alt+2');
  const recall = page.locator('.journal-item').filter({ hasText: 'Asthma review' });
  await expect(recall.locator('.tag').filter({ hasText: /^Planned$/ })).toBeVisible();
});

test('an interim value says so in every view (hazards 20, 23)', async ({ workspace }) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  const id = await openPatientId(page);
  await page.evaluate(
    async ({ patient, at }) => {
      const of = { reference: `Patient/${patient}` };
      const meta = { versionId: '1', lastUpdated: at };
      await window.fakeMain.arrive(patient, [
        {
          resourceType: 'Observation',
          id: 'interim-value',
          meta,
          status: 'preliminary',
          code: { text: 'Serum potassium' },
          subject: of,
          effectiveDateTime: at,
          valueQuantity: { value: 6.1, unit: 'mmol/L' },
        },
        {
          resourceType: 'DiagnosticReport',
          id: 'partial-report',
          meta,
          status: 'partial',
          code: { text: 'Full blood count' },
          subject: of,
          effectiveDateTime: at,
        },
      ] as never);
    },
    { patient: id, at: new Date(Date.now() - 86_400_000).toISOString() },
  );
  await page.keyboard.press('Alt+1');
  await expect(page.getByRole('row', { name: /Serum potassium/ })).toContainText('Interim');
  await page.keyboard.press('Alt+5');
  await expect(page.getByRole('row', { name: /Serum potassium/ })).toContainText('Interim');
  await page.keyboard.press('Alt+2');
  for (const words of ['Serum potassium', 'Full blood count'])
    await expect(
      page
        .locator('.journal-item')
        .filter({ hasText: words })
        .locator('.tag')
        .filter({ hasText: /^Interim$/ }),
    ).toBeVisible();
  await page.keyboard.press('Alt+8');
  await page.getByLabel('Find in this record').fill('potassium');
  await expect(page.locator('.entry').filter({ hasText: 'Serum potassium' })).toContainText('Interim');
});
