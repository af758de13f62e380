/** Real Electron with nothing but the cache in it: the real worker, the real IndexedDB, the product's policy. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { _electron, test as base } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { build } from 'vite';
import { prepareLaunch } from '../../tools/electron-launch.ts';
import type {} from './cache-harness/page.ts';

const project = resolve(import.meta.dirname, '../..');
const folder = join(project, '.gladstone/cache-harness');

/** Builds the page; once a run. */
async function buildHarness(): Promise<string> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    root: resolve(import.meta.dirname, 'cache-harness'),
    base: '/',
    configFile: false,
    logLevel: 'warn',
    worker: { format: 'es' },
    build: {
      outDir: join(folder, 'page'),
      target: 'chrome148',
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
  cpSync(resolve(import.meta.dirname, 'cache-harness/main.cjs'), join(folder, 'main.cjs'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'cache-harness', main: 'main.cjs' }));
  // Staged anew for another user only when this changes.
  writeFileSync(join(folder, 'built-from'), String(Date.now()));
  return folder;
}

export interface CacheWindow {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly profile: string;
  readonly isRunning: () => boolean;
  /** Ends the process as a power cut would. */
  readonly kill: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export class CacheFixture {
  readonly #windows: CacheWindow[] = [];
  readonly #profiles: string[] = [];
  readonly #built: string;

  constructor(built: string) {
    this.#built = built;
  }

  /** @param profile open again on this one; a new one is made otherwise */
  async open(profile?: string): Promise<CacheWindow> {
    const launch = prepareLaunch(this.#built);
    const used = profile ?? launch.makeProfile('cache');
    if (profile === undefined) this.#profiles.push(used);
    const app = await _electron.launch({
      executablePath: launch.executable,
      args: [launch.appFolder],
      env: { ...launch.environment, DISPLAY: process.env['DISPLAY'] ?? '', GLADSTONE_PROFILE: used },
      chromiumSandbox: true,
    });
    const page = await app.firstWindow();
    page.on('pageerror', (error) => {
      console.error(`page error: ${error.message}`);
    });
    await page.waitForFunction(() => 'cacheHarness' in window);
    await page.evaluate(() => {
      window.cacheHarness.start();
    });
    const child = app.process();
    const opened: CacheWindow = {
      app,
      page,
      profile: used,
      isRunning: () => child.exitCode === null && child.signalCode === null,
      kill: () =>
        new Promise((ended) => {
          child.once('exit', () => {
            ended();
          });
          child.kill('SIGKILL');
        }),
      close: () => app.close(),
    };
    this.#windows.push(opened);
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
      await use(await buildHarness());
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
