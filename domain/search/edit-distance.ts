/**
 * How many slips a word may hold and still be found: none under 4 letters, one from 4, two from 8.
 * Short clinical words differ by one letter and mean different things (ileum, ilium), so forgiveness starts late.
 */
export function slipsAllowed(length: number): 0 | 1 | 2 {
  if (length < 4) return 0;
  return length < 8 ? 1 : 2;
}

const MAX_LENGTH = 40;
const rows = [
  new Uint8Array(MAX_LENGTH + 1),
  new Uint8Array(MAX_LENGTH + 1),
  new Uint8Array(MAX_LENGTH + 1),
] as const;

/**
 * Fewest slips (letter wrong, missing, extra, or two neighbours swapped) that turn `typed` into the beginning of `word`;
 * `max + 1` when more are needed. The first letters must agree within the slips too. Both in search form.
 */
export function prefixSlips(typed: string, word: string, max: number): number {
  const typedLength = typed.length;
  const wordLength = Math.min(word.length, typedLength + max, MAX_LENGTH);
  if (typedLength > MAX_LENGTH || wordLength < typedLength - max) return max + 1;
  let [beforeLast, last, current] = rows as readonly [Uint8Array, Uint8Array, Uint8Array];
  for (let column = 0; column <= wordLength; column += 1) last[column] = column;
  for (let row = 1; row <= typedLength; row += 1) {
    const letter = typed.charCodeAt(row - 1);
    const letterBefore = row > 1 ? typed.charCodeAt(row - 2) : -1;
    current[0] = row;
    let best = row;
    for (let column = 1; column <= wordLength; column += 1) {
      const other = word.charCodeAt(column - 1);
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (letter === other ? 0 : 1),
      );
      if (column > 1 && letterBefore === other && letter === word.charCodeAt(column - 2)) {
        cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      }
      current[column] = cost;
      if (cost < best) best = cost;
    }
    if (best > max) return max + 1;
    [beforeLast, last, current] = [last, current, beforeLast];
  }
  let fewest = max + 1;
  for (let column = 0; column <= wordLength; column += 1) fewest = Math.min(fewest, at(last, column));
  return fewest;
}

function at(row: Uint8Array, index: number): number {
  return row[index] ?? 0;
}

/** One bit a letter: a word that lacks more letters of `typed` than slips allow cannot match. Cheap first sieve. */
export function letterMask(word: string): number {
  let mask = 0;
  for (let index = 0; index < word.length; index += 1) {
    const code = word.charCodeAt(index);
    mask |= code >= 97 && code <= 122 ? 1 << (code - 97) : 1 << (26 + (code % 5));
  }
  return mask;
}

export function lettersMissing(typedMask: number, wordMask: number): number {
  let missing = typedMask & ~wordMask;
  let count = 0;
  while (missing !== 0) {
    missing &= missing - 1;
    count += 1;
  }
  return count;
}
