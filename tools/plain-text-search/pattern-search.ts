import type { BytePattern } from './byte-patterns.ts';

const bits = 24;

/** Looks for many patterns at once: four bytes of each stand in a table, the rest is compared where those turn up. */
export class PatternSearch {
  readonly #marks = new Uint8Array(1 << bits);
  readonly #patterns = new Map<number, BytePattern[]>();

  constructor(patterns: readonly BytePattern[]) {
    for (const pattern of patterns) {
      const anchor = pattern.bytes.readUInt32LE(0);
      this.#marks[slot(anchor)] = 1;
      const known = this.#patterns.get(anchor);
      if (known === undefined) this.#patterns.set(anchor, [pattern]);
      else known.push(pattern);
    }
  }

  /** Each pattern that the bytes hold, once. */
  in(bytes: Buffer): readonly BytePattern[] {
    const found = new Set<BytePattern>();
    if (bytes.length < 4) return [];
    let window = (bytes.readUInt32LE(0) << 8) >>> 0;
    for (let at = 0; at + 4 <= bytes.length; at += 1) {
      window = ((window >>> 8) | ((bytes[at + 3] ?? 0) << 24)) >>> 0;
      if (this.#marks[slot(window)] === 0) continue;
      for (const pattern of this.#patterns.get(window) ?? []) {
        const end = at + pattern.bytes.length;
        if (end <= bytes.length && bytes.compare(pattern.bytes, 0, undefined, at, end) === 0)
          found.add(pattern);
      }
    }
    return [...found];
  }
}

function slot(anchor: number): number {
  return Math.imul(anchor, 0x9e3779b1) >>> (32 - bits);
}
