/** What a printed record says of itself on every page, what never gets onto paper, and what is asked about first. */
import type { Page } from '@playwright/test';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import type { WorkspaceWindow } from '../../support/workspace-window.ts';
import { openByName, openPatientId, saved, showPart } from '../../support/workspace-steps.ts';

/** The page as it would come out of the printer: A4, its words a page. */
async function printed({ app }: WorkspaceWindow): Promise<readonly string[]> {
  const base64 = await app.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const pdf = await window?.webContents.printToPDF({ pageSize: 'A4', preferCSSPageSize: true });
    return pdf?.toString('base64') ?? '';
  });
  const loading = getDocument({ data: Uint8Array.from(Buffer.from(base64, 'base64')) });
  const pdf = await loading.promise;
  const pages: string[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const { items } = await (await pdf.getPage(number)).getTextContent();
    pages.push(
      items
        .map((item) => ('str' in item ? item.str : ''))
        .join(' ')
        .replaceAll(/\s+/g, ' '),
    );
  }
  await loading.destroy();
  return pages;
}

const arrive = (page: Page, patient: string, resources: readonly object[]): Promise<void> =>
  page.evaluate(
    async ({ of, arriving }) => {
      await window.fakeMain.arrive(of, arriving as never);
    },
    { of: patient, arriving: resources },
  );

function entry(patient: string, id: string, more: object): object {
  const at = new Date(Date.now() - 86_400_000).toISOString();
  return {
    id,
    meta: { versionId: '1', lastUpdated: at },
    subject: { reference: `Patient/${patient}` },
    recordedDate: at,
    ...more,
  };
}

const problem = (patient: string, id: string, text: string, security: readonly object[] = []): object => ({
  ...entry(patient, id, {
    resourceType: 'Condition',
    code: { text },
    clinicalStatus: { coding: [{ code: 'active' }] },
    category: [{ coding: [{ code: 'problem-list-item' }] }],
  }),
  ...(security.length > 0 ? { meta: { versionId: '1', security } } : {}),
});

async function openPaper(workspace: WorkspaceWindow): Promise<string> {
  await workspace.page.locator('.surgery tbody tr').first().waitFor();
  await openByName(workspace.page, 'testpaper');
  return openPatientId(workspace.page);
}

test('every printed page says whose record it is, of when the data are, page n of m and NHS Confidential; no control of the screen', async ({
  workspace,
}) => {
  const opened = await workspace.open();
  const { page } = opened;
  const id = await openPaper(opened);
  await arrive(
    page,
    id,
    Array.from({ length: 60 }, (_, at) => problem(id, `p${at}`, `Problem number ${at} of many, in words`)),
  );
  for (const part of ['Summary', 'Journal', 'Problems', 'Medication', 'Results', 'Documents']) {
    await showPart(page, part);
    const pages = await printed(opened);
    if (part === 'Problems') expect(pages.length).toBeGreaterThan(1);
    for (const [index, words] of pages.entries()) {
      expect(words).toContain('NHS Confidential: Personal Data about a patient');
      expect(words).toContain(`Page ${index + 1} of ${pages.length}`);
      expect(words).toContain('TESTPAPER, Lou (Mx)');
      expect(words).toMatch(/Born 08-Jul-1955/);
      expect(words).toContain('NHS No.');
      expect(words).toContain(part);
      expect(words).toMatch(/data as of \d\d-\w+-\d{4} \d\d:\d\d · printed \d\d-\w+-\d{4} \d\d:\d\d by Dr /);
      expect(words).not.toMatch(/Ctrl\+|Alt\+| F\d|Address and telephone|\bAdd\b|Record medication|In step/);
    }
  }
  await page.keyboard.press('Alt+4');
  await expect(page.getByRole('button', { name: /^Current/ })).toBeVisible();
});

test('on paper the head of the record, with whose it is, repeats on every page, however many allergies there are (H-158)', async ({
  workspace,
}) => {
  const opened = await workspace.open();
  const { page } = opened;
  const id = await openPaper(opened);
  await arrive(page, id, [
    ...Array.from({ length: 20 }, (_, at) =>
      entry(id, `a${at}`, {
        resourceType: 'AllergyIntolerance',
        patient: { reference: `Patient/${id}` },
        code: { text: `Allergen with a rather long name, number ${at}` },
        clinicalStatus: { coding: [{ code: 'active' }] },
        reaction: [{ manifestation: [{ text: 'Urticaria and swelling of the face' }] }],
      }),
    ),
    ...Array.from({ length: 60 }, (_, at) => problem(id, `p${at}`, `Problem number ${at} of many`)),
  ]);
  await showPart(page, 'Problems');
  await expect(page.getByText('Problem number 59 of many')).toBeVisible();
  await expect(page.locator('.banner-allergies')).toContainText('number 19');
  const pages = await printed(opened);
  expect(pages.length).toBeGreaterThan(1);
  for (const words of pages) {
    expect(words).toContain('TESTPAPER, Lou (Mx)');
    expect(words).toContain('Known allergies : 20, all on page 1');
  }
  expect(pages[0]).toContain('Allergen with a rather long name, number 19');
});

test('sensitive entries are asked about and left out; what is about safeguarding is never printed (H-035, H-036)', async ({
  workspace,
}) => {
  const opened = await workspace.open();
  const { page } = opened;
  const id = await openPaper(opened);
  const private_ = [{ code: 'third-party', display: 'Third party' }];
  await arrive(page, id, [
    problem(id, 'open', 'Asthma for all to read'),
    problem(id, 'marked', 'Words about a neighbour', private_),
    entry(id, 'flag', {
      resourceType: 'Flag',
      status: 'active',
      code: { text: 'Safeguarding: plan of the fixture' },
      period: { start: '2026-01-01' },
    }),
    entry(id, 'value', {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'Marked value' },
      effectiveDateTime: '2026-05-01',
      valueString: 'Value of the neighbour',
      meta: { versionId: '1', security: private_ },
    }),
  ]);
  await expect(page.locator('.banner-discreet')).toBeVisible();
  const secrets = /Words about a neighbour|Value of the neighbour/;
  const paperOf = async (part: string) => {
    await showPart(page, part);
    return (await printed(opened)).join(' ');
  };
  for (const part of ['Summary', 'Journal', 'Problems', 'Results']) {
    const words = await paperOf(part);
    expect(words).not.toMatch(secrets);
    expect(words).not.toMatch(/Safeguarding|§/i);
    expect(words).toContain('Entries marked as sensitive are left out of this print.');
  }
  expect(await paperOf('Problems')).toContain('Asthma for all to read');
  // On the screen they stand, marked.
  await expect(page.getByRole('row', { name: /Words about a neighbour/ })).toContainText('sensitive');
  // Ctrl+P asks first; Enter leaves them out.
  await page.keyboard.press('Control+p');
  await expect(page.getByRole('dialog')).toContainText('2 entries of this record are marked as sensitive');
  await expect(page.getByRole('button', { name: 'Leave them out' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  // Printed too, where a person says so: marked as such on every page, safeguarding still not.
  await page.evaluate(() => {
    document.documentElement.dataset['print'] = 'everything';
  });
  const all = await paperOf('Problems');
  expect(all).toMatch(secrets);
  expect(all).toContain('Entries marked as sensitive are printed: not for others.');
  expect(await paperOf('Journal')).not.toMatch(/Safeguarding: plan/);
});

test('one key hides every clinical word and keeps who it is; nothing is saved or printed meanwhile, the draft comes back (H-035)', async ({
  workspace,
}) => {
  const opened = await workspace.open();
  const { page } = opened;
  const id = await openPaper(opened);
  await arrive(page, id, [problem(id, 'open', 'Asthma for all to read')]);
  await page.keyboard.press('F6');
  await page.locator('[data-observation="pulse"]').fill('72');
  await expect(page.getByText('Asthma for all to read').first()).toBeVisible();
  await page.keyboard.press('F7');
  await expect(page.getByText('Clinical content is hidden.')).toBeVisible();
  await expect(page.locator('.banner-identity')).toContainText('TESTPAPER, Lou');
  const words = (await page.locator('body').innerText()).toLowerCase();
  expect(words).not.toMatch(/asthma|allerg|pulse|medication/);
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('Control+p');
  expect(await saved(page, 'Observation')).toEqual([]);
  await page.keyboard.press('F7');
  await expect(page.locator('[data-observation="pulse"]')).toHaveValue('72');
  await expect(page.locator('.banner-allergies')).toBeVisible();
});

test('allergies and alerts say once that they warn at this practice only, on paper too; a print tells nothing of a safeguarding alert (H-009, H-019)', async ({
  workspace,
}) => {
  const opened = await workspace.open();
  const { page } = opened;
  const id = await openPaper(opened);
  const words = 'Allergies and alerts warn at this practice only: other services are not warned unless';
  const said = page.locator('.record-body').getByText(words);
  const alert = (key: string, text: string) =>
    entry(id, key, { resourceType: 'Flag', status: 'active', code: { text } });
  await expect(page.locator('.record-section').filter({ hasText: 'Allergies' }).first()).toBeVisible();
  await expect(said).toHaveCount(0);
  await arrive(page, id, [alert('guarded', 'Safeguarding: plan')]);
  await expect(said).toBeVisible();
  expect((await printed(opened)).join(' ')).not.toContain(words);
  await arrive(page, id, [
    entry(id, 'imported', {
      resourceType: 'AllergyIntolerance',
      patient: { reference: `Patient/${id}` },
      code: { text: 'Penicillin' },
      clinicalStatus: { coding: [{ code: 'active' }] },
    }),
  ]);
  await expect(page.locator('.record-section').filter({ hasText: 'Allergies' }).first()).toContainText(words);
  expect(await brokenRules(page)).toEqual([]);
  expect((await printed(opened)).join(' ')).toContain(words);
  // Once, where a person looks for it: on no other place of the record.
  for (const part of ['Journal', 'Problems', 'Medication', 'Results']) {
    await showPart(page, part);
    await expect(said).toHaveCount(0);
  }
  // Whoever records one is told where it is to be recorded as well.
  await page.keyboard.press('Alt+a');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(
    'Recorded at this practice: other services are not warned unless the record is shared with them. Record it in the system that prescribes as well.',
  );
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('a protected patient’s address shows only on request and never on paper (H-034)', async ({
  workspace,
}) => {
  const opened = await workspace.open();
  const { page } = opened;
  await openPaper(opened);
  const id = await openPatientId(page);
  const ordinary = await (async () => {
    await page.keyboard.press('Alt+b');
    await expect(page.locator('.banner-contact')).toContainText('7 Elsewhere');
    await page.keyboard.press('Alt+b');
    return id;
  })();
  await arrive(page, ordinary, [
    {
      resourceType: 'Patient',
      id: ordinary,
      meta: { versionId: '2', lastUpdated: new Date().toISOString(), security: [{ code: 'R' }] },
      name: [{ use: 'official', family: 'Testpaper', given: ['Lou'], prefix: ['Mx'] }],
      gender: 'female',
      birthDate: '1955-07-08',
      address: [{ use: 'home', line: ['7 Elsewhere'], postalCode: 'LS9 7ZZ' }],
      telecom: [{ system: 'phone', use: 'mobile', value: '07700 900123' }],
    },
  ]);
  await page.keyboard.press('Alt+b');
  const contact = page.locator('.banner-contact');
  await expect(contact).toContainText('Protected patient: address and telephone are not shown.');
  await expect(contact).not.toContainText(/Elsewhere|07700/);
  await page.getByRole('button', { name: 'Show them now' }).focus();
  await page.keyboard.press('Enter');
  await expect(contact).toContainText('7 Elsewhere');
  expect((await printed(opened)).join(' ')).not.toMatch(/Elsewhere|07700|LS9/);
  // Folded and opened again they are asked for again.
  await page.keyboard.press('Alt+b');
  await page.keyboard.press('Alt+b');
  await expect(contact).not.toContainText(/Elsewhere|07700/);
});

test('a record that is not whole says so wherever nothing is recorded, in its state and on paper (hazards 16, 32, 33, 42)', async ({
  workspace,
}) => {
  const opened = await workspace.open();
  const { page } = opened;
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testtwin alexa');
  const id = await openPatientId(page);
  await expect(page.locator('.record-state')).toContainText('Whole record');
  const flag = (code: string, text: string) =>
    entry(id, code, {
      resourceType: 'Flag',
      status: 'active',
      code: { text },
      category: [
        { coding: [{ system: 'https://gladstone.example/fhir/CodeSystem/record-completeness', code }] },
      ],
    });
  await arrive(page, id, [
    flag('data-in-transit', 'Record in transit: entries before 03-Mar-2021 may be missing'),
    flag('confidential-items', 'Items withheld as confidential'),
  ]);
  const missing = 'Entries before 03-Mar-2021 may be missing. Some items are withheld as confidential.';
  await expect(page.locator('.record-state')).toContainText('Not whole');
  await expect(page.locator('.banner-allergies')).toContainText(
    'Allergies not recorded, record incomplete before 03-Mar-2021, some items withheld as confidential',
  );
  for (const [keys, nothing] of [
    ['Alt+1', 'No active problems recorded'],
    ['Alt+1', 'Allergies not recorded. Ask'],
    ['Alt+1', 'No current medication in the data here'],
    ['Alt+1', 'No observations recorded'],
    ['Alt+1', 'No consultations recorded'],
    ['Alt+3', 'No problems recorded'],
    ['Alt+4', 'No current medication in the data here'],
    ['Alt+5', 'No observations recorded'],
    ['Alt+6', 'No measured values to draw'],
    ['Alt+7', 'No letters or documents in the data here'],
  ] as const) {
    await page.keyboard.press(keys);
    const empty = page.locator('.record-body .empty').filter({ hasText: nothing });
    await expect(empty.first()).toContainText(missing);
  }
  await page.keyboard.press('Alt+8');
  await page.getByLabel('Find in this record').fill('zzzz');
  await expect(page.locator('.record-body .empty')).toContainText(missing);
  await showPart(page, 'Problems');
  for (const words of await printed(opened)) expect(words).toContain(missing);
});

test('the list of shortcuts prints alone, as a page about no patient', async ({ workspace }) => {
  const opened = await workspace.open();
  const { page } = opened;
  await openPaper(opened);
  await page.keyboard.press('F1');
  await page.getByRole('dialog').waitFor();
  const pages = await printed(opened);
  const words = pages.join(' ');
  expect(words).toContain('Ctrl+K');
  expect(words).not.toMatch(/TESTPAPER|NHS Confidential|999 000/);
  expect(pages[0]).toContain(`Page 1 of ${pages.length}`);
});
