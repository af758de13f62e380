/** What is shipped beside Electron itself: scripts and styles of the built app, as they are and compressed. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildApp } from '../build.ts';
import type { Measurement } from './measurement.ts';

export async function run(): Promise<readonly Measurement[]> {
  const folder = join(await buildApp('test'), '.vite');
  const page = join(folder, 'renderer/main_window');
  const scripts = (readdirSync(page, { recursive: true }) as string[]).filter((name) =>
    /\.(js|css)$/.test(name),
  );
  const size = (files: readonly string[]): { readonly raw: number; readonly gzip: number } =>
    files.reduce(
      (sum, file) => {
        const bytes = readFileSync(file);
        return { raw: sum.raw + bytes.length, gzip: sum.gzip + gzipSync(bytes).length };
      },
      { raw: 0, gzip: 0 },
    );
  const groupOf = (file: string): string => {
    const name = basename(file);
    if (name.startsWith('index-')) return 'first page';
    if (name.startsWith('unlocked-')) return 'workspace, fetched when the first page stands';
    return name.startsWith('worker-') ? 'cache worker' : 'fetched when a document is opened';
  };
  const groups = Map.groupBy(scripts, groupOf);
  const main = ['main.cjs', 'preload.cjs'].map((name) => join(folder, 'build', name));
  return [
    ...[...groups].map(([name, files]) => ({
      name: `Bundle: ${name}`,
      size: size(files.map((file) => join(page, file))),
    })),
    { name: 'Bundle: main and preload, not minified', size: size(main) },
  ].map(({ name, size: { raw, gzip } }): Measurement => ({
    name,
    value: raw / 1024,
    unit: 'KiB',
    note: `${Math.round(gzip / 1024)} KiB as gzip`,
  }));
}
