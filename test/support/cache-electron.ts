/** Real Electron with nothing but the cache in it: the real worker, the real IndexedDB, the product's policy. */
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { test as base } from '@playwright/test';
import { buildPage, openPage, type OpenedPage } from '../../tools/bench/electron-page.ts';
import type {} from './cache-harness/page.ts';
import { filling } from './cache-records.ts';

export type CacheWindow = OpenedPage;

export class CacheFixture {
  readonly #windows: CacheWindow[] = [];
  readonly #profiles: string[] = [];
  readonly #built: string;

  constructor(built: string) {
    this.#built = built;
  }

  /** @param profile open again on this one; a new one is made otherwise */
  async open(profile?: string): Promise<CacheWindow> {
    const opened = await openPage(this.#built, profile);
    this.#windows.push(opened);
    if (profile === undefined) this.#profiles.push(opened.profile);
    await opened.page.waitForFunction(() => 'cacheHarness' in window);
    await opened.page.evaluate(() => {
      window.cacheHarness.start();
    });
    return opened;
  }

  async closeAll(): Promise<void> {
    for (const { isRunning, close } of this.#windows) if (isRunning()) await close();
    for (const profile of this.#profiles) rmSync(profile, { recursive: true, force: true });
  }
}

export const test = base.extend<{ cache: CacheFixture }, { harness: string }>({
  harness: [
    async ({}, use) => {
      await use(await buildPage(resolve(import.meta.dirname, 'cache-harness'), 'cache-harness'));
    },
    { scope: 'worker' },
  ],
  cache: async ({ harness }, use) => {
    const fixture = new CacheFixture(harness);
    await use(fixture);
    await fixture.closeAll();
  },
});

/** Opens the bag and fills it with so many patients at position 10 of epoch `e1`. */
export async function fill({ page }: CacheWindow, count: number): Promise<void> {
  const answers = await page.evaluate(async ({ entries, packs, epoch }) => {
    const { cacheHarness } = window;
    return [
      await cacheHarness.open('secret'),
      await cacheHarness.request({
        type: 'put-directory',
        cursor: { epoch, position: 10 },
        organisationName: 'Practice',
        entries,
        booked: [],
        shared: [],
      }),
      await cacheHarness.putPacks(epoch, packs),
    ].map((answer) => answer.type);
  }, filling(count));
  if (answers.join() !== 'opened,done,stored') throw new Error(`the bag was not filled: ${answers.join()}`);
}

export { expect } from '@playwright/test';
