import * as fc from 'fast-check';
import { checkClocksDecideNothing } from './clock-check.ts';
import { checkAtRest, Watch } from './invariants.ts';
import type { PlantedBug } from './planted-bugs.ts';
import type { RealService } from './real-service.ts';
import { eventKinds } from './schedule.ts';
import type { Schedule, ScheduledEvent } from './schedule.ts';
import { World } from './world.ts';

/** Plays one schedule to its rest. Throws a `Violation` when an invariant does not hold. */
async function play(schedule: Schedule, plant: PlantedBug | null): Promise<void> {
  const world = await played(schedule, plant, false);
  checkAtRest(world);
  // For how long a choice can be taken back is a matter of the clock, for people; all else must come out the same.
  const kinds = new Set(schedule.events.map(({ kind }) => kind));
  if (kinds.has('clock-jump') && !kinds.has('undo'))
    checkClocksDecideNothing(world, await played(schedule, plant, true));
}

async function played(schedule: Schedule, plant: PlantedBug | null, steadyClocks: boolean): Promise<World> {
  const world = new World(schedule, plant, { steadyClocks });
  const watch = new Watch(world);
  await world.play(schedule.events, () => {
    watch.look();
  });
  await world.rest();
  watch.look();
  return world;
}

const event: fc.Arbitrary<ScheduledEvent> = fc.record({
  kind: fc.constantFrom(...eventKinds),
  device: fc.nat(5),
  patient: fc.nat(2),
  which: fc.nat(11),
  then: fc.constantFrom(0, 3, 40, 200, 2_000),
});

const schedules: fc.Arbitrary<Schedule> = fc.record({
  devices: fc.integer({ min: 2, max: 6 }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  events: fc.array(event, { minLength: 4, maxLength: 40, size: 'max' }),
});

/**
 * Plays the schedule of a seed without restores, which have no counterpart in a running PostgreSQL, and asks the
 * real record service what the model was asked. @throws ModelDiffers
 */
export async function replayOnRealService(seed: number, real: RealService): Promise<void> {
  const [schedule] = fc.sample(schedules, { seed, numRuns: 1 });
  if (schedule === undefined) return;
  const events = schedule.events.filter(({ kind }) => kind !== 'restore');
  const world = new World({ ...schedule, events }, null, { inUuids: true });
  await world.play(events, () => undefined);
  await world.rest();
  checkAtRest(world);
  await real.replay(world.service);
}

export interface Found {
  readonly seed: number;
  /** Where the smallest failing schedule stands: `--seed` and `--path` play it again. */
  readonly path: string;
  readonly runs: number;
  readonly message: string;
  readonly schedule: Schedule;
}

/** Plays `runs` schedules; answers the first that breaks an invariant, made as small as can be, or null. */
export async function fuzz(options: {
  readonly runs: number;
  readonly seed: number;
  readonly path?: string;
  readonly plant: PlantedBug | null;
  readonly shrink: boolean;
}): Promise<Found | null> {
  const property = fc.asyncProperty(schedules, (schedule) => play(schedule, options.plant));
  const result = await fc.check(property, {
    numRuns: options.runs,
    seed: options.seed,
    endOnFailure: !options.shrink,
    ...(options.path === undefined ? {} : { path: options.path }),
  });
  if (!result.failed || result.counterexample === null) return null;
  const { errorInstance } = result;
  return {
    seed: result.seed,
    path: result.counterexamplePath,
    runs: result.numRuns,
    message:
      errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance),
    schedule: result.counterexample[0],
  };
}
