import { describe, expect, it } from 'vitest';
import { settlingOf } from '../../../../renderer/cache/pack-segments.ts';

const megabyte = 1024 * 1024;
const full = 32 * megabyte;

describe('what is to become of the files of packs', () => {
  it('leaves full files, the one that is being written, and a few small ones alone', () => {
    const sizes = new Map([
      ['a', full],
      ['b', megabyte],
      ['now', 100],
    ]);
    const live = new Map([
      ['a', full - megabyte],
      ['b', megabyte],
    ]);
    expect(settlingOf(sizes, live, 'now')).toEqual({ empty: [], move: null });
  });

  it('lets files go that hold nothing that counts', () => {
    const sizes = new Map([
      ['left-by-a-crash', 5_000],
      ['a', 10],
    ]);
    expect(settlingOf(sizes, new Map([['a', 10]]), null)).toEqual({ empty: ['left-by-a-crash'], move: null });
  });

  it('moves what is left of a file that is mostly dead', () => {
    const sizes = new Map([
      ['a', full],
      ['b', full],
    ]);
    const live = new Map([
      ['a', full / 2 - 1],
      ['b', full / 2],
    ]);
    expect(settlingOf(sizes, live, null).move).toBe('a');
  });

  it('puts small files together when there are many, the smallest first', () => {
    const names = Array.from({ length: 9 }, (_, index) => `s${index}`);
    const sizes = new Map(names.map((name, index) => [name, megabyte - index]));
    expect(settlingOf(sizes, sizes, null).move).toBe('s8');
    sizes.delete('s0');
    expect(settlingOf(sizes, sizes, null).move).toBeNull();
  });
});
