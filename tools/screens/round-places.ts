/** The screen before a round: nobody picked, everything here, and what is wanting. */
import type { Page } from '@playwright/test';
import { demoStaff } from '../../record-service/seed/demo-practice.ts';
import { packForRound, roundIds } from '../../test/support/workspace-harness/round-people.ts';
import type { Place } from './places.ts';

async function round(page: Page): Promise<void> {
  await page.locator('.surgery tbody tr').first().waitFor();
  await packForRound(page, new Date().toISOString().slice(0, 10), demoStaff.gp.practitionerId);
  await page.keyboard.press('F3');
  await page.locator('.round-headline').waitFor();
}

async function found(page: Page, words: string): Promise<void> {
  await page.getByRole('combobox').fill(words);
  await page.getByRole('option').first().waitFor();
}

async function full(page: Page): Promise<void> {
  await round(page);
  await found(page, 'willow court');
  await page.keyboard.press('Alt+a');
  await page.keyboard.press('Escape');
  await page.getByRole('checkbox', { name: /TESTROUND, Dora/ }).check();
  await found(page, 'testround edith');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.locator('.round-verdict[data-verdict="ready"]').waitFor();
}

export const roundPlaces: readonly Place[] = [
  { name: 'round-nobody', go: round },
  {
    name: 'round-by-address',
    go: async (page) => {
      await round(page);
      await found(page, 'park lane');
      await page.keyboard.press('Enter');
      await page.keyboard.press('ArrowDown');
    },
  },
  {
    name: 'round-ready',
    go: async (page) => {
      await full(page);
      await page.getByRole('combobox').blur();
      await page.keyboard.press('ArrowDown');
    },
  },
  {
    name: 'round-not-ready',
    go: async (page) => {
      await full(page);
      await page.evaluate(
        async ({ ids, now }) => {
          await window.fakeMain.withhold(ids);
          const since = new Date(now - 3_600_000).toISOString();
          window.fakeMain.setSync({
            connection: 'offline',
            connectionDetail: 'No answer from the record service.',
            offlineSince: since,
            dataAsOf: since,
            inStep: false,
            pending: {
              groups: 1,
              operations: 3,
              oldestRecordedAt: since,
              byPatient: [{ patientId: ids[0] ?? null, operations: 3, oldestRecordedAt: since }],
            },
          });
          window.fakeMain.setSession({
            lease: {
              until: new Date(now + 30 * 3_600_000).toISOString(),
              expired: false,
              hoursLeft: 30,
              warning: 48,
            },
          });
        },
        { ids: [roundIds.roomTen, roundIds.neighbour], now: Date.now() },
      );
      await page.locator('.round-verdict[data-verdict="not-ready"]').waitFor();
      await page.getByText('Still to come').first().waitFor();
    },
  },
];
