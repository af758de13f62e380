/** Every workflow from a cold start with the network down, and with the link cut at each step: nothing lost, nothing doubled. */
import type { Page } from '@playwright/test';
import { expect, test } from '../../support/electron.ts';
import {
  consultationsWith,
  openPatient,
  patientsOf,
  sign,
  writeConsultation,
} from '../../support/consulting.ts';
import { daysToNextSurgery } from '../../support/day.ts';
import { fillInSignIn, passphrase, signInHere, startPractice, unlockHere } from '../../support/practice.ts';
import type { Practice } from '../../support/practice.ts';

test.describe.configure({ timeout: 240_000 });

let practice: Practice;
test.beforeAll(async () => {
  practice = await startPractice({ patients: 12 });
});
test.afterEach(() => {
  practice.network.mend();
});
test.afterAll(() => practice.close());

const inStep = (page: Page) => expect(page.getByText(/^In step/).first()).toBeVisible({ timeout: 60_000 });

/** The next "Saved on this computer", not one that still stands there. */
async function saves(page: Page, act: () => Promise<void>): Promise<void> {
  // Not the word of a visit's step, which says it in other letters.
  const toasts = page.locator('.toasts [role="status"]', { hasText: /Saved on this computer/ });
  const said = async (): Promise<(string | null)[]> =>
    toasts.evaluateAll((all) =>
      all.map((one, index) => {
        one.id ||= `toast-${Date.now()}-${index}`;
        return one.id;
      }),
    );
  const before = await said();
  await act();
  await expect.poll(async () => (await said()).some((id) => !before.includes(id))).toBe(true);
  // The word is there before the dialogue has gone, and while that stands all other keys do nothing.
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

async function atService(query: string, words: string): Promise<number> {
  const found = await practice.search(query);
  return (found.entry ?? []).filter(({ resource }) => JSON.stringify(resource).includes(words)).length;
}

test('from a cold start with the network down: every workflow, and the service has each of them once', async ({
  desktop,
}) => {
  const [patient, other] = await patientsOf(practice, 2);
  if (!patient || !other) throw new Error('the practice has too few patients');
  const today = new Date().toISOString().slice(0, 10);
  const first = await signInHere(desktop, practice, 'gp');
  await expect(first.page.getByText('Every record is on this computer.')).toBeVisible({ timeout: 60_000 });
  await inStep(first.page);
  practice.network.cut();
  await first.kill();
  const { page } = await desktop.open({
    profile: first.profile,
    environment: { GLADSTONE_SERVICE: practice.url },
  });
  await unlockHere(page);
  await expect(page.getByText(/Offline/).first()).toBeVisible({ timeout: 30_000 });

  await test.step('surgery: today’s list stands', async () => {
    await page.getByRole('button', { name: 'Everyone’s' }).press('Enter');
    await expect(page.locator('.surgery tbody tr').first()).toBeVisible();
  });

  await test.step('search, record and consultation', async () => {
    await openPatient(page, patient);
    await writeConsultation(page, 'offline consultation one');
    await saves(page, () => page.keyboard.press('Enter'));
  });

  await test.step('observations', async () => {
    await page.keyboard.press('F6');
    await expect(page.locator('[data-observation="bloodPressure"]')).toBeFocused();
    await page.keyboard.type('131/83');
    await page.keyboard.press('Enter');
    await saves(page, () => page.keyboard.press('Control+Enter'));
    await page.keyboard.press('Escape');
    await expect(page.locator('.pane')).toHaveCount(0);
  });

  await test.step('problem, allergy, medication, task', async () => {
    for (const [keys, label, words] of [
      ['Alt+p', 'Problem', 'offline problem two'],
      ['Alt+a', 'Causative agent', 'offline agent three'],
      ['Alt+m', 'Medicine', 'offline medicine four'],
      ['F8', 'What is to be done', 'offline task five'],
    ] as const) {
      await page.keyboard.press(keys);
      const dialog = page.getByRole('dialog');
      await expect(dialog.getByLabel(label)).toBeFocused();
      await page.keyboard.type(words);
      const save = dialog.getByRole('button', { name: /^Save for / });
      await expect(save).toBeEnabled();
      await saves(page, () => save.press('Enter'));
      await expect(dialog).toHaveCount(0);
    }
  });

  await test.step('demographics', async () => {
    await page.keyboard.press('Alt+d');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Telephone').first().fill('07700 900555');
    const save = dialog.getByRole('button', { name: /^Save/ });
    await expect(save).toBeEnabled();
    await saves(page, () => save.press('Enter'));
    await expect(dialog).toHaveCount(0);
  });

  await test.step('lock, and the same person comes back to where they were', async () => {
    await page.keyboard.press('Control+L');
    await unlockHere(page);
    await expect(page.locator(`[data-banner-patient="${patient.id}"]`)).toBeVisible();
  });

  await test.step('registration without an NHS number', async () => {
    await page.keyboard.press('Alt+r');
    await page.getByLabel('Family name', { exact: true }).fill('Offlinearrival');
    await page.getByLabel('Given names', { exact: true }).fill('Noor');
    await page.getByLabel('Date of birth', { exact: true }).fill('4 3 1990');
    await page.getByLabel('Telephone', { exact: true }).press('Enter');
    // The form's own banner has the name as it is typed: the record stands when it says what it is.
    await expect(page.locator('.record-state')).toContainText('not yet sent');
    await expect(page.locator('.banner-name')).toContainText('OFFLINEARRIVAL');
  });

  await test.step('booking, and what is done with it', async () => {
    await page.keyboard.press('Alt+s');
    await expect(page.locator('.surgery')).toBeVisible();
    for (let day = daysToNextSurgery(); day > 0; day -= 1) await page.keyboard.press('Alt+ArrowRight');
    await page.getByRole('button', { name: 'Everyone’s' }).press('Enter');
    await page.keyboard.press('Alt+n');
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByLabel('Patient')).toBeFocused();
    await page.keyboard.type('offlinearrival');
    await expect(dialog.getByRole('option', { name: /OFFLINEARRIVAL/ })).toBeVisible();
    await page.keyboard.press('Enter');
    const book = dialog.getByRole('button', { name: /^Book OFFLINEARRIVAL/ });
    await expect(book).toBeEnabled();
    await book.press('Enter');
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole('row', { name: /OFFLINEARRIVAL/ })).toContainText('Booked');
  });

  await test.step('the sync centre says what waits, for whom', async () => {
    await page.keyboard.press('F9');
    await expect(page.locator('.sync-screen')).toContainText(/Offline since/);
    await expect(page.locator('.sync-screen')).toContainText(patient.family.toUpperCase());
  });

  practice.network.mend();
  await inStep(page);
  const about = `patient=Patient/${patient.id}&_count=500`;
  const subject = `subject=Patient/${patient.id}&_count=500`;
  expect({
    consultation: await atService(`Composition?${subject}`, 'offline consultation one'),
    pressure: await atService(`Observation?${subject}&date=ge${today}`, '"value":131,'),
    problem: await atService(`Condition?${subject}`, 'offline problem two'),
    allergy: await atService(`AllergyIntolerance?${about}`, 'offline agent three'),
    medicine: await atService(`MedicationStatement?${subject}`, 'offline medicine four'),
    task: await atService(`Task?${about}`, 'offline task five'),
    telephone: await atService(`Patient?_id=${patient.id}`, '07700 900555'),
    arrival: await atService('Patient?family=Offlinearrival', 'Noor'),
    booking: await atService(`Appointment?_count=500&date=ge${today}`, 'OFFLINEARRIVAL'),
  }).toEqual({
    consultation: 1,
    pressure: 1,
    problem: 1,
    allergy: 1,
    medicine: 1,
    task: 1,
    telephone: 1,
    arrival: 1,
    booking: expect.any(Number) as unknown as number,
  });
});

test('the link cut at each step of a consultation: said truly, kept, and at the service once', async ({
  desktop,
}) => {
  const [patient] = await patientsOf(practice, 1);
  if (!patient) throw new Error('the practice has no patient');
  const { page } = await signInHere(desktop, practice, 'gp');
  await inStep(page);
  const steps = [
    'before the record is opened',
    'while it is written',
    'before it is signed',
    'as it is sent',
  ];
  for (const [at, step] of steps.entries()) {
    const words = `link cut ${step}`;
    await page.keyboard.press('Alt+s');
    await expect(page.locator('.surgery')).toBeVisible();
    if (at === 0) practice.network.cut();
    await openPatient(page, patient);
    if (at === 1) practice.network.cut();
    await writeConsultation(page, words);
    if (at === 2) practice.network.cut();
    await sign(page);
    if (at === 3) practice.network.cut();
    await expect(page.getByText(words).first()).toBeVisible();
    practice.network.mend();
    await expect.poll(() => consultationsWith(practice, patient, words), { timeout: 90_000 }).toEqual(['1']);
    await inStep(page);
  }
});

test('the link cut in the middle of sign-in and of the first load: words, then it goes on where it was', async ({
  desktop,
}) => {
  practice.network.cut();
  const opened = await desktop.open({ environment: { GLADSTONE_SERVICE: practice.url } });
  const { page } = opened;
  // A service that does not answer is said in words, and its address stands there to be tried again.
  const use = page.getByRole('button', { name: /^Use this service/ });
  await use.press('Enter');
  await expect(page.getByRole('alert').first()).toContainText(/record service/i);
  practice.network.mend();
  await expect(use).toBeEnabled();
  await use.press('Enter');
  await expect(page.getByRole('button', { name: /^Sign in/ })).toBeVisible();
  await fillInSignIn(opened, 'nurse');
  const field = page.getByLabel('Passphrase', { exact: true });
  await field.fill(passphrase);
  await page.getByLabel('Passphrase once more').fill(passphrase);
  await page.getByRole('button', { name: /Set and open/ }).press('Enter');
  practice.network.cut();
  await expect(page.getByRole('button', { name: /Lock/ })).toBeVisible({ timeout: 30_000 });
  practice.network.mend();
  await inStep(page);
  const [patient] = await patientsOf(practice, 1);
  if (!patient) throw new Error('the practice has no patient');
  await openPatient(page, patient);
});
