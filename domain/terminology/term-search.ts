import { letterMask, lettersMissing, prefixSlips, slipsAllowed } from '../search/edit-distance.ts';
import { searchWords } from '../search/normalise.ts';
import {
  buildWordIndex,
  compareByCodeUnit,
  lowerBound,
  prefixRange,
  type WordIndex,
} from '../search/word-index.ts';
import type {
  Description,
  DescriptionKind,
  SemanticTag,
  TerminologyAsset,
  TerminologyRelease,
} from './terminology-asset.ts';

/**
 * What the term is sought for; it decides which kinds of concept come first, and hides none. Only a medicine is one or
 * is not: in its box a diagnosis is no answer.
 */
export type TermContext =
  'diagnosis' | 'symptom' | 'procedure' | 'allergy' | 'medicine' | 'family-history' | 'any';

/** Built once (in a worker: about a second for a whole UK edition), then asked at every keystroke. */
export type TermIndex = {
  readonly release: TerminologyRelease;
  readonly descriptions: readonly Description[];
  readonly words: WordIndex;
  readonly wordMasks: Int32Array;
  /** per description: number of its concept, length and number of words of its term, first word, kind and tag */
  readonly concepts: Int32Array;
  readonly lengths: Uint8Array;
  readonly firstWords: Int32Array;
  readonly kinds: Uint8Array;
  readonly tags: Uint8Array;
  /** preferred description of each concept */
  readonly preferred: Int32Array;
  readonly conceptOfCode: ReadonlyMap<string, number>;
};

export type TermMatch = {
  readonly code: string;
  /** the preferred term: what is recorded and shown */
  readonly term: string;
  readonly tag: SemanticTag;
  /** the synonym or abbreviation that was found, where it is not the preferred term */
  readonly foundBy: string | null;
};

export type TermSearchResult = {
  readonly matches: readonly TermMatch[];
  readonly more: boolean;
  /** nothing matched as typed; these are near it */
  readonly forgiving: boolean;
  /** the whole text is an abbreviation with several meanings */
  readonly ambiguous: boolean;
  /** false: no match may be taken without being chosen (diagnoses, allergies, ambiguous or forgiven text) */
  readonly mayDefault: boolean;
};

export type TermSearchOptions = {
  readonly context: TermContext;
  /** code to uses, by this author first and the practice next; a use counts, and the caller ages them */
  readonly uses?: ReadonlyMap<string, number>;
  readonly limit?: number;
};

const TAG_ORDER: readonly SemanticTag[] = [
  'disorder',
  'finding',
  'situation',
  'procedure',
  'regime',
  'observable',
  'substance',
  'product',
  'organism',
  'body structure',
  'event',
  'other',
];

const KIND_ORDER: readonly DescriptionKind[] = ['preferred', 'abbreviation', 'synonym', 'ambiguous'];

/** Steps of rank by tag, in the order of TAG_ORDER: 0 belongs here; family history asks for situations above all. */
const TAG_STEPS: Readonly<Record<TermContext, readonly number[]>> = {
  diagnosis: [0, 1, 2, 4, 4, 5, 8, 8, 7, 8, 5, 9],
  symptom: [1, 0, 2, 4, 4, 4, 8, 8, 8, 8, 5, 9],
  procedure: [5, 4, 3, 0, 0, 2, 8, 8, 9, 8, 6, 9],
  allergy: [2, 2, 3, 8, 8, 8, 0, 0, 6, 9, 7, 9],
  medicine: [9, 9, 9, 9, 9, 9, 1, 0, 9, 9, 9, 9],
  'family-history': [15, 16, 0, 16, 6, 6, 8, 8, 8, 8, 7, 9],
  any: [0, 0, 1, 1, 1, 1, 3, 3, 4, 4, 4, 6],
};

/** Words that say nothing on their own; left out of a query that has others. */
const SMALL_WORDS: ReadonlySet<string> = new Set([
  'of',
  'the',
  'and',
  'in',
  'with',
  'to',
  'a',
  'an',
  'on',
  'by',
  'for',
  'at',
  'due',
  'nos',
]);

const SHOWN = 30;
/** Of a short text's thousands of candidates this many best are looked at closely. */
const CLOSE = 400;

export function prepareTermSearch(asset: TerminologyAsset): TermIndex {
  const { descriptions } = asset;
  const count = descriptions.length;
  const wordsOfRow = descriptions.map(({ term }) => searchWords(term));
  const words = buildWordIndex(wordsOfRow);
  const conceptOfCode = new Map<string, number>();
  const preferred: number[] = [];
  const concepts = new Int32Array(count);
  const lengths = new Uint8Array(count);
  const firstWords = new Int32Array(count);
  const kinds = new Uint8Array(count);
  const tags = new Uint8Array(count);
  descriptions.forEach(({ code, tag, kind, term }, row) => {
    let concept = conceptOfCode.get(code);
    if (concept === undefined) {
      concept = preferred.length;
      conceptOfCode.set(code, concept);
      preferred.push(row);
    } else if (kind === 'preferred') {
      preferred[concept] = row;
    }
    concepts[row] = concept;
    lengths[row] = Math.min(255, term.length);
    firstWords[row] = lowerBound(words.words, wordsOfRow[row]?.[0] ?? '');
    kinds[row] = KIND_ORDER.indexOf(kind);
    tags[row] = TAG_ORDER.indexOf(tag);
  });
  return {
    release: asset.release,
    descriptions,
    words,
    wordMasks: Int32Array.from(words.words, letterMask),
    concepts,
    lengths,
    firstWords,
    kinds,
    tags,
    preferred: Int32Array.from(preferred),
    conceptOfCode,
  };
}

/**
 * Terms for what is typed so far: words in any order, each by its beginning; slips forgiven only when nothing matches.
 * The same text gives the same order on every machine.
 */
export function searchTerms(index: TermIndex, typed: string, options: TermSearchOptions): TermSearchResult {
  const limit = options.limit ?? SHOWN;
  const byCode = /^\s*\d{6,18}\s*$/.test(typed) ? codeMatch(index, typed.trim()) : null;
  const isAnswer = options.context !== 'medicine' || byCode?.tag === 'product' || byCode?.tag === 'substance';
  if (byCode && isAnswer)
    return { matches: [byCode], more: false, forgiving: false, ambiguous: false, mayDefault: false };
  const words = significantWords(typed);
  if (words.length === 0)
    return { matches: [], more: false, forgiving: false, ambiguous: false, mayDefault: false };
  let rows = matchingRows(
    index,
    words.map((word) => [word]),
  );
  const wanted = (row: number): boolean => options.context !== 'medicine' || isMedicine(index, row);
  rows = rows.filter(wanted);
  let forgiving = false;
  if (rows.length === 0) {
    rows = matchingRows(
      index,
      words.map((word) => nearest(index, word)),
    ).filter(wanted);
    forgiving = rows.length > 0;
  }
  const whole = searchWords(typed).join(' ');
  const best = bestRows(index, rows, words, options);
  const ranked = rankClosely(index, best, whole, options);
  const ambiguous = ranked.some(
    (row) =>
      KIND_ORDER[index.kinds[row] ?? 0] === 'ambiguous' &&
      searchWords(index.descriptions[row]?.term ?? '').join(' ') === whole,
  );
  return {
    matches: ranked.slice(0, limit).flatMap((row) => matchOf(index, row)),
    more: ranked.length > limit || rows.length > CLOSE,
    forgiving,
    ambiguous,
    mayDefault:
      !ambiguous &&
      !forgiving &&
      ranked.length > 0 &&
      options.context !== 'diagnosis' &&
      options.context !== 'medicine' &&
      options.context !== 'allergy',
  };
}

function isMedicine(index: TermIndex, row: number): boolean {
  const tag = TAG_ORDER[index.tags[row] ?? 0];
  return tag === 'product' || tag === 'substance';
}

function significantWords(typed: string): string[] {
  const words = searchWords(typed);
  const telling = words.filter((word) => !SMALL_WORDS.has(word));
  return telling.length > 0 ? telling : words;
}

/** Rows that hold, for every word, one of its beginnings. Each word marks its rows once. */
function matchingRows(index: TermIndex, wordsEach: readonly (readonly string[])[]): number[] {
  const marks = new Uint8Array(index.descriptions.length);
  let met = 0;
  for (const beginnings of wordsEach) {
    for (const beginning of beginnings) {
      const { from, to } = prefixRange(index.words, beginning);
      for (let at = from; at < to; at += 1) {
        const row = index.words.rows[at] ?? 0;
        if (marks[row] === met) marks[row] = met + 1;
      }
    }
    met += 1;
  }
  const rows: number[] = [];
  for (let row = 0; row < marks.length; row += 1) if (marks[row] === met) rows.push(row);
  return rows;
}

/** The best few hundred by what is known without reading the terms: tag, beginning, length, use. */
function bestRows(
  index: TermIndex,
  rows: readonly number[],
  words: readonly string[],
  options: TermSearchOptions,
): number[] {
  if (rows.length <= CLOSE) return [...rows];
  const steps = TAG_STEPS[options.context];
  const used = usesByConcept(index, options.uses);
  const ranges = words.map((word) => prefixRange(index.words, word));
  const buckets: number[][] = [];
  for (const row of rows) {
    const first = index.firstWords[row] ?? -1;
    const begins = ranges.some((range) => first >= range.first && first < range.last);
    const length = index.lengths[row] ?? 255;
    const rank = used.has(index.concepts[row] ?? -1)
      ? 0
      : (steps[index.tags[row] ?? 0] ?? 9) * 24 + (begins ? 0 : 30) + Math.min(length, 120);
    (buckets[rank] ??= []).push(row);
  }
  const best: number[] = [];
  for (const bucket of buckets as (number[] | undefined)[]) {
    for (const row of bucket ?? []) {
      best.push(row);
      if (best.length >= CLOSE) return best;
    }
  }
  return best;
}

/** One row a concept, best first. */
function rankClosely(
  index: TermIndex,
  rows: readonly number[],
  whole: string,
  { context, uses }: TermSearchOptions,
): number[] {
  const steps = TAG_STEPS[context];
  const scored = rows.map((row) => {
    const description = index.descriptions[row];
    const text = searchWords(description?.term ?? '').join(' ');
    const kind = description?.kind ?? 'synonym';
    let rank = (steps[index.tags[row] ?? 0] ?? 9) * 12 + Math.min(text.length, 80);
    if (text === whole) rank -= 120;
    else if (text.startsWith(`${whole} `)) rank -= 42;
    else if (text.startsWith(whole)) rank -= 30;
    // A part of an abbreviation means nothing: `a` is not yet `af`.
    else if (kind === 'abbreviation' || kind === 'ambiguous') rank += 40;
    if (kind === 'preferred') rank -= 4;
    // A medicine that one can hold comes before the class of all that contain it.
    if (context === 'medicine' && isClassOfProducts(index, row)) rank += 160;
    const used = description ? (uses?.get(description.code) ?? 0) : 0;
    rank -= used > 0 ? 40 + Math.min(40, 8 * Math.log2(1 + used)) : 0;
    return { row, rank, text };
  });
  scored.sort(
    (left, right) =>
      left.rank - right.rank || compareByCodeUnit(left.text, right.text) || left.row - right.row,
  );
  const seen = new Set<number | string>();
  const one: number[] = [];
  for (const { row } of scored) {
    const concept = index.concepts[row] ?? -1;
    // A substance and a product of one name are one choice in a medicine's box.
    const name = context === 'medicine' ? preferredTerm(index, concept) : concept;
    if (seen.has(name)) continue;
    seen.add(name);
    one.push(row);
  }
  return one;
}

function preferredTerm(index: TermIndex, concept: number): string {
  return index.descriptions[index.preferred[concept] ?? -1]?.term.toLowerCase() ?? '';
}

function isClassOfProducts(index: TermIndex, row: number): boolean {
  return preferredTerm(index, index.concepts[row] ?? -1).startsWith('product containing');
}

function usesByConcept(index: TermIndex, uses: ReadonlyMap<string, number> | undefined): Set<number> {
  const concepts = new Set<number>();
  for (const code of uses?.keys() ?? []) {
    const concept = index.conceptOfCode.get(code);
    if (concept !== undefined) concepts.add(concept);
  }
  return concepts;
}

function matchOf(index: TermIndex, row: number): TermMatch[] {
  const found = index.descriptions[row];
  const preferred = index.descriptions[index.preferred[index.concepts[row] ?? 0] ?? row];
  if (!found || !preferred) return [];
  return [
    {
      code: preferred.code,
      term: preferred.term,
      tag: preferred.tag,
      foundBy: found.term === preferred.term ? null : found.term,
    },
  ];
}

function codeMatch(index: TermIndex, code: string): TermMatch | null {
  const concept = index.conceptOfCode.get(code);
  const preferred = concept === undefined ? undefined : index.descriptions[index.preferred[concept] ?? -1];
  return preferred ? { code, term: preferred.term, tag: preferred.tag, foundBy: null } : null;
}

/** Words of the terminology within the slips that the typed word's length allows, nearest first. */
function nearest(index: TermIndex, typed: string): string[] {
  const range = prefixRange(index.words, typed);
  if (range.last > range.first) return [typed];
  const max = slipsAllowed(typed.length);
  if (max === 0) return [typed];
  const mask = letterMask(typed);
  const near: { readonly word: string; readonly slips: number }[] = [];
  index.words.words.forEach((word, at) => {
    if (lettersMissing(mask, index.wordMasks[at] ?? 0) > max) return;
    const slips = prefixSlips(typed, word, max);
    if (slips <= max) near.push({ word, slips });
  });
  const fewest = Math.min(...near.map(({ slips }) => slips));
  return near
    .filter(({ slips }) => slips === fewest)
    .sort((left, right) => left.word.length - right.word.length || compareByCodeUnit(left.word, right.word))
    .slice(0, 24)
    .map(({ word }) => word);
}
