/** Electron.md, Reliability: what happens when a part dies or a file is damaged. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bridge } from '../../../contract/ipc.ts';
import { expect, test } from '../../support/electron.ts';

declare global {
  interface Window {
    gladstone: Bridge;
  }
}

test('@single-instance: the second one hands over and ends', async ({ desktop }) => {
  const first = await desktop.open();
  await first.page.waitForLoadState();
  const { spawn } = await import('node:child_process');
  const second = spawn(desktop.launch.executable, [desktop.launch.appFolder], {
    env: {
      ...desktop.launch.environment,
      DISPLAY: process.env['DISPLAY'] ?? '',
      GLADSTONE_PROFILE: first.profile,
    },
    stdio: 'ignore',
  });
  const code = await new Promise((resolve) => second.once('exit', resolve));
  expect(code).toBe(0);
  expect(await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('@renderer-crash: reopens at the same place, three times, then says so', async ({ desktop }) => {
  const { app, page } = await desktop.open();
  await page.waitForLoadState();
  await page.evaluate(() => window.gladstone.call['place.put']({ route: '/patient', patientId: 'p-1' }));
  for (let crash = 1; crash <= 4; crash++) {
    const reopened = app.waitForEvent('window');
    await app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
    });
    const next = await reopened;
    await next.waitForLoadState();
    if (crash <= 3) {
      expect(next.url()).toMatch(/^gladstone:\/\/app\//);
      expect(await next.evaluate(() => window.gladstone.call['place.get'](undefined))).toEqual({
        ok: true,
        value: { route: '/patient', patientId: 'p-1' },
      });
    } else {
      expect(next.url()).toMatch(/^data:text\/html/);
      expect(decodeURIComponent(next.url())).toContain('What you saved is on this computer');
    }
  }
});

test('@main-crash: leaves a report without a word of the patient', async ({ desktop }) => {
  const { app, page, profile } = await desktop.open();
  await page.waitForLoadState();
  const ended = new Promise((resolve) => app.process().once('exit', resolve));
  await app
    .evaluate(() => {
      setTimeout(() => {
        throw new Error('SMITH, John 943 476 5919 born 05-Jan-1961');
      });
    })
    .catch(() => undefined);
  expect(await ended).toBe(70);
  const folder = join(profile, 'crashes');
  const [report] = readdirSync(folder);
  const text = readFileSync(join(folder, report ?? ''), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ process: 'main', reason: 'Error' });
  expect(text).not.toMatch(/SMITH|943|1961/);
  expect(readFileSync(join(profile, 'logs/gladstone.log'), 'utf8')).not.toMatch(/SMITH|943 476|1961/);
});

test('@newer-profile: an older build refuses a newer profile and touches nothing', async ({ desktop }) => {
  const profile = desktop.newProfile();
  const mark = JSON.stringify({ profileVersion: 99, writtenBy: '9.9.9' });
  writeFileSync(join(profile, 'profile.json'), mark);
  const { page } = await desktop.open({ profile });
  expect(decodeURIComponent(page.url())).toContain('9.9.9');
  expect(decodeURIComponent(page.url())).toContain('nothing is lost');
  expect(readFileSync(join(profile, 'profile.json'), 'utf8')).toBe(mark);
});

test('@settings: a truncated file gives way to the last good one, and is kept', async ({ desktop }) => {
  const first = await desktop.open();
  await first.page.evaluate(() => window.gladstone.call['settings.put']({ textSize: 17 }));
  await first.close();
  const file = join(first.profile, 'settings.json');
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 20));
  const second = await desktop.open({ profile: first.profile });
  const settings = await second.page.evaluate(() => window.gladstone.call['settings.get'](undefined));
  expect(settings).toMatchObject({ ok: true, value: { textSize: 17 } });
  expect(readdirSync(first.profile).some((name) => name.startsWith('settings.unreadable-'))).toBe(true);
});

test('an answer to a key is not held back until the frame after it', async ({ desktop }) => {
  const { page } = await desktop.open();
  await page.waitForLoadState();
  await page.evaluate(() => {
    const holder = globalThis as unknown as { cameFirst: string[] };
    holder.cameFirst = [];
    addEventListener('keydown', () => {
      const came: string[] = [];
      const note = (what: string): void => {
        came.push(what);
        if (came.length === 2) holder.cameFirst.push(came[0] ?? '');
      };
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        note('answer');
      };
      requestAnimationFrame(() => {
        note('frame');
      });
      port2.postMessage(null);
    });
  });
  const presses = 30;
  for (let press = 1; press <= presses; press += 1) {
    await page.keyboard.press('a');
    await page.waitForFunction(
      (wanted) => (globalThis as unknown as { cameFirst: string[] }).cameFirst.length === wanted,
      press,
    );
  }
  const first = await page.evaluate(() => (globalThis as unknown as { cameFirst: string[] }).cameFirst);
  // A frame may be due at the very moment of a key; as a rule the answer is there before it.
  expect(first.filter((what) => what === 'answer').length).toBeGreaterThan(presses / 2);
});
