import type { Page } from '@playwright/test';
import { expect } from './electron.ts';
import type { Practice } from './practice.ts';

export interface Somebody {
  readonly id: string;
  readonly family: string;
  readonly given: string;
}

/** Patients of the practice's list, as the service names them. */
export async function patientsOf(practice: Practice, count: number): Promise<readonly Somebody[]> {
  const found = await practice.search(`Patient?_count=${count}&active=true`);
  return (found.entry ?? []).map(({ resource }) => {
    const patient = resource as { id: string; name: { family: string; given: string[] }[] };
    return { id: patient.id, family: patient.name[0]?.family ?? '', given: patient.name[0]?.given[0] ?? '' };
  });
}

/** Takes a patient in the palette; what then stands there is the caller's to say. */
export async function takeInPalette(page: Page, patient: Somebody): Promise<void> {
  const palette = page.getByRole('dialog');
  // The key does nothing in the moment in which the workspace is shown and its commands are not.
  await expect(async () => {
    await page.keyboard.press('Control+K');
    await expect(palette).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await page.keyboard.type(`${patient.family} ${patient.given}`);
  const found = palette.getByRole('option', { name: new RegExp(`${patient.family}, ${patient.given}`, 'i') });
  // The list empties between two keystrokes, and Enter on an empty list opens nobody.
  await expect(async () => {
    await expect(found.first()).toHaveAttribute('aria-selected', 'true', { timeout: 2_000 });
    await page.keyboard.press('Enter');
    await expect(palette).toBeHidden({ timeout: 2_000 });
  }).toPass();
}

/** Opens a patient's record and waits until it stands. */
export async function openPatient(page: Page, patient: Somebody): Promise<void> {
  await takeInPalette(page, patient);
  await recordShown(page);
}

/** The record stands, whole. */
export async function recordShown(page: Page): Promise<void> {
  await expect(page.getByText(/Whole record/).first()).toBeVisible({ timeout: 30_000 });
}

/** Writes one line under History and comes as far as the button that signs, which then has the focus. */
export async function writeConsultation(page: Page, words: string): Promise<void> {
  // The key does nothing in the moment in which the record is shown and its commands are not.
  await expect(async () => {
    await page.keyboard.press('F4');
    await expect(page.locator('[data-note-line]').first()).toBeFocused({ timeout: 2_000 });
  }).toPass();
  await page.keyboard.type(`h ${words}`);
  await expect(page.locator('[data-note-line]').first()).toHaveValue(words);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('button', { name: /^Sign for / })).toBeFocused();
}

/** Signs what {@link writeConsultation} wrote, and waits for the word. */
export async function sign(page: Page): Promise<void> {
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Saved on this computer/).first()).toBeVisible();
  // The word is there before the dialogue has gone, and while that stands all other keys do nothing.
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.locator('.consultation')).toHaveCount(0);
}

/** How many signed consultations of the patient hold the words at the service, and their versions. */
export async function consultationsWith(
  practice: Practice,
  patient: Somebody,
  words: string,
): Promise<readonly string[]> {
  const found = await practice.search(`Composition?subject=Patient/${patient.id}&_count=500`);
  return (found.entry ?? [])
    .filter(({ resource }) => JSON.stringify(resource).includes(words))
    .map(({ resource }) => (resource['meta'] as { versionId: string }).versionId);
}
