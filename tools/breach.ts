/**
 * Proof that each security test can fail: one line of the product is broken at a time, in a copy, and the test that
 * guards it must turn red. `npm run breach [-- @name …]`. Nothing in the checkout is changed.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

interface Breach {
  /** The test's `@name`. */
  readonly test: string;
  readonly file: string;
  readonly line: string;
  readonly broken: string;
}

const breaches: readonly Breach[] = [
  {
    test: '@preferences',
    file: 'main/electron/workspace-window.ts',
    line: 'webSecurity: true',
    broken: 'webSecurity: false',
  },
  {
    test: '@sandbox',
    // Two walls, this switch and the window's own `sandbox: true`: only the process's switch takes both away.
    file: 'main/main.ts',
    line: 'app.enableSandbox();',
    broken: "app.commandLine.appendSwitch('no-sandbox');",
  },
  {
    test: '@bridge',
    file: 'preload/preload.ts',
    line: "exposeInMainWorld('gladstone', { call, on } satisfies Bridge)",
    broken: "exposeInMainWorld('gladstone', { call, on, ipcRenderer } as Bridge)",
  },
  {
    test: '@navigation',
    file: 'main/electron/workspace-window.ts',
    line: "contents.on('will-navigate'",
    broken: "contents.on('did-navigate'",
  },
  {
    test: '@window-open',
    file: 'main/electron/workspace-window.ts',
    line: "action: 'deny'",
    broken: "action: 'allow'",
  },
  {
    test: '@sender',
    file: 'main/electron/ipc-host.ts',
    line: 'if (!trusted(event, this.#windows))',
    broken: 'if (!trusted(event, this.#windows) && false)',
  },
  {
    test: '@payload',
    file: 'main/electron/ipc-host.ts',
    line: 'if (!parsed.success) {',
    broken: 'if (false) {',
  },
  {
    test: '@traversal',
    file: 'main/services/served-file.ts',
    line: "decoded.split('/').includes('..')",
    broken: 'false',
  },
  {
    test: '@policy',
    file: 'main/electron/content-security-policy.ts',
    line: '"connect-src \'none\'"',
    broken: '"connect-src *"',
  },
  {
    test: '@inline',
    file: 'main/electron/content-security-policy.ts',
    line: "`script-src 'self'${nonce}`",
    broken: "`script-src 'self' 'unsafe-inline'${nonce}`",
  },
  {
    test: '@network',
    file: 'main/electron/content-security-policy.ts',
    line: '"connect-src \'none\'"',
    broken: '"connect-src *"',
  },
  {
    test: '@permissions',
    file: 'main/electron/permissions.ts',
    line: 'setPermissionCheckHandler((_contents, permission) => allowed.has(permission))',
    broken: 'setPermissionCheckHandler(() => true)',
  },
  {
    test: '@title',
    file: 'main/electron/workspace-window.ts',
    line: "window.on('page-title-updated'",
    broken: "window.on('blur'",
  },
  {
    test: '@devtools',
    file: 'main/main.ts',
    line: "developerTools: GLADSTONE_FLAVOUR === 'development'",
    broken: 'developerTools: true',
  },
  {
    test: '@spellchecker',
    file: 'main/electron/permissions.ts',
    line: 'setSpellCheckerEnabled(false)',
    broken: 'setSpellCheckerEnabled(true)',
  },
  {
    test: '@download',
    file: 'main/electron/permissions.ts',
    line: "session.on('will-download', (event) => {\n    event.preventDefault();",
    broken: "session.on('will-download', () => {\n",
  },
  {
    test: '@content-protection',
    file: 'main/main.ts',
    line: 'currentWindow()?.setContentProtection(next.contentProtection);',
    broken: '',
  },
  {
    test: '@single-instance',
    file: 'main/main.ts',
    line: 'if (app.requestSingleInstanceLock()) {',
    broken: 'if (app.requestSingleInstanceLock() || true) {',
  },
  {
    test: '@renderer-crash',
    file: 'main/services/crash/reopen-policy.ts',
    line: 'recent.length <= reopenLimit',
    broken: 'true',
  },
  {
    test: '@main-crash',
    file: 'main/electron/crash-watch.ts',
    line: 'reason: error.name, frames',
    broken: 'reason: error.message, frames',
  },
  {
    test: '@newer-profile',
    file: 'main/services/profile/profile-version.ts',
    line: 'known.profileVersion > profileVersion',
    broken: 'known.profileVersion > 1000',
  },
  {
    test: '@settings',
    file: 'main/electron/settings-store.ts',
    line: "copyFileSync(this.#file('settings'), this.#file('settings.last-good'));",
    broken: '',
  },
];

const project = resolve(import.meta.dirname, '..');
const asked = process.argv.slice(2).filter((argument) => argument.startsWith('@'));
const copy = mkdtempSync(join(tmpdir(), 'breach-'));
const left = new Set(['node_modules', '.gladstone', '.git', 'out', '.vite']);
for (const entry of readdirSync(project))
  if (!left.has(entry)) cpSync(join(project, entry), join(copy, entry), { recursive: true });
symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'));
mkdirSync(join(copy, '.gladstone'));
if (existsSync(join(project, '.gladstone/runtime.json')))
  cpSync(join(project, '.gladstone/runtime.json'), join(copy, '.gladstone/runtime.json'));

let unnoticed = 0;
for (const breach of breaches.filter(({ test }) => asked.length === 0 || asked.includes(test))) {
  const file = join(copy, breach.file);
  const whole = readFileSync(file, 'utf8');
  if (!whole.includes(breach.line)) {
    console.log(`✗ ${breach.test}: ${breach.file} no longer holds the line to break`);
    unnoticed += 1;
    continue;
  }
  writeFileSync(file, whole.replace(breach.line, breach.broken));
  const run = spawnSync(
    join(copy, 'node_modules/.bin/playwright'),
    ['test', 'test/e2e/shell', '-g', `${breach.test}\\b`, '--reporter=line'],
    { cwd: copy, encoding: 'utf8' },
  );
  const red = run.status !== 0 && /1 failed/.test(run.stdout);
  console.log(
    `${red ? '✓ red  ' : '✗ GREEN'} ${breach.test.padEnd(18)} ${breach.file}: ${breach.line.split('\n')[0]}`,
  );
  if (!red) {
    unnoticed += 1;
    console.log(run.stdout.split('\n').slice(-12).join('\n'));
  }
  writeFileSync(file, whole);
}
rmSync(copy, { recursive: true, force: true });
console.log(unnoticed === 0 ? 'every breach was noticed' : `${unnoticed} not noticed`);
process.exitCode = unnoticed === 0 ? 0 : 1;
