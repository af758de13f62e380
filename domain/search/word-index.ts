/**
 * Words to rows: the distinct words in order, and for each the rows that hold it, in two flat arrays.
 * All words that begin alike stand together, so a prefix is one range. 100,000 patients take a few megabytes.
 */
export type WordIndex = {
  readonly words: readonly string[];
  /** where each word's rows begin in `rows`; one more at the end */
  readonly starts: Int32Array;
  /** row numbers, ascending within a word */
  readonly rows: Int32Array;
};

/** @param wordsOfRow the words of each row, in search form; a word named twice in a row counts once */
export function buildWordIndex(wordsOfRow: readonly (readonly string[])[]): WordIndex {
  const byWord = new Map<string, number[]>();
  wordsOfRow.forEach((words, row) => {
    for (const word of words) {
      const rows = byWord.get(word);
      if (!rows) byWord.set(word, [row]);
      else if (rows.at(-1) !== row) rows.push(row);
    }
  });
  const words = [...byWord.keys()].sort(compareByCodeUnit);
  const starts = new Int32Array(words.length + 1);
  let total = 0;
  words.forEach((word, index) => {
    total += byWord.get(word)?.length ?? 0;
    starts[index + 1] = total;
  });
  const rows = new Int32Array(total);
  words.forEach((word, index) => {
    rows.set(byWord.get(word) ?? [], starts[index] ?? 0);
  });
  return { words, starts, rows };
}

/** Where the rows of every word that begins with `prefix` lie: `[from, to)` in `rows`, and `[first, last)` in `words`. */
export function prefixRange(
  index: WordIndex,
  prefix: string,
): { readonly first: number; readonly last: number; readonly from: number; readonly to: number } {
  const first = lowerBound(index.words, prefix);
  // The highest code unit ends the range of words that begin with the prefix.
  const last = lowerBound(index.words, `${prefix}\uffff`);
  return { first, last, from: index.starts[first] ?? 0, to: index.starts[last] ?? 0 };
}

/** First place in an ordered list whose word is not before `word`. */
export function lowerBound(words: readonly string[], word: string): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareByCodeUnit(words[middle] ?? '', word) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By code unit: the same order on every machine, whatever its language. */
export function compareByCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
