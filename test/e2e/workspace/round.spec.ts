/** Before a round, by keys: who is visited, and whether the bag is ready; said in words, and never ready when it is not. */
import type { Page } from '@playwright/test';
import { demoStaff } from '../../../record-service/seed/demo-practice.ts';
import { localDayOf } from '../../../domain/fhir/local-time.ts';
import { formatCivilDate } from '../../../domain/fhir/civil-date.ts';
import { packForRound, roundIds } from '../../support/workspace-harness/round-people.ts';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import { actAs, openPatientId } from '../../support/workspace-steps.ts';
import { printedPages } from '../../support/printed-pages.ts';

const { practitionerId } = demoStaff.gp;

function today(): string {
  const day = localDayOf(new Date().toISOString());
  return day === null ? '' : formatCivilDate(day);
}

const headline = (page: Page) => page.locator('.round-headline');
const rows = (page: Page) => page.locator('.round-table tbody tr');
const names = (page: Page) => page.locator('.round-table .surgery-name');
const rowOf = (page: Page, name: string) => rows(page).filter({ hasText: name });

async function goToRound(page: Page): Promise<void> {
  await page.locator('.surgery tbody tr').first().waitFor();
  await packForRound(page, today(), practitionerId);
  await page.keyboard.press('F3');
  await expect(page.getByRole('combobox')).toBeFocused();
}

/** Everybody found by these words, ticked at once; the box is empty again. */
async function tickAll(page: Page, words: string): Promise<void> {
  await page.keyboard.type(words);
  await expect(page.getByRole('button', { name: /^Tick/ })).toBeEnabled();
  await page.keyboard.press('Alt+a');
  await expect(page.getByRole('button', { name: /^All ticked/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('combobox')).toHaveValue('');
}

test('a care home is picked by its name and ticked by keys, in order of room; a protected resident is not among them', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await goToRound(page);
  await expect(headline(page)).toHaveText('Nobody is on this round yet');
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.type('willow court');
  const options = page.getByRole('option');
  await expect(options).toHaveText([/Beatrice/, /Agnes/, /Cora/]);
  await expect(options.first()).toContainText(
    'Room 2, Willow Court Care Home, 2 Park Lane, Netherby, ZZ99 1AB',
  );
  // One by one: Enter ticks and unticks the one that the arrows choose.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(names(page)).toHaveText(['TESTROUND, Agnes (Mrs)']);
  await page.keyboard.press('Enter');
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'false');
  await expect(rows(page)).toHaveCount(0);
  expect(await brokenRules(page)).toEqual([]);
  await page.keyboard.press('Alt+a');
  await page.keyboard.press('Escape');
  await expect(names(page)).toHaveText([/Beatrice/, /Agnes/, /Cora/]);

  // By house and by postcode neither is the protected one found, whose room is there.
  for (const typed of ['2 park lane', 'ZZ99 1AB', 'room 4']) {
    await page.keyboard.type(typed);
    await expect(page.locator('.round-picker')).toContainText(/Nobody found|registered there/);
    await expect(page.locator('.round-picker')).not.toContainText('Edith');
    await page.keyboard.press('Escape');
  }
  // The booked visit stands first; Space ticks it.
  const first = page.getByRole('checkbox').first();
  await first.focus();
  await page.keyboard.press('Space');
  await expect(first).toBeChecked();
  await expect(rowOf(page, 'Dora')).toContainText('Booked 13:10, home visit');
  await expect(headline(page)).toHaveText(/^Ready to leave: all 4 records are here, in step at 10:32$/);

  // What a visit needs: two identifiers, where, allergies, that there is an alert, what can be read on the way.
  const beatrice = rowOf(page, 'Beatrice');
  await expect(beatrice).toContainText('Born 03-Feb-1936');
  await expect(beatrice).toContainText('NHS No. 999 000 0034');
  await expect(beatrice).toContainText('⚠ Penicillin');
  await expect(beatrice.getByText('alert', { exact: true })).toBeVisible();
  await expect(beatrice).toContainText('Whole record here');
  await expect(beatrice).toContainText('2 documents');
  await expect(beatrice).toContainText('1 not here, only with the service');
  await expect(rowOf(page, 'Cora')).toContainText('Allergies not recorded');
  // What an alert says is for the record alone, and safeguarding is not even an alert here.
  await expect(page.locator('.round')).not.toContainText(/Dog in the garden|at risk|safeguarding/i);
  await expect(rowOf(page, 'Agnes').getByText('alert', { exact: true })).toHaveCount(0);
  expect(await brokenRules(page)).toEqual([]);

  // Enter opens the record; F3 comes back to the round as it was; one key takes a patient off and puts her back.
  await page.keyboard.press('ArrowDown');
  await expect(names(page).first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-banner-patient]')).toHaveCount(1);
  expect(await openPatientId(page)).toBe(roundIds.roomTwo);
  await page.keyboard.press('F3');
  await expect(names(page)).toHaveText([/Beatrice/, /Agnes/, /Cora/, /Dora/]);
  await expect(page.locator('[data-banner-patient]')).toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Alt+Delete');
  await expect(names(page)).toHaveText([/Agnes/, /Cora/, /Dora/]);
  await page.keyboard.press('Alt+z');
  await expect(rows(page)).toHaveCount(4);
});

test('never ready when it is not: a record to come is asked for and comes by itself, offline, unsent, the lease, the unknown', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await goToRound(page);
  await page.evaluate((id) => window.fakeMain.withhold([id]), roundIds.roomTen);
  await tickAll(page, 'willow court');
  const agnes = rowOf(page, 'Agnes');
  await expect(agnes).toContainText('Still to come');
  await expect(agnes).toContainText('Not known');
  await expect(headline(page)).toHaveText('Not ready: 1 record still to come');
  // Picked is asked for; one key asks again, for that one alone.
  const wanted = () => page.evaluate(() => window.fakeMain.wanted);
  await expect.poll(wanted).toEqual([roundIds.roomTen]);
  await page.keyboard.press('Alt+f');
  await expect.poll(wanted).toEqual([roundIds.roomTen, roundIds.roomTen]);
  await expect(page.getByText(/Asked for 1 record: they come/)).toBeVisible();
  expect(await brokenRules(page)).toEqual([]);
  await page.evaluate((id) => window.fakeMain.bring(id), roundIds.roomTen);
  await expect(agnes).toContainText('Whole record here');
  await expect(headline(page)).toHaveText(/^Ready to leave: all 3/);

  const since = new Date(Date.now() - 60_000).toISOString();
  await page.evaluate(
    (at) => window.fakeMain.setSync({ connection: 'offline', inStep: false, offlineSince: at, dataAsOf: at }),
    since,
  );
  await expect(headline(page)).toHaveText(/^Not ready: offline since /);
  await expect(rows(page).first()).toContainText('Whole record here');
  await page.keyboard.press('Alt+f');
  await page.evaluate(() =>
    window.fakeMain.setSync({
      connection: 'connected',
      inStep: false,
      pending: { groups: 1, operations: 2, byPatient: [] },
    }),
  );
  await expect(headline(page)).toHaveText('Not ready: 2 changes not sent');
  await page.evaluate(() =>
    window.fakeMain.setSync({ pending: { groups: 0, operations: 0, byPatient: [] } }),
  );
  // Nothing waits, and yet the service has not said that all is here.
  await expect(headline(page)).toHaveText('Not ready: still catching up with the record service');
  await page.evaluate(() => window.fakeMain.setSync({ inStep: true }));
  await expect(headline(page)).toHaveText(/^Ready to leave/);

  const lease = (until: string, expired = false) =>
    page.evaluate((change) => window.fakeMain.setSession({ lease: { ...change, hoursLeft: 1 } }), {
      until,
      expired,
    });
  await lease(new Date(Date.now() + 60_000).toISOString());
  await expect(headline(page)).toHaveText(/^Not ready: this bag opens offline only until /);
  await lease(new Date(Date.now() - 60_000).toISOString(), true);
  await expect(headline(page)).toHaveText('Not ready: this bag does not open offline any more');
  await page.evaluate(() => window.fakeMain.setSession({ lease: undefined }));
  await expect(headline(page)).toHaveText('Not ready: how long this bag opens offline is not known');
  await lease(new Date(Date.now() + 30 * 3_600_000).toISOString());
  await expect(headline(page)).toHaveText(/^Ready to leave/);
  await expect(page.locator('.round-verdict')).toContainText('Note: this bag opens offline only until');

  // Who left this computer is not passed over in silence, nor named.
  await page.evaluate((id) => window.fakeMain.leave([id]), roundIds.roomTen);
  await expect(headline(page)).toHaveText('Not ready: 1 patient is not on this computer any more');
  await expect(names(page)).toHaveText([/Beatrice/, /Cora/]);
});

test('on paper: headed as confidential, with the time of the data and the verdict; no protected address, no alert; each patient audited', async ({
  workspace,
}) => {
  const opened = await workspace.open();
  const { page } = opened;
  await goToRound(page);
  await tickAll(page, 'willow court');
  // A single patient by name: also one whose whereabouts are protected, who has none here.
  // Typed at once with its Enter, before the list is there: she alone is found, and ticked.
  await page.keyboard.type('testround edith');
  await page.keyboard.press('Enter');
  const edith = rowOf(page, 'Edith');
  await expect(edith).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(edith).toContainText('Protected: address not in this bag');
  await expect(names(page).last()).toHaveText(/Edith/);
  await page.keyboard.press('Control+p');
  await expect
    .poll(() =>
      page.evaluate(() =>
        window.fakeMain.audited.flatMap((one) =>
          one.action === 'print' ? (one as { patientId?: string }).patientId : [],
        ),
      ),
    )
    .toEqual([roundIds.roomTwo, roundIds.roomTen, roundIds.roomTwelve, roundIds.protected]);
  const pages = await printedPages(opened);
  expect(pages).toHaveLength(1);
  const [paper = ''] = pages;
  expect(paper).toContain('NHS Confidential: Personal Data about a patient');
  expect(paper).toContain('Page 1 of 1');
  expect(paper).toMatch(/Round of \w{3} \d\d-\w{3}-\d{4} · 4 patients · Ready to leave/);
  expect(paper).toMatch(/Data as of \d\d-\w{3}-\d{4} 10:32 · printed/);
  for (const words of ['TESTROUND, Beatrice (Mrs)', '999 000 0034', 'Room 2, Willow Court', 'Penicillin'])
    expect(paper).toContain(words);
  expect(paper).toContain('TESTROUND, Edith (Mrs)');
  expect(paper).not.toMatch(/Room 4|Dog in the garden|at risk|safeguarding/i);
  // The picker and the keys are no part of the paper.
  expect(paper).not.toMatch(/Booked with you|Alt\+/);
});

test('the round is kept over a lock, also where the unlock is offline; the front desk sees nothing clinical of its own round', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.keyboard.press('F3');
  await expect(page.getByRole('combobox')).toBeFocused();
  // Patients of the fixture: they are in the bag again after the lock.
  await tickAll(page, 'fixture street');
  await expect(names(page)).toHaveText([/TESTTWIN, Alex /, /TESTTWIN, Alexa/]);
  await page.keyboard.press('Control+l');
  await expect(page.locator('main.gate h1')).toBeVisible();
  await expect(page.locator('body')).not.toContainText('TESTTWIN');
  await page.evaluate(() => {
    window.fakeMain.setSync({
      connection: 'offline',
      inStep: false,
      offlineSince: new Date(Date.now() - 60_000).toISOString(),
    });
    window.fakeMain.setSession({ phase: 'unlocked' });
  });
  await expect(names(page)).toHaveText([/TESTTWIN, Alex /, /TESTTWIN, Alexa/]);
  await expect(headline(page)).toHaveText(/^Not ready: .*offline since /);

  await actAs(page, 'receptionist');
  await expect(page.getByRole('columnheader')).toHaveText(['Patient', 'Address', 'Record']);
  await expect(page.locator('.round')).not.toContainText(/allerg|document|Take care/i);
  expect(await brokenRules(page)).toEqual([]);
  // Somebody else's round is not this one.
  await page.evaluate(() => {
    const { user } = window.fakeMain.session;
    if (user) window.fakeMain.setSession({ user: { ...user, userId: 'user-nurse', role: 'nurse' } });
  });
  await expect(rows(page)).toHaveCount(0);
});

test('at both sizes the verdict, the facts and the list stand whole in the window', async ({ workspace }) => {
  const { page, resize } = await workspace.open();
  await goToRound(page);
  await tickAll(page, 'willow court');
  for (const [width, height] of [
    [1366, 768],
    [1920, 1080],
  ] as const) {
    await resize(width, height);
    for (const part of ['.round-verdict', '.round-facts', '.round-picker', '.round-list', '.round-table']) {
      const box = await page.locator(part).boundingBox();
      expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= width).toBe(true);
      if (part !== '.round-table') expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(height);
    }
  }
});
