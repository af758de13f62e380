/**
 * After a day's work nothing of a patient lies readable on the disk: profile, home, temporary folder and print spool
 * are searched for every name, number, address, term and free-text word of the records, also inside LevelDB's
 * compressed blocks. The same search finds them in a profile of plain Dexie rows, made by the same Electron.
 */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { stringifyExact } from '../../../domain/fhir/exact-json.ts';
import { formatCivilDate } from '../../../domain/fhir/civil-date.ts';
import { localTimeOf } from '../../../domain/fhir/local-time.ts';
import { generatePractice } from '../../../record-service/seed/practice.ts';
import { buildPage, openPage } from '../../../tools/bench/electron-page.ts';
import { needlesOf } from '../../../tools/plain-text-search/needles.ts';
import { distinctive, kindsOf, search, summaryOf } from '../../../tools/plain-text-search/plain-text.ts';
import { openPatient, patientsOf, sign, writeConsultation } from '../../support/consulting.ts';
import { expect, test } from '../../support/electron.ts';
import { signInHere, startPractice, unlockHere } from '../../support/practice.ts';
import type { Needle } from '../../../tools/plain-text-search/needles.ts';
import type { DesktopFixture } from '../../support/electron.ts';
import type { Practice } from '../../support/practice.ts';

const patients = Number(process.env['GLADSTONE_PLAIN_TEXT_PATIENTS'] ?? '8');
/** Words that no program and no dictionary holds. */
const typedWords = 'quibblethorpe zanthomelic murkwander';

test.describe.configure({ timeout: 600_000 });

let practice: Practice;
test.beforeAll(async () => {
  practice = await startPractice({ patients });
});
test.afterAll(() => practice.close());

/** What the practice was filled with (tools/seed.ts): the patients' records, and the names of its staff. */
function recordsOfThePractice() {
  const now = localTimeOf(Date.now());
  const today = formatCivilDate(now.date);
  const nowMinutes = now.hour * 60 + now.minute;
  const all = [...generatePractice({ patients, days: 1, seed: 1, today, nowMinutes })];
  const isOfPatient = (record: (typeof all)[number]): boolean =>
    record.some(({ resourceType }) => resourceType === 'Patient');
  const named = stringifyExact(all).matchAll(/"reference":"Practitioner\/[^"]+","display":"([^"]+)"/g);
  const staff = new Set([...named].map(([, name = '']) => name));
  return { records: all.filter(isOfPatient), staff };
}

async function dayOfWork(desktop: DesktopFixture, temporary: string): Promise<string> {
  const environment = { GLADSTONE_SERVICE: practice.url, TMPDIR: temporary };
  const first = await signInHere(desktop, practice, 'gp', { environment });
  await expect(first.page.getByText(/In step/).first()).toBeVisible({ timeout: 120_000 });
  const [one, other] = await patientsOf(practice, 2);
  if (one === undefined || other === undefined) throw new Error('the practice has no patients');

  await openPatient(first.page, one);
  await writeConsultation(first.page, typedWords);
  await sign(first.page);
  await observe(first.page);
  await first.page.keyboard.press('Alt+8');
  await expect(first.page.getByLabel('Find in this record')).toBeFocused();
  await first.page.keyboard.type('asthma');
  await first.page.keyboard.press('Escape');
  await openPatient(first.page, other);
  // The system's dialogue opens, as for a person, and stays open until the power goes.
  await first.page.keyboard.press('Control+p');
  await first.page.keyboard.press('F4');
  await first.kill();

  const second = await desktop.open({ profile: first.profile, environment });
  await unlockHere(second.page);
  await openPatient(second.page, one);
  await expect(second.page.getByText(/zanthomelic/).first()).toBeVisible();
  await writeConsultation(second.page, `again ${typedWords}`);
  await sign(second.page);
  await expect(second.page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  await second.close();
  return first.profile;
}

async function observe(page: Page): Promise<void> {
  const pressure = page.locator('[data-observation="bloodPressure"]');
  await page.keyboard.press('F6');
  await pressure.fill('137/83');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('137/83 mmHg')).toBeVisible();
  await expect(pressure).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(pressure).toHaveCount(0);
}

test('no plain text on the disk after a day of work, and the search finds what is not sealed', async ({
  desktop,
}) => {
  const { records, staff } = recordsOfThePractice();
  const typed = typedWords.split(' ').map((text): Needle => ({ text, kind: 'free text' }));
  const untouched = await desktop.open();
  await expect(untouched.page.getByRole('button', { name: /^Sign in|Connect|Use/ }).first()).toBeVisible();
  await untouched.close();
  const needles = distinctive(
    [...needlesOf(records.flat(), staff), ...typed],
    [join(desktop.launch.appFolder, '.vite'), untouched.profile],
  );
  console.log(
    `plain text: ${needles.used.length} texts of ${patients} patients looked for (${kindsOf(needles.used)}); ` +
      `${needles.ownToTheProgram.length} left out, because the program holds them itself (${kindsOf(needles.ownToTheProgram)})`,
  );

  const temporary = desktop.launch.makeProfile('temporary');
  const profile = await dayOfWork(desktop, temporary);
  const home = desktop.launch.environment['HOME'] ?? '';
  const found = search(needles.used, [profile, temporary, home, '/var/spool/cups', '/var/spool/cups-pdf']);
  console.log(`plain text: ${summaryOf(found)}`);
  rmSync(temporary, { recursive: true, force: true });

  const unsealed = await unsealedProfile(records);
  const control = search(needles.used, [unsealed]);
  console.log(`plain text, control (plain Dexie rows): ${summaryOf(control)}`);
  rmSync(unsealed, { recursive: true, force: true });

  expect(
    found.hits.map((hit) => ({ ...hit, text: needles.used[hit.text]?.text ?? 'a printed page' })),
  ).toEqual([]);
  expect(found.levelDbBytes).toBeGreaterThan(20_000);
  // A search that finds nothing anywhere proves nothing: what stands so in the records must be found there.
  const inControl = new Set(control.hits.map(({ text }) => text));
  const written = stringifyExact(records);
  const missed = needles.used.filter(
    ({ text }, index) => !inControl.has(index) && written.includes(JSON.stringify(text).slice(1, -1)),
  );
  expect(missed).toEqual([]);
  expect(control.hits.some(({ where }) => where === 'level-db')).toBe(true);
});

/** The same records as plain rows with three indexes. */
async function unsealedProfile(records: ReturnType<typeof recordsOfThePractice>['records']): Promise<string> {
  const built = await buildPage(resolve(import.meta.dirname, '../../bench/first-load'), 'plain-text-control');
  const opened = await openPage(built);
  const packs = records.map((resources) => ({
    patientId: resources.find(({ resourceType }) => resourceType === 'Patient')?.id ?? '',
    resources: resources.length,
    body: gzipSync(`[${resources.map((resource) => stringifyExact(resource)).join(',')}]`).toString('base64'),
  }));
  await opened.page.waitForFunction(() => 'firstLoad' in globalThis);
  await opened.page.evaluate(async (sent) => {
    const { firstLoad } = globalThis as unknown as {
      readonly firstLoad: {
        take(packs: unknown): void;
        run(store: string, asked: readonly string[]): Promise<unknown>;
      };
    };
    firstLoad.take(sent);
    await firstLoad.run('dexie-rows', []);
  }, packs);
  await opened.close();
  return opened.profile;
}
