/**
 * What `npm start` does once set-up is done: builds the desktop, starts a record service with a synthetic practice
 * where none is configured, and opens the window. Without a display it says so, opens it on a display of its own,
 * writes a screenshot and ends. `--dev` opens it through Forge, with reload.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildApp } from './build.ts';
import { asRoot, ownDisplay, prepareLaunch, startElectron } from './electron-launch.ts';

const project = resolve(import.meta.dirname, '..');
const port = Number(process.env['PORT'] ?? 8460);
const configured = process.env['GLADSTONE_SERVICE'];
const serviceUrl = configured ?? `http://127.0.0.1:${port}`;
const begun = performance.now();

function say(text: string): void {
  console.log(`${text} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/livez`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
}

/** Resolves when the service answers; fails when it ended or a minute passed. */
async function untilReady(service: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 240; tries++) {
    if (service.exitCode !== null)
      throw new Error(`The record service ended (code ${service.exitCode}); see the lines above.`);
    if (await answers(serviceUrl)) return;
    await new Promise((resolveLater) => setTimeout(resolveLater, 250));
  }
  throw new Error('The record service did not answer within a minute.');
}

function runNode(script: string, args: readonly string[]): Promise<number> {
  return new Promise((resolveCode) => {
    spawn(process.execPath, [join(project, script), ...args], { cwd: project, stdio: 'inherit' }).once(
      'close',
      (code) => {
        resolveCode(code ?? 1);
      },
    );
  });
}

async function startService(): Promise<ChildProcess | undefined> {
  if (configured !== undefined || (await answers(serviceUrl))) {
    say(`✓ Record service: ${serviceUrl}, already there`);
    return undefined;
  }
  const fresh = !existsSync(join(project, '.gladstone/service'));
  const service = spawn(process.execPath, [join(project, 'record-service/main.ts')], {
    cwd: project,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PORT: String(port), LOG_LEVEL: 'warn' },
  });
  await untilReady(service);
  if (fresh) {
    const code = await runNode('tools/seed.ts', ['--patients', '200', '--service', serviceUrl]);
    if (code !== 0) throw new Error('The demonstration practice could not be made; see the lines above.');
  }
  say(`✓ Record service: ${serviceUrl}, embedded, with a synthetic practice`);
  return service;
}

async function openWindow(): Promise<number> {
  const launch = prepareLaunch(await buildApp('development'));
  const profile = launch.keepProfile();
  const environment = { GLADSTONE_PROFILE: profile, GLADSTONE_SERVICE: serviceUrl };
  const headless = process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'];
  if (!headless) {
    say('✓ Opening Gladstone; close its window to end');
    if (asRoot) console.log("  (as an unprivileged user: Chromium's sandbox does not run as root)");
    return new Promise((resolveCode) => {
      startElectron(launch, environment).once('close', (code) => {
        resolveCode(code ?? 0);
      });
    });
  }
  say('There is no display here: opening Gladstone on one of its own');
  const { _electron } = await import('@playwright/test');
  const display = await ownDisplay();
  const app = await _electron.launch({
    executablePath: launch.executable,
    args: [launch.appFolder],
    chromiumSandbox: true,
    env: { ...launch.environment, ...environment, DISPLAY: display.name },
  });
  const page = await app.firstWindow();
  await page.waitForLoadState();
  await page.locator('h1, h2, main').first().waitFor();
  const folder = join(project, '.gladstone');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, 'screenshot.png') });
  say('✓ Opened; the window is in .gladstone/screenshot.png');
  await app.close();
  display.stop();
  return 0;
}

async function develop(): Promise<number> {
  const launch = prepareLaunch(await buildApp('development'));
  return new Promise((resolveCode) => {
    spawn(
      process.execPath,
      [join(project, 'node_modules/@electron-forge/cli/dist/electron-forge.js'), 'start'],
      {
        cwd: project,
        stdio: 'inherit',
        env: {
          ...process.env,
          GLADSTONE_FLAVOUR: 'development',
          GLADSTONE_SERVICE: serviceUrl,
          GLADSTONE_PROFILE: launch.keepProfile(),
          ELECTRON_OVERRIDE_DIST_PATH: launch.executableFolder,
        },
      },
    ).once('close', (code) => {
      resolveCode(code ?? 0);
    });
  });
}

let service: ChildProcess | undefined;
try {
  service = await startService();
  process.exitCode = process.argv.includes('--dev') ? await develop() : await openWindow();
} catch (error) {
  console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  service?.kill('SIGTERM');
}
