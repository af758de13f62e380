import type { DirectoryEntry } from '../record/directory-entry.ts';
import { letterMask, lettersMissing, prefixSlips, slipsAllowed } from './edit-distance.ts';
import { plainLetters, searchWords } from './normalise.ts';
import { readPatientQuery, type PatientQuery } from './patient-query.ts';
import { buildWordIndex, compareByCodeUnit, lowerBound, prefixRange, type WordIndex } from './word-index.ts';

/**
 * The directory, prepared once in memory and searched as typed; nothing of it lies on a disk. Rows are in order of family
 * name, given name, date of birth and id. Words go through an index of beginnings; numbers through short strings of one
 * line a row, which `indexOf` reads in a millisecond or two for 100,000 patients.
 */
export type PatientIndex = {
  readonly entries: readonly DirectoryEntry[];
  /** family name in search form, in the order of rows */
  readonly families: readonly string[];
  /** all name words of a row between spaces, for ranking */
  readonly nameLines: readonly string[];
  readonly names: WordIndex;
  readonly nameMasks: Int32Array;
  readonly addresses: WordIndex;
  readonly born: NumberLines;
  readonly nhs: NumberLines;
  readonly postcodes: NumberLines;
  readonly phones: NumberLines;
};

/** One line a row; each value in it follows the mark `@`. */
type NumberLines = { readonly text: string; readonly starts: Int32Array };

type PatientMatch = {
  readonly entry: DirectoryEntry;
  /** another patient of the directory has the same family and first given name: say so beside the row */
  readonly sameName: boolean;
};

export type PatientSearchResult = {
  readonly matches: readonly PatientMatch[];
  /** there are more than are given here: say so, never let a cut list look whole */
  readonly more: boolean;
  /** nothing matched as typed; these are near it */
  readonly forgiving: boolean;
};

/** How many rows are ranked at most of those whose family name begins as typed, and of the others. */
const CANDIDATES = 600;

export function preparePatientSearch(directory: readonly DirectoryEntry[]): PatientIndex {
  const sorted = directory
    .map((entry) => ({
      entry,
      family: searchWords(entry.family).join(' '),
      given: searchWords(entry.given.join(' ')).join(' '),
    }))
    .sort(
      (left, right) =>
        compareByCodeUnit(left.family, right.family) ||
        compareByCodeUnit(left.given, right.given) ||
        compareByCodeUnit(left.entry.birthDate ?? '', right.entry.birthDate ?? '') ||
        compareByCodeUnit(left.entry.id, right.entry.id),
    );
  const entries = sorted.map(({ entry }) => entry);
  const wordsOfRow = entries.map(nameWords);
  const names = buildWordIndex(wordsOfRow);
  return {
    entries,
    families: sorted.map(({ family }) => family),
    nameLines: wordsOfRow.map((words) => ` ${words.join(' ')} `),
    names,
    nameMasks: Int32Array.from(names.words, letterMask),
    addresses: buildWordIndex(entries.map(addressWords)),
    born: numberLines(entries, ({ birthDate }) =>
      birthDate === undefined ? [] : [birthDate.replaceAll('-', '')],
    ),
    nhs: numberLines(entries, ({ nhsNumber }) => (nhsNumber === undefined ? [] : [nhsNumber])),
    postcodes: numberLines(entries, (entry) => postcodesOf(entry)),
    phones: numberLines(entries, (entry) => (entry.protectedPatient ? [] : entry.phones.map(phoneDigits))),
  };
}

/**
 * Searches as typed: names in any order and by their beginnings, date of birth in any usual form, NHS number with junk,
 * postcode, phone. All parts must match. Order: whole words before beginnings, family name first, then the directory's;
 * the dead and the deducted last.
 * @param options.today `YYYY-MM-DD`, for two-digit years
 */
export function searchPatients(
  index: PatientIndex,
  typed: string,
  options: { readonly today: string; readonly limit?: number },
): PatientSearchResult {
  const limit = options.limit ?? 50;
  const query = readPatientQuery(typed, Number(options.today.slice(0, 4)));
  let rows = matchingRows(
    index,
    query,
    query.words.map((word) => [word]),
    index.names,
  );
  // Words that are no name may be a street or a home.
  if (rows.length === 0)
    rows = matchingRows(
      index,
      query,
      query.words.map((word) => [word]),
      index.addresses,
    );
  let forgiving = false;
  if (rows.length === 0 && query.words.some((word) => slipsAllowed(word.length) > 0)) {
    rows = matchingRows(
      index,
      query,
      query.words.map((word) => nearest(index, word)),
      index.names,
    );
    forgiving = rows.length > 0;
  }
  const ranked = chosenForRanking(index, rows, query)
    .map((row) => ({ row, rank: rankOf(index, row, query) }))
    .sort((left, right) => left.rank - right.rank || left.row - right.row);
  return {
    matches: ranked.slice(0, limit).flatMap(({ row }) => {
      const entry = index.entries[row];
      return entry ? [{ entry, sameName: hasNamesake(index, row) }] : [];
    }),
    more: rows.length > limit,
    forgiving,
  };
}

/** People who may be mistaken for this one: for the alert on the banner and at sign. */
export type MistakableFor = {
  readonly sameName: readonly DirectoryEntry[];
  /** same family name and date of birth */
  readonly twins: readonly DirectoryEntry[];
  /** same family name and first address line with postcode */
  readonly household: readonly DirectoryEntry[];
  /** one slip of a letter away in family or first given name, the other part the same: Jon and John, Smith and Smyth */
  readonly similarName: readonly DirectoryEntry[];
};

export function mistakableFor(index: PatientIndex, id: string): MistakableFor {
  const row = index.entries.findIndex((entry) => entry.id === id);
  const self = index.entries[row];
  if (!self) return { sameName: [], twins: [], household: [], similarName: [] };
  const family = rowsOfFamily(index, index.families[row] ?? '').flatMap((other) => {
    const entry = index.entries[other];
    return other === row || !entry ? [] : [entry];
  });
  const home = homeOf(self);
  return {
    sameName: family.filter((entry) => firstGiven(entry) === firstGiven(self)),
    twins: self.birthDate === undefined ? [] : family.filter((entry) => entry.birthDate === self.birthDate),
    household: home === null ? [] : family.filter((entry) => homeOf(entry) === home),
    similarName: similarTo(index, row),
  };
}

/** One pass over the directory when a record opens; each family name is compared once, however many bear it. */
function similarTo(index: PatientIndex, row: number): DirectoryEntry[] {
  const family = index.families[row] ?? '';
  const given = firstGiven(index.entries[row]);
  if (family === '' || given === '') return [];
  const similar: DirectoryEntry[] = [];
  const near = new Map<string, boolean>();
  index.families.forEach((otherFamily, other) => {
    const entry = index.entries[other];
    if (other === row || !entry) return;
    const sameFamily = otherFamily === family;
    let isNear = sameFamily || near.get(otherFamily);
    if (isNear === undefined) {
      isNear = isOneSlipApart(family, otherFamily);
      near.set(otherFamily, isNear);
    }
    if (!isNear) return;
    const otherGiven = firstGiven(entry);
    if (sameFamily ? isOneSlipApart(given, otherGiven) : otherGiven === given) similar.push(entry);
  });
  return similar;
}

/** Different by one letter only; under three letters any two words are that near, and nothing is said. */
function isOneSlipApart(one: string, other: string): boolean {
  if (one === other || Math.min(one.length, other.length) < 3 || Math.abs(one.length - other.length) > 1)
    return false;
  // The whole of both words: `prefixSlips` alone would take Ann for the beginning of Annabel.
  return prefixSlips(one, other, 1) <= 1 && prefixSlips(other, one, 1) <= 1;
}

/**
 * Rows that satisfy every part of a query. Each requirement marks its rows once; a row counts when all have marked it.
 * @param wordsEach for every typed word the beginnings that satisfy it (one, or several in the forgiving pass)
 */
function matchingRows(
  index: PatientIndex,
  query: PatientQuery,
  wordsEach: readonly (readonly string[])[],
  words: WordIndex,
): number[] {
  const marks = new Uint8Array(index.entries.length);
  let met = 0;
  const mark = (row: number): void => {
    if (marks[row] === met) marks[row] = met + 1;
  };
  for (const beginnings of wordsEach) {
    for (const beginning of beginnings) {
      const { from, to } = prefixRange(words, beginning);
      for (let at = from; at < to; at += 1) mark(words.rows[at] ?? 0);
    }
    met += 1;
  }
  if (query.postcode !== null) {
    markLines(index.postcodes, `@${query.postcode}`, mark);
    met += 1;
  }
  if (query.birthDates.length > 0 || query.digits !== null) {
    for (const date of query.birthDates) markLines(index.born, `@${date}`, mark);
    if (query.digits !== null) markDigits(index, query.digits, mark);
    met += 1;
  }
  const rows: number[] = [];
  if (met === 0) return rows;
  for (let row = 0; row < marks.length; row += 1) if (marks[row] === met) rows.push(row);
  return rows;
}

/** The beginning of an NHS number from three digits; a phone number by its beginning, or any six digits of it. */
function markDigits(index: PatientIndex, digits: string, mark: (row: number) => void): void {
  markLines(index.nhs, `@${digits}`, mark);
  markLines(index.phones, digits.length >= 6 ? digits : `@${digits}`, mark);
}

function markLines(lines: NumberLines, needle: string, mark: (row: number) => void): void {
  let position = lines.text.indexOf(needle);
  while (position >= 0) {
    const row = rowAt(lines.starts, position);
    mark(row);
    position = lines.text.indexOf(needle, lines.starts[row + 1] ?? lines.text.length);
  }
}

/** A short beginning matches thousands; those whose family name begins so come first, each group in directory order. */
function chosenForRanking(index: PatientIndex, rows: readonly number[], query: PatientQuery): number[] {
  if (rows.length <= 2 * CANDIDATES) return [...rows];
  const inFamily: number[] = [];
  const others: number[] = [];
  for (const row of rows) {
    const family = index.families[row] ?? '';
    const group = query.words.some((word) => family.startsWith(word)) ? inFamily : others;
    if (group.length < CANDIDATES) group.push(row);
  }
  return [...inFamily, ...others];
}

/** Up to two dozen words of the directory within the slips that the typed word's length allows, nearest first. */
function nearest(index: PatientIndex, typed: string): string[] {
  const max = slipsAllowed(typed.length);
  if (max === 0) return [typed];
  const mask = letterMask(typed);
  const near: { readonly word: string; readonly slips: number }[] = [];
  index.names.words.forEach((word, at) => {
    if (lettersMissing(mask, index.nameMasks[at] ?? 0) > max) return;
    const slips = prefixSlips(typed, word, max);
    if (slips <= max) near.push({ word, slips });
  });
  return near
    .sort(
      (left, right) =>
        left.slips - right.slips ||
        left.word.length - right.word.length ||
        compareByCodeUnit(left.word, right.word),
    )
    .slice(0, 24)
    .map(({ word }) => word);
}

/** Lower is better. */
function rankOf(index: PatientIndex, row: number, query: PatientQuery): number {
  const entry = index.entries[row];
  if (!entry) return Number.MAX_SAFE_INTEGER;
  const line = index.nameLines[row] ?? '';
  let rank = 0;
  for (const word of query.words) {
    if (!line.includes(` ${word} `)) rank += line.includes(` ${word}`) ? 2 : 8;
  }
  const [first] = query.words;
  if (first !== undefined && !(index.families[row] ?? '').startsWith(first)) rank += 1;
  if (query.digits !== null && entry.nhsNumber?.startsWith(query.digits) === true) rank -= 4;
  if (entry.deceased !== undefined) rank += 16;
  return entry.registration === 'deducted' ? rank + 16 : rank;
}

/** The directory is sorted by family and given name, so a namesake stands right beside. */
function hasNamesake(index: PatientIndex, row: number): boolean {
  const family = index.families[row];
  const given = firstGiven(index.entries[row]);
  if (family === undefined || family === '' || given === '') return false;
  return [row - 1, row + 1].some(
    (other) => index.families[other] === family && firstGiven(index.entries[other]) === given,
  );
}

function rowsOfFamily(index: PatientIndex, family: string): number[] {
  const rows: number[] = [];
  for (let row = lowerBound(index.families, family); index.families[row] === family; row += 1) rows.push(row);
  return rows;
}

function numberLines(
  entries: readonly DirectoryEntry[],
  valuesOf: (entry: DirectoryEntry) => readonly string[],
): NumberLines {
  const starts = new Int32Array(entries.length + 1);
  let length = 0;
  const lines = entries.map((entry, row) => {
    const line = `${valuesOf(entry)
      .map((value) => `@${value}`)
      .join('')}\n`;
    length += line.length;
    starts[row + 1] = length;
    return line;
  });
  return { text: lines.join(''), starts };
}

function rowAt(starts: Int32Array, position: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

function postcodesOf({ address, protectedPatient }: DirectoryEntry): string[] {
  if (protectedPatient || address?.postcode === undefined) return [];
  return [plainLetters(address.postcode).replace(/\s+/g, '')];
}

function phoneDigits(phone: string): string {
  return phone.replace(/^\s*(?:\+44|0044)\s*(?:\(0\))?/, '0').replace(/\D/g, '');
}

/** Protected patients have no address anywhere in an offline directory, and none is looked up if one arrives. */
function addressWords({ address, protectedPatient }: DirectoryEntry): string[] {
  return protectedPatient || !address ? [] : searchWords(address.lines.join(' '));
}

/** `O'Neill` is found as oneill and as neill, `Smith-Jones` as smith, jones and smithjones. */
function nameWords(entry: DirectoryEntry): string[] {
  const words = [...searchWords(entry.family), ...searchWords(entry.given.join(' '))];
  for (const name of [entry.family, ...entry.given]) {
    if (/['’`´]/.test(name)) words.push(...searchWords(name.replace(/['’`´]/g, ' ')).slice(1));
    if (/[-\s]/.test(name.trim())) words.push(searchWords(name).join(''));
  }
  return words;
}

function firstGiven(entry: DirectoryEntry | undefined): string {
  return searchWords(entry?.given[0] ?? '').join(' ');
}

function homeOf(entry: DirectoryEntry): string | null {
  const line = searchWords(entry.address?.lines[0] ?? '').join(' ');
  const postcode = plainLetters(entry.address?.postcode ?? '').replace(/\s+/g, '');
  return line === '' || postcode === '' ? null : `${line} ${postcode}`;
}
