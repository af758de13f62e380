import { dirname, join } from 'node:path';
import type { AppendingFile, DurableFiles } from '../../main/services/storage/durable-files.ts';

/** What a program did to the disk, in order. Files are numbered: a name may be given to another file. */
export type DiskEvent =
  | { readonly kind: 'create'; readonly path: string; readonly file: number }
  | { readonly kind: 'append'; readonly file: number; readonly bytes: Uint8Array }
  | { readonly kind: 'sync'; readonly file: number }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string; readonly file: number }
  | { readonly kind: 'remove'; readonly path: string; readonly file: number }
  | { readonly kind: 'sync-directory'; readonly path: string }
  /** The program told somebody: from here on this must be found again. */
  | { readonly kind: 'told'; readonly what: string };

/** What the next call should suffer. */
export interface Trouble {
  /** Bytes that still fit on the disk. */
  room?: number;
  /** The next fsyncs fail; what was written may or may not be there. */
  failingSyncs?: number;
}

/** Files in memory that record every call, with trouble on demand. */
export class RecordedFiles implements DurableFiles {
  readonly events: DiskEvent[] = [];
  readonly trouble: Trouble = {};
  readonly #contents = new Map<number, Uint8Array[]>();
  readonly #names: Map<string, number>;
  #nextFile: number;

  constructor(from: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.#names = new Map();
    this.#nextFile = 0;
    for (const [path, bytes] of from) {
      this.#names.set(path, this.#nextFile);
      this.#contents.set(this.#nextFile, [bytes]);
      this.#nextFile += 1;
    }
  }

  tell(what: string): void {
    this.events.push({ kind: 'told', what });
  }

  list(directory: string): Promise<readonly string[]> {
    const prefix = join(directory, '/');
    return Promise.resolve(
      [...this.#names.keys()]
        .filter((path) => dirname(path) === directory)
        .map((path) => path.slice(prefix.length)),
    );
  }

  read(path: string): Promise<Uint8Array | null> {
    const file = this.#names.get(path);
    return Promise.resolve(file === undefined ? null : Buffer.concat(this.#contents.get(file) ?? []));
  }

  async readRange(path: string, offset: number, length: number): Promise<Uint8Array> {
    return ((await this.read(path)) ?? new Uint8Array(0)).subarray(offset, offset + length);
  }

  create(path: string): Promise<AppendingFile> {
    if (this.#names.has(path)) return Promise.reject(trouble('EEXIST'));
    const file = this.#nextFile;
    this.#nextFile += 1;
    this.#names.set(path, file);
    const chunks: Uint8Array[] = [];
    this.#contents.set(file, chunks);
    this.events.push({ kind: 'create', path, file });
    return Promise.resolve({
      append: (bytes) => {
        const room = this.trouble.room ?? Infinity;
        const written = Uint8Array.from(bytes.subarray(0, Math.min(room, bytes.length)));
        if (this.trouble.room !== undefined) this.trouble.room -= written.length;
        chunks.push(written);
        this.events.push({ kind: 'append', file, bytes: written });
        return written.length === bytes.length ? Promise.resolve() : Promise.reject(trouble('ENOSPC'));
      },
      sync: () => {
        if ((this.trouble.failingSyncs ?? 0) > 0) {
          this.trouble.failingSyncs = (this.trouble.failingSyncs ?? 0) - 1;
          return Promise.reject(trouble('EIO'));
        }
        this.events.push({ kind: 'sync', file });
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    });
  }

  rename(from: string, to: string): Promise<void> {
    const file = this.#names.get(from);
    if (file === undefined) return Promise.reject(trouble('ENOENT'));
    this.#names.delete(from);
    this.#names.set(to, file);
    this.events.push({ kind: 'rename', from, to, file });
    return Promise.resolve();
  }

  remove(path: string): Promise<void> {
    const file = this.#names.get(path);
    if (file === undefined) return Promise.resolve();
    this.#names.delete(path);
    if (this.trouble.room !== undefined) {
      this.trouble.room += (this.#contents.get(file) ?? []).reduce((sum, bytes) => sum + bytes.length, 0);
    }
    this.events.push({ kind: 'remove', path, file });
    return Promise.resolve();
  }

  makeDirectory(): Promise<void> {
    return Promise.resolve();
  }

  syncDirectory(path: string): Promise<void> {
    this.events.push({ kind: 'sync-directory', path });
    return Promise.resolve();
  }
}

/** How a disk treats what was not synced when the power went. */
export type Fate = 'dropped' | 'kept' | 'torn';

/**
 * What may lie on the disk after a power cut behind the first `cut` events. Synced bytes and names stand; of the
 * rest `dropped` keeps nothing, `kept` everything, and `torn` any part: writes cut short, pages of zeros, names
 * that came or went without their neighbours.
 */
export function diskAfter(
  events: readonly DiskEvent[],
  cut: number,
  fate: Fate,
  chance: () => number,
): ReadonlyMap<string, Uint8Array> {
  const done = events.slice(0, cut);
  const names = new Map<string, number>();
  done.forEach((event, index) => {
    const path = event.kind === 'rename' ? event.to : 'path' in event ? event.path : null;
    if (path === null || event.kind === 'sync-directory' || event.kind === 'append') return;
    const isDurable = done.some(
      (later, at) => at > index && later.kind === 'sync-directory' && later.path === dirname(path),
    );
    const happens = isDurable || fate === 'kept' || (fate === 'torn' && chance() < 0.5);
    if (!happens) return;
    if (event.kind === 'create') names.set(event.path, event.file);
    if (event.kind === 'remove') names.delete(event.path);
    if (event.kind === 'rename') {
      names.delete(event.from);
      names.set(event.to, event.file);
    }
  });
  return new Map([...names].map(([path, file]) => [path, contentAfter(done, file, fate, chance)]));
}

function contentAfter(
  done: readonly DiskEvent[],
  file: number,
  fate: Fate,
  chance: () => number,
): Uint8Array {
  const lastSync = done.findLastIndex((event) => event.kind === 'sync' && event.file === file);
  const parts: Uint8Array[] = [];
  for (const [index, event] of done.entries()) {
    if (event.kind !== 'append' || event.file !== file) continue;
    if (index < lastSync || fate === 'kept') parts.push(event.bytes);
    else if (fate === 'torn') parts.push(torn(event.bytes, chance));
  }
  return Buffer.concat(parts);
}

function torn(bytes: Uint8Array, chance: () => number): Uint8Array {
  const way = chance();
  const at = Math.floor(chance() * bytes.length);
  if (way < 0.25) return bytes.subarray(0, at);
  if (way < 0.5) {
    // The file had grown before its content came.
    const zeroed = Uint8Array.from(bytes);
    return zeroed.fill(0, at);
  }
  if (way < 0.75) {
    const hole = Uint8Array.from(bytes);
    return hole.fill(0, at, Math.min(bytes.length, at + 4096));
  }
  return way < 0.9 ? bytes : new Uint8Array(0);
}

/** A seeded chance (mulberry32), so that a finding can be played again. */
export function seededChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function trouble(code: string): Error {
  return Object.assign(new Error(code), { code });
}
