/**
 * Builds the desktop into `.gladstone/app/{flavour}` with the same Vite configurations that Forge packages with, so
 * that `npm start`, tests and benchmarks run what a release would hold. Does nothing when no source changed.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { build } from 'vite';

const project = resolve(import.meta.dirname, '..');
const sources = [
  'domain',
  'contract',
  'main',
  'preload',
  'renderer',
  'assets',
  'package-lock.json',
  'package.json',
  'vite.main.config.ts',
  'vite.preload.config.ts',
  'vite.renderer.config.ts',
  'tools/build.ts',
];

export type Flavour = 'development' | 'test';

/** The folder that `electron` is given. */
export function appFolder(flavour: Flavour): string {
  return join(project, '.gladstone/app', flavour);
}

function* filesBelow(path: string): Generator<string> {
  for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) yield* filesBelow(child);
    else yield child;
  }
}

function fingerprint(flavour: Flavour): string {
  const hash = createHash('sha256').update(flavour);
  for (const source of sources) {
    const path = join(project, source);
    if (!existsSync(path)) continue;
    const files = /\.[a-z]+$/.test(source) ? [path] : [...filesBelow(path)];
    for (const file of files) hash.update(relative(project, file)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Answers the app's folder; builds first when a source changed. */
export async function buildApp(flavour: Flavour): Promise<string> {
  const folder = appFolder(flavour);
  const mark = join(folder, 'built-from');
  const wanted = fingerprint(flavour);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return folder;

  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  process.env['GLADSTONE_FLAVOUR'] = flavour;
  const output = join(folder, '.vite/build');
  const common = { root: project, logLevel: 'warn' as const, mode: 'production' };
  await build({
    ...common,
    configFile: join(project, 'vite.main.config.ts'),
    define: { MAIN_WINDOW_VITE_DEV_SERVER_URL: 'undefined' },
    build: { outDir: output, minify: false },
  });
  await build({ ...common, configFile: join(project, 'vite.preload.config.ts'), build: { outDir: output } });
  await build({
    logLevel: 'warn',
    mode: 'production',
    configFile: join(project, 'vite.renderer.config.ts'),
    build: { outDir: join(folder, '.vite/renderer/main_window'), emptyOutDir: true },
  });
  cpSync(join(project, 'assets'), join(folder, 'assets'), { recursive: true });
  const { name, productName, version } = JSON.parse(
    readFileSync(join(project, 'package.json'), 'utf8'),
  ) as Record<string, string>;
  const manifest = {
    name,
    productName: flavour === 'test' ? `${productName} Test` : productName,
    version,
    type: 'module',
    main: '.vite/build/main.cjs',
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(mark, wanted);
  return folder;
}

if (process.argv[1] === import.meta.filename) {
  const flavour: Flavour = process.argv.includes('--test') ? 'test' : 'development';
  console.log(`built: ${relative(project, await buildApp(flavour))}`);
}
