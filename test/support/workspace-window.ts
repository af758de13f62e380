/** The product's page in real Electron, with main played by the harness: for looking at every state of every screen. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { _electron } from '@playwright/test';
import type { Disposable, ElectronApplication, Page } from '@playwright/test';
import { build } from 'vite';
import { prepareLaunch } from '../../tools/electron-launch.ts';
import type { WorkspaceFixture } from './workspace-harness/fake-main.ts';

const project = resolve(import.meta.dirname, '../..');
/** One a process: two runs at once never build into each other's hands. It goes with its window. */
const folder = join(project, `.gladstone/workspace-harness-${process.pid}`);

/** Builds the product's renderer and the script that plays main. */
export async function buildWorkspaceHarness(): Promise<string> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    configFile: join(project, 'vite.renderer.config.ts'),
    logLevel: 'warn',
    build: { outDir: join(folder, 'page'), chunkSizeWarningLimit: 2_000 },
  });
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: join(folder, 'script'),
      lib: {
        entry: resolve(import.meta.dirname, 'workspace-harness/fake-main.ts'),
        formats: ['iife'],
        name: 'harness',
        fileName: () => 'fake-main.js',
      },
    },
  });
  cpSync(resolve(import.meta.dirname, 'cache-harness/main.cjs'), join(folder, 'main.cjs'));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'workspace-harness', main: 'main.cjs' }),
  );
  writeFileSync(join(folder, 'built-from'), String(Date.now()));
  return folder;
}

export interface WorkspaceWindow {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Page errors and console errors so far. */
  readonly errors: string[];
  readonly resize: (width: number, height: number) => Promise<void>;
  /** What is in it from when it is next loaded. */
  readonly fill: (fixture: WorkspaceFixture) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openWorkspaceWindow(
  built: string,
  fixture: WorkspaceFixture,
): Promise<WorkspaceWindow> {
  const launch = prepareLaunch(built);
  const profile = launch.makeProfile('workspace');
  const app = await _electron.launch({
    executablePath: launch.executable,
    args: [launch.appFolder],
    env: { ...launch.environment, DISPLAY: process.env['DISPLAY'] ?? '', GLADSTONE_PROFILE: profile },
    chromiumSandbox: true,
  });
  const page = await app.firstWindow();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  let scripts: readonly Disposable[] = [];
  const fill = async (by: WorkspaceFixture): Promise<void> => {
    for (const script of scripts) await script.dispose();
    scripts = [
      await page.context().addInitScript(`window.workspaceFixture = ${JSON.stringify(by)};`),
      await page.context().addInitScript({ path: join(built, 'script/fake-main.js') }),
    ];
  };
  await fill(fixture);
  errors.length = 0;
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.show();
  });
  await page.reload();
  return {
    app,
    page,
    errors,
    fill,
    resize: async (width, height) => {
      await app.evaluate(
        ({ BrowserWindow }, size) => {
          BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height);
        },
        { width, height },
      );
      await page.setViewportSize({ width, height });
    },
    close: async () => {
      await app.close();
      for (const made of [profile, built, ...(launch.appFolder === built ? [] : [launch.appFolder])])
        rmSync(made, { recursive: true, force: true });
    },
  };
}
