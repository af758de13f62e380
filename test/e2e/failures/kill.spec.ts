/**
 * SIGKILL of main and of the renderer, in turn, 0 to 50 ms after "Saved" shows, with the road to the service cut in
 * half of the rounds. Ten rounds here; `npm run torture -- kill --rounds 200` runs this very file for longer.
 */
import { expect, test } from '../../support/electron.ts';
import {
  consultationsWith,
  openPatient,
  patientsOf,
  recordShown,
  writeConsultation,
} from '../../support/consulting.ts';
import { signInHere, startPractice, unlockHere } from '../../support/practice.ts';
import { seededChance } from '../../../tools/torture/recorded-files.ts';
import type { Page } from '@playwright/test';
import type { Somebody } from '../../support/consulting.ts';
import type { OpenDesktop } from '../../support/electron.ts';
import type { Practice } from '../../support/practice.ts';

const rounds = Number(process.env['GLADSTONE_KILL_ROUNDS'] ?? '10');
const seed = Number(process.env['GLADSTONE_KILL_SEED'] ?? '1');
const longestDelayMs = 50;

test.describe.configure({ timeout: 120_000 + rounds * 20_000 });

let practice: Practice;
test.beforeAll(async () => {
  practice = await startPractice({ patients: 8 });
});
test.afterAll(() => practice.close());

interface Saved {
  readonly words: string;
  readonly patient: Somebody;
  readonly victim: 'main' | 'renderer';
}

/** Resolves in the page the moment that the word is in it: nothing is polled. */
function savedShows(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        setTimeout(() => {
          reject(new Error('"Saved" did not show within 30 s'));
        }, 30_000);
        const look = (): boolean => document.body.textContent.includes('Saved on this computer');
        const observer = new MutationObserver(() => {
          if (!look()) return;
          observer.disconnect();
          resolve();
        });
        observer.observe(document.body, { childList: true, subtree: true, characterData: true });
        if (look()) resolve();
      }),
  );
}

function rendererOf({ app }: OpenDesktop): Promise<number> {
  return app
    .evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => window.webContents.getOSProcessId()),
    )
    .then(([pid = 0]) => pid);
}

/** A timer would round the delay up to its own millisecond and hand over to others first. */
function spin(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test(`I1, I2: ${rounds} kills within ${longestDelayMs} ms of "Saved": nothing lost, nothing doubled`, async ({
  desktop,
}) => {
  const chance = seededChance(seed);
  const patients = await patientsOf(practice, 8);
  const environment = { GLADSTONE_SERVICE: practice.url };
  let open = await signInHere(desktop, practice, 'gp');
  let page = open.page;
  await expect(page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });

  const saved: Saved[] = [];
  const began = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    const victim = round % 2 === 0 ? 'renderer' : 'main';
    const patient = patients[Math.floor(round / 2) % patients.length];
    if (patient === undefined) throw new Error('the practice has no patients');
    const words = `roundword${seed}x${round}x`;
    if (chance() < 0.5) practice.network.cut();
    else practice.network.mend();
    if (victim === 'renderer') await openPatient(page, patient);
    const renderer = await rendererOf(open);
    await writeConsultation(page, words);
    const shows = savedShows(page);
    await page.keyboard.press('Enter');
    await shows;
    spin(chance() * longestDelayMs);
    if (victim === 'renderer') {
      const reopened = open.app.waitForEvent('window');
      process.kill(renderer, 'SIGKILL');
      page = await reopened;
      await recordShown(page);
    } else {
      await open.kill();
      open = await desktop.open({ profile: open.profile, environment });
      page = open.page;
      await unlockHere(page);
    }
    saved.push({ words, patient, victim });
    if (saved.length % 20 === 0) console.log(`kill: ${saved.length} of ${rounds} rounds`);
  }
  const secondsPerRound = (performance.now() - began) / 1_000 / rounds;

  practice.network.mend();
  await expect(page.getByText(/In step/).first()).toBeVisible({ timeout: 120_000 });
  const lost: Saved[] = [];
  const doubled: Saved[] = [];
  for (const one of saved) {
    const versions = await consultationsWith(practice, one.patient, one.words);
    if (versions.length === 0) lost.push(one);
    // A second application would show as a second resource or as a second version.
    if (versions.length > 1 || versions.some((version) => version !== '1')) doubled.push(one);
  }
  const killed = (victim: Saved['victim']): number => saved.filter((one) => one.victim === victim).length;
  console.log(
    `kill: seed ${seed}, ${saved.length} saves acknowledged and killed within ${longestDelayMs} ms ` +
      `(main ${killed('main')}, renderer ${killed('renderer')}): ${lost.length} lost, ${doubled.length} doubled; ` +
      `${secondsPerRound.toFixed(1)} s a round`,
  );
  expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
});
