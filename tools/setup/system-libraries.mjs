import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isRoot } from './paths.mjs';
import { run } from './processes.mjs';
import { SetupProblem } from './output.mjs';

/** What the runtime needs on a bare Debian; newer releases renamed some (the second name). */
const needed = [
  ['xvfb'],
  ['xauth'],
  ['libgtk-3-0', 'libgtk-3-0t64'],
  ['libnss3'],
  ['libasound2', 'libasound2t64'],
  ['libgbm1'],
  ['libxss1'],
  ['libxtst6'],
  ['libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'],
  ['libcups2', 'libcups2t64'],
  ['libdrm2'],
  ['fonts-liberation'],
  ['fonts-dejavu-core'],
  ['ca-certificates'],
  // Forge's makers of zip and deb.
  ['zip'],
  ['fakeroot'],
];

function installed(name) {
  const answer = spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' });
  return answer.status === 0 && answer.stdout.includes('install ok installed');
}

function available(name) {
  const answer = spawnSync('apt-cache', ['policy', name], { encoding: 'utf8' });
  return answer.status === 0 && /Candidate: (?!\(none\))/.test(answer.stdout);
}

export async function provideSystemLibraries(report) {
  if (process.platform !== 'linux') return 'nothing to add on this system';
  if (!existsSync('/usr/bin/dpkg-query'))
    return 'not Debian: install GTK 3, NSS, ALSA, GBM and Xvfb by your own package manager if the window does not open';
  const missing = needed.filter((names) => !names.some(installed));
  if (missing.length === 0) return 'all here';
  if (!isRoot) {
    throw new SetupProblem(
      `These system libraries are missing: ${missing.map((names) => names[0]).join(', ')}.`,
      `sudo apt-get update && sudo apt-get install -y ${missing.map((names) => names[0]).join(' ')}`,
    );
  }
  report(`installing ${missing.length} packages of Debian`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '-qq'], { env: environment });
    const names = missing.map((alternatives) => alternatives.find(available) ?? alternatives[0]);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { env: environment });
  } catch (error) {
    throw new SetupProblem(
      `Debian's packages could not be installed.\n${error.message}`,
      `apt-get update && apt-get install -y ${missing.map((names) => names[0]).join(' ')}`,
    );
  }
  return `${missing.length} installed`;
}
