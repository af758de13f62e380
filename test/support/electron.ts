/**
 * Real Electron for tests: sandbox on, a profile of its own, captured output, a screenshot on failure, axe on demand.
 * It closes what it opened.
 *
 *   import { test, expect } from '../../support/electron.ts';
 *   test('…', async ({ desktop }) => { const { page } = await desktop.open(); … });
 */
import type { ChildProcess } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { _electron, test as base, expect } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { appFolder } from '../../tools/build.ts';
import { prepareLaunch } from '../../tools/electron-launch.ts';
import type { Launch } from '../../tools/electron-launch.ts';

export interface OpenDesktop {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly profile: string;
  /** What the processes wrote to standard output and error, and the page to its console. */
  readonly output: string[];
  readonly running: () => boolean;
  /** Ends the process as a power cut would. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Open again on this profile; a new one is made otherwise. */
  readonly profile?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly arguments?: readonly string[];
  /** Another executable than the built app, e.g. the packaged one: `executable` with no app folder. */
  readonly packaged?: string;
}

/**
 * The app begins when Playwright is there: a window that opens while Playwright attaches is sometimes never resumed, and
 * the start hangs. Playwright's own loader does the same, but changes the switches of the browser besides.
 */
const WAIT_FOR_PLAYWRIGHT = `'use strict';
const { app } = require('electron');
const ready = app.whenReady();
let begin;
const attached = new Promise((resolve) => { begin = resolve; });
app.whenReady = () => attached.then(() => ready);
globalThis.__playwright_run = () => { begin(); };
`;

export class DesktopFixture {
  readonly #open: OpenDesktop[] = [];
  readonly #profiles: string[] = [];
  readonly launch: Launch = prepareLaunch(appFolder('test'));

  newProfile(): string {
    const profile = this.launch.makeProfile('profile');
    this.#profiles.push(profile);
    return profile;
  }

  /** Beside the app, where the user that Electron runs as can read it. */
  #waiter(): string {
    const file = join(this.launch.appFolder, 'wait-for-playwright.cjs');
    writeFileSync(file, WAIT_FOR_PLAYWRIGHT, { mode: 0o644 });
    return file;
  }

  async open(options: OpenOptions = {}): Promise<OpenDesktop> {
    const profile = options.profile ?? this.newProfile();
    const output: string[] = [];
    const app = await _electron.launch({
      executablePath: options.packaged ?? this.launch.executable,
      args: [
        ...(options.packaged === undefined ? ['-r', this.#waiter(), this.launch.appFolder] : []),
        ...(options.arguments ?? []),
      ],
      env: {
        ...this.launch.environment,
        DISPLAY: process.env['DISPLAY'] ?? '',
        GLADSTONE_PROFILE: profile,
        ...options.environment,
      },
      // Playwright would add --no-sandbox.
      chromiumSandbox: true,
      timeout: 60_000,
    });
    const child = app.process();
    const running = (): boolean => child.exitCode === null && child.signalCode === null;
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    app.on('window', (window) => {
      window.on('console', (message) => output.push(`console.${message.type()}: ${message.text()}`));
      window.on('pageerror', (error) => output.push(`page error: ${error.message}`));
    });
    const page = await app.firstWindow();
    page.on('console', (message) => output.push(`console.${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => output.push(`page error: ${error.message}`));
    const opened: OpenDesktop = {
      app,
      page,
      profile,
      output,
      running,
      kill: () => killed(child),
      close: async () => {
        if (running()) await app.close();
      },
    };
    this.#open.push(opened);
    return opened;
  }

  async screenshots(folder: string): Promise<void> {
    for (const [index, { app, running }] of this.#open.entries()) {
      if (!running()) continue;
      for (const [part, window] of app.windows().entries()) {
        await window.screenshot({ path: join(folder, `window-${index}-${part}.png`) }).catch(() => undefined);
      }
    }
  }

  outputs(): string {
    return this.#open.map(({ output }) => output.join('')).join('\n---\n');
  }

  async closeAll(): Promise<void> {
    for (const desktop of this.#open) await desktop.close().catch(() => desktop.kill());
    for (const profile of this.#profiles) rmSync(profile, { recursive: true, force: true });
  }
}

function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.kill('SIGKILL');
  });
}

export const test = base.extend<{ desktop: DesktopFixture }>({
  desktop: async ({}, use, testInfo) => {
    const fixture = new DesktopFixture();
    await use(fixture);
    if (testInfo.status !== testInfo.expectedStatus) {
      await fixture.screenshots(testInfo.outputDir);
      await testInfo.attach('output', { body: fixture.outputs(), contentType: 'text/plain' });
    }
    await fixture.closeAll();
  },
});

/** Violations of WCAG 2.2 A and AA on the page as it stands. */
export async function accessibilityViolations(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

export { expect };
