/**
 * One page in real Electron, under the product's content security policy and with nothing of main around it: for
 * tests and measurements of the cache against the real engine.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { _electron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import { build } from 'vite';
import { prepareLaunch } from '../electron-launch.ts';

const project = resolve(import.meta.dirname, '../..');

/**
 * Builds the page in `root` (index.html) with the harness's main process.
 * @param name of the folder below `.gladstone`
 */
export async function buildPage(root: string, name: string): Promise<string> {
  const folder = join(project, '.gladstone', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    root,
    base: '/',
    configFile: false,
    logLevel: 'error',
    // PouchDB's browser edition asks for Node's module by name; the npm package of that name is its stand-in.
    resolve: { alias: { events: join(project, 'node_modules/events/events.js') } },
    worker: { format: 'es' },
    build: {
      outDir: join(folder, 'page'),
      target: 'chrome148',
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 4_000,
    },
  });
  cpSync(join(project, 'test/support/cache-harness/main.cjs'), join(folder, 'main.cjs'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, main: 'main.cjs' }));
  // Staged anew for another user only when this changes.
  writeFileSync(join(folder, 'built-from'), String(Date.now()));
  return folder;
}

export interface OpenedPage {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly profile: string;
  /** Of the main process; its children are Chromium's. */
  readonly processId: number;
  readonly isRunning: () => boolean;
  /** Ends the process as a power cut would. */
  readonly kill: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** @param profile open again on this one; a new one is made otherwise, and the caller removes it */
export async function openPage(built: string, profile?: string): Promise<OpenedPage> {
  const launch = prepareLaunch(built);
  const used = profile ?? launch.makeProfile('cache');
  const app = await _electron.launch({
    executablePath: launch.executable,
    args: [launch.appFolder],
    env: { ...launch.environment, DISPLAY: process.env['DISPLAY'] ?? '', GLADSTONE_PROFILE: used },
    // Playwright would add --no-sandbox.
    chromiumSandbox: true,
  });
  const page = await app.firstWindow();
  page.on('pageerror', (error) => {
    console.error(`page error: ${error.message}`);
  });
  const child = app.process();
  return {
    app,
    page,
    profile: used,
    processId: child.pid ?? 0,
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
}
