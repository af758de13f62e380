import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The top of the project. */
export const project = resolve(import.meta.dirname, '../..');
/** Everything that is made here and may be deleted at any time, but for `profile` and `service`. */
export const made = join(project, '.gladstone');

export const isRoot = process.platform !== 'win32' && process.getuid?.() === 0;

/** Node 24 of the project, whatever the machine's own Node is. */
export function projectNode() {
  const binary = join(project, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(binary) ? binary : process.execPath;
}

export function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whole or not at all: an interrupted set-up finds the old file or the new one. */
export function writeJson(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${file}.part`, file);
}

/** The environment for everything the project runs: its own Node and its tools come first. */
export function projectEnvironment(extra = {}) {
  const bin = [join(project, 'node_modules/node/bin'), join(project, 'node_modules/.bin')].join(
    process.platform === 'win32' ? ';' : ':',
  );
  const separator = process.platform === 'win32' ? ';' : ':';
  return { ...process.env, PATH: `${bin}${separator}${process.env.PATH ?? ''}`, ...extra };
}
