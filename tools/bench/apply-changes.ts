/**
 * Remote changes applied to a bag that is whole: pages of the feed as the service sends them, save groups of four
 * resources for patients at random, into the sealed cache, beside the same into plain Dexie rows (three indexes).
 * Real Electron, the real worker.
 *
 *   node tools/bench/apply-changes.ts [--patients 1000] [--changes 10000] [--page 2000]
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ownDisplay } from '../electron-launch.ts';
import { openPage } from './electron-page.ts';
import { call, firstLoadPage, give, packsOf, type SentPack } from './first-load-page.ts';
import type { Measurement, RunOptions } from './measurement.ts';

const groupSize = 4;

interface FeedPage {
  readonly from: number;
  readonly next: number;
  readonly changes: readonly object[];
}

/** The same pages for the same numbers: chance would make two runs two measurements. */
function pagesOf(packs: readonly SentPack[], changes: number, pageSize: number): readonly FeedPage[] {
  const pages: FeedPage[] = [];
  for (let done = 0, from = 1; done < changes;) {
    const entries: object[] = [];
    let position = from;
    while (entries.length < pageSize && done < changes) {
      position += 1;
      const { patientId } = packs[(position * 7_919) % packs.length] ?? { patientId: '' };
      for (let n = 0; n < groupSize; n += 1, done += 1) entries.push(changeOf(patientId, position, n));
    }
    pages.push({ from, next: position, changes: entries });
    from = position;
  }
  return pages;
}

function changeOf(patientId: string, position: number, n: number): object {
  const id = `change-${position}-${n}`;
  const resource = {
    resourceType: 'Observation',
    id,
    meta: { versionId: '1', lastUpdated: '2026-11-22T12:00:00Z' },
    status: 'final',
    subject: { reference: `Patient/${patientId}` },
    code: {
      coding: [{ system: 'http://snomed.info/sct', code: '27113001', display: 'Body weight' }],
      text: 'Body weight',
    },
    effectiveDateTime: '2026-11-22T12:00:00Z',
    valueQuantity: { value: 70.5 + n, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
  };
  return { position, key: `Observation/${id}`, version: 1, patientId, resource: JSON.stringify(resource) };
}

export interface ApplyOptions {
  readonly patients: number;
  readonly changes: number;
  readonly page: number;
}

/** Milliseconds by store. */
export async function measureApply({
  patients,
  changes,
  page,
}: ApplyOptions): Promise<Readonly<Record<'gladstone' | 'dexie-rows', number>>> {
  const display = await ownDisplay();
  process.env['DISPLAY'] = display.name;
  try {
    const built = await firstLoadPage();
    const packs = packsOf(patients);
    const pages = pagesOf(packs, changes, page);
    const measure = async (store: 'gladstone' | 'dexie-rows'): Promise<number> => {
      const opened = await openPage(built);
      try {
        await give(opened, packs);
        await call(opened, 'run', store, []);
        return (await call(opened, 'apply', pages)) as number;
      } finally {
        if (opened.isRunning()) await opened.kill();
        rmSync(opened.profile, { recursive: true, force: true });
      }
    };
    return { gladstone: await measure('gladstone'), 'dexie-rows': await measure('dexie-rows') };
  } finally {
    display.stop();
  }
}

export async function run({ quick }: RunOptions): Promise<readonly Measurement[]> {
  const options = quick
    ? { patients: 100, changes: 1_000, page: 500 }
    : { patients: 1_000, changes: 10_000, page: 2_000 };
  const measured = await measureApply(options);
  const [value, baseline] = [measured.gladstone / 1_000, measured['dexie-rows'] / 1_000];
  return [
    {
      name: `apply of ${options.changes} remote changes`,
      value,
      unit: 's',
      baseline,
      ratio: value / baseline,
      note: `${options.patients} patients, pages of ${options.page}, groups of ${groupSize}; baseline: Dexie rows, three indexes, unsealed`,
    },
  ];
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      patients: { type: 'string', default: '1000' },
      changes: { type: 'string', default: '10000' },
      page: { type: 'string', default: '2000' },
    },
  });
  const measured = await measureApply({
    patients: Number(values.patients),
    changes: Number(values.changes),
    page: Number(values.page),
  });
  for (const [store, milliseconds] of Object.entries(measured)) {
    const rate = Math.round((Number(values.changes) / milliseconds) * 1_000);
    console.log(`${store.padEnd(11)} ${(milliseconds / 1_000).toFixed(2)} s, ${rate} changes/s`);
  }
}
