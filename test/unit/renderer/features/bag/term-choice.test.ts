import { describe, expect, it } from 'vitest';
import {
  arrowChooses,
  ASKED_TOO_SOON,
  chosenIndex,
  chosenNow,
  enterMeans,
} from '../../../../../renderer/features/bag/term-choice.ts';

const list = (...codes: string[]) => codes.map((code) => ({ code }));

describe('a term chosen from a list that is made anew while a person types', () => {
  it('moves with its code, or is let go', () => {
    expect(chosenIndex(list('a', 'b'), 'b')).toBe(1);
    expect(chosenIndex(list('b', 'c'), 'b')).toBe(0);
    expect(chosenIndex(list('c'), 'b')).toBe(-1);
  });

  it('steps within the list', () => {
    expect(arrowChooses(list('a', 'b'), -1, 1, true)).toBe('a');
    expect(arrowChooses(list('a', 'b'), 1, 1, true)).toBe('b');
    expect(arrowChooses(list('a', 'b'), 0, -1, true)).toBeNull();
    expect(arrowChooses([], -1, 1, true)).toBeNull();
  });

  it('an arrow over the list of the words before chooses nothing of it: the first of the right list, once that is there', () => {
    // "penicillin" typed fast: for a moment the list of "peni" stands, with penile warts first.
    const asked = arrowChooses(list('penile-warts', 'penicillin'), -1, 1, false);
    expect(asked).toBe(ASKED_TOO_SOON);
    expect(enterMeans(list('penile-warts'), chosenNow(list('penile-warts'), asked, false))).toBe('nothing');
    const settled = list('penicillin', 'penicillin-v');
    expect(chosenNow(settled, asked, true)).toBe('penicillin');
    expect(enterMeans(settled, chosenNow(settled, asked, true))).toBe('take');
    expect(chosenNow([], asked, true)).toBe(ASKED_TOO_SOON);
  });

  it('Enter never saves words in place of a code that was asked for', () => {
    expect(enterMeans(list('a'), null)).toBe('words');
    expect(enterMeans(list('a'), 'a')).toBe('take');
    expect(enterMeans(list('c'), 'a')).toBe('nothing');
    expect(enterMeans([], 'a')).toBe('nothing');
    expect(enterMeans([], ASKED_TOO_SOON)).toBe('nothing');
  });
});
