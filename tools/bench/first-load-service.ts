/**
 * First load end to end: the record service on PostgreSQL, the product in real Electron, the sealed cache.
 *
 *   node tools/bench/first-load-service.ts [--patients 1000] [--data FOLDER] [--parts cold,warm,killed] [--profile FILE]
 *
 * `cold`: the service holds no pack. `warm`: another computer, the service holds them. `killed`: as warm, with SIGKILL
 * at half the patients, and on from there. The practice is written once into FOLDER and used again. `--profile` writes
 * what main's thread did meanwhile, for developer tools.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ElectronApplication, Page } from '@playwright/test';
import type { SyncStatus } from '../../contract/channels/sync.ts';
import type { DirectoryAnswer } from '../../contract/record-service.ts';
import { DesktopFixture, type OpenDesktop } from '../../test/support/electron.ts';
import { prepare } from '../../test/support/global-setup.ts';
import { signIn } from '../../test/support/sign-in.ts';
import type { Measurement, RunOptions } from './measurement.ts';
import { besideOthers, bytesOfCache, processTree, sumOfPss } from './process-tree.ts';
import { startServicePractice, type ServicePractice } from './service-practice.ts';

const account = 'gp';
const organisation = 'A99999';
const passphrase = 'correct horse battery';
const pollMs = 200;
const settleMs = 20_000;
const keptPractices = '/var/tmp/gladstone-bench';

type Part = 'cold' | 'warm' | 'killed';

export interface FirstLoad {
  readonly part: Part;
  readonly patients: number;
  readonly resources: number;
  /** Of the loading alone, from "Set and open" to the last record; for `killed` of both runs together. */
  readonly seconds: number;
  /** From "Set and open" until a booked patient's record stands on the screen; null where not measured. */
  readonly firstPatientSeconds: number | null;
  readonly directorySeconds: number;
  readonly bytesOnDisk: number;
  readonly pssMegabytes: {
    readonly most: number;
    readonly after: number;
    /** Processes outside that ran the same Electron and shared its pages: `after` is too small then. */
    readonly beside: number;
    /** Of `after`, by kind of process. */
    readonly by: Readonly<Record<string, number>>;
  };
  /** Milliseconds beyond the sampling interval of 10 ms. */
  readonly mainDelay: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Seconds by kind of process, and of the service's. */
  readonly cpu: Readonly<Record<string, number>>;
  /** Packs that were fetched more than once, as a share of all patients. */
  readonly fetchedTwice: number;
  /** From the passphrase's acceptance until the surgery's lines stand; null where not measured. */
  readonly surgerySeconds: number | null;
}

/** What the page saw of `sync.status`. Milliseconds since {@link watchLoading}. */
interface Seen {
  readonly directoryMs: number | null;
  readonly wholeMs: number | null;
  readonly patientsDone: number;
}

interface Somebody {
  readonly name: string;
  readonly family: string;
}

export async function measureFirstLoad(
  practice: ServicePractice,
  parts: readonly Part[],
  profile?: string,
): Promise<readonly FirstLoad[]> {
  const somebody = await bookedPatient(practice);
  const loads: FirstLoad[] = [];
  for (const part of parts) {
    if (part === 'cold') await practice.forgetPacks();
    loads.push(await loadOnce(practice, part, somebody, profile));
  }
  return loads;
}

async function loadOnce(
  practice: ServicePractice,
  part: Part,
  somebody: Somebody,
  profile: string | undefined,
): Promise<FirstLoad> {
  const desktops = new DesktopFixture();
  try {
    const sentBefore = await packsSent(practice);
    const serviceBefore = serviceCpu(practice);
    let opened = await desktops.open({ environment: { GLADSTONE_SERVICE: practice.url } });
    await watchMain(opened.app);
    await signInAndSetPassphrase(opened);
    if (profile !== undefined) await startProfile(opened.app);
    await watchLoading(opened.page);
    await opened.page.getByRole('button', { name: /Set and open/ }).click();
    let firstPatientSeconds: number | null = null;
    let seconds = 0;
    if (part === 'killed') {
      const half = await loadingUntil(opened, (seen) => seen.patientsDone >= practice.patients / 2);
      seconds += half.elapsedMs / 1_000;
      await opened.kill();
      opened = await desktops.open({
        profile: opened.profile,
        environment: { GLADSTONE_SERVICE: practice.url },
      });
      await watchMain(opened.app);
      await opened.page.getByLabel(/^Passphrase of /).fill(passphrase);
      await watchLoading(opened.page);
      await opened.page.keyboard.press('Enter');
    } else {
      firstPatientSeconds = await openSomebody(opened.page, somebody);
    }
    const load = await loadingUntil(opened, (seen) => seen.wholeMs !== null);
    seconds += (load.seen.wholeMs ?? Number.NaN) / 1_000;
    const mainDelay = await mainDelays(opened.app);
    if (profile !== undefined) await writeProfile(opened.app, profile);
    const cpu: Record<string, number> = { service: serviceCpu(practice) - serviceBefore };
    for (const { kind, cpuSeconds } of processTree(opened.app.process().pid ?? 0)) {
      cpu[kind] = (cpu[kind] ?? 0) + cpuSeconds;
    }
    const by = await settledPss(opened);
    const after = Math.round(Object.values(by).reduce((sum, megabytes) => sum + megabytes, 0));
    const beside = besideOthers(opened.app.process().pid ?? 0);
    const surgerySeconds = part === 'killed' ? null : await surgeryAfterUnlock(opened.page);
    await opened.close();
    const sent = (await packsSent(practice)) - sentBefore;
    return {
      part,
      patients: practice.patients,
      resources: practice.resources,
      seconds,
      firstPatientSeconds,
      directorySeconds: (load.seen.directoryMs ?? Number.NaN) / 1_000,
      bytesOnDisk: bytesOfCache(opened.profile),
      pssMegabytes: { most: Math.max(load.mostPss, after), after, beside, by },
      mainDelay,
      cpu,
      fetchedTwice: (sent - practice.patients) / practice.patients,
      surgerySeconds,
    };
  } finally {
    await desktops.closeAll();
  }
}

async function signInAndSetPassphrase({ app, page }: OpenDesktop): Promise<void> {
  await page.evaluate(() => window.gladstone.call['settings.put']({ tourSeen: true }));
  const shown = app.waitForEvent('window');
  await page.getByRole('button', { name: /^Sign in/ }).click();
  const form = await shown;
  await form.getByLabel('User name').fill(account);
  await form.getByLabel('Password').fill('demonstration');
  await form.getByRole('button', { name: /Sign in/ }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByLabel('Passphrase once more').fill(passphrase);
}

/** In the page itself: what happens between two looks of ours has its own time. */
async function watchLoading(page: Page): Promise<void> {
  await page.evaluate((interval) => {
    const started = performance.now();
    const seen = { directoryMs: null as number | null, wholeMs: null as number | null, patientsDone: 0 };
    (globalThis as unknown as { firstLoadSeen: typeof seen }).firstLoadSeen = seen;
    const look = async (): Promise<void> => {
      const answer = (await window.gladstone.call['sync.status'](undefined)) as {
        readonly ok: boolean;
        readonly value?: SyncStatus;
      };
      const at = performance.now() - started;
      const { firstLoad, inStep } = answer.value ?? {};
      if (firstLoad) {
        seen.directoryMs ??= at;
        seen.patientsDone = firstLoad.patientsDone;
      } else if (inStep === true) {
        seen.directoryMs ??= at;
        seen.wholeMs = at;
        return;
      }
      setTimeout(() => void look(), interval);
    };
    void look();
  }, pollMs);
}

async function loadingUntil(
  { app, page }: OpenDesktop,
  isOver: (seen: Seen) => boolean,
): Promise<{ readonly seen: Seen; readonly mostPss: number; readonly elapsedMs: number }> {
  const started = performance.now();
  let mostPss = 0;
  for (let turn = 0; ; turn += 1) {
    const seen = await page.evaluate(
      () => (globalThis as unknown as { readonly firstLoadSeen: Seen }).firstLoadSeen,
    );
    if (isOver(seen)) return { seen, mostPss, elapsedMs: performance.now() - started };
    if (turn % 10 === 9) mostPss = Math.max(mostPss, sumOfPss(app.process().pid ?? 0));
    await new Promise((resume) => setTimeout(resume, pollMs));
  }
}

/** By keyboard, as a person would; the record stands when it says that it is whole. */
async function openSomebody(page: Page, { name, family }: Somebody): Promise<number> {
  const started = performance.now();
  await page.getByRole('button', { name: /Lock/ }).waitFor({ timeout: 120_000 });
  await page.keyboard.press('Control+K');
  const palette = page.getByRole('dialog');
  await palette.waitFor();
  const found = palette.getByRole('option', { name: new RegExp(family, 'i') }).first();
  await page.keyboard.type(name);
  await found.waitFor({ timeout: 120_000 });
  await found.click();
  await page
    .getByText(/Whole record/)
    .first()
    .waitFor({ timeout: 120_000 });
  return (performance.now() - started) / 1_000;
}

/** Locks, unlocks, and waits for the lines of the next working day's surgery. */
async function surgeryAfterUnlock(page: Page): Promise<number> {
  await page.getByRole('button', { name: /Lock/ }).first().click();
  const field = page.getByLabel(/^Passphrase of /);
  await field.fill(passphrase);
  const accepted = page.evaluate(
    () =>
      new Promise<void>((settle) => {
        const off = window.gladstone.on['session.changed']((state) => {
          if ((state as { readonly phase: string }).phase !== 'unlocked') return;
          off();
          settle();
        });
      }),
  );
  await page.keyboard.press('Enter');
  await accepted;
  const started = performance.now();
  const surgery = page.getByRole('region', { name: 'Surgery' });
  await page
    .getByRole('link', { name: /Surgery/ })
    .first()
    .click({ timeout: 1_000 })
    .catch(() => undefined);
  await surgery.waitFor();
  const weekday = new Date().getDay();
  for (let days = weekday === 6 ? 2 : weekday === 0 ? 1 : 0; days > 0; days -= 1) {
    await page.keyboard.press('Alt+ArrowRight');
  }
  await surgery
    .getByText(/\d\d:\d\d/)
    .first()
    .waitFor();
  return (performance.now() - started) / 1_000;
}

async function watchMain(app: ElectronApplication): Promise<void> {
  await app.evaluate(() => {
    const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    (globalThis as unknown as { mainDelay: typeof delay }).mainDelay = delay;
  });
}

async function startProfile(app: ElectronApplication): Promise<void> {
  await app.evaluate(async () => {
    const { Session } = process.getBuiltinModule('node:inspector/promises');
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 500 });
    await session.post('Profiler.start');
    (globalThis as unknown as { profiling: typeof session }).profiling = session;
  });
}

async function writeProfile(app: ElectronApplication, file: string): Promise<void> {
  const profile = await app.evaluate(async () => {
    const { profiling } = globalThis as unknown as {
      readonly profiling: { post(method: 'Profiler.stop'): Promise<{ readonly profile: object }> };
    };
    return JSON.stringify((await profiling.post('Profiler.stop')).profile);
  });
  writeFileSync(file, profile);
}

function mainDelays(app: ElectronApplication): Promise<FirstLoad['mainDelay']> {
  return app.evaluate(() => {
    const { mainDelay } = globalThis as unknown as {
      readonly mainDelay: { readonly max: number; percentile(share: number): number };
    };
    const beyond = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - 10);
    return {
      p50: beyond(mainDelay.percentile(50)),
      p99: beyond(mainDelay.percentile(99)),
      max: beyond(mainDelay.max),
    };
  });
}

async function settledPss({ app }: OpenDesktop): Promise<Record<string, number>> {
  // The engine collects what the load left behind some seconds after it went quiet.
  await new Promise((resume) => setTimeout(resume, settleMs));
  const by: Record<string, number> = {};
  for (const { kind, pssMegabytes } of processTree(app.process().pid ?? 0)) {
    by[kind] = (by[kind] ?? 0) + pssMegabytes;
  }
  return by;
}

function serviceCpu({ processId }: ServicePractice): number {
  return processTree(processId)
    .filter(({ id }) => id === processId)
    .reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

/** Every pack that leaves the service is audited. */
async function packsSent(practice: ServicePractice): Promise<number> {
  const { packs } = await practice.query(
    "select count(*)::int as packs from audit_event where interaction = 'pack'",
  );
  return packs as number;
}

async function bookedPatient(practice: ServicePractice): Promise<Somebody> {
  const { accessToken } = await signIn(practice.url, account);
  const answer = await fetch(`${practice.url}/sync/${organisation}/directory`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  const { booked, entries } = (await answer.json()) as DirectoryAnswer;
  const somebody = entries.find(({ id }) => id === booked[0]?.patientId);
  if (somebody === undefined) throw new Error('Nobody is booked in this practice.');
  return { name: `${somebody.family} ${somebody.given[0] ?? ''}`, family: somebody.family };
}

export function describeLoad(load: FirstLoad): string {
  const { seconds, patients, resources, mainDelay, pssMegabytes } = load;
  return [
    load.part.padEnd(6),
    `${patients} patients`,
    `${seconds.toFixed(1)} s`,
    `${Math.round(patients / seconds)} patients/s`,
    `${Math.round(resources / seconds)} resources/s`,
    `directory ${load.directorySeconds.toFixed(1)} s`,
    load.firstPatientSeconds === null ? '' : `first patient ${load.firstPatientSeconds.toFixed(1)} s`,
    load.surgerySeconds === null ? '' : `surgery after unlock ${load.surgerySeconds.toFixed(2)} s`,
    `${Math.round(load.bytesOnDisk / patients)} bytes a patient on disk`,
    `PSS ${pssMegabytes.most} MB at most, ${pssMegabytes.after} MB after (${listed(pssMegabytes.by, 0)})${pssMegabytes.beside > 0 ? ', TOO SMALL: beside another Electron' : ''}`,
    `main delayed p50 ${mainDelay.p50.toFixed(1)} p99 ${mainDelay.p99.toFixed(0)} max ${mainDelay.max.toFixed(0)} ms`,
    `fetched twice ${(load.fetchedTwice * 100).toFixed(2)} %`,
    `CPU s ${listed(load.cpu, 1)}`,
  ]
    .filter((part) => part !== '')
    .join(' | ');
}

function listed(values: Readonly<Record<string, number>>, digits: number): string {
  return Object.entries(values)
    .map(([kind, value]) => `${kind} ${value.toFixed(digits)}`)
    .join(', ');
}

export async function run({ quick }: RunOptions): Promise<readonly Measurement[]> {
  const patients = quick ? 300 : 10_000;
  const loads = await withPractice(patients, keptPractices, (practice) =>
    measureFirstLoad(practice, ['cold', 'warm', 'killed']),
  );
  return loads.flatMap((load): Measurement[] => {
    const name = `first load from the service, ${patients} patients, ${load.part}`;
    const budgets = quick ? {} : { cold: { budget: 60 }, warm: { budget: 15 }, killed: {} }[load.part];
    return [
      { name, value: load.seconds, unit: 's', ...budgets },
      {
        name: `${name}: sum of PSS`,
        value: load.pssMegabytes.after,
        unit: 'MB',
        budget: 400,
        ...(load.pssMegabytes.beside > 0 && { note: 'TOO SMALL: beside another Electron' }),
      },
      { name: `${name}: main delayed, p99`, value: load.mainDelay.p99, unit: 'ms' },
      { name: `${name}: on disk`, value: load.bytesOnDisk / patients, unit: 'bytes/patient' },
      { name: `${name}: fetched twice`, value: load.fetchedTwice * 100, unit: '%', budget: 5 },
      ...(load.firstPatientSeconds === null
        ? []
        : [{ name: `${name}: first patient usable`, value: load.firstPatientSeconds, unit: 's', budget: 5 }]),
      ...(load.surgerySeconds === null
        ? []
        : [{ name: `${name}: surgery after unlock`, value: load.surgerySeconds, unit: 's', budget: 1 }]),
    ];
  });
}

async function withPractice<T>(
  patients: number,
  folder: string,
  work: (practice: ServicePractice) => Promise<T>,
): Promise<T> {
  const practice = await startServicePractice({ patients, folder, log: console.log });
  try {
    const restore = await prepare();
    try {
      return await work(practice);
    } finally {
      restore();
    }
  } finally {
    await practice.close();
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      patients: { type: 'string', default: '1000' },
      data: { type: 'string', default: keptPractices },
      parts: { type: 'string', default: 'cold,warm,killed' },
      profile: { type: 'string' },
    },
  });
  await withPractice(Number(values.patients), values.data, async (practice) => {
    for (const part of values.parts.split(',') as Part[]) {
      const [load] = await measureFirstLoad(practice, [part], values.profile);
      if (load) console.log(describeLoad(load));
    }
  });
}
