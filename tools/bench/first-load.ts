/**
 * First load in real Electron: the product's cache against plain Dexie rows (three indexes), RxDB and PouchDB with the
 * same synthetic records in the same run.
 *
 *   npm run bench:first-load -- [--sizes 100,300,1000] [--stores gladstone,dexie-rows,rxdb,pouchdb]
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ownDisplay } from '../electron-launch.ts';
import { openPage } from './electron-page.ts';
import { call, firstLoadPage, give, packsOf, type SentPack } from './first-load-page.ts';
import type { Measurement, RunOptions } from './measurement.ts';
import { bytesOfCache, sumOfPss } from './process-tree.ts';

interface Measured {
  readonly storedMs: number;
  readonly listedMs: number | null;
  readonly openMs: { readonly p50: number; readonly p95: number };
}
interface Line extends Measured {
  readonly store: string;
  readonly patients: number;
  readonly resources: number;
  readonly diskBytes: number;
  readonly pssMegabytes: number;
}

const ASKED = 60;

async function measure(built: string, store: string, packs: readonly SentPack[]): Promise<Line> {
  const opened = await openPage(built);
  try {
    await give(opened, packs);
    const step = Math.max(1, Math.floor(packs.length / ASKED));
    const asked = packs.filter((_, index) => index % step === 0).map(({ patientId }) => patientId);
    const measured = (await call(opened, 'run', store, asked)) as Measured;
    const pssMegabytes = sumOfPss(opened.processId);
    await opened.close();
    return {
      store,
      patients: packs.length,
      resources: packs.reduce((sum, pack) => sum + pack.resources, 0),
      diskBytes: bytesOfCache(opened.profile),
      pssMegabytes,
      ...measured,
    };
  } finally {
    if (opened.isRunning()) await opened.kill();
    rmSync(opened.profile, { recursive: true, force: true });
  }
}

async function measureAll(
  sizes: readonly number[],
  stores: readonly string[],
  tell: (line: string) => void,
): Promise<readonly Line[]> {
  const display = await ownDisplay();
  process.env['DISPLAY'] = display.name;
  try {
    const built = await firstLoadPage();
    const lines: Line[] = [];
    for (const size of sizes) {
      const packs = packsOf(size);
      for (const store of stores) {
        const line = await measure(built, store, packs);
        lines.push(line);
        tell(describe(line, ownOf(lines, line)));
      }
    }
    return lines;
  } finally {
    display.stop();
  }
}

function ownOf(lines: readonly Line[], line: Line): Line | undefined {
  return lines.find((one) => one.store === 'gladstone' && one.patients === line.patients);
}

function describe(line: Line, own: Line | undefined): string {
  return [
    line.store.padEnd(11),
    `${line.patients} patients`,
    `${line.resources} resources`,
    `${(line.storedMs / 1_000).toFixed(2)} s`,
    `${Math.round((line.resources / line.storedMs) * 1_000)} resources/s`,
    own && own !== line ? `Gladstone is ${(line.storedMs / own.storedMs).toFixed(1)} times as fast` : '',
    line.listedMs === null ? '' : `in all lists after ${(line.listedMs / 1_000).toFixed(2)} s`,
    `open p50 ${line.openMs.p50.toFixed(1)} ms, p95 ${line.openMs.p95.toFixed(1)} ms`,
    `${Math.round(line.diskBytes / line.patients)} bytes a patient on disk`,
    `${line.pssMegabytes} MB`,
  ]
    .filter((part) => part !== '')
    .join(' | ');
}

export async function run({ quick, sizes }: RunOptions): Promise<readonly Measurement[]> {
  const stores = ['gladstone', 'dexie-rows', 'rxdb', 'pouchdb'];
  const lines = await measureAll(sizes ?? (quick ? [50] : [100, 300, 1_000]), stores, (line) => {
    console.error(line);
  });
  return lines.flatMap((line): readonly Measurement[] => {
    const own = ownOf(lines, line);
    if (own === undefined || own === line) return [];
    const open = line.openMs.p50.toFixed(1);
    return [
      {
        name: `First load into the cache, ${line.patients.toLocaleString('en-GB')} patients, beside ${line.store}`,
        value: own.storedMs,
        unit: 'ms',
        baseline: line.storedMs,
        ratio: own.storedMs / line.storedMs,
        note: `${line.resources.toLocaleString('en-GB')} resources; one record opened ${own.openMs.p50.toFixed(1)} ms, there ${open} ms; ${Math.round(own.diskBytes / own.patients)} bytes a patient on disk, there ${Math.round(line.diskBytes / line.patients)}`,
      },
    ];
  });
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      sizes: { type: 'string', default: '100,300,1000' },
      stores: { type: 'string', default: 'gladstone,dexie-rows,rxdb,pouchdb' },
    },
  });
  const stores = values.stores.split(',');
  const lines = await measureAll(values.sizes.split(',').map(Number), stores, (line) => {
    console.log(line);
  });
  console.log('\nSlope: milliseconds for each further patient, from the smallest to the largest size');
  for (const store of stores) {
    const own = lines.filter((line) => line.store === store);
    const [first, last] = [own.at(0), own.at(-1)];
    if (!first || !last || first === last) continue;
    const slope = (last.storedMs - first.storedMs) / (last.patients - first.patients);
    console.log(`${store.padEnd(11)} ${slope.toFixed(2)} ms a patient`);
  }
}
