/** Real Electron with nothing but the cache in it: the real worker, the real IndexedDB, the product's policy. */
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { test as base } from '@playwright/test';
import { buildPage, openPage, type OpenedPage } from '../../tools/bench/electron-page.ts';
import type {} from './cache-harness/page.ts';

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

export { expect } from '@playwright/test';
