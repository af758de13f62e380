/** One real line through every room: real service, real Electron, the network cut, the power gone, and nothing lost. */
import type { Page } from '@playwright/test';
import { accessibilityViolations, expect, test } from '../../support/electron.ts';
import { signInHere, startPractice, unlockHere } from '../../support/practice.ts';
import type { Practice } from '../../support/practice.ts';

test.describe.configure({ timeout: 240_000 });

let practice: Practice;
test.beforeAll(async () => {
  practice = await startPractice({ patients: 12 });
});
test.afterAll(() => practice.close());

/** By keyboard alone: the palette, a name, Enter. */
async function openPatient(page: Page, patient: Somebody): Promise<void> {
  await page.keyboard.press('Control+K');
  const palette = page.getByRole('dialog');
  await expect(palette).toBeVisible();
  await page.keyboard.type(`${patient.family} ${patient.given}`);
  const found = palette.getByRole('option', { name: new RegExp(`${patient.family}, ${patient.given}`, 'i') });
  // The list empties between two keystrokes, and Enter on an empty list opens nobody.
  await expect(async () => {
    await expect(found.first()).toHaveAttribute('aria-selected', 'true', { timeout: 2_000 });
    await page.keyboard.press('Enter');
    await expect(palette).toBeHidden({ timeout: 2_000 });
  }).toPass();
  await expect(page.getByText(/Whole record/).first()).toBeVisible();
}

interface Somebody {
  readonly id: string;
  readonly family: string;
  readonly given: string;
}

/** Some patient of the list of the practice: the first whom the service names. */
async function somebody(): Promise<Somebody> {
  const found = await practice.search('Patient?_count=1&active=true');
  const patient = found.entry?.[0]?.resource as { id: string; name: { family: string; given: string[] }[] };
  return { id: patient.id, family: patient.name[0]?.family ?? '', given: patient.name[0]?.given[0] ?? '' };
}

test('L27, S14: a consultation signed offline survives a kill and reaches the service once', async ({
  desktop,
}) => {
  const patient = await somebody();
  const words = 'wheeze since Tuesday, worse at night';
  const first = await signInHere(desktop, practice, 'gp');
  await expect(first.page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  expect(await accessibilityViolations(first.page)).toEqual([]);

  practice.network.cut();
  await openPatient(first.page, patient);
  await first.page.keyboard.press('F4');
  await expect(first.page.getByText('Review and sign')).toBeVisible();
  await first.page.keyboard.type(`h ${words}`);
  await first.page.keyboard.press('Control+Enter');
  await expect(first.page.getByRole('button', { name: /^Sign for / })).toBeVisible();
  await first.page.keyboard.press('Enter');
  await expect(first.page.getByText(/Saved on this computer/).first()).toBeVisible();
  await first.kill();

  const second = await desktop.open({
    profile: first.profile,
    environment: { GLADSTONE_SERVICE: practice.url },
  });
  await unlockHere(second.page);
  await openPatient(second.page, patient);
  await expect(second.page.getByText(words).first()).toBeVisible();

  practice.network.mend();
  const written = async (): Promise<number> => {
    const found = await practice.search(`Composition?subject=Patient/${patient.id}&_count=200`);
    return (found.entry ?? []).filter(({ resource }) => JSON.stringify(resource).includes(words)).length;
  };
  await expect.poll(written, { timeout: 90_000 }).toBe(1);
  await expect(second.page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  expect(await written()).toBe(1);
});
