/** The screens by keyboard alone, in real Electron, with the real cache worker; main is played by the harness. */
import type { Page } from '@playwright/test';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import {
  openNote,
  openPalette,
  openPatientId,
  openSet,
  RECORD_PARTS,
  showPart,
} from '../../support/workspace-steps.ts';

async function openFirst(page: Page): Promise<void> {
  await page.locator('.surgery tbody tr').first().waitFor();
  await page.locator('.surgery-name').first().focus();
  await page.keyboard.press('Enter');
  await page.locator('.banner').waitFor();
}

const savedKinds = (page: Page): Promise<string[][]> =>
  page.evaluate(() =>
    window.fakeMain.saved.map((save) => save.changes.map((change) => change.resource.split('/')[0] ?? '')),
  );

test('a set of observations in one pass: NEWS2 as typed, saved for the patient on the banner', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await openFirst(page);
  const patient = await page.locator('[data-banner-patient]').getAttribute('data-banner-patient');
  await openSet(page);
  await page.getByRole('button', { name: /acute/i }).click();
  const boxes = page.locator('[data-observation]');
  const values: Record<string, string> = {
    respiration: '24',
    spo2: '93',
    oxygen: 'a',
    bloodPressure: '95/60',
    pulse: '112',
    pulseRhythm: 'r',
    consciousness: 'a',
    temperature: '38.4',
  };
  for (const box of await boxes.all()) {
    await expect(box).toBeFocused();
    await page.keyboard.type(values[(await box.getAttribute('data-observation')) ?? ''] ?? '');
    await page.keyboard.press('Enter');
  }
  await expect(page.locator('.news2-total')).toContainText('NEWS2 9');
  await expect(page.locator('.news2')).toContainText('999');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/Saved on this computer \d\d:\d\d/).first()).toBeVisible();
  const saves = await page.evaluate(() =>
    window.fakeMain.saved.map(({ patientId, bannerPatientId }) => ({ patientId, bannerPatientId })),
  );
  expect(saves).toEqual([{ patientId: patient, bannerPatientId: patient }]);
  // An emergency score that has not been sent alarms until a person acknowledges it.
  await expect(page.getByText('NOT SENT: phone')).toBeVisible();
  await page.getByRole('button', { name: 'I have phoned' }).click();
  await expect(page.getByLabel('Whom did you speak to?')).toBeFocused();
  await page.keyboard.type('The ambulance service');
  await page.keyboard.press('Enter');
  await expect(page.getByText('NOT SENT: phone')).toBeHidden();
});

test('what cannot be is refused in the box; what is unlikely asks once', async ({ workspace }) => {
  const { page } = await workspace.open();
  await openFirst(page);
  await page.keyboard.press('F6');
  const pressure = page.locator('[data-observation="bloodPressure"]');
  await pressure.fill('400/80');
  await page.keyboard.press('Enter');
  await expect(pressure).toBeFocused();
  await expect(page.getByText(/Systolic 400 is not possible/)).toBeVisible();
  await page.keyboard.press('Control+Enter');
  expect(await savedKinds(page)).toEqual([]);
  await pressure.fill('215/118');
  await page.keyboard.press('Enter');
  await expect(pressure).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(pressure).not.toBeFocused();
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => savedKinds(page)).toEqual([['Observation']]);
});

test('a consultation by keyboard: headings, an explicit code, a follow-up task, signed by name', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await openFirst(page);
  await openNote(page);
  await page.keyboard.type('Tired for a month.');
  await page.keyboard.press('Enter');
  await page.keyboard.type('a asthma');
  await expect(page.getByRole('option', { name: /^Asthma disorder/ })).toBeVisible();
  // A diagnosis is never coded by default: nothing is highlighted, and Enter keeps the words.
  await expect(page.locator('.note-terms [aria-selected="true"]')).toHaveCount(0);
  const highlighted = page.locator('.note-terms [aria-selected="true"]');
  // The list is made anew when a slower search answers, and then nothing is highlighted again.
  await expect(async () => {
    if ((await highlighted.count()) === 0) await page.keyboard.press('ArrowDown');
    await expect(highlighted).toHaveText(/^Asthma/, { timeout: 1_000 });
  }).toPass();
  await page.keyboard.press('Tab');
  await expect(page.locator('.code-term')).toHaveText('Asthma');
  await page.keyboard.press('Enter');
  await page.keyboard.type('p review 2/52');
  await expect(page.getByText(/Follow up in 2 weeks/)).toBeVisible();
  const name = (await page.locator('.banner-name').textContent()) ?? '';
  await page.keyboard.press('Control+Enter');
  const sign = page.getByRole('button', { name: `Sign for ${name}` });
  await expect(sign).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(() => savedKinds(page)).toHaveLength(1);
  expect((await savedKinds(page))[0]?.toSorted()).toEqual(['Composition', 'Condition', 'Encounter', 'Task']);
  await expect(page.locator('.pane')).toHaveCount(0);
  await page.keyboard.press('Alt+2');
  await expect(page.locator('.journal-consultation').filter({ hasText: 'Tired for a month.' })).toBeVisible();
});

test('a save that fails keeps every word and says so', async ({ workspace }) => {
  const { page } = await workspace.open();
  await openFirst(page);
  await page.keyboard.press('F4');
  await page.locator('[data-note-line]').first().fill('Words that must stay');
  await page.evaluate(() => {
    window.fakeMain.refuseNextSave = {
      code: 'disk-full',
      message: 'The disk is full.',
      lost: 'not-saved',
      remedy: 'Free some space.',
    };
  });
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('button', { name: /^Sign for/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/The disk is full\..*your text is still here.*Free some space/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-note-line]').first()).toHaveValue('Words that must stay');
});

test('the draft is durable within two seconds of a keystroke, survives Escape and comes back after a lock', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await openFirst(page);
  await page.keyboard.press('F4');
  await page.locator('[data-note-line]').first().fill('Half a sentence');
  await page.keyboard.press('Control+l');
  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible();
  // Not a clinical word, not a name of a patient is left in the page.
  const left = await page.locator('body').textContent();
  expect(left).not.toContain('Half a sentence');
  await expect(page.locator('[data-banner-patient]')).toHaveCount(0);
  await expect(page.getByLabel(/^(PIN|Passphrase) of /)).toBeFocused();
  await page.keyboard.type('1234');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-note-line]').first()).toHaveValue('Half a sentence');
});

test('wrong patient: nothing is saved when the banner shows another patient', async ({ workspace }) => {
  const { page } = await workspace.open();
  await openFirst(page);
  await page.keyboard.press('F6');
  await page.locator('[data-observation="pulse"]').fill('72');
  await page.evaluate(() => {
    const banner = document.querySelector<HTMLElement>('[data-banner-patient]');
    if (banner) banner.dataset['bannerPatient'] = 'somebody-else';
  });
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/the patient on the screen is not the patient of this entry/)).toBeVisible();
  expect(await savedKinds(page)).toEqual([]);
});

test('an allergy speaks against a medicine, with what could not be checked', async ({ workspace }) => {
  const { page } = await workspace.open();
  await openFirst(page);
  await page.keyboard.press('Alt+a');
  await page.getByLabel('Causative agent').fill('Allergy to penicillin');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.locator('[role="option"][aria-selected="true"]').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Save for/ }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.locator('.banner-allergies')).toContainText(/penicillin/i);
  await page.keyboard.press('Alt+m');
  await page.getByLabel('Medicine', { exact: true }).fill('amoxicillin 500mg');
  await expect(
    page
      .getByRole('alert')
      .filter({ hasText: /penicillin/i })
      .first(),
  ).toBeVisible();
});

test('no rule of axe is broken on any place', async ({ workspace }) => {
  const { page, errors } = await workspace.open();
  const found: Record<string, readonly string[]> = {};
  const look = async (place: string) => {
    found[place] = await brokenRules(page);
  };
  await page.locator('.surgery tbody tr').first().waitFor();
  await look('surgery');
  for (const [place, keys] of [
    ['palette', 'Control+k'],
    ['help', 'F1'],
    ['book', 'Alt+n'],
  ] as const) {
    await page.keyboard.press(keys);
    await page.getByRole('dialog').waitFor();
    await look(place);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  for (const [place, keys, heading] of [
    ['sync', 'F9', 'Sync centre'],
    ['tasks', 'Alt+k', 'Tasks and notes'],
    ['registration', 'Alt+r', 'Register a patient'],
  ] as const) {
    await page.keyboard.press(keys);
    await page.getByRole('heading', { name: heading }).waitFor();
    await look(place);
  }
  await page.keyboard.press('Alt+s');
  await openFirst(page);
  for (const part of RECORD_PARTS) {
    await showPart(page, part);
    await look(part);
  }
  for (const [place, open] of [
    ['observations', openSet],
    ['consultation', openNote],
  ] as const) {
    await open(page);
    await look(place);
  }
  await page.evaluate(() => {
    document.documentElement.dataset['theme'] = 'dark';
  });
  await look('dark');
  await page.keyboard.press('Control+l');
  await page.getByRole('heading', { name: 'Locked' }).waitFor();
  await look('locked');
  expect(Object.entries(found).filter(([, rules]) => rules.length > 0)).toEqual([]);
  // The content security policy was never hit: no inline style, no inline script, no network.
  expect(errors).toEqual([]);
});

test('the next-patient key while typing: every word is durable with its own patient, and none reaches the next', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await openFirst(page);
  const first = await openPatientId(page);
  await openNote(page);
  await page.keyboard.type('Pain in the left ');
  await page.keyboard.press('F2');
  // Whoever goes on typing writes nowhere: no box of the next record has the focus.
  await page.keyboard.type('knee');
  await expect.poll(() => openPatientId(page)).not.toBe(first);
  const second = await openPatientId(page);
  await page.locator('.record-body').waitFor();
  await expect(page.locator('[data-note-line]')).toHaveCount(0);
  const drafts = await page.evaluate(() =>
    [...window.fakeMain.drafts.values()].map(({ patientId, content }) => ({ patientId, content })),
  );
  expect(drafts.map(({ patientId }) => patientId)).toEqual([first]);
  expect(drafts[0]?.content).toContain('Pain in the left');
  // Nobody was called and nothing was signed by it.
  expect(await page.evaluate(() => window.fakeMain.saved.length)).toBe(0);
  await page.keyboard.press('F4');
  await expect(page.locator('[data-note-line]').first()).toHaveValue('');
  expect(await openPatientId(page)).toBe(second);
});

test('keys pressed while a set is being saved reach neither the saved set nor a second save of it', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await openFirst(page);
  await page.keyboard.press('F6');
  const pressure = page.locator('[data-observation="bloodPressure"]');
  await pressure.fill('128/76');
  await page.evaluate(() => {
    const gate = Promise.withResolvers<undefined>();
    window.fakeMain.heldSave = gate.promise;
    Object.assign(window, { letSaveGo: gate.resolve });
  });
  await pressure.focus();
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('End');
  await page.keyboard.type('9');
  await page.keyboard.press('Control+Enter');
  await page.evaluate(() => {
    window.fakeMain.heldSave = null;
    (window as unknown as { letSaveGo: (value: undefined) => void }).letSaveGo(undefined);
  });
  await expect(page.getByText(/Saved on this computer \d\d:\d\d/).first()).toBeVisible();
  // The saved set is gone at once, and no draft follows it.
  await expect(pressure).toHaveValue('');
  const once = await page.evaluate(() => ({
    saves: window.fakeMain.saved.length,
    drafts: window.fakeMain.drafts.size,
    text: JSON.stringify(window.fakeMain.saved),
  }));
  expect(once.saves).toBe(1);
  expect(once.drafts).toBe(0);
  expect(once.text).toContain('76');
  expect(once.text).not.toContain('769');
  // What is typed now is another set.
  await pressure.fill('140/90');
  await pressure.focus();
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => page.evaluate(() => window.fakeMain.saved.length)).toBe(2);
  const groups = await page.evaluate(() => window.fakeMain.saved.map(({ groupId }) => groupId));
  expect(new Set(groups).size).toBe(2);
});

test('while the list of patients is arriving the search says that somebody missing may exist', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await page.locator('.surgery tbody tr').first().waitFor();
  await openPalette(page);
  await page.keyboard.type('nobodyofthisname');
  await expect(page.getByText('0 found.')).toBeVisible();
  await expect(page.getByText('someone missing here may exist')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.evaluate(() => window.fakeMain.emptyBag());
  await openPalette(page);
  await page.keyboard.type('testtwin');
  await expect(
    page.getByText('The list of patients is still arriving: someone missing here may exist.'),
  ).toBeVisible();
  expect(await brokenRules(page)).toEqual([]);
});
