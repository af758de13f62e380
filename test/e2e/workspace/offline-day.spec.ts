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

/** By keyboard alone: the palette, a name, Enter. Answers the banner's name. */
async function openPatient(page: Page, words: string): Promise<string> {
  await page.keyboard.press('Control+K');
  const palette = page.getByRole('dialog');
  await expect(palette).toBeVisible();
  await page.keyboard.type(words);
  await expect(
    palette.getByRole('option', { name: new RegExp(words.split(' ')[0] ?? '', 'i') }).first(),
  ).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(palette).toBeHidden();
  return (await page.getByRole('heading', { level: 1 }).first().innerText()).trim();
}

/** Some patient of the list of the practice: the first whom the service names. */
async function somebody(): Promise<{ id: string; family: string; given: string }> {
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
  await openPatient(first.page, `${patient.family} ${patient.given}`);
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
  await openPatient(second.page, `${patient.family} ${patient.given}`);
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
