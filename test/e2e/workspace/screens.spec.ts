/** Rules of the NHS Common User Interface that only a screen can show, and a nurse's whole set in keystrokes. */
import type { Page } from '@playwright/test';
import { brokenRules, expect, test } from '../../support/workspace.ts';
import { actAs, openByName, openPatientId, openSet, saved, showPart } from '../../support/workspace-steps.ts';

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
    await ready(page);
    await openByName(page, 'testtwin alexa');
    const place = () => page.locator('.banner').boundingBox();
    await expect.poll(async () => (await place())?.width).toBe(width);
    const box = await place();
    expect(box?.x).toBe(0);
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
    await showPart(page, 'Journal');
    await page.mouse.wheel(0, 4_000);
    expect((await place())?.y).toBe(box?.y);
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
    ['Alt+s', page.locator('.surgery tbody tr').first()],
    ['Alt+k', page.getByRole('heading', { name: 'Tasks and notes' })],
    ['F9', page.locator('.sync-screen')],
  ] as const) {
    await page.keyboard.press(key);
    await place.waitFor();
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
    await showPart(page, 'Graphs');
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
  // F6 and the key of the set.
  let keystrokes = 2;
  const press = async (key: string) => {
    keystrokes += 1;
    await page.keyboard.press(key);
  };
  const started = performance.now();
  await openSet(page, 6);
  const values = new Map(NURSE_SET);
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

const LONG_DRUG =
  'Beclometasone dipropionate 100micrograms / Formoterol fumarate dihydrate 6micrograms / Glycopyrronium bromide 10micrograms pressurised metered dose inhaler with spacer device';
const LONG_DOSE =
  'inhale two puffs in the morning and two puffs in the evening, rinse the mouth with water after each use';

test('medication: Current and Past by buttons, a bold status on every line, the drug column widest, lines between, nothing cut, the label with its value (MEDv, MEDi-012, 025, 054)', async ({
  workspace,
}) => {
  const { page, resize } = await workspace.open();
  await ready(page);
  await openByName(page, 'testpaper');
  const id = await openPatientId(page);
  await page.evaluate(
    async ({ patient, drug, dose, at }) => {
      const of = (name: string, more: object) => ({
        resourceType: 'MedicationStatement',
        id: name,
        meta: { versionId: '1', lastUpdated: at },
        status: 'active',
        subject: { reference: `Patient/${patient}` },
        effectivePeriod: { start: at },
        ...more,
      });
      await window.fakeMain.arrive(patient, [
        of('long', { medicationCodeableConcept: { text: drug }, dosage: [{ text: dose }] }),
        of('short', {
          medicationCodeableConcept: { text: 'Aspirin 75mg tablets' },
          dosage: [{ text: '1 daily' }],
        }),
        of('third', { medicationCodeableConcept: { text: 'Ramipril 5mg capsules' } }),
      ] as never);
    },
    { patient: id, drug: LONG_DRUG, dose: LONG_DOSE, at: new Date(Date.now() - 86_400_000).toISOString() },
  );
  for (const [width, height] of [
    [1366, 768],
    [1920, 1080],
  ] as const) {
    await resize(width, height);
    for (const part of ['Summary', 'Medication']) {
      await showPart(page, part);
      const words = page.locator('.medication-words').filter({ hasText: LONG_DRUG });
      await expect(words).toContainText(LONG_DOSE);
      const layout = await words.evaluate((element) => {
        const style = getComputedStyle(element);
        const cut: string[] = [];
        for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
          const own = getComputedStyle(at);
          if (own.textOverflow === 'ellipsis' || own.webkitLineClamp !== 'none') cut.push(at.className);
        }
        const label = element.querySelector('.dose-label')?.getBoundingClientRect();
        const value = element.querySelector('.dose strong')?.firstChild;
        const range = document.createRange();
        if (value) {
          range.setStart(value, 0);
          range.setEnd(value, 1);
        }
        const first = range.getBoundingClientRect();
        return {
          cut,
          wider: element.scrollWidth > element.clientWidth && element.clientWidth > 0,
          lines: element.querySelector('strong')?.getClientRects().length ?? 0,
          lineHeight: Number.parseFloat(style.lineHeight) / Number.parseFloat(style.fontSize),
          weight: getComputedStyle(element.querySelector('strong') ?? element).fontWeight,
          labelTop: label?.bottom,
          valueTop: first.bottom,
          gap: first.left - (label?.right ?? 0),
        };
      });
      expect(layout.cut).toEqual([]);
      expect(layout.wider).toBe(false);
      expect(layout.weight).toBe('700');
      expect(layout.lineHeight).toBeGreaterThanOrEqual(1.2);
      expect(layout.lineHeight).toBeLessThanOrEqual(1.4);
      // DOSE and the first of its value stand on one line, side by side.
      expect(Math.abs((layout.labelTop ?? 0) - layout.valueTop)).toBeLessThan(6);
      expect(layout.gap).toBeGreaterThan(0);
      expect(layout.gap).toBeLessThan(12);
      if (width === 1366) expect(layout.lines).toBeGreaterThan(1);
    }
    const widths = await page
      .locator('.medication-table thead th')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
    expect(Math.max(...widths)).toBe(widths[0]);
    const rows = page.locator('.medication-table tbody tr');
    await expect.poll(() => rows.count()).toBeGreaterThan(2);
    const drawn = await rows.evaluateAll((all) =>
      all.map((row) => {
        const style = getComputedStyle(row);
        return { line: Number.parseFloat(style.borderBottomWidth), ground: style.backgroundColor };
      }),
    );
    for (const [index, row] of drawn.slice(0, -1).entries())
      expect(row.line > 0 || row.ground !== drawn[index + 1]?.ground).toBe(true);
    const statuses = rows.locator('td:nth-child(2) > strong');
    expect(await statuses.count()).toBe(await rows.count());
    for (const status of await statuses.all()) {
      expect(await status.textContent()).toMatch(
        /^(Started|Not Started|Suspended|Completed|Discontinued|Status not recorded|Disputed|Entered in error)$/,
      );
      expect(await status.evaluate((element) => getComputedStyle(element).fontWeight)).toBe('700');
    }
  }
  await page.getByRole('button', { name: /^Past/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Past/ })).toHaveAttribute('aria-pressed', 'true');
  expect(await brokenRules(page)).toEqual([]);
});

/** Three weeks of a value, one a week; the last a day ago. */
function weekly(
  patient: string,
  name: string,
  values: readonly number[],
  more: object = {},
): readonly object[] {
  return values.map((value, index) => {
    const at = new Date(Date.now() - (1 + (values.length - 1 - index) * 7) * 86_400_000).toISOString();
    return {
      resourceType: 'Observation',
      id: `${name}-${index}`,
      meta: { versionId: '1', lastUpdated: at },
      status: 'final',
      code: { coding: [{ system: 'http://snomed.info/sct', code: name }] },
      subject: { reference: `Patient/${patient}` },
      effectiveDateTime: at,
      valueQuantity: { value, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
      ...more,
    };
  });
}

const arrive = (page: Page, patient: string, resources: readonly object[]): Promise<void> =>
  page.evaluate(
    async ({ of, arriving }) => {
      await window.fakeMain.arrive(of, arriving as never);
    },
    { of: patient, arriving: resources },
  );

test('results: the latest larger, the one before beside it, others on request, decimals as recorded; a home pressure with its threshold (GTAB-045..049, 054)', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await ready(page);
  await openByName(page, 'testchild');
  const id = await openPatientId(page);
  const component = [
    {
      code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
      valueQuantity: { value: 98, unit: 'mmHg', code: 'mm[Hg]' },
    },
    {
      code: { coding: [{ system: 'http://loinc.org', code: '8462-4' }] },
      valueQuantity: { value: 60, unit: 'mmHg', code: 'mm[Hg]' },
    },
  ];
  await arrive(page, id, [
    ...weekly(id, '27113001', [14.8, 15.05, 15.25]),
    ...weekly(id, '335661000000109', [0], { valueQuantity: undefined, component }),
  ]);
  // A child's height is taken to a millimetre, and stays so.
  await openSet(page, 6);
  await page.locator('[data-observation="height"]').fill('101.5');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/Saved on this computer/).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+5');
  const row = page.getByRole('row', { name: /^Weight/ });
  const latest = row.locator('td').nth(0).locator('strong');
  const previous = row.locator('td').nth(1).locator('strong');
  await expect(latest).toHaveText('15.25 kg');
  await expect(previous).toHaveText('15.05 kg');
  const size = (of: typeof latest) =>
    of.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
  expect(await size(latest)).toBeGreaterThan(await size(previous));
  await expect(row).not.toContainText('14.8');
  await row.getByRole('button', { name: 'All' }).press('Enter');
  await expect(row).toContainText('14.8 kg');
  await expect(page.getByRole('row', { name: /^Height/ })).toContainText('101.5 cm');
  await expect(page.getByRole('row', { name: /^Blood pressure, home/ })).toContainText('threshold 135/85');
  await page.keyboard.press('Alt+6');
  await expect(page.locator('.chart').filter({ hasText: 'Blood pressure, home' })).toContainText(
    'threshold 135/85',
  );
});

test('graphs: new data shifts the window and never its length; while a person looks nothing moves, and it is said (GTAB-097)', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await ready(page);
  await openByName(page, 'testpaper');
  const id = await openPatientId(page);
  await arrive(page, id, weekly(id, '27113001', [70, 71, 72]));
  await page.keyboard.press('Alt+6');
  await page.getByRole('button', { name: '6 months' }).focus();
  await page.keyboard.press('Enter');
  const places = () =>
    page.locator('.chart-point').evaluateAll((all) => all.map((one) => Number(one.getAttribute('cx'))));
  await expect.poll(async () => (await places()).length).toBe(3);
  const before = await places();
  const step = (before[1] ?? 0) - (before[0] ?? 0);
  const newest = (value: number, hours: number) => {
    const at = new Date(Date.now() - 3_600_000 * hours).toISOString();
    return { ...weekly(id, '27113001', [value])[0], id: `new-${hours}`, effectiveDateTime: at };
  };
  // Nobody looks at a reading: the window moves on, a week is as long as before.
  await arrive(page, id, [newest(71.5, 12)]);
  await expect.poll(async () => (await places()).length).toBe(4);
  const shifted = await places();
  expect(shifted[0]).toBeLessThan(before[0] ?? 0);
  expect((shifted[1] ?? 0) - (shifted[0] ?? 0)).toBeCloseTo(step, 3);
  // Somebody does: nothing moves, and the new reading waits in words.
  await page.getByRole('group', { name: /Graphs on one time axis/ }).focus();
  await page.keyboard.press('ArrowLeft');
  const looked = await places();
  await arrive(page, id, [newest(71, 1)]);
  const waiting = page.getByRole('button', { name: '1 newer reading: show it' });
  await expect(waiting).toBeVisible();
  expect(await places()).toEqual(looked);
  await waiting.focus();
  await page.keyboard.press('Enter');
  await expect(waiting).toHaveCount(0);
  await expect.poll(async () => (await places()).length).toBe(5);
  const shown = await places();
  expect((shown[1] ?? 0) - (shown[0] ?? 0)).toBeCloseTo(step, 3);
});

test('graphs: never red against green, shapes tell what a mark is; a range with its population, none on a score (GTAB-161, 174..180)', async ({
  workspace,
}) => {
  const { page } = await workspace.open();
  await ready(page);
  await openByName(page, 'testpaper');
  const id = await openPatientId(page);
  const range = (appliesTo: string) => ({
    referenceRange: [
      { low: { value: 60, unit: 'kg' }, high: { value: 80, unit: 'kg' }, appliesTo: [{ text: appliesTo }] },
    ],
  });
  const pressure = weekly(id, '163035008', [0], {
    valueQuantity: undefined,
    component: [
      {
        code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
        valueQuantity: { value: 128, unit: 'mmHg', code: 'mm[Hg]' },
      },
      {
        code: { coding: [{ system: 'http://loinc.org', code: '8462-4' }] },
        valueQuantity: { value: 76, unit: 'mmHg', code: 'mm[Hg]' },
      },
    ],
  });
  const score = weekly(id, '1104051000000101', [3, 6], {
    code: {
      coding: [{ system: 'http://snomed.info/sct', code: '1104051000000101' }],
      text: 'NEWS2 total score',
    },
    valueQuantity: { value: 6, unit: 'score', system: 'http://unitsofmeasure.org', code: '{ScoreOf}' },
  });
  await arrive(page, id, [
    ...weekly(id, '27113001', [70, 85], range('Women of 60 to 80 years')),
    ...weekly(id, '276361009', [80, 82], {
      valueQuantity: { value: 80, unit: 'cm', system: 'http://unitsofmeasure.org', code: 'cm' },
      referenceRange: [{ low: { value: 60, unit: 'cm' } }],
    }),
    ...pressure,
    ...score,
  ]);
  await page.keyboard.press('Alt+6');
  const chart = (name: string) => page.locator('.chart').filter({ hasText: name });
  await expect(chart('Weight').locator('figcaption')).toContainText(
    'range 60 to 80 (Women of 60 to 80 years)',
  );
  await expect(chart('Waist').locator('figcaption')).toContainText('range from 60 (population not given)');
  await expect(chart('Weight').locator('.chart-normal')).toHaveCount(1);
  // A score stands as its number, in the caption and on the axis; no band of ours is drawn behind it.
  const news2 = chart('NEWS2 total score');
  await expect(news2.locator('.chart-normal')).toHaveCount(0);
  await expect(news2.locator('.chart-reading')).toContainText('6');
  // A pressure is a capped line, everything else a point: told apart without any colour.
  await expect(chart('Blood pressure').locator('path.chart-pressure')).toHaveCount(1);
  await expect(chart('Blood pressure').locator('circle')).toHaveCount(0);
  await expect(chart('Weight').locator('circle.chart-point')).toHaveCount(2);
  for (const theme of ['light', 'dark']) {
    await page.evaluate((to) => {
      document.documentElement.dataset['theme'] = to;
    }, theme);
    const colours = await page
      .locator('.chart svg *')
      .evaluateAll((all) => all.flatMap((one) => [getComputedStyle(one).fill, getComputedStyle(one).stroke]));
    const kinds = new Set(colours.map(hueKind));
    expect(kinds.has('red') && kinds.has('green')).toBe(false);
  }
});

/** Red and green as people who confuse them would name them; all else is neither. */
function hueKind(colour: string): 'red' | 'green' | 'neither' {
  const [red = 0, green = 0, blue = 0] = (/rgba?\(([\d., ]+)\)/.exec(colour)?.[1] ?? '')
    .split(',')
    .map((part) => Number(part) / 255);
  const most = Math.max(red, green, blue);
  const span = most - Math.min(red, green, blue);
  if (span < 0.08) return 'neither';
  const hue =
    most === red
      ? ((green - blue) / span) * 60
      : most === green
        ? 120 + ((blue - red) / span) * 60
        : 240 + ((red - green) / span) * 60;
  const turned = (hue + 360) % 360;
  if (turned < 25 || turned > 335) return 'red';
  return turned > 75 && turned < 170 ? 'green' : 'neither';
}
