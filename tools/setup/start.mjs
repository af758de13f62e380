/** `npm start`: set-up, then the record service and the desktop. */
import { join } from 'node:path';
import { project, projectEnvironment, projectNode } from './paths.mjs';
import { runHere } from './processes.mjs';
import { runCommand, setUp } from './setup.mjs';

await runCommand(async () => {
  await setUp();
  return runHere(projectNode(), [join(project, 'tools/start.ts'), ...process.argv.slice(2)], {
    cwd: project,
    env: projectEnvironment(),
  });
});
