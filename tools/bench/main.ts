/**
 *   npm run bench [-- --part NAME… --sizes NAME=N,N… --json FILE --quick]
 *
 * Measures part by part and prints one table; FILE is written after each part, so that what was measured stays. A missed budget is said in the table; only a part that breaks makes the
 * command fail.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Measurement, Run } from './measurement.ts';
import { tableOf, verdictOf } from './table.ts';

/** Loaded when asked for: each brings engines of its own. */
const parts: Readonly<Record<string, () => Promise<{ readonly run: Run }>>> = {
  'cold-start': () => import('./cold-start.ts'),
  bundle: () => import('./bundle.ts'),
  save: () => import('./save.ts'),
  'record-open': async () => ({ run: (await import('./lookups.ts')).recordOpen }),
  'patient-search': async () => ({ run: (await import('./lookups.ts')).patientSearch }),
  'term-search': async () => ({ run: (await import('./lookups.ts')).termSearch }),
  workday: () => import('./workday.ts'),
  'first-load': () => import('./first-load.ts'),
  'first-load-service': () => import('./first-load-service.ts'),
  'apply-changes': () => import('./apply-changes.ts'),
  drain: () => import('./drain.ts'),
  'service-load': () => import('./service-load.ts'),
};

const { values } = parseArgs({
  options: {
    part: { type: 'string', multiple: true },
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
    /** Of one part: `--sizes patient-search=1000,10000`. */
    sizes: { type: 'string', multiple: true, default: [] },
  },
});
const sizesOf = new Map(
  values.sizes.map((said) => {
    const [name = '', numbers = ''] = said.split('=');
    return [name, numbers.split(',').map(Number)] as const;
  }),
);
const wanted = values.part ?? Object.keys(parts);
const unknown = [...wanted, ...sizesOf.keys()].filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`No part is called ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}

const measurements: Measurement[] = [];
const broken: string[] = [];
for (const name of wanted) {
  const begun = performance.now();
  console.error(`${name}: measuring …`);
  try {
    const part = await parts[name]?.();
    const sizes = sizesOf.get(name);
    const options = { quick: values.quick, ...(sizes && { sizes }) };
    measurements.push(...((await part?.run(options)) ?? []));
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measurements, null, 2)}\n`);
    console.error(`${name}: ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
  } catch (error) {
    broken.push(name);
    console.error(`${name}: broke off.`, error);
  }
}

console.log(
  `\n${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}${values.quick ? ', quick: small numbers, not to be quoted' : ''}\n`,
);
console.log(tableOf(measurements));
const missed = measurements.filter((measurement) => verdictOf(measurement) === 'missed');
const met = measurements.filter((measurement) => verdictOf(measurement) === 'met');
console.log(
  `\n${met.length} budgets met, ${missed.length} missed${missed.length > 0 ? `: ${missed.map(({ name }) => name).join('; ')}` : ''}.`,
);
if (broken.length > 0) {
  console.error(`Broke off: ${broken.join(', ')}.`);
  process.exit(1);
}
process.exit(0);
