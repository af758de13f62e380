/** The handover for ambulance or hospital: by keyboard, what is on it, what never is, and that it says what nobody else has. */
import type { Page } from '@playwright/test';
import { printedPages } from '../../support/printed-pages.ts';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import type { WorkspaceWindow } from '../../support/workspace-window.ts';
import { openByName, openPatientId, saved } from '../../support/workspace-steps.ts';

async function openPaper({ page }: WorkspaceWindow): Promise<string> {
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  return openPatientId(page);
}

/** The preview, put together. */
async function handOver(page: Page): Promise<void> {
  await page.keyboard.press('Control+h');
  await expect(page.locator('.handover-paper')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Print for / })).toBeFocused();
}

const arrive = (page: Page, patient: string, resources: readonly object[]): Promise<void> =>
  page.evaluate(
    async ({ of, arriving }) => {
      await window.fakeMain.arrive(of, arriving as never);
    },
    { of: patient, arriving: resources },
  );

const yesterday = () => new Date(Date.now() - 86_400_000).toISOString();
const THIRD_PARTY = [{ code: 'third-party', display: 'Third party' }];

function entry(patient: string, id: string, more: object): object {
  return {
    id,
    meta: { versionId: '1', lastUpdated: yesterday() },
    subject: { reference: `Patient/${patient}` },
    recordedDate: yesterday(),
    ...more,
  };
}

const problem = (patient: string, id: string, text: string, more: object = {}): object =>
  entry(patient, id, {
    resourceType: 'Condition',
    code: { text },
    clinicalStatus: { coding: [{ code: 'active' }] },
    category: [{ coding: [{ code: 'problem-list-item' }] }],
    ...more,
  });

const flag = (patient: string, id: string, text: string, more: object = {}): object =>
  entry(patient, id, { resourceType: 'Flag', status: 'active', code: { text }, ...more });

const allergy = (patient: string, id: string, text: string): object =>
  entry(patient, id, {
    resourceType: 'AllergyIntolerance',
    patient: { reference: `Patient/${patient}` },
    code: { text },
    clinicalStatus: { coding: [{ code: 'active' }] },
    reaction: [{ manifestation: [{ text: 'Anaphylaxis' }], severity: 'severe' }],
  });

/** Whose record it is, with a sister to ask. */
const person = (id: string, more: object): object => ({
  resourceType: 'Patient',
  id,
  name: [{ use: 'official', family: 'Testpaper', given: ['Lou'], prefix: ['Mx'] }],
  gender: 'female',
  birthDate: '1955-07-08',
  address: [{ use: 'home', line: ['7 Elsewhere'], postalCode: 'LS9 7ZZ' }],
  telecom: [{ system: 'phone', use: 'mobile', value: '07700 900123' }],
  contact: [
    {
      relationship: [{ text: 'Sister' }],
      name: { text: 'Ann Otherwise' },
      telecom: [{ system: 'phone', value: '07700 900456' }],
    },
  ],
  ...more,
});

/** A pulse, saved on this computer and not sent; then a note that nobody signs. */
async function writeUnsent(page: Page): Promise<void> {
  await page.keyboard.press('F6');
  await page.locator('[data-observation="bloodPressure"]').fill('95/60');
  await page.locator('[data-observation="pulse"]').fill('112');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/Saved on this computer/).first()).toBeVisible();
  await page.keyboard.press('F4');
  await expect(page.locator('[data-note-line]').first()).toBeFocused();
  await page.keyboard.type('Crushing chest pain since nine');
  await page.keyboard.press('Enter');
  await page.keyboard.type('p Blue light to hospital');
}

test('one key shows it, one key prints it: every page says whose it is, of when, from whom and what it is; nothing is saved', async ({
  workspace,
}) => {
  const opened = await workspace.open();
  const { page } = opened;
  const id = await openPaper(opened);
  await arrive(page, id, [
    person(id, { meta: { versionId: '2' } }),
    ...Array.from({ length: 90 }, (_, at) => problem(id, `p${at}`, `Problem number ${at} of many, in words`)),
    ...Array.from({ length: 9 }, (_, at) => allergy(id, `a${at}`, `Allergen ${at}`)),
    flag(id, 'r', 'Not for resuscitation: DNACPR form', { period: { start: '2026-02-03' } }),
  ]);
  await expect(page.locator('.banner-allergies')).toContainText('Allergen 8');
  await handOver(page);
  const pages = await printedPages(opened);
  expect(pages.length).toBeGreaterThan(1);
  for (const [index, words] of pages.entries()) {
    expect(words).toContain('NHS Confidential: Personal Data about a patient');
    expect(words).toContain(`Page ${index + 1} of ${pages.length}`);
    expect(words).toContain('Handover to ambulance or hospital');
    expect(words).toContain('TESTPAPER, Lou (Mx)');
    expect(words).toMatch(/Born 08-Jul-1955 \(\d+y\)/);
    expect(words).toContain('NHS No.');
    expect(words).toMatch(/Data as of \d\d:\d\d \d\d-\w+-\d{4}/);
    expect(words).toMatch(/Written \d\d:\d\d \d\d-\w+-\d{4} by Dr .*, General practitioner, .* 01632 960100/);
    expect(words).not.toMatch(/Ctrl\+|Esc\b|Print for|Closes|As it is printed/);
  }
  const [first = ''] = pages;
  expect(first).toContain('Known allergies');
  for (let at = 0; at < 9; at += 1) expect(first).toMatch(new RegExp(`Allergen ${at} .{0,3}Anaphylaxis`));
  expect(first).toContain('cannot be checked automatically');
  expect(first).toMatch(/Not for resuscitation: DNACPR form: verify the original .{0,2}03-Feb-2026/);
  expect(first).toMatch(/7 Elsewhere.*Ann Otherwise, Sister, 07700 900456/);
  expect(first).toContain('Nothing on this paper waits to be sent.');
  const all = pages.join(' ');
  for (let at = 0; at < 90; at += 1) expect(all).toContain(`Problem number ${at} of many`);
  expect(all).toContain('Not for issuing.');

  const before = await page.evaluate(() => window.fakeMain.audited.length);
  await page.keyboard.press('Control+p');
  await expect(page.getByRole('dialog').getByRole('status')).toContainText('Sent to the printer');
  const audited = await page.evaluate((from) => window.fakeMain.audited.slice(from), before);
  expect(audited).toEqual([{ action: 'print', patientId: id, detail: 'Handover' }]);
  expect(await page.evaluate(() => window.fakeMain.saved.length)).toBe(0);
  expect(await page.title()).not.toMatch(/testpaper/i);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('what only this computer has is marked on its line and counted; words nobody signed are on it and marked as such', async ({
  workspace,
}) => {
  const opened = await workspace.open();
  const { page } = opened;
  await openPaper(opened);
  await writeUnsent(page);
  await handOver(page);
  const words = (await printedPages(opened)).join(' ');
  expect(words).toContain('2 entries below have not been sent: only this paper and this computer have them.');
  expect(words).toMatch(/Pulse 112 per minute \d\d:\d\d ◷ not sent/);
  expect(words).toMatch(/Blood pressure 95\/60 mmHg \d\d:\d\d ◷ not sent/);
  expect(words).toContain(
    '1 part below is still being written and not yet signed: only this paper and this computer have it.',
  );
  expect(words).toMatch(
    /begun .* by Dr .*, words as kept at \d\d:\d\d NOT YET SIGNED History Crushing chest pain/,
  );
  expect(words).toMatch(/Plan Blue light to hospital/);
  expect(await saved(page, 'Composition')).toEqual([]);
  // Back where it was, and signed: then it stands as signed and unsent.
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-note-line]').last()).toHaveText(/Blue light/);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: /^Sign for/ }).waitFor();
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-note-line]')).toHaveCount(0);
  await handOver(page);
  const signed = (await printedPages(opened)).join(' ');
  expect(signed).not.toContain('NOT YET SIGNED');
  expect(signed).toContain('3 entries below have not been sent');
  expect(signed).toMatch(/\(signed\) ◷ not sent History Crushing chest pain/);
});

test('safeguarding is never on it; what is sensitive only where a person puts it in, and it says which (H-034, H-035)', async ({
  workspace,
}) => {
  const opened = await workspace.open();
  const { page } = opened;
  const id = await openPaper(opened);
  await arrive(page, id, [
    flag(id, 's', 'Safeguarding: plan of the fixture'),
    flag(id, 'k', 'Key safe by the door'),
    flag(id, 't', 'Alert about a neighbour', { meta: { versionId: '1', security: THIRD_PARTY } }),
    problem(id, 'open', 'Asthma for all to read'),
    entry(id, 'pill', {
      resourceType: 'MedicationStatement',
      status: 'active',
      medicationCodeableConcept: { text: 'Pills of the neighbour' },
      effectivePeriod: { start: '2026-01-01' },
      meta: { versionId: '1', security: THIRD_PARTY },
    }),
    problem(id, 'marked', 'Words about a neighbour', { meta: { versionId: '1', security: THIRD_PARTY } }),
  ]);
  await expect(page.locator('.banner-discreet')).toBeVisible();
  await handOver(page);
  const words = (await printedPages(opened)).join(' ');
  expect(words).not.toMatch(/safeguarding|neighbour|§/i);
  expect(words).toContain('Key safe by the door');
  expect(words).toContain('Asthma for all to read');
  expect(words).toContain('1 marked as sensitive is left out.');
  // Where something is left out nothing says that there is none.
  expect(words).not.toContain('No current medication');
  expect(words).toContain('Entries marked as sensitive are left out of this paper.');
  await page.keyboard.press('Control+i');
  await expect(page.getByRole('button', { name: /marked as sensitive/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(page.locator('.handover-paper')).toContainText('Words about a neighbour');
  const everything = (await printedPages(opened)).join(' ');
  expect(everything).toMatch(/Alert about a neighbour .*sensitive/);
  expect(everything).toContain('Pills of the neighbour');
  expect(everything).toContain('Entries marked as sensitive are on this paper.');
  expect(everything).not.toMatch(/safeguarding|§/i);
  // The next one begins by leaving them out.
  await page.keyboard.press('Escape');
  await handOver(page);
  await expect(page.locator('.handover-paper')).not.toContainText('neighbour');
});

test('of a protected patient neither address nor telephone nor contacts are on it (H-034)', async ({
  workspace,
}) => {
  const opened = await workspace.open();
  const { page } = opened;
  const id = await openPaper(opened);
  await handOver(page);
  expect((await printedPages(opened)).join(' ')).toMatch(/7 Elsewhere.*07700 900123/);
  await arrive(page, id, [person(id, { meta: { versionId: '2', security: [{ code: 'R' }] } })]);
  await expect(page.locator('.handover-paper')).toContainText('Protected patient:');
  expect((await printedPages(opened)).join(' ')).not.toMatch(/Elsewhere|LS9|07700|Otherwise/);
});

test('it is of the record as it is now, whatever day is shown; hidden content is not handed over by a key', async ({
  workspace,
}) => {
  const opened = await workspace.open();
  const { page } = opened;
  const id = await openPaper(opened);
  await arrive(page, id, [problem(id, 'new', 'Found yesterday')]);
  await page.getByLabel('As on').fill('1 1 2026');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The record as it was on 01-Jan-2026.')).toBeVisible();
  await handOver(page);
  await expect(page.locator('.handover-paper')).toContainText('Found yesterday');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('F7');
  await expect(page.getByText('Clinical content is hidden.')).toBeVisible();
  await page.keyboard.press('Control+h');
  await page.keyboard.press('F7');
  await expect(page.locator('.record-body')).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('a record that is not whole says so on it, and where nothing is recorded', async ({ workspace }) => {
  const opened = await workspace.open();
  const { page } = opened;
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testtwin alexa');
  const id = await openPatientId(page);
  const system = 'https://gladstone.example/fhir/CodeSystem/record-completeness';
  await arrive(page, id, [
    flag(id, 'transit', 'Record in transit: entries before 03-Mar-2021 may be missing', {
      category: [{ coding: [{ system, code: 'data-in-transit' }] }],
    }),
  ]);
  await expect(page.locator('.record-state')).toContainText('Not whole');
  await handOver(page);
  // A date may end a line at its hyphen.
  const words = (await printedPages(opened)).join(' ').replaceAll('- ', '-');
  const missing = 'Entries before 03-Mar-2021 may be missing.';
  expect(words).toContain('Allergies not recorded, record incomplete before 03-Mar-2021');
  expect(words).toContain(`No current medication in the data here. ${missing}`);
  expect(words).toContain(`None recorded in the data here. ${missing}`);
  expect(words).toContain('No decision is recorded in the data here. Ask.');
  expect(words).not.toContain('Taken from the whole record held here.');
});

test('while the record is not here it says so, and has what the practice’s list has', async ({
  workspace,
}) => {
  const opened = await workspace.open();
  const { page } = opened;
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.evaluate(() => window.fakeMain.withhold(['00000000-0000-4000-8000-0000000f0005']));
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await page.keyboard.type('testpaper');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The record is on its way.')).toBeVisible();
  await handOver(page);
  const words = (await printedPages(opened)).join(' ');
  expect(words).toContain('TESTPAPER, Lou (Mx)');
  expect(words).toContain('Record not here: practice’s list only');
  expect(words).toContain('The record has not arrived on this computer.');
  expect(words).toContain('missing, which does not mean that there are none');
  expect(words).toContain('Allergies not recorded');
  expect(words).not.toMatch(/No current medication|None recorded/);
});

test('the preview has no fault that axe finds, in either theme', async ({ workspace }) => {
  const opened = await workspace.open();
  const { page } = opened;
  await openPaper(opened);
  await writeUnsent(page);
  await handOver(page);
  for (const theme of ['light', 'dark']) {
    await page.evaluate((wanted) => {
      document.documentElement.dataset['theme'] = wanted;
    }, theme);
    expect(await brokenRules(page)).toEqual([]);
  }
});
