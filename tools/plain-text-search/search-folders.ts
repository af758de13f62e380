import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unpackLog, unpackTable, unwrapped } from './level-db.ts';
import type { BytePattern } from './byte-patterns.ts';
import type { PatternSearch } from './pattern-search.ts';

export interface Hit {
  readonly file: string;
  readonly text: number;
  readonly form: BytePattern['form'];
  /** Whether it lay there as it is, or inside a compressed LevelDB block or value. */
  readonly where: 'file' | 'level-db' | 'printed-page';
}

export interface SearchReport {
  readonly files: number;
  readonly bytes: number;
  readonly levelDbFiles: number;
  /** Bytes of keys and values out of LevelDB files, decompressed. */
  readonly levelDbBytes: number;
  readonly unreadableBlocks: number;
  readonly hits: readonly Hit[];
}

/** Searches every file below the folders, as it lies and, where it is LevelDB's, unpacked. */
export function searchFolders(folders: readonly string[], search: PatternSearch): SearchReport {
  const hits: Hit[] = [];
  let [files, bytes, levelDbFiles, levelDbBytes, unreadableBlocks] = [0, 0, 0, 0, 0];
  for (const file of folders.flatMap((folder) => [...filesBelow(folder)])) {
    const content = readIfThere(file);
    if (content === null) continue;
    files += 1;
    bytes += content.length;
    const add = (found: readonly BytePattern[], where: Hit['where']): void => {
      for (const { text, form } of found) hits.push({ file, text, form, where });
    };
    add(search.in(content), 'file');
    // Words in a PDF are numbers of glyphs: no search for words finds them, so the file itself is one too many.
    if (content.subarray(0, 5).toString('latin1') === '%PDF-') {
      hits.push({ file, text: -1, form: 'utf-8', where: 'printed-page' });
    }
    const unpacked = /\.(ldb|sst)$/.test(file)
      ? unpackTable(content)
      : /^\d+\.log$/.test(basename(file))
        ? unpackLog(content)
        : { parts: file.includes('.blob/') ? unwrapped(content).slice(1) : [], unreadable: 0 };
    if (unpacked.parts.length > 0) levelDbFiles += 1;
    unreadableBlocks += unpacked.unreadable;
    for (const part of unpacked.parts) {
      levelDbBytes += part.length;
      add(search.in(part), 'level-db');
    }
  }
  return { files, bytes, levelDbFiles, levelDbBytes, unreadableBlocks, hits };
}

function* filesBelow(folder: string): Generator<string> {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) yield* filesBelow(path);
    else if (stat?.isFile() === true) yield path;
  }
}

/** A temporary file may go while it is looked for. */
function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}
