/** What was written is corrected, added to, taken back or opened: by keyboard, nothing removed. */
import type { Page } from '@playwright/test';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import {
  openByName,
  openNote,
  openPalette,
  openPatientId,
  openSet,
  saved,
  showPart,
  tabTo,
} from '../../support/workspace-steps.ts';

async function sign(page: Page, words: string): Promise<void> {
  await openNote(page);
  await page.keyboard.type(words);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('button', { name: /^Sign for/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.pane')).toHaveCount(0);
}

/** The acts of the newest consultation come into view with the focus; Tab leads to them. */
async function onJournal(page: Page, act: RegExp): Promise<void> {
  await page.locator('.journal-consultation').first().locator('.journal-type button').focus();
  await tabTo(page, act);
  await page.keyboard.press('Enter');
}

async function observe(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  await openSet(page);
  await page.getByRole('button', { name: 'Full set' }).click();
  for (const [box, value] of Object.entries(values))
    await page.locator(`[data-observation="${box}"]`).fill(value);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/Saved on this computer/).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('.pane')).toHaveCount(0);
}

test('an observation is corrected with a reason; the old value stands in its provenance; its score is withdrawn', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await observe(page, {
    respiration: '16',
    spo2: '97',
    oxygen: 'a',
    bloodPressure: '128/76',
    pulse: '72',
    consciousness: 'a',
    temperature: '36.8',
  });
  await showPart(page, 'Results');
  const latest = page.getByRole('row', { name: /^Pulse/ }).getByRole('button', { name: /72/ });
  await latest.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Alt+c');
  const dialog = page.getByRole('dialog');
  const value = dialog.getByLabel(/Right value of pulse/);
  await expect(value).toBeFocused();
  await page.keyboard.type('500');
  await expect(dialog.getByText(/Pulse 500 is not possible/)).toBeVisible();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('112');
  await expect(
    dialog.getByText(/National Early Warning Score 2.*worked out from the old value/),
  ).toBeVisible();
  // Without a reason nothing is saved.
  await page.keyboard.press('Enter');
  expect(await saved(page, 'Observation')).toHaveLength(8);
  await page.keyboard.press('Tab');
  await page.keyboard.type('Counted anew');
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const changes = await page.evaluate(() =>
    window.fakeMain.saved
      .at(-1)
      ?.changes.map(({ kind, reason, before }) => ({ kind, reason, from: before?.length })),
  );
  expect(changes).toEqual([
    { kind: 'correct', reason: 'Counted anew', from: expect.any(Number) },
    {
      kind: 'void',
      reason: 'Worked out from a value that was corrected afterwards',
      from: expect.any(Number),
    },
  ]);
  await page
    .getByRole('row', { name: /^Pulse/ })
    .getByRole('button', { name: /112/ })
    .focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText(/Before: 72 per minute.*Counted anew/);
  expect(await brokenRules(page)).toEqual([]);
});

test('demographics changed offline: the new address and name lead, the old ones are kept', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.evaluate(() => {
    window.fakeMain.setSync({ connection: 'offline', inStep: false });
  });
  await openByName(page, 'testpaper');
  await page.keyboard.press('Alt+d');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel(/Address/)).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('44 New Street, Leeds');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('ls2 9jt');
  await tabTo(page, /Save for/);
  await page.keyboard.press('Shift+Tab');
  await dialog.getByLabel('Known as').fill('Louie');
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(page.locator('.banner-name')).toContainText('known as Louie');
  await page.keyboard.press('Alt+b');
  await expect(page.locator('.banner-contact')).toContainText('44 New Street, Leeds, LS2 9JT');
  const [patient] = await saved(page, 'Patient');
  expect(patient?.['address']).toEqual([
    expect.objectContaining({ line: ['44 New Street', 'Leeds'], postalCode: 'LS2 9JT' }),
    expect.objectContaining({ use: 'old', postalCode: 'LS9 7ZZ' }),
  ]);
  await page.keyboard.press('Alt+d');
  await dialog.getByText('Before (1)').click();
  await expect(dialog).toContainText('7 Elsewhere');
  await page.keyboard.press('Escape');
  // The search follows at once, also offline: found by the new postcode, and no more by the old one.
  await openPalette(page);
  await page.keyboard.type('ls2 9jt');
  await expect(page.getByRole('option', { name: /TESTPAPER/ })).toBeVisible();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('ls9 7zz');
  await expect(page.getByText(/^\d+ found/)).toBeVisible();
  await expect(page.getByRole('option', { name: /TESTPAPER/ })).toHaveCount(0);
});

test('a consultation is reopened by its author until it is sent, takes an addendum, and is marked as an error', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await sign(page, 'First words');
  await showPart(page, 'Journal');
  const journal = page.locator('.journal-consultation').first();
  await expect(journal).toContainText('First words');
  await onJournal(page, /^ Reopen$/);
  await page.getByRole('dialog').waitFor();
  expect(await brokenRules(page)).toEqual([]);
  await tabTo(page, /^ ?Reopen for/);
  await page.keyboard.press('Enter');
  const line = page.locator('[data-note-line]').first();
  await expect(line).toHaveValue('First words');
  await line.fill('Second words');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('button', { name: /^Sign for/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.pane')).toHaveCount(0);
  await expect(page.locator('.journal-consultation').first()).toContainText('Second words');
  await expect(page.locator('.journal')).not.toContainText('First words');

  await onJournal(page, /^ Addendum$/);
  await expect(page.getByRole('textbox', { name: 'Addendum' })).toBeFocused();
  await page.keyboard.type('The result came later.');
  await tabTo(page, /Sign the addendum for/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.locator('.addendum')).toContainText('The result came later.');

  await onJournal(page, /^ Entered in error$/);
  await expect(page.getByLabel('Reason')).toBeFocused();
  await page.keyboard.type('Wrong patient');
  await tabTo(page, /Mark as entered in error for/);
  await page.keyboard.press('Enter');
  await expect(page.locator('.journal-consultation').first()).toContainText(
    'Entered in error: Wrong patient',
  );
  // Nothing is removed: the words stay, struck through.
  await expect(page.locator('.journal-consultation').first()).toContainText('Second words');
});

test('chaperone and consent under one key each are coded entries; a child is asked for the adult', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testchild');
  await openNote(page);
  await page.keyboard.type('Fever');
  await page.keyboard.press('Alt+h');
  await page.getByLabel('Name of the chaperone').fill('Nurse Bell');
  await page.keyboard.press('Alt+o');
  await page.keyboard.press('Alt+o');
  await expect(
    page.getByRole('group', { name: 'Consent' }).getByRole('button', { name: 'Declined' }),
  ).toHaveAttribute('aria-pressed', 'true');
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Control+Enter');
  const review = page.getByRole('dialog');
  await expect(review).toContainText('no accompanying adult is recorded');
  await expect(review).toContainText('Chaperone accepted and present Chaperone: Nurse Bell');
  await page.keyboard.press('Escape');
  await page.getByLabel('Relation to the patient').selectOption('mother');
  await page.getByLabel('Their name').fill('Ada Testchild');
  await page.getByLabel('Speaks for the patient by').selectOption('parental-responsibility');
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Control+Enter');
  await expect(review).not.toContainText('no accompanying adult');
  await page.getByRole('button', { name: /^Sign for/ }).click();
  await expect.poll(async () => (await saved(page, 'Observation')).length).toBe(2);
  const entries = await saved(page, 'Observation');
  expect(entries.map(({ code, note }) => [code, note])).toEqual([
    [
      expect.objectContaining({
        text: 'Chaperone accepted and present',
        coding: [expect.objectContaining({ code: 'chaperone-accepted' })],
      }),
      [expect.objectContaining({ text: 'Chaperone: Nurse Bell' })],
    ],
    [expect.objectContaining({ text: 'Consent declined' }), undefined],
  ]);
  const [composition] = await saved(page, 'Composition');
  expect(JSON.stringify(composition?.['extension'])).toContain(
    'Accompanied by mother, Ada Testchild; speaks for the patient: Parental responsibility',
  );
  const [encounter] = await saved(page, 'Encounter');
  expect(encounter?.['contained']).toEqual([
    expect.objectContaining({
      resourceType: 'RelatedPerson',
      relationship: [expect.objectContaining({ coding: [expect.objectContaining({ code: 'MTH' })] })],
      name: [{ text: 'Ada Testchild' }],
    }),
  ]);
});

test('a child’s medicine says how old the weight is; given here offline says what cannot be checked; twice is told', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.evaluate(() => {
    window.fakeMain.setSync({ connection: 'offline', inStep: false });
  });
  await openByName(page, 'testchild');
  for (const round of [1, 2]) {
    await page.keyboard.press('Alt+m');
    const dialog = page.getByRole('dialog');
    await page.getByLabel('Medicine', { exact: true }).fill('influenza vaccine');
    await expect(dialog).toContainText(/Weight of 01-Jun-\d{4} is too old for this age/);
    await expect(dialog).not.toContainText('Cannot check elsewhere');
    await page.getByLabel('Where it comes from').selectOption('given here');
    await expect(dialog).toContainText(/Cannot check elsewhere since \d\d:\d\d/);
    if (round === 2) await expect(dialog).toContainText('the same product twice?');
    expect(await brokenRules(page)).toEqual([]);
    await page.getByRole('button', { name: /^Save for/ }).click();
    await expect(dialog).toHaveCount(0);
  }
});

test('documents open inside: words, picture, PDF; nothing of them runs, and what cannot be shown says so', async ({
  workspace,
}) => {
  const { page, errors } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  expect(await openPatientId(page)).not.toBe('');
  await page.keyboard.press('Alt+7');
  const dialog = page.getByRole('dialog');
  const open = async (title: string) => {
    await page.getByRole('button', { name: title }).first().focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor();
  };
  const close = async () => {
    expect(await brokenRules(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  };
  await open('Plain letter');
  await expect(dialog).toContainText('the knee is better.');
  await close();
  await open('Web page');
  await expect(dialog).toContainText('Words of a web page');
  await expect(dialog.locator('img, script, style, iframe')).toHaveCount(0);
  await close();
  await open('Picture');
  await expect(dialog.getByRole('img', { name: 'Picture' })).toBeVisible();
  await close();
  await open('Clinic letter');
  await expect(dialog.getByRole('img', { name: 'Clinic letter, page 1 of 1' })).toBeVisible();
  await expect(dialog).toContainText('Clinic letter of the fixture');
  // The letters are drawn: the canvas is not white all over.
  await expect
    .poll(() =>
      dialog.locator('canvas').evaluate((element) => {
        const canvas = element as HTMLCanvasElement;
        const picture = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
        return picture?.data.some((channel, at) => at % 4 === 0 && channel < 128);
      }),
    )
    .toBe(true);
  await close();
  for (const [title, words] of [
    ['Damaged letter', 'damaged or of a kind that cannot be read'],
    ['Word file', 'cannot be shown safely here. It is kept whole'],
    ['Letter elsewhere', 'not on this computer'],
  ] as const) {
    await open(title);
    await expect(dialog).toContainText(words);
    await close();
  }
  // Neither script nor picture nor style of a document was even tried: the policy was never hit.
  expect(await page.title()).toBe('Gladstone');
  expect(errors).toEqual([]);
});

test('an allergy: the agent first, the rest closed until it is there; unsaved words are asked about once (RAD)', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await page.keyboard.press('Alt+a');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Causative agent')).toBeFocused();
  for (const label of ['Reaction', 'Severity', 'Certainty', 'Comment'])
    await expect(dialog.getByLabel(label)).toBeDisabled();
  await page.keyboard.type('Latex');
  await expect(dialog.getByLabel('Reaction')).toBeEnabled();
  await page.keyboard.press('Escape');
  await expect(dialog.getByText('Not saved.')).toBeVisible();
  await expect(dialog.getByLabel('Causative agent')).toHaveValue('Latex');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  expect(await saved(page, 'AllergyIntolerance')).toEqual([]);
  // Nothing typed: Escape closes at once.
  await page.keyboard.press('Alt+a');
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('a document of many MB is flagged before it is opened, opens all the same, and the record answers meanwhile', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  const patientId = await openPatientId(page);
  const bytes = 6_000_000;
  await page.evaluate(
    async ({ id, size, at }) => {
      const lines = 'Scanned page of a long report. '.repeat(Math.ceil(size / 31)).slice(0, size);
      await window.fakeMain.arrive(id, [
        {
          resourceType: 'DocumentReference',
          id: 'large-letter',
          meta: { versionId: '2', lastUpdated: at },
          status: 'current',
          subject: { reference: `Patient/${id}` },
          date: at,
          content: [
            { attachment: { title: 'Long report', contentType: 'text/plain', size, data: btoa(lines) } },
          ],
        },
      ] as never);
    },
    { id: patientId, size: bytes, at: new Date().toISOString() },
  );
  await page.keyboard.press('Alt+7');
  const row = page.getByRole('row', { name: /Long report/ });
  await expect(row).toContainText('6.0 MB');
  await expect(row).toContainText('large: opens slowly');
  await expect(page.getByRole('row', { name: /Plain letter/ })).not.toContainText('large');
  await row.getByRole('button', { name: 'Long report' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Scanned page of a long report.', { timeout: 30_000 });
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press('Alt+1');
  await expect(page.getByRole('heading', { name: 'Active problems' })).toBeVisible();
});
