/** `npm run torture -- crash|kill|disk|feed|network|clock|all [--seed N] [--rounds N]`: the proofs in their long form. */
import { parseArgs } from 'node:util';

interface Numbers {
  readonly seed: number;
  readonly rounds: number;
}

/** Each answers whether everything held; loaded only when asked for. */
const tortures: Readonly<Record<string, (numbers: Numbers) => Promise<boolean>>> = {
  crash: async () => (await import('./crash.ts')).runCrashTorture(),
  kill: async (numbers) => (await import('./kill.ts')).runKillTorture(numbers),
  disk: async (numbers) => (await import('./disk.ts')).runDiskTorture(numbers),
  network: async (numbers) => (await import('./network.ts')).runNetworkTorture(numbers),
  clock: async (numbers) => (await import('./clock.ts')).runClockTorture(numbers),
  feed: async ({ seed }) => {
    const { runFeedTorture } = await import('./feed.ts');
    const report = await runFeedTorture({
      seed,
      log: (line) => {
        console.log(line);
      },
    });
    console.log(JSON.stringify(report, null, 2));
    const { missed, groupsSplit, versionsFell, missedBySequence } = report;
    return missed + groupsSplit + versionsFell === 0 && missedBySequence > 0;
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, rounds: { type: 'string', default: '40' } },
});
const asked = positionals[0] ?? 'all';
const names = asked === 'all' ? Object.keys(tortures) : [asked];
const numbers = { seed: Number(values.seed), rounds: Number(values.rounds) };
let allHold = true;
for (const name of names) {
  const torture = tortures[name];
  if (torture === undefined) {
    console.error(`No torture is called "${name}". There are: ${Object.keys(tortures).join(', ')}, all.`);
    process.exit(2);
  }
  const began = performance.now();
  console.log(`== ${name}`);
  const holds = await torture(numbers);
  console.log(
    `== ${name} ${holds ? 'holds' : 'is VIOLATED'} (${Math.round((performance.now() - began) / 1_000)} s)`,
  );
  allHold &&= holds;
}
process.exit(allHold ? 0 : 1);
