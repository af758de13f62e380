import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '../../..');

/** One forbidden import of a folder and one of a library for every row of the table in docs/architecture.md. */
const planted: readonly { readonly file: string; readonly imports: string; readonly breaks: string }[] = [
  { file: 'domain/a.ts', imports: '../contract/target.ts', breaks: 'ours: domain/' },
  { file: 'domain/b.ts', imports: 'valibot', breaks: 'libraries: domain/' },
  { file: 'domain/c.ts', imports: 'node:fs', breaks: 'node: domain/' },
  { file: 'contract/a.ts', imports: '../main/services/target.ts', breaks: 'ours: contract/' },
  { file: 'contract/b.ts', imports: 'dexie', breaks: 'libraries: contract/' },
  { file: 'main/services/a.ts', imports: '../electron/target.ts', breaks: 'ours: main/services/' },
  { file: 'main/services/b.ts', imports: 'electron', breaks: 'libraries: main/services/' },
  { file: 'main/services/c.ts', imports: 'dexie', breaks: 'libraries: main/services/' },
  {
    file: 'main/electron/a.ts',
    imports: '../../renderer/ui/target.ts',
    breaks: 'ours: main/(electron/|main.ts)',
  },
  { file: 'main/electron/b.ts', imports: 'react', breaks: 'libraries: main/(electron/|main.ts)' },
  { file: 'preload/a.ts', imports: '../main/services/target.ts', breaks: 'ours: preload/' },
  { file: 'preload/b.ts', imports: 'react', breaks: 'libraries: preload/' },
  { file: 'renderer/ui/a.ts', imports: '../../domain/target.ts', breaks: 'ours: renderer/ui/' },
  { file: 'renderer/ui/b.ts', imports: 'dexie', breaks: 'libraries: renderer/ui/' },
  { file: 'renderer/cache/a.ts', imports: '../ui/target.ts', breaks: 'ours: renderer/cache/' },
  { file: 'renderer/cache/b.ts', imports: 'react', breaks: 'libraries: renderer/cache/' },
  { file: 'renderer/host/a.ts', imports: '../cache/target.ts', breaks: 'ours: renderer/host/' },
  { file: 'renderer/host/b.ts', imports: 'react', breaks: 'libraries: renderer/host/' },
  {
    file: 'renderer/features/one/a.ts',
    imports: '../../cache/target.ts',
    breaks: 'ours: renderer/features/',
  },
  { file: 'renderer/features/one/b.ts', imports: 'electron', breaks: 'libraries: renderer/features/' },
  { file: 'renderer/features/one/c.ts', imports: 'node:fs', breaks: 'node: renderer/features/' },
  { file: 'renderer/features/one/d.ts', imports: '../two/target.ts', breaks: 'feature face' },
  {
    file: 'renderer/app/a.ts',
    imports: '../../main/services/target.ts',
    breaks: 'ours: renderer/(app/|main.tsx)',
  },
  { file: 'renderer/app/b.ts', imports: 'dexie', breaks: 'libraries: renderer/(app/|main.tsx)' },
  { file: 'record-service/a.ts', imports: '../main/services/target.ts', breaks: 'record-service alone' },
  { file: 'record-service/b.ts', imports: '../tools/target.ts', breaks: 'nothing imports tests or tools' },
  { file: 'main/services/d.ts', imports: '../../test/target.ts', breaks: 'nothing imports tests or tools' },
];

const targets = [
  'domain',
  'contract',
  'main/services',
  'main/electron',
  'preload',
  'renderer/ui',
  'renderer/cache',
  'renderer/host',
  'renderer/features/two',
  'renderer/app',
  'record-service',
  'tools',
  'test',
];

describe('the import table', () => {
  const folder = mkdtempSync(join(tmpdir(), 'layers-'));
  let violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[] = [];

  beforeAll(() => {
    symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
    cpSync(join(project, '.dependency-cruiser.cjs'), join(folder, '.dependency-cruiser.cjs'));
    cpSync(join(project, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'));
    const write = (file: string, text: string): void => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    };
    for (const target of targets) write(`${target}/target.ts`, 'export const target = 1;\n');
    for (const { file, imports } of planted) write(file, `import '${imports}';\n`);
    const command = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    let output = '';
    try {
      output = execFileSync(
        process.execPath,
        [command, '--config', '.dependency-cruiser.cjs', '-T', 'json', '.'],
        {
          cwd: folder,
          encoding: 'utf8',
          maxBuffer: 64_000_000,
        },
      );
    } catch (error) {
      output = (error as { stdout: string }).stdout;
    }
    violations = (JSON.parse(output) as { summary: { violations: typeof violations } }).summary.violations;
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(planted)('refuses $imports in $file', ({ file, breaks }) => {
    expect(violations.filter(({ from }) => from === file).map(({ rule }) => rule.name)).toContain(breaks);
  });

  it('lets the targets themselves be', () => {
    expect(violations.filter(({ from }) => from.endsWith('target.ts'))).toEqual([]);
  });
});
