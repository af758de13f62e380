/** Steps by keyboard that the tests of the workspace share. */
import type { Page } from '@playwright/test';
import { expect } from './workspace.ts';

/**
 * Opens a patient of the fixture from anywhere: the palette, the name, Enter, and the banner confirms. A dialogue
 * that is still closing (its save has reached main, its page not yet heard so) would keep the key to itself.
 */
export async function openByName(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await expect(page.locator('.banner-name')).toContainText(new RegExp(name.split(' ')[0] ?? '', 'i'));
  await page.locator('.record-body, [aria-label="Demographics"]').first().waitFor();
}

/** The palette, ready for what is typed. */
export async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
}

/** A consultation, ready for what is typed: its line has the focus. */
export async function openNote(page: Page): Promise<void> {
  await page.keyboard.press('F4');
  await expect(page.locator('[data-note-line]:focus')).toHaveCount(1);
}

/** A set of observations, ready for what is typed. @param digit of the set, as on its button; the first without it */
export async function openSet(page: Page, digit?: number): Promise<void> {
  await page.keyboard.press('F6');
  await expect(page.locator('[data-observation]:focus')).toHaveCount(1);
  if (digit !== undefined) await chooseSet(page, digit);
}

/** Another set by its key, in the pane of observations. */
export async function chooseSet(page: Page, digit: number): Promise<void> {
  await page.keyboard.press(`Control+${digit}`);
  const choice = page
    .locator('.set-choices')
    .getByRole('button')
    .nth(digit - 1);
  await expect(choice).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('[data-observation]').first()).toBeFocused();
}

export const RECORD_PARTS = [
  'Summary',
  'Journal',
  'Problems',
  'Medication',
  'Results',
  'Graphs',
  'Documents',
  'Find',
];

/** A part of the open record by its key, when it stands there whole. */
export async function showPart(page: Page, name: string): Promise<void> {
  await page.keyboard.press(`Alt+${RECORD_PARTS.indexOf(name) + 1}`);
  const part = page.getByRole('tabpanel', { name, exact: true });
  await expect(part).toBeVisible();
  await expect(part.locator('[aria-busy]')).toHaveCount(0);
}

/** Whose record is open. */
export async function openPatientId(page: Page): Promise<string> {
  return (await page.locator('[data-banner-patient]').getAttribute('data-banner-patient')) ?? '';
}

/** Everything of one type that was saved so far, newest last. */
export async function saved(page: Page, type: string): Promise<readonly Record<string, unknown>[]> {
  const texts = await page.evaluate(
    (wanted) =>
      window.fakeMain.saved.flatMap((save) =>
        save.changes.filter(({ resource }) => resource.startsWith(`${wanted}/`)).map(({ after }) => after),
      ),
    type,
  );
  return texts.map((text) => JSON.parse(text) as Record<string, unknown>);
}

/** The person at work takes another role; nothing else changes. */
export async function actAs(page: Page, role: 'gp' | 'nurse' | 'receptionist'): Promise<void> {
  await page.evaluate((to) => {
    const { user } = window.fakeMain.session;
    if (user) window.fakeMain.setSession({ user: { ...user, role: to } });
  }, role);
}

/** Goes on by Tab until the button or box with this name has the focus; fails after a screenful of them. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < 80; step += 1) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return `${element?.getAttribute('aria-label') ?? ''} ${element?.textContent ?? ''}`;
    });
    if (name.test(focused)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no focus comes to ${String(name)}`);
}

/** Goes to a list that opens by letters, narrows it to these words and takes what is highlighted. */
export async function chooseFrom(page: Page, list: string, words: string): Promise<void> {
  const box = page.getByRole('combobox', { name: list, exact: true });
  await box.focus();
  await page.keyboard.type(words);
  await expect(page.getByRole('option', { name: words })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(box).toHaveValue('');
}
