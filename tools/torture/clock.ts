import { holds, torturedNetwork } from './network.ts';
import type { NetworkReport } from './network.ts';

const hour = 3_600_000;

/** ± an hour (summer time), ± a day, a year ahead and back, and a few seconds backwards (sync-bugs M14). */
export const clockJumps: readonly number[] = [
  hour,
  -hour,
  24 * hour,
  -48 * hour,
  365 * 24 * hour,
  -366 * 24 * hour,
  -3_000,
  24 * hour,
];

/** Work goes on and is sent in its order while this computer's clock jumps between saves (I12). */
export function torturedClock(seed: number, saves: number): Promise<NetworkReport> {
  return torturedNetwork({ seed, saves, clockJumps });
}

/** `npm run torture -- clock` */
export async function runClockTorture(numbers: {
  readonly seed: number;
  readonly rounds: number;
}): Promise<boolean> {
  return holds(await torturedClock(numbers.seed, numbers.rounds * 5));
}
