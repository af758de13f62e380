/** What information governance demands of a screen: who acts, the notice, where an entry comes from, what is audited. */
import type { Page } from '@playwright/test';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import { openByName, openPatientId } from '../../support/workspace-steps.ts';

async function ready(page: Page): Promise<void> {
  await page.locator('.surgery tbody tr').first().waitFor();
}

test('who acts, in which role and for which organisation stands on every screen, and changes with the role', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await ready(page);
  const { name, organisationName } = await page.evaluate(() => {
    const { user } = window.fakeMain.session;
    return { name: user?.name ?? '', organisationName: user?.organisationName ?? '' };
  });
  const who = page.locator('.title-who');
  const isSaid = async (role: string) => {
    await expect(who).toBeVisible();
    await expect(who).toContainText(name);
    await expect(who).toContainText(organisationName);
    await expect(who).toContainText(role);
  };
  await isSaid('General practitioner');
  for (const [keys, place] of [
    ['F9', '.sync-screen'],
    ['Alt+k', 'h1, h2'],
    ['Alt+r', 'form'],
    ['Alt+s', '.surgery'],
  ] as const) {
    await page.keyboard.press(keys);
    await page.locator(place).first().waitFor();
    await isSaid('General practitioner');
  }
  await openByName(page, 'testpaper');
  await isSaid('General practitioner');
  await page.keyboard.press('F4');
  await page.locator('.pane').waitFor();
  await isSaid('General practitioner');
  // A locum at another practice: the other role and the other organisation, never the two together.
  await page.evaluate(() => {
    const { user } = window.fakeMain.session;
    if (user)
      window.fakeMain.setSession({
        user: { ...user, role: 'locum', organisation: 'B88888', organisationName: 'Other Practice' },
      });
  });
  await expect(who).toHaveText(/^Other Practice.*, Locum general practitioner$/);
});

test('the legal notice stands on every page before the workspace', async ({ workspace }) => {
  const { page } = await workspace.open();
  await ready(page);
  for (const [phase, heading] of [
    ['locked', 'Locked'],
    ['signed-out', 'Sign in'],
    ['signing-in', 'Signing in'],
    ['choose-service', 'Choose the record service'],
  ] as const) {
    await page.evaluate((to) => {
      window.fakeMain.setSession({ phase: to });
    }, phase);
    await page.getByRole('heading', { name: heading, exact: true }).waitFor();
    const notice = page.getByRole('note');
    await expect(notice).toBeVisible();
    await expect(notice).toContainText('Legal notice.');
    await expect(notice).toContainText('Computer Misuse Act 1990');
    await expect(notice).toContainText('Every use is recorded');
  }
});

test('a minute before it locks the screen says so, counts down, and one key goes on working', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await ready(page);
  await page.evaluate(() => {
    window.fakeMain.tell('session.lock-warning', { seconds: 60 });
  });
  const warning = page.getByRole('alertdialog', { name: 'About to lock' });
  await expect(warning).toContainText(
    'Notes, observations, entries and registrations come back as you typed them.',
  );
  await expect(warning).toContainText(/Locks in [1-5]\d s/);
  expect(await brokenRules(page)).toEqual([]);
  await warning.getByRole('button', { name: 'Go on working' }).press('Enter');
  await expect(warning).toHaveCount(0);
});

test('a record of somebody who left says so on the banner', async ({ workspace }) => {
  const { page } = await workspace.open();
  await ready(page);
  await openByName(page, 'testpaper');
  const id = await openPatientId(page);
  const left = page.locator('.banner-identity').getByText('No longer registered here');
  await expect(left).toHaveCount(0);
  await page.evaluate(
    (patient) =>
      window.fakeMain.arrive(patient, [
        {
          resourceType: 'Patient',
          id: patient,
          active: false,
          name: [{ use: 'official', family: 'Testpaper', given: ['Lou'], prefix: ['Mx'] }],
          gender: 'female',
          birthDate: '1955-07-08',
        } as never,
      ]),
    id,
  );
  await expect(left).toBeVisible();
  expect(await brokenRules(page)).toEqual([]);
});

test('an entry from outside is marked where it stands, and one key tells who, when to the second, and from where', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await ready(page);
  await openByName(page, 'testpaper');
  const id = await openPatientId(page);
  await page.evaluate(
    (patient) =>
      window.fakeMain.arrive(patient, [
        {
          resourceType: 'Condition',
          id: 'gout',
          meta: {
            versionId: '1',
            lastUpdated: '2026-01-02T09:10:11Z',
            source: 'https://hospital.example#Condition/9',
          },
          subject: { reference: `Patient/${patient}` },
          category: [{ coding: [{ code: 'problem-list-item' }] }],
          clinicalStatus: { coding: [{ code: 'active' }] },
          code: { text: 'Gout of the left foot' },
          recordedDate: '2026-07-01T08:09:10Z',
          recorder: { display: 'Dr Una Bell' },
        } as never,
      ]),
    id,
  );
  const line = page.locator('.line-item').filter({ hasText: 'Gout of the left foot' });
  await expect(line).toContainText('From https://hospital.example');
  await line.getByRole('button').first().press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(/Author\s*Dr Una Bell/);
  await expect(dialog).toContainText(/Recorded\s*01-Jul-2026 09:09:10 BST/);
  await expect(dialog).toContainText(/Received by the service\s*02-Jan-2026 09:10:11 GMT/);
  await expect(dialog).toContainText(/Imported from\s*https:\/\/hospital\.example#Condition\/9/);
});

test('opening a record and printing it are told to the audit, with whose it is', async ({ workspace }) => {
  const { page } = await workspace.open();
  await ready(page);
  await openByName(page, 'testpaper');
  const patientId = await openPatientId(page);
  const audited = () => page.evaluate(() => window.fakeMain.audited);
  await expect.poll(audited).toContainEqual({ action: 'read', patientId });
  expect(await audited()).not.toContainEqual({ action: 'print', patientId });
  await page.keyboard.press('Control+p');
  await expect.poll(audited).toContainEqual({ action: 'print', patientId });
});

test('what was entered in error stands with why, by whom and when, and no screen makes it count again', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await ready(page);
  await openByName(page, 'testpaper');
  const id = await openPatientId(page);
  await page.evaluate((patient) => {
    const common = {
      meta: { versionId: '1', lastUpdated: '2026-01-02T09:10:11Z' },
      recordedDate: '2026-01-01T09:00:00Z',
      verificationStatus: { coding: [{ code: 'entered-in-error' }] },
      extension: [
        {
          url: 'https://gladstone.example/fhir/StructureDefinition/entered-in-error-reason',
          valueString: 'Wrong patient',
        },
      ],
    };
    return window.fakeMain.arrive(patient, [
      {
        ...common,
        resourceType: 'AllergyIntolerance',
        id: 'mistaken-allergy',
        patient: { reference: `Patient/${patient}` },
        code: { text: 'Latex' },
      },
      {
        ...common,
        resourceType: 'Condition',
        id: 'mistaken-problem',
        subject: { reference: `Patient/${patient}` },
        category: [{ coding: [{ code: 'problem-list-item' }] }],
        code: { text: 'Gout' },
      },
    ] as never);
  }, id);
  const dialog = page.getByRole('dialog');
  const isReadOnly = async () => {
    await expect(dialog).toContainText('This was marked as entered in error. It stays as it is');
    await expect(dialog.getByRole('button', { name: / for TESTPAPER/ })).toHaveCount(0);
    expect(await brokenRules(page)).toEqual([]);
  };
  await expect(page.locator('.banner-allergies')).not.toContainText('Latex');
  const allergies = page.locator('[data-area="allergies"]');
  await expect(allergies).toContainText('Entered in error: Wrong patient');
  await allergies.getByRole('button', { name: /Latex/ }).press('Enter');
  await isReadOnly();
  // Marked twice it is not either.
  await dialog.getByRole('button', { name: 'Where it comes from' }).press('Enter');
  await dialog.getByRole('button', { name: 'Mark as entered in error' }).press('Enter');
  await expect(dialog).toContainText('It is marked already: Wrong patient.');
  await dialog.getByLabel('Reason').fill('Again');
  await expect(dialog.getByRole('button', { name: /^Mark as entered in error for/ })).toBeDisabled();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await page.getByRole('tab', { name: /^Problems/ }).press('Enter');
  const row = page.getByRole('row', { name: /Gout/ });
  await expect(row).toContainText('Entered in error: Wrong patient');
  await row.getByRole('button').first().press('Enter');
  await isReadOnly();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  // One that counts is marked with a reason, and says from then on who did it and when.
  await page.evaluate(
    (patient) =>
      window.fakeMain.arrive(patient, [
        {
          resourceType: 'Condition',
          id: 'asthma',
          meta: { versionId: '1', lastUpdated: '2026-01-02T09:10:11Z' },
          subject: { reference: `Patient/${patient}` },
          category: [{ coding: [{ code: 'problem-list-item' }] }],
          clinicalStatus: { coding: [{ code: 'active' }] },
          code: { text: 'Asthma' },
        } as never,
      ]),
    id,
  );
  const asthma = page.getByRole('row', { name: /Asthma/ });
  await asthma.getByRole('button').first().press('Enter');
  await dialog.getByRole('button', { name: 'Where it comes from' }).press('Enter');
  await dialog.getByRole('button', { name: 'Mark as entered in error' }).press('Enter');
  await dialog.getByLabel('Reason').fill('Another patient’s');
  await dialog.getByRole('button', { name: /^Mark as entered in error for/ }).press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(asthma).toContainText(
    /Entered in error: Another patient’s \(Dr .+, \d\d-\w+-\d{4} \d\d:\d\d\)/,
  );
});
