/** The page of test/bench/first-load in real Electron, and the records that it is given. */
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { stringifyExact } from '../../domain/fhir/exact-json.ts';
import { generatePractice } from '../../record-service/seed/practice.ts';
import { buildPage, type OpenedPage } from './electron-page.ts';

export interface SentPack {
  readonly patientId: string;
  readonly resources: number;
  readonly body: string;
}

const sentAtOnce = 50;

export function packsOf(patients: number): readonly SentPack[] {
  const packs: SentPack[] = [];
  for (const resources of generatePractice({ patients, days: 7, today: '2026-11-22' })) {
    const patient = resources.find(({ resourceType }) => resourceType === 'Patient');
    if (patient?.id === undefined) continue;
    const texts = resources.map((resource) =>
      stringifyExact({
        ...resource,
        meta: { ...resource.meta, versionId: '1', lastUpdated: '2026-11-22T00:00:00Z' },
      }),
    );
    packs.push({
      patientId: patient.id,
      resources: resources.length,
      body: gzipSync(`[${texts.join(',')}]`).toString('base64'),
    });
  }
  return packs;
}

export function firstLoadPage(): Promise<string> {
  return buildPage(resolve(import.meta.dirname, '../../test/bench/first-load'), 'first-load');
}

/** Hands the packs to the page; nothing is stored yet. */
export async function give(opened: OpenedPage, packs: readonly SentPack[]): Promise<void> {
  await opened.page.waitForFunction(() => 'firstLoad' in globalThis);
  for (let from = 0; from < packs.length; from += sentAtOnce) {
    await call(opened, 'take', packs.slice(from, from + sentAtOnce));
  }
}

/** Calls `window.firstLoad[method]`: the page's types are the browser's, not this program's. */
export function call(
  { page }: OpenedPage,
  method: 'take' | 'run' | 'apply',
  ...given: readonly unknown[]
): Promise<unknown> {
  return page.evaluate(
    ({ method: name, given: values }) => {
      const { firstLoad } = globalThis as unknown as {
        readonly firstLoad: Record<string, (...values: readonly unknown[]) => unknown>;
      };
      return firstLoad[name]?.(...values);
    },
    { method, given },
  );
}
