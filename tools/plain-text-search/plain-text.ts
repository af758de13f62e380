import { barePatternsOf, patternsOf } from './byte-patterns.ts';
import { PatternSearch } from './pattern-search.ts';
import { searchFolders } from './search-folders.ts';
import type { Needle } from './needles.ts';
import type { SearchReport } from './search-folders.ts';

/** Texts to look for, less those that the program itself carries about. */
export interface Needles {
  readonly used: readonly Needle[];
  /** In the program's own files, or in a profile that has never seen a patient: they would prove nothing. */
  readonly ownToTheProgram: readonly Needle[];
}

/** @param ownFolders the built program, and a profile on which it only started */
export function distinctive(needles: readonly Needle[], ownFolders: readonly string[]): Needles {
  const bare = needles.flatMap(({ text }, index) => barePatternsOf(text, index));
  const { hits } = searchFolders(ownFolders, new PatternSearch(bare));
  const own = new Set(hits.map(({ text }) => text));
  return {
    used: needles.filter((_needle, index) => !own.has(index)),
    ownToTheProgram: needles.filter((_needle, index) => own.has(index)),
  };
}

export function search(needles: readonly Needle[], folders: readonly string[]): SearchReport {
  return searchFolders(
    folders,
    new PatternSearch(needles.flatMap(({ text }, index) => patternsOf(text, index))),
  );
}

/** How many of each kind, e.g. "312 name, 44 number". */
export function kindsOf(needles: readonly Needle[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of needles) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
}

/** One line about a search, for a person. */
export function summaryOf(report: SearchReport): string {
  const megabytes = (bytes: number): string => (bytes / 1_048_576).toFixed(1);
  const found = new Set(report.hits.map(({ text }) => text)).size;
  return (
    `${report.files} files, ${megabytes(report.bytes)} MB as they lie, ` +
    `${report.levelDbFiles} LevelDB files with ${megabytes(report.levelDbBytes)} MB unpacked ` +
    `(${report.unreadableBlocks} unreadable blocks): ${report.hits.length} hits of ${found} texts`
  );
}
