import { useState } from 'react';
import type { TermContext, TermMatch } from '../../../domain/terminology/term-search.ts';
import { useBagQuery } from './use-bag-query.ts';

export interface Terms {
  /** What stands on the screen: the list of these words, or the last one while that is on its way. */
  readonly matches: readonly TermMatch[];
  /** Whose list stands: the words asked for, or null while the last one stands in for it. */
  readonly listOf: string | null;
  /** True once the list of these very words is there and its first term may be taken without being chosen. */
  readonly mayDefault: boolean;
}

const NONE: Terms = { matches: [], listOf: null, mayDefault: false };

/** Terms for words as typed. The list never vanishes between two keystrokes: what is highlighted is what a key takes. */
export function useTerms(words: string, context: TermContext, asks: boolean): Terms {
  const answer = useBagQuery(asks ? `terms ${context} ${words}` : null, (bag) =>
    bag.searchTerms(words, context, 8),
  ).value;
  const [last, setLast] = useState<readonly TermMatch[]>([]);
  const shown = answer?.matches;
  if (asks && shown !== undefined && shown !== last) setLast(shown);
  if (!asks && last.length > 0) setLast([]);
  if (!asks) return NONE;
  return {
    matches: shown ?? last,
    listOf: shown === undefined ? null : words,
    mayDefault: answer?.mayDefault ?? false,
  };
}
