/** `npm test`: set-up, then every check and every test, and one line that counts them. */
import { join } from 'node:path';
import { project, projectEnvironment, projectNode } from './paths.mjs';
import { runHere } from './processes.mjs';
import { runCommand, setUp } from './setup.mjs';

await runCommand(async () => {
  await setUp();
  return runHere(projectNode(), [join(project, 'tools/test.ts'), ...process.argv.slice(2)], {
    cwd: project,
    env: projectEnvironment(),
  });
});
