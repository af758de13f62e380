import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { consultationsWith, openPatient, sign, writeConsultation } from './consulting.ts';
import { expect } from './electron.ts';
import type { Somebody } from './consulting.ts';
import type { Practice } from './practice.ts';

/** What a person sees at this moment, as a file of this name where SCREENSHOTS names a folder. */
export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** The one bag of a profile on which one person signed in. */
export function bagFolder(profile: string): string {
  const [bag = ''] = readdirSync(join(profile, 'bags'));
  return join(profile, 'bags', bag);
}

/** The segments of the journal, oldest first. */
export function segments(profile: string): readonly string[] {
  const folder = join(bagFolder(profile), 'journal');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.segment'))
    .sort()
    .map((name) => join(folder, name));
}

/** A consultation signed for the patient, whose words the service does not have yet while the road is cut. */
export async function signConsultation(page: Page, patient: Somebody, words: string): Promise<void> {
  await openPatient(page, patient);
  await writeConsultation(page, words);
  await sign(page);
}

/** The sync centre, whose notices say what happened to this computer. */
export async function openSyncCentre(page: Page): Promise<void> {
  await page.locator('.sync-indicator').click();
  await expect(page.getByRole('heading', { name: 'Sync centre' })).toBeVisible();
}

/** The service has each of these texts in exactly one consultation of the patient, in its first version. */
export async function arrivedOnce(
  practice: Practice,
  patient: Somebody,
  texts: readonly string[],
): Promise<void> {
  for (const text of texts) {
    await expect.poll(() => consultationsWith(practice, patient, text), { timeout: 90_000 }).toEqual(['1']);
  }
}
