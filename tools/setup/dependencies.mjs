import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { made, project, projectEnvironment, readJson, sha256, writeJson } from './paths.mjs';
import { run } from './processes.mjs';
import { SetupProblem } from './output.mjs';

const stamp = join(made, 'setup/dependencies.json');

/** Installs exactly what the lock file says (npm checks each package's integrity), unless it stands already. */
export async function installDependencies(report) {
  const lock = readFileSync(join(project, 'package-lock.json'));
  const wanted = sha256(lock, process.platform, process.arch);
  const node = join(project, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (readJson(stamp)?.lock === wanted && existsSync(node)) return 'as in the lock file';

  report('installing from the lock file; the first time this takes a minute or two');
  const npm = process.env.npm_execpath;
  const [command, first] = npm
    ? [process.execPath, [npm]]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
  let count = 0;
  const ticking = setInterval(() => report(`still installing, ${++count * 15} s`), 15_000);
  try {
    await run(command, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: project,
      env: { ...process.env, npm_config_yes: 'true' },
    });
  } catch (error) {
    throw new SetupProblem(
      `The project's libraries could not be installed.\n${error.message}`,
      'check that this computer reaches an npm registry, then run the same command again; it goes on where it stopped.',
    );
  } finally {
    clearInterval(ticking);
  }
  if (!existsSync(node)) {
    // Where npm is told not to run install scripts, Node's own package has not fetched its binary yet.
    await run(process.execPath, ['installArchSpecificPackage.js'], {
      cwd: join(project, 'node_modules/node'),
    }).catch(() => undefined);
  }
  if (!existsSync(node)) {
    throw new SetupProblem(
      'Node 24 (the npm package "node") did not arrive.',
      'allow install scripts for this project (npm config set ignore-scripts false) and run the same command again.',
    );
  }
  if (process.versions.node.split('.')[0] !== '24') {
    // npm leaves out optional packages that ask for a newer Node than its own; the makers of deb and MSIX are such.
    const [again, words] = npm ? [node, [npm]] : [command, []];
    await run(again, [...words, 'install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: project,
      env: projectEnvironment({ npm_config_yes: 'true' }),
    });
  }
  writeJson(stamp, { lock: wanted });
  return 'installed';
}
