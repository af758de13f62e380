/** Rules of the NHS Common User Interface that only a screen can show, and a nurse's whole set in keystrokes. */
import type { Page } from '@playwright/test';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import { actAs, openByName, saved } from '../../support/workspace-steps.ts';

async function ready(page: Page): Promise<void> {
  await page.locator('.surgery tbody tr').first().waitFor();
}

test('banner: at the top, full width, fixed; name, birth, gender, NHS number in order of eye and Tab (PAB-0009..0012, 0016, 0076)', async ({
  workspace,
}) => {
  const { page, resize } = await workspace.open();
  await ready(page);
  for (const [width, height] of [
    [1366, 768],
    [1920, 1080],
  ] as const) {
    await resize(width, height);
    await page.keyboard.press('Alt+s');
    await openByName(page, 'testtwin alexa');
    const box = await page.locator('.banner').boundingBox();
    expect(box?.x).toBe(0);
    expect(box?.width).toBe(width);
    const bar = await page.locator('.title-bar').boundingBox();
    expect(box?.y).toBe((bar?.y ?? 0) + (bar?.height ?? 0));
    // Left to right, and Tab goes the same way.
    const items = page.locator('.banner-identity [tabindex="0"]');
    const lefts = await items.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
    expect(lefts).toEqual(lefts.toSorted((a, b) => a - b));
    await expect(items).toHaveText([
      /TESTTWIN, Alexa \(Mx\)/,
      /^Born 04-Mar-1980 \(\d+y\)/,
      /^Gender Female/,
      /^NHS No\. 999 000 0026/,
    ]);
    await items.first().focus();
    for (const at of [1, 2, 3]) {
      await page.keyboard.press('Tab');
      await expect(items.nth(at)).toBeFocused();
    }
    // Fixed: the journal scrolls under it.
    await page.keyboard.press('Alt+2');
    await page.locator('.journal, .empty').first().waitFor();
    await page.mouse.wheel(0, 4_000);
    expect((await page.locator('.banner').boundingBox())?.y).toBe(box?.y);
  }
});

test('the deceased: another colour and a pattern, Died and Age at Death in place of the age (PAB-0055..0060)', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await ready(page);
  await openByName(page, 'testlate');
  const banner = page.locator('.banner');
  await expect(banner.locator('.banner-identity')).toContainText(
    /Born 06-May-1931\s*Died 01-Oct-2026\s*Age at Death 95y\s*Gender Female/,
  );
  await expect(banner).not.toContainText('(95y)');
  const ground = await banner.evaluate((element) => getComputedStyle(element).backgroundImage);
  expect(ground).toContain('repeating-linear-gradient');
  expect(await brokenRules(page)).toEqual([]);
});

test('no banner on screens about several patients (PAB-0015)', async ({ workspace }) => {
  const { page } = await workspace.open();
  await ready(page);
  await openByName(page, 'testlate');
  await expect(page.locator('[data-banner-patient]')).toHaveCount(1);
  for (const [key, place] of [
    ['Alt+s', '.surgery tbody tr'],
    ['Alt+k', '.surgery-head'],
    ['F9', '.sync-screen'],
  ] as const) {
    await page.keyboard.press(key);
    await page.locator(place).first().waitFor();
    await expect(page.locator('[data-banner-patient], .banner')).toHaveCount(0);
  }
});

test('zone 2 folds by one key; allergens never do (PAB-0003..0007, 0074)', async ({ workspace }) => {
  const { page } = await workspace.open();
  await ready(page);
  await openByName(page, 'testpaper');
  const contact = page.locator('.banner-contact');
  await expect(contact).toHaveCount(0);
  await expect(page.locator('.banner-allergies')).toBeVisible();
  await page.keyboard.press('Alt+b');
  await expect(contact).toContainText('7 Elsewhere, LS9 7ZZ');
  await expect(contact).toContainText('07700 900123');
  await expect(page.locator('.banner-toggle')).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Alt+b');
  await expect(contact).toHaveCount(0);
  await expect(page.locator('.banner-allergies')).toBeVisible();
});

test('graphs: points, pressure as capped lines, one time axis, a focus line by keys, ranges by name (GTAB)', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await ready(page);
  const names = page.locator('.surgery-name');
  const pressures = page.locator('.chart-pressure');
  for (let at = 0; at < (await names.count()); at += 1) {
    await names.nth(at).click();
    await page.locator('.record-bar').waitFor();
    await page.keyboard.press('Alt+6');
    await page.locator('[role="tabpanel"] [aria-busy]').waitFor({ state: 'detached' });
    if ((await pressures.count()) > 1) break;
    await page.keyboard.press('Alt+s');
    await ready(page);
  }
  // GTAB-039..043: a line with short caps from systolic to diastolic for each reading, nothing drawn between readings.
  expect(await pressures.first().getAttribute('d')).toMatch(
    /^M[\d.]+ [\d.]+H[\d.]+M[\d.]+ [\d.]+V[\d.]+M[\d.]+ [\d.]+H[\d.]+$/,
  );
  expect(await page.locator('.chart polyline').count()).toBe(0);
  // GTAB-145..147: stacked, all on one axis: the focus line stands at one place in every graph.
  const at = async () =>
    new Set(
      await page.locator('.chart-focus').evaluateAll((all) => all.map((one) => one.getAttribute('x1'))),
    );
  const before = await at();
  expect(before.size).toBe(1);
  const edges = await page
    .locator('.chart svg')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
  expect(new Set(edges).size).toBe(1);
  // GTAB-057..064: moved by keys across all series, with the reading told.
  await page.getByRole('group', { name: /Graphs on one time axis/ }).focus();
  await page.keyboard.press('ArrowLeft');
  const after = await at();
  expect(after.size).toBe(1);
  expect([...after]).not.toEqual([...before]);
  // GTAB-085, 096: preset ranges by name, in proportion to time.
  await page.getByRole('button', { name: '1 year' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: '1 year' })).toHaveAttribute('aria-pressed', 'true');
  expect((await at()).size).toBe(1);
  // GTAB-028, 030: the unit stands on each graph, once.
  const captions = await page.locator('.chart figcaption').allTextContents();
  expect(captions.every((caption) => caption.trim() !== '')).toBe(true);
  expect(await brokenRules(page)).toEqual([]);
});

test('the record says of when its data are, beside the lists where absence would mislead (hazards 46, 33)', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await ready(page);
  await page.locator('.surgery-name').first().click();
  await expect(page.locator('.record-state')).toHaveText(
    /Whole record · \d+ entries · data as of \d\d-\w{3}-\d{4} \d\d:\d\d/,
  );
  for (const area of ['Allergies', 'Current medication'])
    await expect(page.locator('.record-section').filter({ hasText: area }).first()).toContainText(/as of/i);
});

/** 13 values of a routine set as a nurse types them; smoking and urine by their keys. */
const NURSE_SET: readonly (readonly [string, string])[] = [
  ['bloodPressure', '128/76'],
  ['pulse', '72'],
  ['pulseRhythm', 'r'],
  ['respiration', '16'],
  ['spo2', '98'],
  ['oxygen', 'a'],
  ['temperature', '36.8'],
  ['consciousness', 'a'],
  ['weight', '72.5'],
  ['height', '168'],
  ['waist', '84'],
  ['peakFlow', '420'],
  ['smoking', 'n'],
];

test('a nurse’s whole set of 13 values by keyboard alone, in how many keystrokes', async ({ workspace }) => {
  const { page } = await workspace.open();
  await ready(page);
  await actAs(page, 'nurse');
  await openByName(page, 'testpaper');
  let keystrokes = 0;
  const press = async (key: string) => {
    keystrokes += 1;
    await page.keyboard.press(key);
  };
  const started = performance.now();
  await press('F6');
  await page.locator('.pane').waitFor();
  await press('Control+6');
  const values = new Map(NURSE_SET);
  const boxes = page.locator('[data-observation]');
  await expect(boxes.first()).toBeFocused();
  for (;;) {
    const key = await page.evaluate(() => document.activeElement?.getAttribute('data-observation') ?? null);
    if (key === null) break;
    for (const letter of values.get(key) ?? '') await press(letter);
    await press('Enter');
    await expect(page.locator(`[data-observation="${key}"]`)).not.toBeFocused();
    values.delete(key);
    if (values.size === 0) break;
  }
  expect([...values.keys()]).toEqual([]);
  await press('Control+Enter');
  await expect(page.getByText(/Saved on this computer/).first()).toBeVisible();
  const seconds = (performance.now() - started) / 1_000;
  // Thirteen values and what was worked out of them: NEWS2 and BMI.
  expect((await saved(page, 'Observation')).length).toBe(15);
  console.log(`nurse's set: 13 values, ${keystrokes} keystrokes, ${seconds.toFixed(1)} s of scripted typing`);
});

test('medication: Current and Past by buttons, a bold status on every line, the drug column widest, names wrap and are never cut (MEDv, MEDi-012)', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await ready(page);
  const names = page.locator('.surgery-name');
  const lines = page.locator('.medication-table tbody tr');
  for (let at = 0; at < (await names.count()); at += 1) {
    await names.nth(at).click();
    await page.locator('.record-bar').waitFor();
    await page.keyboard.press('Alt+4');
    await page.locator('[role="tabpanel"] [aria-busy]').waitFor({ state: 'detached' });
    if ((await lines.count()) > 1) break;
    await page.keyboard.press('Alt+s');
    await ready(page);
  }
  const widths = await page
    .locator('.medication-table thead th')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
  expect(Math.max(...widths)).toBe(widths[0]);
  for (const status of await lines.locator('td:nth-child(2) > strong').all()) {
    expect(await status.textContent()).toMatch(
      /^(Started|Not Started|Suspended|Completed|Discontinued|Status not recorded|Disputed|Entered in error)$/,
    );
    expect(await status.evaluate((element) => getComputedStyle(element).fontWeight)).toBe('700');
  }
  const cut = await page
    .locator('.medication-words')
    .evaluateAll(
      (all) => all.filter((one) => one.scrollWidth > one.clientWidth && one.clientWidth > 0).length,
    );
  expect(cut).toBe(0);
  await page.getByRole('button', { name: /^Past/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Past/ })).toHaveAttribute('aria-pressed', 'true');
  expect(await brokenRules(page)).toEqual([]);
});
