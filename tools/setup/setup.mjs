/**
 * Everything a fresh clone needs, on some Node ≥ 20 and an npm registry. Free of dependencies. Quick when there is
 * nothing to do, goes on where it was interrupted, checks what it fetched, and says in plain words what it cannot get.
 */
import { installDependencies } from './dependencies.mjs';
import { provideElectron } from './electron-runtime.mjs';
import { provideSystemLibraries } from './system-libraries.mjs';
import { step, say, SetupProblem } from './output.mjs';

export async function setUp() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    throw new SetupProblem(
      `Node ${process.versions.node} is too old to begin with.`,
      'install Node 20 or newer.',
    );
  }
  await step('Libraries', installDependencies);
  await step('System', provideSystemLibraries);
  await step('Electron', provideElectron);
}

/** Runs a command's body; a problem that a person can mend is told in words, without a stack trace. */
export async function runCommand(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    if (error instanceof SetupProblem) say(`✗ ${error.message}`);
    else say(`✗ ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === import.meta.filename) await runCommand(setUp);
