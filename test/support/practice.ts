import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import type { Bridge } from '../../contract/ipc.ts';
import { ServiceClient } from '../../record-service/import/service-client.ts';
import { demoOrganisation } from '../../record-service/seed/demo-practice.ts';
import { dayThatLasts } from './day.ts';
import { expect } from './electron.ts';
import type { DesktopFixture, OpenDesktop, OpenOptions } from './electron.ts';
import { freePort } from './free-port.ts';
import { systemToken } from './sign-in.ts';
import { switchableNetwork } from './switchable-network.ts';
import type { SwitchableNetwork } from './switchable-network.ts';

declare global {
  interface Window {
    gladstone: Bridge;
  }
}

const project = resolve(import.meta.dirname, '../..');
const LONGEST_TEST_SECONDS = 240;
/** On a Friday the next surgery is on Monday. */
const BOOKED_DAYS = 3;
export const passphrase = 'correct horse battery';

/** A real record service in a process of its own, with a synthetic practice, behind a road that can be cut. */
export interface Practice {
  readonly url: string;
  readonly network: SwitchableNetwork;
  /** The service itself, past the road that can be cut: for a colleague at the practice. */
  readonly directUrl: string;
  /** Where the service's data and its system client's secret lie. */
  readonly dataFolder: string;
  /** Loads and reads whole, past the cut road, as the service's own client. */
  readonly bulk: ServiceClient;
  /** FHIR R4 of the demonstration organisation, read past the cut road, as the service's own client. */
  search(
    query: string,
  ): Promise<{ readonly entry?: readonly { readonly resource: Record<string, unknown> }[] }>;
  /** Ends the service's process; its data stays. Nobody answers until {@link start}. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startPractice(options: {
  /** Synthetic patients; with none, only the organisation and its staff. */
  readonly patients: number;
  /** A PostgreSQL database; the embedded PGlite without it. */
  readonly databaseUrl?: string;
}): Promise<Practice> {
  // The book is made of today's surgery: a test in which tomorrow begins would find an empty list.
  await dayThatLasts(LONGEST_TEST_SECONDS);
  const data = mkdtempSync(join(tmpdir(), 'gladstone-practice-'));
  const port = await freePort();
  const network = await switchableNetwork(() => port);
  const url = `http://127.0.0.1:${network.port}`;
  const environment = {
    ...process.env,
    PORT: String(port),
    LOG_LEVEL: 'fatal',
    GLADSTONE_DATA_DIR: data,
    GLADSTONE_PUBLIC_URL: url,
    DATABASE_URL: options.databaseUrl ?? '',
  };
  let service: ChildProcess;
  const start = async (): Promise<void> => {
    service = spawn(process.execPath, [join(project, 'record-service/main.ts')], {
      cwd: project,
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await expect
      .poll(
        () =>
          fetch(`http://127.0.0.1:${port}/livez`).then(
            ({ ok }) => ok,
            () => false,
          ),
        { timeout: 60_000 },
      )
      .toBe(true);
  };
  const stop = async (): Promise<void> => {
    const ended = new Promise((settle) => service.once('exit', settle));
    service.kill('SIGTERM');
    await ended;
  };
  await start();
  // Not spawnSync: the road to the service runs in this very process.
  const seeding = spawn(
    process.execPath,
    [
      join(project, 'tools/seed.ts'),
      ...['--patients', String(options.patients), '--days', String(BOOKED_DAYS), '--service', url],
    ],
    { cwd: project, env: environment, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  expect(await new Promise((settle) => seeding.once('exit', settle))).toBe(0);
  const directUrl = `http://127.0.0.1:${port}`;
  return {
    url,
    network,
    directUrl,
    dataFolder: data,
    bulk: new ServiceClient({ url: directUrl, organisation: demoOrganisation.odsCode, dataFolder: data }),
    search: async (query) => {
      const token = await systemToken(directUrl, data);
      const answer = await fetch(`${directUrl}/fhir/R4/${demoOrganisation.odsCode}/${query}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(answer.status).toBe(200);
      return (await answer.json()) as { entry?: { resource: Record<string, unknown> }[] };
    },
    stop,
    start,
    close: async () => {
      await stop();
      await network.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Signs a person in through the sign-in window, sets the passphrase and waits for the workspace. */
export async function signInHere(
  desktop: DesktopFixture,
  practice: Practice,
  account: string,
  options: OpenOptions = {},
): Promise<OpenDesktop> {
  const environment = { GLADSTONE_SERVICE: practice.url, ...options.environment };
  const opened = await desktop.open({ ...options, environment });
  const { page } = opened;
  await fillInSignIn(opened, account);
  for (const field of [
    page.getByLabel('Passphrase', { exact: true }),
    page.getByLabel('Passphrase once more'),
  ]) {
    await field.fill(passphrase);
  }
  await page.getByRole('button', { name: /Set and open/ }).click();
  await atWork(page);
  return opened;
}

/** By the button that asks for it, in the sign-in window, as far as what comes after it. */
export async function fillInSignIn({ app, page }: OpenDesktop, account: string): Promise<void> {
  // The tour has a test of its own.
  await page.evaluate(() => window.gladstone.call['settings.put']({ tourSeen: true }));
  const shown = app.waitForEvent('window');
  await page.getByRole('button', { name: /^Sign in(?! to send)/ }).click();
  const signIn = await shown;
  await signIn.getByLabel('User name').fill(account);
  await signIn.getByLabel('Password').fill('demonstration');
  await signIn.getByRole('button', { name: /Sign in/ }).click();
}

/** After a start on a profile that knows somebody. */
export async function unlockHere(page: Page): Promise<void> {
  await page.getByLabel(/^Passphrase of /).fill(passphrase);
  await page.keyboard.press('Enter');
  await atWork(page);
}

/** The workspace stands. */
async function atWork(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: /Lock/ })).toBeVisible({ timeout: 30_000 });
}
