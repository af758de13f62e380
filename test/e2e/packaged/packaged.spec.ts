/** The packaged app, made by Forge, started and driven; every fuse read back from the binary. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import type { Bridge } from '../../../contract/ipc.ts';
import { stagePackaged } from '../../../tools/electron-launch.ts';
import { expect, test } from '../../support/electron.ts';

declare global {
  interface Window {
    gladstone: Bridge;
  }
}

const project = resolve(import.meta.dirname, '../../..');
const out = join(project, 'out');

test.describe.configure({ mode: 'serial', timeout: 300_000 });

test.beforeAll(() => {
  const made = spawnSync(
    process.execPath,
    [join(project, 'tools/setup/package.mjs'), 'package', '--flavour', 'test'],
    {
      cwd: project,
      encoding: 'utf8',
    },
  );
  expect(made.status, `${made.stdout}\n${made.stderr}`).toBe(0);
});

function packagedFolder(): string {
  const folder = readdirSync(out).find((name) => name.startsWith('Gladstone Test-'));
  if (folder === undefined) throw new Error('nothing was packaged');
  return join(out, folder);
}

test('starts, is labelled as a test, and answers', async ({ desktop }) => {
  const { app, page } = await desktop.open({ packaged: stagePackaged(packagedFolder(), 'gladstone-test') });
  await page.waitForLoadState();
  expect(
    await app.evaluate(({ app: electronApp }) => ({
      packaged: electronApp.isPackaged,
      name: electronApp.getName(),
    })),
  ).toEqual({
    packaged: true,
    name: 'Gladstone Test',
  });
  expect(await page.evaluate(() => window.gladstone.call['about.get'](undefined))).toMatchObject({
    ok: true,
    value: { flavour: 'test' },
  });
  await expect(page.locator('h1').first()).toBeVisible();
});

test('has every fuse as named', async () => {
  const wire = await getCurrentFuseWire(join(packagedFolder(), 'gladstone-test'));
  const expected = new Map<FuseV1Options, FuseState>([
    [FuseV1Options.RunAsNode, FuseState.DISABLE],
    [FuseV1Options.EnableCookieEncryption, FuseState.ENABLE],
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable, FuseState.DISABLE],
    // Playwright needs it; the release flavour has it off (forge.config.ts).
    [FuseV1Options.EnableNodeCliInspectArguments, FuseState.ENABLE],
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, FuseState.ENABLE],
    [FuseV1Options.OnlyLoadAppFromAsar, FuseState.ENABLE],
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot, FuseState.DISABLE],
    [FuseV1Options.GrantFileProtocolExtraPrivileges, FuseState.DISABLE],
    [FuseV1Options.WasmTrapHandlers, FuseState.ENABLE],
  ]);
  for (const [fuse, state] of expected) expect(wire[fuse], FuseV1Options[fuse]).toBe(state);
});

test('a release is refused on the runtime for closed networks', () => {
  test.skip(!existsSync(join(project, '.gladstone/runtime')), 'the official runtime is in use here');
  const made = spawnSync(
    process.execPath,
    [join(project, 'tools/setup/package.mjs'), 'package', '--flavour', 'release'],
    {
      cwd: project,
      encoding: 'utf8',
    },
  );
  expect(made.status).toBe(1);
  expect(made.stdout).toContain('Nothing was made');
});
