import { runEndToEnd } from '../end-to-end.ts';

/** Real Electron against the real service: SIGKILL of main and of the renderer right after "Saved". */
export function runKillTorture(options: {
  readonly seed: number;
  readonly rounds: number;
}): Promise<boolean> {
  return runEndToEnd('test/e2e/failures/kill.spec.ts', {
    GLADSTONE_KILL_ROUNDS: String(options.rounds),
    GLADSTONE_KILL_SEED: String(options.seed),
  });
}
