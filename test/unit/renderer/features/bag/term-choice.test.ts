import { describe, expect, it } from 'vitest';
import {
  ASKED_TOO_SOON,
  chosenBeside,
  chosenIndex,
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
    expect(chosenBeside(list('a', 'b'), -1, 1)).toBe('a');
    expect(chosenBeside(list('a', 'b'), 1, 1)).toBe('b');
    expect(chosenBeside(list('a', 'b'), 0, -1)).toBeNull();
    expect(chosenBeside([], -1, 1)).toBeNull();
  });

  it('Enter never saves words in place of a code that was asked for', () => {
    expect(enterMeans(list('a'), null)).toBe('words');
    expect(enterMeans(list('a'), 'a')).toBe('take');
    expect(enterMeans(list('c'), 'a')).toBe('nothing');
    expect(enterMeans([], 'a')).toBe('nothing');
    expect(enterMeans([], ASKED_TOO_SOON)).toBe('nothing');
  });
});
