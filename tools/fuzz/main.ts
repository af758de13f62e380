import { parseArgs } from 'node:util';
import { fuzz, replayOnRealService } from './play.ts';
import { ModelDiffers, RealService } from './real-service.ts';
import { plantedBugs } from './planted-bugs.ts';
import type { PlantedBug } from './planted-bugs.ts';

/**
 * `npm run fuzz -- --runs 10000 --seed 1 [--plant lost-op | --plant all] [--path P] [--from 3000] [--no-shrink]`
 *
 * Plays schedules in blocks of 100; block b of seed S has the seed S + b, so a run can be resumed with `--from` and
 * a failing schedule played again with the seed and path that are printed.
 *
 * Of every block one schedule is played again on the real record service over PostgreSQL, which must answer what the
 * model answered and hold what the model holds. `--no-postgres` leaves that out.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    path: { type: 'string' },
    plant: { type: 'string' },
    'no-shrink': { type: 'boolean', default: false },
    'no-postgres': { type: 'boolean', default: false },
  },
});

const block = 100;

async function run(plant: PlantedBug | null, real: RealService | null): Promise<boolean> {
  const runs = Number(values.runs);
  const seed = Number(values.seed);
  const started = process.hrtime.bigint();
  const seconds = (): string => (Number(process.hrtime.bigint() - started) / 1e9).toFixed(1);
  let replayed = 0;
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
    if (real !== null) {
      try {
        await replayOnRealService(seed + played / block, real);
        replayed += 1;
      } catch (error) {
        if (!(error instanceof ModelDiffers)) throw error;
        console.log(`${name}: seed ${seed + played / block} on PostgreSQL: ${error.message}`);
        return true;
      }
    }
    if ((played / block) % 10 === 9)
      console.log(`${name}: ${played + block} schedules, ${seconds()} s, seed ${seed}`);
  }
  const also = real === null ? '' : `, ${replayed} of them on PostgreSQL as well`;
  console.log(`${name}: ${runs} schedules${also}, 0 violations, ${seconds()} s, seed ${seed}`);
  return false;
}

if (values.plant === undefined) {
  const real = values['no-postgres'] ? null : await RealService.start();
  process.exitCode = (await run(null, real).finally(() => real?.close())) ? 1 : 0;
} else {
  const chosen = plantedBugs.filter((plant) => values.plant === 'all' || plant === values.plant);
  if (chosen.length === 0)
    throw new Error(`no such planted bug: ${values.plant}; there are ${plantedBugs.join(', ')}`);
  for (const plant of chosen) if (!(await run(plant, null))) process.exitCode = 1;
}
