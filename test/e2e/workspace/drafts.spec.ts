/** Unfinished work: where it is found, how one goes on with it, by keyboard. */
import type { Page } from '@playwright/test';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import {
  openByName,
  openNote,
  openPatientId,
  openSet,
  saved,
  showPart,
  tabTo,
} from '../../support/workspace-steps.ts';

const line = (page: Page) => page.locator('[data-note-line]').first();

async function closeNote(page: Page): Promise<void> {
  await page.locator('.consultation').getByRole('button', { name: 'Close' }).press('Enter');
  await expect(line(page)).toHaveCount(0);
}

/** A second note of the same patient, as lost work that came back is: newer than what stands here. */
async function anotherNote(page: Page, words: string): Promise<void> {
  const patientId = await openPatientId(page);
  await page.evaluate(
    ({ of, text }) => {
      const [first] = [...window.fakeMain.drafts.values()];
      if (!first) throw new Error('no draft to copy');
      const note = JSON.parse(first.content) as { encounterId: string; lines: { text: string }[] };
      const draftId = crypto.randomUUID();
      window.fakeMain.drafts.set(draftId, {
        ...first,
        draftId,
        patientId: of,
        startedAt: '2026-11-20T09:05:00+00:00',
        changedAt: new Date(Date.now() + 60_000).toISOString(),
        content: JSON.stringify({
          ...note,
          encounterId: crypto.randomUUID(),
          lines: note.lines.slice(0, 1).map((one) => ({ ...one, text })),
        }),
      });
    },
    { of: patientId, text: words },
  );
}

test('two unfinished notes of one patient: each is said, and one key goes from the one to the other', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await openNote(page);
  await page.keyboard.type('Sore throat');
  await closeNote(page);
  await anotherNote(page, 'Came back from a lost computer');
  await openNote(page);
  await expect(line(page)).toHaveValue('Came back from a lost computer');
  const other = page.getByText(/Another unfinished note of/);
  await expect(other).toHaveCount(1);
  expect(await brokenRules(page)).toEqual([]);
  await page.getByRole('button', { name: 'Go on with that one' }).press('Enter');
  await expect(line(page)).toHaveValue('Sore throat');
  await expect(other).toContainText('20-Nov-2026 09:05');
  await line(page).fill('Sore throat, two days');
  await page.getByRole('button', { name: 'Go on with that one' }).press('Enter');
  await expect(line(page)).toHaveValue('Came back from a lost computer');
  const texts = await page.evaluate(() =>
    [...window.fakeMain.drafts.values()].map(
      ({ content }) => (JSON.parse(content) as { lines: { text: string }[] }).lines[0]?.text,
    ),
  );
  expect(texts.toSorted()).toEqual(['Came back from a lost computer', 'Sore throat, two days']);
});

test('a consultation reopened beside a note that is being written opens itself, and the note waits', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await openNote(page);
  await page.keyboard.type('Signed too early');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: /^Sign for/ }).press('Enter');
  await expect.poll(async () => (await saved(page, 'Composition')).length).toBe(1);
  // Saved is not yet closed: while the dialogue stands no other key is answered.
  await expect(page.locator('.pane')).toHaveCount(0);
  await openNote(page);
  await page.keyboard.type('Begun after it');
  await showPart(page, 'Journal');
  await tabTo(page, /^ ?Reopen$/);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Reopen for/ }).press('Enter');
  await expect(line(page)).toHaveValue('Signed too early');
  await expect(page.getByText(/Another unfinished note of/)).toHaveCount(1);
  await page.getByRole('button', { name: 'Go on with that one' }).press('Enter');
  await expect(line(page)).toHaveValue('Begun after it');
});

test('drafts that cannot be read are no reason to begin a second one', async ({ workspace }) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await openNote(page);
  await page.keyboard.type('Sore throat');
  await closeNote(page);
  await page.evaluate(() => {
    window.fakeMain.refuseNext = {
      channel: 'draft.list',
      error: {
        code: 'busy',
        message: 'The drafts cannot be read now.',
        lost: 'nothing',
        remedy: 'Try again.',
      },
    };
  });
  await page.keyboard.press('F4');
  await expect(page.getByRole('alert')).toContainText('The drafts cannot be read now.');
  await expect(line(page)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Look for drafts again' })).toBeFocused();
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(line(page)).toHaveValue('Sore throat');
});

test('words that the disk refused are never left behind: the record stays open, and they are tried again', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await openNote(page);
  await page.evaluate(() => {
    window.fakeMain.refuseNext = {
      channel: 'draft.put',
      error: { code: 'disk', message: 'The disk is full.', lost: 'not-saved', remedy: 'Free some space.' },
    };
  });
  await page.keyboard.type('Sore');
  await page.keyboard.press('F2');
  await expect(page.getByText('this record stays open until it is')).toBeVisible();
  await expect(line(page)).toHaveValue('Sore');
  await expect(page.getByText(/Draft kept on this computer/)).toBeVisible();
  const kept = await page.evaluate(() => [...window.fakeMain.drafts.values()].map(({ content }) => content));
  expect(kept.join()).toContain('Sore');
});

/** The lock by its key, and the same person back. */
async function lockAndUnlock(page: Page): Promise<void> {
  await page.keyboard.press('Control+l');
  await expect(page.locator('.banner-name')).toHaveCount(0);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.evaluate(() => {
    window.fakeMain.setSession({ phase: 'unlocked' });
  });
}

test('an allergy that was being typed comes back after a lock, is saved once, and leaves no draft', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await page.keyboard.press('Alt+a');
  const dialog = page.getByRole('dialog', { name: 'Add an allergy or intolerance' });
  await dialog.getByRole('combobox', { name: 'Causative agent' }).fill('Doxycycline');
  await dialog.getByRole('textbox', { name: 'Reaction' }).fill('swollen lips');
  await lockAndUnlock(page);
  await expect(page.getByText('Not yet saved: A new allergy')).toBeVisible();
  expect(await brokenRules(page)).toEqual([]);
  await page.getByRole('button', { name: 'Go on', exact: true }).press('Enter');
  await expect(dialog.getByRole('combobox', { name: 'Causative agent' })).toHaveValue('Doxycycline');
  await expect(dialog.getByRole('textbox', { name: 'Reaction' })).toHaveValue('swollen lips');
  await expect(dialog).toContainText('is here again, not yet saved');
  expect(await brokenRules(page)).toEqual([]);
  await dialog.getByRole('button', { name: /^Save for/ }).press('Enter');
  await expect(dialog).toHaveCount(0);
  expect(JSON.stringify(await saved(page, 'AllergyIntolerance'))).toContain('swollen lips');
  await expect(page.getByText('Not yet saved')).toHaveCount(0);
  expect(await page.evaluate(() => window.fakeMain.drafts.size)).toBe(0);
});

async function askForAddendum(page: Page): Promise<void> {
  await showPart(page, 'Journal');
  const consultation = page.locator('.journal-consultation').first();
  await consultation.hover();
  await consultation.getByRole('button', { name: 'Addendum' }).press('Enter');
}

test('an addendum comes back at its own consultation, and is given up by a choice that shows its words', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await openNote(page);
  await page.keyboard.type('Swab taken.');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: /^Sign for/ }).press('Enter');
  await expect(line(page)).toHaveCount(0);
  await askForAddendum(page);
  await page.getByRole('textbox', { name: 'Addendum' }).fill('The swab was negative');
  await lockAndUnlock(page);
  const notice = page.getByText('Not yet saved: An addendum');
  await page.getByRole('button', { name: 'Go on', exact: true }).press('Enter');
  await expect(page.getByRole('textbox', { name: 'Addendum' })).toHaveValue('The swab was negative');
  // Escape never throws it away unasked, though nothing more was typed.
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toContainText('Escape again closes this');
  await page.keyboard.press('Escape');
  await expect(notice).toHaveCount(0);
  expect(await page.evaluate(() => window.fakeMain.drafts.size)).toBe(0);
  await askForAddendum(page);
  await page.getByRole('textbox', { name: 'Addendum' }).fill('The swab was positive');
  await lockAndUnlock(page);
  await page.getByRole('button', { name: 'Give it up…' }).press('Enter');
  await expect(page.getByRole('list', { name: 'What is given up' })).toContainText('The swab was positive');
  await expect(page.getByRole('button', { name: 'Keep it' })).toBeFocused();
  expect(await brokenRules(page)).toEqual([]);
  await page.getByRole('button', { name: /^Give it up for TESTPAPER/ }).press('Enter');
  await expect(notice).toHaveCount(0);
  expect(await page.evaluate(() => window.fakeMain.drafts.size)).toBe(0);
});

test('a registration comes back after a lock, and ends with its save', async ({ workspace }) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.keyboard.press('Alt+r');
  await page.getByRole('textbox', { name: 'Family name' }).fill('Testnew');
  await page.getByRole('textbox', { name: 'Given names' }).fill('Ada');
  await lockAndUnlock(page);
  await expect(page.getByRole('textbox', { name: 'Family name' })).toHaveValue('Testnew');
  await expect(page.getByText('is here again, not yet saved')).toBeVisible();
  expect(await brokenRules(page)).toEqual([]);
  await page.getByRole('checkbox', { name: 'Date of birth is not known' }).check();
  await page.getByRole('button', { name: /^Register this patient/ }).press('Enter');
  await expect.poll(async () => (await saved(page, 'Patient')).length).toBe(1);
  expect(await page.evaluate(() => window.fakeMain.drafts.size)).toBe(0);
});

test('a note is given up by key, its words shown first; what was saved meanwhile stays, and the visit can end', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await openNote(page);
  // Nothing to give up before anything was typed.
  await expect(page.getByRole('button', { name: /Give this note up/ })).toHaveCount(0);
  await page.keyboard.type('Wrong window.');
  await page.keyboard.press('Alt+a');
  const allergy = page.getByRole('dialog', { name: 'Add an allergy or intolerance' });
  await allergy.getByRole('combobox', { name: 'Causative agent' }).fill('Doxycycline');
  await allergy.getByRole('button', { name: /^Save for/ }).press('Enter');
  await expect(allergy).toHaveCount(0);
  await expect(page.getByRole('button', { name: /Give this note up/ })).toBeVisible();
  await page.keyboard.press('Control+g');
  const dialog = page.getByRole('dialog', { name: 'Give this note up' });
  await expect(dialog.getByRole('list', { name: 'What is given up' })).toHaveText('History: Wrong window.');
  await expect(dialog).toContainText('stays in the record: Allergy: Doxycycline');
  await expect(dialog).toContainText('do not come back');
  await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused();
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(line(page)).toHaveValue('Wrong window.');
  await page.keyboard.press('Control+g');
  await dialog.getByRole('button', { name: /^Give it up for TESTPAPER/ }).press('Enter');
  await expect(page.locator('.pane')).toHaveCount(0);
  expect(await page.evaluate(() => window.fakeMain.drafts.size)).toBe(0);
  expect(await saved(page, 'AllergyIntolerance')).toHaveLength(1);
  await openNote(page);
  await expect(line(page)).toHaveValue('');
});

test('a set of observations is given up by key', async ({ workspace }) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await openSet(page);
  await page.locator('[data-observation="pulse"]').fill('7');
  await expect(page.getByRole('button', { name: /Give this set up/ })).toBeVisible();
  await page.keyboard.press('Control+g');
  await expect(page.getByRole('list', { name: 'What is given up' })).toHaveText('Pulse: 7');
  await page.getByRole('button', { name: /^Give it up for TESTPAPER/ }).press('Enter');
  await expect(page.locator('.pane')).toHaveCount(0);
  expect(await page.evaluate(() => window.fakeMain.drafts.size)).toBe(0);
});

test('the sync centre lists unfinished work with patient, kind and since when, and opens it', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openByName(page, 'testpaper');
  await openNote(page);
  await page.keyboard.type('Sore throat');
  await expect(page.getByText(/Draft kept on this computer/)).toBeVisible();
  await anotherNote(page, 'Came back from a lost computer');
  await page.keyboard.press('F9');
  const list = page.getByRole('region', { name: 'Begun and not finished' });
  await expect(list.getByRole('row')).toHaveCount(3);
  await expect(list.getByRole('row').nth(1)).toContainText(/TESTPAPER.*Consultation.*20-Nov-2026 09:05/);
  expect(await brokenRules(page)).toEqual([]);
  // The one that was chosen opens, though another is newer.
  await list.getByRole('button').nth(1).press('Enter');
  await expect(line(page)).toHaveValue('Sore throat');
});
