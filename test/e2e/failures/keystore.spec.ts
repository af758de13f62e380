/** The system's keystore: present (gnome-keyring on a session bus of its own), gone, and never there. */
import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openPatient, patientsOf } from '../../support/consulting.ts';
import { expect, test } from '../../support/electron.ts';
import { arrivedOnce, shot, signConsultation } from '../../support/failing.ts';
import { fillInSignIn, passphrase, startPractice, unlockHere } from '../../support/practice.ts';
import { asRoot } from '../../../tools/electron-launch.ts';
import type { ChildProcess } from 'node:child_process';
import type { DesktopFixture } from '../../support/electron.ts';
import type { Practice } from '../../support/practice.ts';

test.describe.configure({ timeout: 180_000 });

let practice: Practice;
test.beforeAll(async () => {
  practice = await startPractice({ patients: 4 });
});
test.afterAll(() => practice.close());

const isInstalled = ['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon'].every(
  (program) => spawnSync('which', [program]).status === 0,
);

/** Asks the bus whether somebody answers to a name. */
const hasOwner = [
  '--session',
  '--print-reply',
  '--dest=org.freedesktop.DBus',
  '/org/freedesktop/DBus',
  'org.freedesktop.DBus.NameHasOwner',
];

interface Keyring {
  readonly environment: Record<string, string>;
  stop(): void;
}

/** A session bus and an unlocked keyring on it, of the user that Electron runs as. */
async function startKeyring(desktop: DesktopFixture): Promise<Keyring> {
  const home = desktop.launch.makeProfile('keyring');
  const socket = join(home, 'bus');
  const environment = {
    ...desktop.launch.environment,
    HOME: home,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_RUNTIME_DIR: home,
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}`,
  };
  const run = (program: string, args: readonly string[]): ChildProcess => {
    const dropped = ['--reuid=65534', '--regid=65534', '--clear-groups', '--', program, ...args];
    return spawn(asRoot ? 'setpriv' : program, asRoot ? dropped : args, {
      env: environment,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  };
  const bus = run('dbus-daemon', [
    '--session',
    '--nofork',
    '--print-address',
    `--address=unix:path=${socket}`,
  ]);
  await new Promise((resolve) => bus.stdout?.once('data', resolve));
  const keyring = run('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets']);
  keyring.stdin?.end('a login password');
  await expect
    .poll(async () => {
      const asking = run('dbus-send', [...hasOwner, 'string:org.freedesktop.secrets']);
      return (await asking.stdout?.toArray())?.join('');
    })
    .toContain('true');
  return {
    environment: { DBUS_SESSION_BUS_ADDRESS: environment.DBUS_SESSION_BUS_ADDRESS },
    stop: () => {
      keyring.kill('SIGKILL');
      bus.kill('SIGKILL');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

test('S8: a keyring guards a PIN; without it the passphrase alone opens, and nothing is lost', async ({
  desktop,
}) => {
  test.skip(!isInstalled, 'gnome-keyring and dbus are not installed here');
  const [patient] = await patientsOf(practice, 1);
  if (patient === undefined) throw new Error('the practice has no patients');
  const keyring = await startKeyring(desktop);
  const profile = desktop.newProfile();
  const service = { GLADSTONE_SERVICE: practice.url };
  const withKeyring = {
    profile,
    environment: { ...service, ...keyring.environment },
    arguments: ['--password-store=gnome-libsecret'],
  };
  try {
    const first = await desktop.open(withKeyring);
    await fillInSignIn(first, 'gp');
    await expect(first.page.getByLabel(/Short PIN/)).toBeVisible();
    await shot(first.page, 'keystore-present');
    await first.page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
    await first.page.getByLabel('Passphrase once more').fill(passphrase);
    await first.page.getByLabel(/Short PIN/).fill('2580');
    await first.page.getByRole('button', { name: /Set and open/ }).click();
    await expect(first.page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
    practice.network.cut();
    await signConsultation(first.page, patient, 'kept while the keyring was there');
    await first.page.keyboard.press('Control+l');
    await expect(first.page.getByLabel(/^PIN of /)).toBeVisible();
    await shot(first.page, 'keystore-pin');
    await first.page.getByLabel(/^PIN of /).fill('2580');
    await first.page.keyboard.press('Enter');
    await openPatient(first.page, patient);
    await first.close();
  } finally {
    keyring.stop();
  }
  const second = await desktop.open({ profile, environment: service });
  await expect(second.page.getByLabel(/^Passphrase of /)).toBeVisible();
  await shot(second.page, 'keystore-gone');
  await unlockHere(second.page);
  await openPatient(second.page, patient);
  await expect(second.page.getByText('kept while the keyring was there').first()).toBeVisible();
  practice.network.mend();
  await arrivedOnce(practice, patient, ['kept while the keyring was there']);
});

test('S8: no keystore: it is said, and the passphrase alone opens', async ({ desktop }) => {
  const opened = await desktop.open({ environment: { GLADSTONE_SERVICE: practice.url } });
  await fillInSignIn(opened, 'gp');
  await expect(
    opened.page.getByText('This computer has no keystore, so the passphrase is asked every time.'),
  ).toBeVisible();
  await expect(opened.page.getByLabel(/Short PIN/)).toHaveCount(0);
  await shot(opened.page, 'keystore-absent');
});
