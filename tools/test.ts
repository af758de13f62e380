/**
 * Every check and every test, one after the other, and a last line `N passed, N failed`. A check (lint, types,
 * import rules) counts as one. `--only lint,unit` runs a part.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const project = resolve(import.meta.dirname, '..');
const reports = join(project, '.gladstone/reports');
const bin = (name: string): string => join(project, 'node_modules/.bin', name);

interface Part {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the runner writes what it counted; a part without one counts as one check. */
  readonly report?: string;
}

const parts: readonly Part[] = [
  { name: 'format', command: bin('prettier'), args: ['--check', '--log-level=warn', '.'] },
  { name: 'types', command: bin('tsc'), args: ['-b'] },
  { name: 'lint', command: bin('eslint'), args: ['.', '--max-warnings=0'] },
  {
    name: 'layers',
    command: bin('depcruise'),
    args: [
      '--config',
      '.dependency-cruiser.cjs',
      'domain',
      'contract',
      'main',
      'preload',
      'renderer',
      'record-service',
      'tools',
      'test',
    ],
  },
  { name: 'unused', command: bin('knip'), args: ['--no-progress'] },
  vitest('unit'),
  vitest('integration'),
  {
    name: 'e2e',
    command: bin('playwright'),
    args: ['test'],
    environment: { GLADSTONE_REPORT: join(reports, 'e2e.json') },
    report: join(reports, 'e2e.json'),
  },
];

function vitest(name: string): Part {
  const report = join(reports, `${name}.json`);
  return {
    name,
    command: bin('vitest'),
    args: ['run', '--project', name, '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`],
    report,
  };
}

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

function run(part: Part): Promise<number> {
  return new Promise((resolveCode) => {
    const child = spawn(part.command, [...part.args], {
      cwd: project,
      stdio: 'inherit',
      env: { ...process.env, FORCE_COLOR: '0', ...part.environment },
    });
    child.on('error', () => {
      resolveCode(127);
    });
    child.on('close', (code) => {
      resolveCode(code ?? 1);
    });
  });
}

/** Vitest's and Playwright's JSON, read for three numbers. */
function counted(report: string): Count | undefined {
  if (!existsSync(report)) return undefined;
  const data = JSON.parse(readFileSync(report, 'utf8')) as {
    numPassedTests?: number;
    numFailedTests?: number;
    numPendingTests?: number;
    stats?: { expected: number; unexpected: number; flaky: number; skipped: number };
  };
  if (data.stats) {
    return {
      passed: data.stats.expected,
      failed: data.stats.unexpected + data.stats.flaky,
      skipped: data.stats.skipped,
    };
  }
  return {
    passed: data.numPassedTests ?? 0,
    failed: data.numFailedTests ?? 0,
    skipped: data.numPendingTests ?? 0,
  };
}

const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1]?.split(',')
  : undefined;
mkdirSync(reports, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
for (const part of parts) {
  if (only !== undefined && !only.includes(part.name)) continue;
  console.log(`\n── ${part.name}`);
  if (part.report !== undefined) rmSync(part.report, { force: true });
  const begun = Date.now();
  const code = await run(part);
  const own = part.report === undefined ? undefined : counted(part.report);
  // A runner that broke without counting a failed test has still failed.
  const count: Count =
    own === undefined
      ? { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
      : code !== 0 && own.failed === 0
        ? { ...own, failed: 1 }
        : own;
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  lines.push(
    `${count.failed === 0 ? '✓' : '✗'} ${part.name.padEnd(12)} ${String(count.passed).padStart(5)} passed ${String(count.failed).padStart(3)} failed ${String(count.skipped).padStart(3)} skipped  ${((Date.now() - begun) / 1000).toFixed(0)} s`,
  );
}
console.log(`\n${lines.join('\n')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
