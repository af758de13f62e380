/** Real Electron with nothing but the cache in it: the real worker, the real IndexedDB, the product's policy. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
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

/** The files on the disk that hold the sealed bodies of packs. */
export async function segmentFiles({ page, profile }: CacheWindow): Promise<readonly string[]> {
  const contents = Object.values(await page.evaluate(() => window.cacheHarness.segments())).map((bytes) =>
    Buffer.from(bytes),
  );
  return filesBelow(join(profile, 'File System')).filter((file) => {
    const bytes = readFileSync(file);
    return bytes.length > 0 && contents.some((content) => content.equals(bytes));
  });
}

/** Overwrites a byte in every sixteen of a file. */
export function spoil(file: string): void {
  const bytes = readFileSync(file);
  for (let at = 0; at < bytes.length; at += 16) bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

export { expect } from '@playwright/test';
