/** The practice's side of a day: registering, booking, deciding on conflicts, the lease. By keyboard. */
import type { Page } from '@playwright/test';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import { openByName, openNote, saved } from '../../support/workspace-steps.ts';

const field = (page: Page, label: string | RegExp) =>
  page.getByLabel(label, { exact: typeof label === 'string' });

test.describe('registration, offline', () => {
  for (const [kind, mark] of [
    ['new', 'Registered'],
    ['temporary', 'Temporary patient'],
    ['newborn', 'Newborn: not yet matched'],
  ] as const) {
    test(`a ${kind} patient by keyboard, found and opened at once`, async ({ workspace }) => {
      const { page } = await workspace.open();
      await page.locator('.surgery tbody tr').first().waitFor();
      await page.evaluate(() => {
        window.fakeMain.setSync({ connection: 'offline', inStep: false });
      });
      await page.keyboard.press('Alt+r');
      await field(page, 'Registration').selectOption(kind);
      await field(page, 'Family name').focus();
      await page.keyboard.type(`Arrival${kind}`);
      if (kind !== 'newborn') {
        await page.keyboard.press('Tab');
        await page.keyboard.type('Noor');
      }
      await field(page, 'Date of birth').fill('4 3 2026');
      if (kind === 'new') {
        await field(page, /^NHS number/).fill('999 000 0035');
        await expect(page.getByText(/check digit|not a valid|is not/i).first()).toBeVisible();
        await field(page, /^NHS number/).fill('999 000 0034');
      } else await expect(page.getByText(/this will be a temporary identity/)).toBeVisible();
      expect(await brokenRules(page)).toEqual([]);
      await field(page, 'Telephone').focus();
      await page.keyboard.press('Enter');
      await expect(page.locator('.banner-name')).toContainText(`ARRIVAL${kind.toUpperCase()}`);
      await page.locator('.record-body').waitFor();
      if (kind === 'new') await expect(page.locator('.banner')).not.toContainText('Temporary');
      else await expect(page.locator('.banner')).toContainText(mark);
      await expect(page.locator('.record-state')).toContainText('not yet sent');
      expect(await saved(page, 'Patient')).toHaveLength(1);
      await page.keyboard.press('Alt+s');
      await openByName(page, `arrival${kind}`);
    });
  }
});

test('a temporary identity is resolved by key: the number by its check digit and nobody else’s, with a reason', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.keyboard.press('Alt+r');
  await expect(field(page, 'Registration')).toBeFocused();
  await field(page, 'Family name').fill('Unmatched');
  await field(page, 'Given names').fill('Noor');
  const register = page.getByRole('button', { name: /Register this patient/ });
  await expect(register).toBeDisabled();
  await field(page, 'Date of birth is not known').press('Space');
  await field(page, 'Postcode').fill('ls11aa');
  await field(page, 'Postcode').press('Enter');
  const banner = page.locator('.banner');
  await expect(banner).toContainText('UNMATCHED');
  await expect(banner).toContainText('Temporary identity: no NHS number');
  expect(JSON.stringify(await saved(page, 'Patient'))).toContain('LS1 1AA');
  await page.locator('.record-body').waitFor();
  await page.keyboard.press('Alt+d');
  const dialog = page.getByRole('dialog');
  const save = dialog.getByRole('button', { name: /^Save for / });
  const number = dialog.getByLabel('NHS number', { exact: true });
  await number.fill('999 000 0035');
  await expect(dialog.getByText(/check digit|not a valid|is not/i).first()).toBeVisible();
  // Somebody else's number is refused: two records would be taken for one person.
  await number.fill('999 000 0026');
  await expect(dialog.getByText(/TESTTWIN.*has this number here/)).toBeVisible();
  await number.fill('999 000 0034');
  await dialog.getByLabel('Date of birth', { exact: true }).fill('4 3 1990');
  await expect(save).toBeDisabled();
  await dialog.getByLabel(/^Why number/).fill('Passport and letter');
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(banner).toContainText('999 000 0034');
  await expect(banner).toContainText('04-Mar-1990');
  await expect(banner).not.toContainText('Temporary');
  const change = await page.evaluate(() => window.fakeMain.saved.at(-1)?.changes[0]);
  expect(change).toMatchObject({ kind: 'correct', reason: 'Passport and letter' });
});

test('booked, moved, not brought and cancelled', async ({ workspace }) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.getByRole('button', { name: 'Everyone’s' }).click();
  await expect(page.getByText('Times are 24-hour.')).toBeVisible();
  await page.keyboard.press('Alt+ArrowRight');
  await page.keyboard.press('Alt+n');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Patient')).toBeFocused();
  await page.keyboard.type('testchild');
  await expect(dialog.getByRole('option', { name: /TESTCHILD/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Day')).toBeFocused();
  expect(await brokenRules(page)).toEqual([]);
  const book = dialog.getByRole('button', { name: /^Book TESTCHILD, Mia .* at \d\d:\d\d/ });
  await expect(book).toBeEnabled();
  await book.focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  const row = page.getByRole('row', { name: /TESTCHILD/ });
  await expect(row).toContainText('Booked');
  const first = await row.locator('td').first().textContent();
  await row.locator('.surgery-name').focus();
  await page.keyboard.press('Alt+o');
  await dialog.waitFor();
  await dialog.getByLabel('Free slot').selectOption({ index: 3 });
  const move = dialog.getByRole('button', { name: /^Move TESTCHILD/ });
  await expect(move).toBeEnabled();
  await move.focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(row.locator('td').first()).not.toHaveText(first ?? '');
  // A child is not said to have failed to attend.
  await row.getByRole('button', { name: 'Was not brought' }).press('Enter');
  await expect(row.locator('td').nth(1)).toContainText('Was not brought');
  await row.getByRole('button', { name: 'Arrived late' }).click();
  await expect(row.locator('td').nth(1)).toContainText('Arrived');
  // Who has arrived may be cancelled too; it asks once, with the reason.
  await page.keyboard.press('Alt+c');
  await expect(dialog).toContainText(/TESTCHILD, Mia.*born \d\d-\w{3}-\d{4}/);
  await dialog.getByLabel('Why it is cancelled').selectOption('Patient cancelled');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Cancelled: saved on this computer/)).toBeVisible();
  const statuses = (await saved(page, 'Appointment')).map(({ status }) => status);
  expect(statuses).toEqual(['booked', 'booked', 'noshow', 'arrived', 'cancelled']);
});

test('a conflict: both versions told, one chosen with a reason, the choice taken back', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.evaluate(() => {
    const at = new Date(Date.now() - 3_600_000).toISOString();
    const item = {
      itemId: 'conflict-1',
      kind: 'conflict' as const,
      patientId: '00000000-0000-4000-8000-0000000f0005',
      raisedAt: at,
      sentence: 'You stopped ramipril; Nurse Bell raised its dose to 5 mg.',
      rule: 'Two changes of one medicine are never merged.',
      resource: 'MedicationStatement/m1',
      mine: { author: 'Dr Amara Okafor', recordedAt: at, resource: '{"status":"stopped"}' },
      theirs: {
        author: 'Nurse Bell',
        role: 'nurse',
        organisation: 'A99999',
        recordedAt: at,
        resource: '{"status":"active"}',
      },
      differences: [
        { path: 'status', mine: '"stopped"', theirs: '"active"' },
        { path: 'dosage', mine: null, theirs: '"5 mg daily"' },
      ],
      choices: ['keep-mine' as const, 'keep-theirs' as const, 'keep-both' as const],
    };
    window.fakeMain.attention = [item];
    window.fakeMain.tell('sync.attention-changed', [item]);
    window.fakeMain.setSync({ attention: 1 });
  });
  await expect(page.locator('.sync-indicator')).toContainText('1 to decide');
  await page.keyboard.press('F9');
  const item = page.locator('.attention-item');
  await expect(item).toContainText('You stopped ramipril; Nurse Bell raised its dose to 5 mg.');
  await item.getByRole('button', { name: 'Differences (2)' }).focus();
  await page.keyboard.press('Enter');
  const preview = item.getByRole('table');
  await expect(preview.getByRole('row', { name: /status/ })).toContainText(/stopped.*active/);
  await expect(preview.getByRole('row', { name: /dosage/ })).toContainText('nothing');
  await expect(
    preview.getByRole('columnheader', { name: /Theirs: Nurse Bell, Practice nurse, A99999, .*\d\d:\d\d/i }),
  ).toBeVisible();
  await item.getByLabel(/^Reason/).fill('Cough on ramipril');
  expect(await brokenRules(page)).toEqual([]);
  await item.getByRole('button', { name: 'Keep mine' }).focus();
  await page.keyboard.press('Enter');
  await expect(item).toContainText(/Chosen: Keep mine.*The other version is kept/);
  await item.getByRole('button', { name: 'Undo' }).focus();
  await page.keyboard.press('Enter');
  await expect(item.getByRole('button', { name: 'Keep theirs' })).toBeVisible();
});

test('what the service refused: corrected in its own words and sent again, or given up with a reason; nothing else ends it', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  // A task and a consultation are saved; the service refuses both.
  await openByName(page, 'testpaper');
  await page.keyboard.press('F8');
  await expect(page.getByRole('dialog').getByLabel('What is to be done')).toBeFocused();
  await page.keyboard.type('Ring about the knee');
  await page.getByRole('button', { name: /^Save for/ }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await openNote(page);
  await page.keyboard.type('Knee better');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: /^Sign for/ }).click();
  await expect(page.getByText(/Saved on this computer/).first()).toBeVisible();
  await expect(page.locator('.pane')).toHaveCount(0);
  await page.evaluate(() => {
    const { saved, session } = window.fakeMain;
    const items = saved.map((save, at) => ({
      itemId: `rejected:${at}`,
      kind: 'rejected' as const,
      patientId: save.patientId ?? null,
      raisedAt: new Date().toISOString(),
      sentence: `The record service did not take save ${at}. It is kept on this computer.`,
      rule: 'Something in it is not valid. It said: the date is no date.',
      differences: [],
      choices: ['will-not-send' as const],
      refused: {
        groupId: save.groupId,
        authorUserId: session.user?.userId ?? '',
        operations: save.changes.map(({ kind, resource, after }) => ({ kind, resource, after })),
      },
    }));
    window.fakeMain.attention = items;
    window.fakeMain.tell('sync.attention-changed', items);
  });
  await page.keyboard.press('F9');
  const items = page.locator('.attention-item');
  await expect(items).toHaveCount(2);
  await expect(items.first()).not.toContainText('I have read this');
  expect(await brokenRules(page)).toEqual([]);
  // The task: its words in a dialogue under the banner, with what the service said.
  await items.first().getByRole('button', { name: 'Correct and send again' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Correct and send again' });
  await expect(dialog).toContainText('the date is no date');
  await expect(dialog).toContainText('TESTPAPER');
  await dialog.getByLabel('Description').fill('Ring about the left knee');
  expect(await brokenRules(page)).toEqual([]);
  await dialog.getByLabel('Description').press('Enter');
  await expect(dialog).toHaveCount(0);
  const resent = await page.evaluate(() => {
    const { saved } = window.fakeMain;
    return { replaces: saved.at(-1)?.replaces, task: saved[0]?.groupId };
  });
  expect(resent.replaces).toBe(resent.task);
  expect((await saved(page, 'Task')).at(-1)?.['description']).toBe('Ring about the left knee');
  // The consultation: open again as a draft, with its words and why it was refused.
  await page.keyboard.press('F9');
  await items.last().getByRole('button', { name: 'Correct and send again' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-note-line]').first()).toHaveValue('Knee better');
  await expect(page.getByText('Refused by the record service, reached nobody.').last()).toBeVisible();
  // Or it will not be sent: not without words.
  await page.keyboard.press('F9');
  await items.last().getByRole('button', { name: 'It will not be sent' }).focus();
  await page.keyboard.press('Enter');
  await expect(items.last()).toContainText('It needs a reason');
  await items
    .last()
    .getByLabel(/^Reason/)
    .fill('Written again by hand');
  await items.last().getByRole('button', { name: 'It will not be sent' }).focus();
  await page.keyboard.press('Enter');
  await expect(items).toHaveCount(1);
});

test('the lease warns at 48, 24 and 4 hours, louder each time, and says when it has ended', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  const lease = page.locator('.title-lease');
  const tell = (hoursLeft: number, warning: 48 | 24 | 4 | undefined, expired = false) =>
    page.evaluate(
      (told) => {
        window.fakeMain.setSession({
          lease: {
            until: '2026-12-01T10:00:00Z',
            hoursLeft: told.hoursLeft,
            expired: told.expired,
            ...(told.warning === undefined ? {} : { warning: told.warning }),
          },
        });
      },
      { hoursLeft, warning, expired },
    );
  await tell(200, undefined);
  await expect(lease).toHaveCount(0);
  await tell(47.5, 48);
  await expect(lease).toHaveText(/Opens offline for 47 h more$/);
  await tell(23.2, 24);
  await expect(lease).toHaveText(/23 h more: sign in online today/);
  await expect(lease).not.toHaveAttribute('data-loud', 'true');
  await tell(3.9, 4);
  await expect(lease).toHaveText(/3 h more: sign in online now/);
  await expect(lease).toHaveAttribute('data-loud', 'true');
  expect(await brokenRules(page)).toEqual([]);
  await tell(0, undefined, true);
  await expect(lease).toHaveText(/Lease ended: sign in online/);
});

test('a sign-in that cannot reach the service says so in words and offers what to do', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.evaluate(() => {
    window.fakeMain.refuseNextSignIn = {
      code: 'service-unreachable',
      message: 'The record service could not be reached.',
      lost: 'nothing',
      remedy: 'Check the network and try again, or unlock with your passphrase.',
    };
    window.fakeMain.setSession({ phase: 'signed-out' });
  });
  await expect(page.getByRole('button', { name: /^Sign in/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText(
    /could not be reached\. Nothing was lost\. Check the network/,
  );
  expect(await brokenRules(page)).toEqual([]);
  // The gate stays where one can go on: unlocking needs no network.
  await expect(page.getByRole('button', { name: 'Back to unlock' })).toBeVisible();
});

test('a surgery walked by keys, offline: arrived, in, left; F2 ends the visit and opens the next; a slip is taken back', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.evaluate(() => {
    window.fakeMain.setSync({ connection: 'offline', inStep: false });
  });
  const status = async () => (await saved(page, 'Appointment')).map((one) => one['status']);
  const chosen = page.locator('.surgery tr[data-chosen]');
  await expect(chosen).toHaveCount(0);
  // Without a chosen line a key changes nothing and says so.
  await page.keyboard.press('Alt+x');
  await expect(page.getByText('No visit is chosen')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(chosen).toHaveCount(1);
  await expect(async () => {
    if (!(await chosen.textContent())?.includes('Booked')) await page.keyboard.press('ArrowDown');
    expect(await chosen.textContent()).toContain('Booked');
  }).toPass({ timeout: 15_000 });
  await expect(chosen.getByRole('button', { name: /Arrived.*Alt\+V/ })).toBeVisible();
  await page.keyboard.press('Alt+v');
  await expect(chosen.locator('td').nth(1)).toContainText('Arrived');
  await page.keyboard.press('Alt+x');
  await expect(chosen.locator('td').nth(1)).toContainText('Did not attend');
  // The key takes back what was said to be saved.
  await expect(page.getByText(/Did not attend: saved on this computer/)).toBeVisible();
  await page.keyboard.press('Alt+z');
  await expect(page.getByText(/Did not attend: taken back/)).toBeVisible();
  await expect(chosen.locator('td').nth(1)).toContainText('Arrived');
  expect(await brokenRules(page)).toEqual([]);
  expect(await status()).toEqual(['arrived', 'noshow', 'arrived']);

  // The open record: the same keys, for the patient on its banner.
  const name = await chosen.locator('.surgery-name').textContent();
  await page.keyboard.press('Enter');
  await expect(page.locator('.banner-name')).toHaveText(name ?? '');
  const visit = page.locator('.title-visit');
  await expect(visit).toContainText('Arrived');
  await expect(visit).toContainText('Alt+I');
  await page.keyboard.press('Alt+i');
  await expect(visit).toHaveText(/● In · Left/);
  await openNote(page);
  await page.keyboard.type('Sore throat for a week');
  // An unsigned note: F2 goes on, and the visit stays in consultation.
  await page.keyboard.press('F2');
  await expect(page.getByText(/stays in consultation: its note is not signed/)).toBeVisible();
  await expect(page.locator('.banner-name')).not.toHaveText(name ?? '');
  expect((await status()).at(-1)).toBe('checked-in');
  await page.keyboard.press('Alt+i');
  await expect(visit).toHaveText(/● In · Left/);
  const second = await page.locator('.banner-name').textContent();
  await page.keyboard.press('F2');
  await expect(page.getByText(/Left: saved on this computer/)).toBeVisible();
  await expect(page.locator('.banner-name')).not.toHaveText(second ?? '');
  expect((await status()).at(-1)).toBe('fulfilled');
  // Nobody is called by it.
  await expect(visit).not.toContainText(/Called|In ·/);
  await page.keyboard.press('Alt+z');
  await expect(page.getByText(/Left: taken back/)).toBeVisible();
  expect((await status()).at(-1)).toBe('checked-in');
  await page.keyboard.press('F1');
  await expect(page.getByRole('dialog')).toContainText('Finish this visit and open the next patient');
  await expect(page.getByRole('dialog')).toContainText('Visit: in consultation');
});
