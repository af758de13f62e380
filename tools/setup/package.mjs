/**
 * `npm run package` and `npm run make`: Forge, in one of two flavours. Where only the runtime for closed networks can
 * be had, a release is refused; without `--flavour` the labelled test flavour is made then, and that is said.
 */
import { join } from 'node:path';
import { runtimeInUse } from './electron-runtime.mjs';
import { say, SetupProblem } from './output.mjs';
import { project, projectEnvironment, projectNode } from './paths.mjs';
import { runHere } from './processes.mjs';
import { runCommand, setUp } from './setup.mjs';

const [command, ...rest] = process.argv.slice(2);

await runCommand(async () => {
  await setUp();
  const asked = rest.includes('--flavour') ? rest[rest.indexOf('--flavour') + 1] : undefined;
  const onTestRuntime = runtimeInUse().kind === 'test';
  if (asked !== undefined && asked !== 'release' && asked !== 'test') {
    throw new SetupProblem(`There is no flavour "${asked}".`, 'use --flavour release or --flavour test.');
  }
  if (asked === 'release' && onTestRuntime) {
    throw new SetupProblem(
      'A release needs the official Electron; here is only the runtime for closed networks. Nothing was made.',
      'run this where the official download can be reached, or make the test flavour: --flavour test.',
    );
  }
  const flavour = asked ?? (onTestRuntime ? 'test' : 'release');
  if (asked === undefined && onTestRuntime)
    say('Making the TEST flavour: the official Electron is out of reach here.');
  return runHere(
    projectNode(),
    [join(project, 'node_modules/@electron-forge/cli/dist/electron-forge.js'), command],
    { cwd: project, env: projectEnvironment({ GLADSTONE_FLAVOUR: flavour }) },
  );
});
