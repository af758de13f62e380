import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

/** Runs one file of the end-to-end tests, with numbers of its own. Whether everything held. */
export function runEndToEnd(file: string, environment: Readonly<Record<string, string>>): Promise<boolean> {
  const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli');
  const running = spawn(process.execPath, [playwright, 'test', file], {
    cwd: resolve(import.meta.dirname, '..'),
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  return new Promise((settle) => {
    running.once('exit', (code) => {
      settle(code === 0);
    });
  });
}
