import type { TermMatch } from '../../../domain/terminology/term-search.ts';

type Listed = readonly Pick<TermMatch, 'code'>[];

/** By its code: a list that is made anew under a chosen term moves with it, or lets it go (-1). */
export function chosenIndex(matches: Listed, chosen: string | null): number {
  return matches.findIndex(({ code }) => code === chosen);
}

/** The code beside the one at `index`; the last stays the last, and before the first there is none. */
function chosenBeside(matches: Listed, index: number, by: 1 | -1): string | null {
  return matches[Math.min(index + by, matches.length - 1)]?.code ?? null;
}

/**
 * What Enter means in a box whose words find terms: `take` the chosen term, keep the `words`, or do `nothing`, because
 * a term was asked for and the list that stands there has none of it: words must not be saved in place of a code.
 */
export function enterMeans(matches: Listed, chosen: string | null): 'take' | 'words' | 'nothing' {
  if (chosen === null) return 'words';
  return chosenIndex(matches, chosen) >= 0 ? 'take' : 'nothing';
}

/** Asked for by an arrow before the list of the words was there. */
export const ASKED_TOO_SOON = '';

/**
 * The code that an arrow chooses. Only in the list of these very words: in the list of the words before, which stands
 * there for a moment, the first term is another thing ("peni…" for "penicillin").
 */
export function arrowChooses(
  matches: Listed,
  index: number,
  by: 1 | -1,
  isListOfWords: boolean,
): string | null {
  return isListOfWords ? chosenBeside(matches, index, by) : ASKED_TOO_SOON;
}

/** What was asked for too soon is the first of the list as soon as that is there. */
export function chosenNow(matches: Listed, chosen: string | null, isListOfWords: boolean): string | null {
  return chosen === ASKED_TOO_SOON && isListOfWords ? (matches[0]?.code ?? ASKED_TOO_SOON) : chosen;
}
