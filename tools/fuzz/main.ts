import { parseArgs } from 'node:util';
import { fuzz } from './play.ts';
import { plantedBugs } from './planted-bugs.ts';
import type { PlantedBug } from './planted-bugs.ts';

/**
 * `npm run fuzz -- --runs 10000 --seed 1 [--plant lost-op | --plant all] [--path P] [--from 3000] [--no-shrink]`
 *
 * Plays schedules in blocks of 100; block b of seed S has the seed S + b, so a run can be resumed with `--from` and
 * a failing schedule played again with the seed and path that are printed.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    path: { type: 'string' },
    plant: { type: 'string' },
    'no-shrink': { type: 'boolean', default: false },
  },
});

const block = 100;

async function run(plant: PlantedBug | null): Promise<boolean> {
  const runs = Number(values.runs);
  const seed = Number(values.seed);
  const started = process.hrtime.bigint();
  const seconds = (): string => (Number(process.hrtime.bigint() - started) / 1e9).toFixed(1);
  const name = plant === null ? 'no planted bug' : `planted: ${plant}`;
  for (let played = Number(values.from); played < runs; played += block) {
    const found = await fuzz({
      runs: Math.min(block, runs - played),
      seed: values.path === undefined ? seed + played / block : seed,
      plant,
      shrink: !values['no-shrink'],
      ...(values.path === undefined ? {} : { path: values.path }),
    });
    if (found !== null) {
      console.log(`${name}: found within ${played + found.runs} schedules, ${seconds()} s`);
      console.log(found.message);
      console.log(JSON.stringify(found.schedule));
      console.log(
        `again: npm run fuzz -- --runs 1 --seed ${found.seed} --path ${found.path}${plant === null ? '' : ` --plant ${plant}`}`,
      );
      return true;
    }
    if ((played / block) % 10 === 9)
      console.log(`${name}: ${played + block} schedules, ${seconds()} s, seed ${seed}`);
  }
  console.log(`${name}: ${runs} schedules, 0 violations, ${seconds()} s, seed ${seed}`);
  return false;
}

if (values.plant === undefined) {
  process.exitCode = (await run(null)) ? 1 : 0;
} else {
  const chosen = plantedBugs.filter((plant) => values.plant === 'all' || plant === values.plant);
  if (chosen.length === 0)
    throw new Error(`no such planted bug: ${values.plant}; there are ${plantedBugs.join(', ')}`);
  for (const plant of chosen) if (!(await run(plant))) process.exitCode = 1;
}
