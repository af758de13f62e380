/** The product's page in real Electron with main played by the harness: one window a run, loaded anew for each test. */
import AxeBuilder from '@axe-core/playwright';
import { test as base } from '@playwright/test';
import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { dayInEngland, dayThatLasts, midMorning } from './day.ts';
import { buildWorkspaceHarness, openWorkspaceWindow } from './workspace-window.ts';
import type { WorkspaceWindow } from './workspace-window.ts';
import { workspaceFixture } from './workspace-harness/fixture-data.ts';

export interface WorkspaceFixtures {
  /** The window as it is after unlocking, with nothing saved: loaded anew. */
  readonly open: () => Promise<WorkspaceWindow>;
}

interface DatedWindow extends WorkspaceWindow {
  readonly fillFor: (day: string) => Promise<void>;
}

const LONGEST_TEST_SECONDS = 60;

export const test = base.extend<{ workspace: WorkspaceFixtures }, { workspaceWindow: DatedWindow }>({
  workspaceWindow: [
    async ({}, use) => {
      const terminology = readFileSync(
        resolve(import.meta.dirname, '../../assets/terminology/snomed.txt'),
        'utf8',
      );
      const fixtureOf = (day: string) => ({
        ...workspaceFixture({ patients: 40, now: midMorning(day) }),
        terminology,
      });
      let filledFor = dayInEngland();
      const opened = await openWorkspaceWindow(await buildWorkspaceHarness(), fixtureOf(filledFor));
      const fillFor = async (day: string) => {
        if (day === filledFor) return;
        await opened.fill(fixtureOf(day));
        filledFor = day;
      };
      await use({ ...opened, fillFor });
      await opened.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  workspace: async ({ workspaceWindow }, use) => {
    await use({
      open: async () => {
        // A run that began yesterday: the surgery of the list is today's.
        await workspaceWindow.fillFor(await dayThatLasts(LONGEST_TEST_SECONDS));
        // What an earlier test looked at on paper is looked at on the screen again.
        await workspaceWindow.page.emulateMedia({ media: null });
        await workspaceWindow.page.reload();
        workspaceWindow.errors.length = 0;
        return workspaceWindow;
      },
    });
  },
});

/** Ids of the rules that axe finds broken on the page as it stands. */
export async function brokenRules(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(
    (violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
}

export { expect } from '@playwright/test';
