/**
 * How Electron is started on this machine: which runtime, as whom, on which display. Chromium's sandbox does not run
 * as root, so where everything else runs as root, Electron runs as an unprivileged user, on copies that this user
 * may read. `--no-sandbox` is for nobody.
 */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

const project = resolve(import.meta.dirname, '..');
/** Debian's `nobody`: has nothing and may do nothing. */
const unprivileged = { uid: 65_534, gid: 65_534 };

export const asRoot = process.platform === 'linux' && process.getuid?.() === 0;

export interface Runtime {
  readonly kind: 'official' | 'test';
  readonly directory: string;
  readonly version: string;
}

export function runtimeInUse(): Runtime {
  const file = join(project, '.gladstone/runtime.json');
  if (!existsSync(file)) throw new Error('No Electron yet: run "node tools/setup/setup.mjs" first.');
  return JSON.parse(readFileSync(file, 'utf8')) as Runtime;
}

/** A place that the unprivileged user can reach, one a checkout. */
function runFolder(): string {
  const folder = join(
    '/var/tmp',
    `gladstone-${createHash('sha256').update(project).digest('hex').slice(0, 10)}`,
  );
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return folder;
}

/** The executable to start, the app's folder to give it, and how to make folders that it may write. */
export interface Launch {
  readonly executable: string;
  readonly appFolder: string;
  readonly environment: Record<string, string>;
  /** A new empty folder of the user that Electron runs as. The caller removes it. */
  makeProfile(name: string): string;
  /** The demonstration's profile, which stays from one start to the next. */
  keepProfile(): string;
  /** Where `electron` lies, for tools that look for it by name. */
  readonly executableFolder: string;
  /** Gives a folder that was written as root to the user that Electron runs as. */
  give(path: string): void;
}

function baseEnvironment(home: string): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^(npm_|NODE_|VITE|VITEST|ELECTRON_|XAUTHORITY$)/.test(name),
  ) as [string, string][];
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_RUNTIME_DIR: home,
    // Chromium looks for a session bus even where there is none.
    DBUS_SESSION_BUS_ADDRESS: process.env['GLADSTONE_TEST_BUS'] ?? 'disabled:',
  };
}

export function prepareLaunch(builtApp: string): Launch {
  const runtime = runtimeInUse();
  const binary =
    process.platform === 'win32'
      ? 'electron.exe'
      : process.platform === 'darwin'
        ? 'Electron.app/Contents/MacOS/Electron'
        : 'electron';
  if (!asRoot) {
    const home = process.env['HOME'] ?? tmpdir();
    return {
      executable: join(runtime.directory, binary),
      appFolder: builtApp,
      environment:
        process.platform === 'linux'
          ? { ...baseEnvironment(home), HOME: home, XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'] ?? home }
          : baseEnvironment(home),
      executableFolder: runtime.directory,
      makeProfile: (name) => makeFolder(tmpdir(), name),
      keepProfile: () => {
        const profile = join(project, '.gladstone/profile');
        mkdirSync(profile, { recursive: true });
        return profile;
      },
      give: () => undefined,
    };
  }
  const folder = runFolder();
  const stagedRuntime = stageRuntime(runtime, folder);
  const stagedApp = stageApp(builtApp, folder);
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  give(home);
  const wrapper = dropTo(join(stagedRuntime, binary), join(folder, 'electron'));
  return {
    executable: wrapper,
    appFolder: stagedApp,
    environment: baseEnvironment(home),
    executableFolder: folder,
    keepProfile: () => {
      const profile = join(folder, 'profile');
      mkdirSync(profile, { recursive: true });
      give(profile);
      return profile;
    },
    makeProfile: (name) => {
      const made = makeFolder(folder, name);
      give(made);
      return made;
    },
    give,
  };
}

let made = 0;
function makeFolder(parent: string, name: string): string {
  const folder = join(parent, `${name}-${process.pid}-${Date.now().toString(36)}-${made++}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function give(path: string): void {
  // Not through links: what a killed Chromium leaves behind points at nothing.
  lchownSync(path, unprivileged.uid, unprivileged.gid);
  if (lstatSync(path).isDirectory()) for (const entry of readdirSync(path)) give(join(path, entry));
}

/** Hard links where they can be had: no second 280 MB. */
function stageRuntime(runtime: Runtime, folder: string): string {
  const target = join(folder, `runtime-${runtime.kind}-${runtime.version}`);
  const whole = join(target, '.whole');
  if (!existsSync(whole)) {
    rmSync(target, { recursive: true, force: true });
    const linked = spawnSync('cp', ['-al', runtime.directory, target]).status === 0;
    if (!linked) {
      rmSync(target, { recursive: true, force: true });
      cpSync(runtime.directory, target, { recursive: true });
    }
    makeSandboxUsable(target);
    writeFileSync(whole, '');
  }
  return target;
}

/**
 * User namespaces carry the sandbox where the kernel allows them. Inside a chroot it does not: there Chromium's own
 * SUID helper does the same, and only root can give it its bit.
 */
function makeSandboxUsable(runtime: string): void {
  const namespaces = spawnSync('setpriv', [
    `--reuid=${unprivileged.uid}`,
    `--regid=${unprivileged.gid}`,
    '--clear-groups',
    '--',
    'unshare',
    '-U',
    'true',
  ]);
  if (namespaces.status === 0) return;
  const helper = join(runtime, 'chrome-sandbox');
  const copy = `${helper}.own`;
  cpSync(helper, copy);
  rmSync(helper);
  cpSync(copy, helper);
  rmSync(copy);
  chownSync(helper, 0, 0);
  chmodSync(helper, 0o4755);
}

function stageApp(builtApp: string, folder: string): string {
  const target = join(folder, `app-${basename(builtApp)}`);
  const mark = readFileSync(join(builtApp, 'built-from'), 'utf8');
  const staged = join(target, 'built-from');
  if (!existsSync(staged) || readFileSync(staged, 'utf8') !== mark) {
    rmSync(target, { recursive: true, force: true });
    cpSync(builtApp, target, { recursive: true });
    spawnSync('chmod', ['-R', 'a+rX', target]);
  }
  return target;
}

/** The packaged app's executable, where the user that Electron runs as may start it. */
export function stagePackaged(packaged: string, executable: string): string {
  if (!asRoot) return join(packaged, executable);
  const folder = runFolder();
  const target = join(folder, 'packaged');
  rmSync(target, { recursive: true, force: true });
  cpSync(packaged, target, { recursive: true });
  spawnSync('chmod', ['-R', 'a+rX', target]);
  makeSandboxUsable(target);
  return dropTo(join(target, executable), join(folder, 'electron-packaged'));
}

/** A wrapper that starts a program as the unprivileged user. */
function dropTo(program: string, wrapper: string): string {
  writeFileSync(
    wrapper,
    `#!/bin/sh\nexec setpriv --reuid=${unprivileged.uid} --regid=${unprivileged.gid} --clear-groups -- "${program}" "$@"\n`,
  );
  chmodSync(wrapper, 0o755);
  return wrapper;
}

/** A display of our own, open to the unprivileged user and to no network. */
export interface Display {
  readonly name: string;
  stop(): void;
}

export async function ownDisplay(size = '1920x1080x24'): Promise<Display> {
  const server = spawn('Xvfb', ['-displayfd', '1', '-ac', '-nolisten', 'tcp', '-screen', '0', size], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const number = await new Promise<string>((resolveNumber, reject) => {
    server.once('error', () => {
      reject(new Error('Xvfb is missing: run "node tools/setup/setup.mjs".'));
    });
    server.once('exit', (code) => {
      reject(new Error(`Xvfb ended at once (${code ?? 'signal'}).`));
    });
    server.stdout.once('data', (chunk: Buffer) => {
      resolveNumber(chunk.toString().trim());
    });
  });
  return {
    name: `:${number}`,
    stop: () => {
      server.kill();
    },
  };
}

/** Starts the desktop as a person would; the caller waits for its end. */
export function startElectron(
  launch: Launch,
  environment: Record<string, string>,
  args: readonly string[] = [],
): ChildProcess {
  return spawn(launch.executable, [launch.appFolder, ...args], {
    stdio: 'inherit',
    env: { ...launch.environment, ...environment },
  });
}
