import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { MakerDeb } from '@electron-forge/maker-deb';
import { MakerSquirrel } from '@electron-forge/maker-squirrel';
import { MakerZIP } from '@electron-forge/maker-zip';
import { FusesPlugin } from '@electron-forge/plugin-fuses';
import { VitePlugin } from '@electron-forge/plugin-vite';
import type { ForgeConfig } from '@electron-forge/shared-types';
import { FuseV1Options, FuseVersion } from '@electron/fuses';

/**
 * Two flavours. A release has every fuse shut and refuses the runtime for closed networks. The test flavour is
 * labelled as such everywhere, and leaves the inspect fuse on, which Playwright needs.
 */
const project = import.meta.dirname;
const flavour = process.env['GLADSTONE_FLAVOUR'] ?? 'release';
const release = flavour === 'release';
const runtime = readRuntime();

// Asked when something is made, not when this file is merely read.
if (release && runtime?.kind === 'test' && process.argv.some((word) => /electron-forge/.test(word))) {
  throw new Error(
    'A release needs the official Electron, and only the runtime for closed networks is here. ' +
      'Run this where the official download can be reached, or make the test flavour: npm run package -- --flavour test',
  );
}

function readRuntime(): { kind: 'official' | 'test'; directory: string; version: string } | undefined {
  const file = join(project, '.gladstone/runtime.json');
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8')) as {
    kind: 'official' | 'test';
    directory: string;
    version: string;
  };
}

/** Packager takes a runtime as a zip under the name of the pinned version, whatever is inside. */
function runtimeZip(): { electronZipDir: string } | Record<string, never> {
  if (runtime?.kind !== 'test') return {};
  const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
    devDependencies: { electron: string };
  };
  const folder = join(project, '.gladstone/runtime-zip', runtime.version);
  const zip = join(folder, `electron-v${manifest.devDependencies.electron}-linux-x64.zip`);
  if (!existsSync(zip)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('zip', ['-qry1', `${zip}.part.zip`, '.'], { cwd: runtime.directory });
    renameSync(`${zip}.part.zip`, zip);
  }
  return { electronZipDir: folder };
}

const name = release ? 'Gladstone' : 'Gladstone Test';
const executable = release ? 'gladstone' : 'gladstone-test';

const config: ForgeConfig = {
  outDir: join(project, 'out'),
  packagerConfig: {
    name,
    executableName: executable,
    appBundleId: release ? 'uk.gladstone.desktop' : 'uk.gladstone.desktop.test',
    appCategoryType: 'public.app-category.medical',
    asar: true,
    icon: resolve(project, 'assets/icons/gladstone'),
    extraResource: [join(project, 'assets')],
    ...runtimeZip(),
  },
  makers: [
    new MakerZIP({}, ['linux', 'darwin', 'win32']),
    new MakerDeb({
      options: {
        name: executable,
        productName: name,
        genericName: 'Clinical workspace',
        description: "The doctor's bag as a desktop: a clinical workspace that carries the record with it.",
        maintainer: 'The Gladstone project <maintainers@gladstone.invalid>',
        homepage: 'https://gladstone.invalid',
        section: 'misc',
        categories: ['Office'],
        icon: resolve(project, 'assets/icons/gladstone.png'),
        bin: executable,
      },
    }),
    new MakerSquirrel({ name: executable, setupIcon: resolve(project, 'assets/icons/gladstone.ico') }, [
      'win32',
    ]),
  ],
  plugins: [
    new VitePlugin({
      build: [
        { entry: 'main/main.ts', config: 'vite.main.config.ts', target: 'main' },
        { entry: 'preload/preload.ts', config: 'vite.preload.config.ts', target: 'preload' },
      ],
      renderer: [{ name: 'main_window', config: 'vite.renderer.config.ts' }],
    }),
    new FusesPlugin({
      version: FuseVersion.V1,
      strictlyRequireAllFuses: true,
      [FuseV1Options.RunAsNode]: false,
      [FuseV1Options.EnableCookieEncryption]: true,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: !release,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
      [FuseV1Options.OnlyLoadAppFromAsar]: true,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
      [FuseV1Options.WasmTrapHandlers]: true,
    }),
  ],
};

export { config as default };
