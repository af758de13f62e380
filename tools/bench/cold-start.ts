/**
 * Cold start: from the start of the process to the first painted real screen, against an empty window of the same
 * runtime, turn by turn in the same run. The app is the production build that tests and `npm start` run.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildApp } from '../build.ts';
import { ownDisplay, prepareLaunch } from '../electron-launch.ts';
import type { Launch } from '../electron-launch.ts';
import type { Measurement, RunOptions } from './measurement.ts';
import { median, spread } from './statistics.ts';

const project = resolve(import.meta.dirname, '../..');

/** Milliseconds since the process was started. */
interface Start {
  /** The painted real screen: the last of first contentful paint, the screen's frame and ready-to-show. */
  readonly screen: number;
  readonly firstPaint: number;
  readonly readyToShow: number;
  /** Electron runs the app's first line; Chromium is ready; the window exists; the document is parsed. */
  readonly loaded: number;
  readonly ready: number;
  readonly created: number;
  readonly domReady: number;
}

/** A window of the sign-in or lock screen, or of the workspace: not the shape shown while the program comes up. */
const realScreen = 'main.gate:not(:has([aria-busy])) h1, .shell';

export function buildEmptyWindow(): string {
  const folder = join(project, '.gladstone/empty-window');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(import.meta.dirname, 'start/empty-window.cjs'), join(folder, 'main.cjs'));
  writeFileSync(
    join(folder, 'page.html'),
    '<!doctype html><meta charset="utf-8"><title>Empty</title><p>Empty</p>',
  );
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty-window', main: 'main.cjs' }));
  writeFileSync(join(folder, 'built-from'), String(Date.now()));
  return folder;
}

async function startOnce(
  launch: Launch,
  profile: string,
  options: { readonly screen: string; readonly display: string },
): Promise<Start> {
  const hook = join(profile, 'hook.cjs');
  copyFileSync(join(import.meta.dirname, 'start/hook.cjs'), hook);
  const begun = performance.timeOrigin + performance.now();
  const child = spawn(launch.executable, ['-r', hook, launch.appFolder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...launch.environment,
      DISPLAY: options.display,
      GLADSTONE_PROFILE: profile,
      GLADSTONE_BENCH_SCREEN: options.screen,
    },
  });
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<void>((done) =>
    child.once('exit', () => {
      done();
    }),
  );
  const line = await new Promise<string>((done, fail) => {
    const tooLong = setTimeout(() => {
      fail(new Error(`no screen within a minute\n${errors}`));
    }, 60_000);
    child.once('exit', (code) => {
      fail(new Error(`ended before a screen (${code ?? 'signal'})\n${errors}`));
    });
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = output.split('\n').find((one) => one.startsWith('{"firstPaint"'));
      if (found === undefined || !output.includes(`${found}\n`)) return;
      clearTimeout(tooLong);
      done(found);
    });
  }).finally(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const told = JSON.parse(line) as Record<keyof Start, number>;
  return {
    screen: Math.max(told.screen, told.firstPaint, told.readyToShow) - begun,
    firstPaint: told.firstPaint - begun,
    readyToShow: told.readyToShow - begun,
    loaded: told.loaded - begun,
    ready: told.ready - begun,
    created: told.created - begun,
    domReady: told.domReady - begun,
  };
}

export async function run({ quick }: RunOptions): Promise<readonly Measurement[]> {
  const rounds = quick ? 3 : 15;
  const own = prepareLaunch(await buildApp('test'));
  const empty = prepareLaunch(buildEmptyWindow());
  const display = await ownDisplay();
  const ownProfile = own.makeProfile('cold-start');
  const emptyProfile = empty.makeProfile('cold-start-empty');
  const starts: { own: Start[]; empty: Start[] } = { own: [], empty: [] };
  try {
    // The first two starts on a profile make what later ones find there (Chromium's caches of fonts and code).
    for (let round = -2; round < rounds; round += 1) {
      const one = await startOnce(own, ownProfile, { screen: realScreen, display: display.name });
      const other = await startOnce(empty, emptyProfile, { screen: 'p', display: display.name });
      if (round < 0) continue;
      starts.own.push(one);
      starts.empty.push(other);
    }
  } finally {
    display.stop();
    for (const profile of [ownProfile, emptyProfile])
      rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
  const own50 = median(starts.own.map(({ screen }) => screen));
  const empty50 = median(starts.empty.map(({ screen }) => screen));
  const note = (list: readonly Start[]): string =>
    (['loaded', 'ready', 'created', 'domReady', 'firstPaint', 'readyToShow', 'screen'] as const)
      .map((stage) => `${stage} ${Math.round(median(list.map((start) => start[stage])))}`)
      .join(', ');
  return [
    {
      name: 'Cold start to the first painted screen',
      value: own50,
      unit: 'ms',
      baseline: empty50,
      ratio: own50 / empty50,
      budget: 1.5,
      judgedBy: 'ratio',
      ...spread(starts.own.map(({ screen }) => screen)),
      note: `baseline: an empty window of the same runtime; ${rounds} turns each; stages ${note(starts.own)}; empty ${note(starts.empty)}`,
    },
  ];
}

if (import.meta.main) {
  for (const measurement of await run({ quick: process.argv.includes('--quick') })) console.log(measurement);
}
