/**
 * Everybody registered at a street, a home, a house or a postcode. Protected patients are never found by it, whatever the
 * directory says of them: a list by address would tell where they live.
 */
import type { DirectoryEntry } from '../record/directory-entry.ts';
import { searchWords } from './normalise.ts';
import { compareByCodeUnit } from './word-index.ts';

/** The directory's addresses in search form, in the order in which one walks them. */
export interface AddressIndex {
  readonly entries: readonly DirectoryEntry[];
  /** All words of an address between spaces, and the postcode also in one piece. */
  readonly lines: readonly string[];
}

export interface AddressSearchResult {
  readonly matches: readonly DirectoryEntry[];
  /** How many more there are: a cut list must not look whole. */
  readonly more: number;
}

/** Under this many letters and digits half a practice would answer. */
export const ADDRESS_ASKS_FROM = 3;

/** Short forms as they are written, with what they stand for: either finds the other. */
const SHORT_FORMS: Readonly<Record<string, readonly string[]>> = {
  rd: ['road'],
  st: ['street', 'saint'],
  ln: ['lane'],
  ct: ['court'],
  gdns: ['gardens'],
  gdn: ['garden'],
  hse: ['house'],
  apt: ['apartment'],
  bldg: ['building'],
  pk: ['park'],
  grn: ['green'],
};

const WHOLE_POSTCODE = /(^|\s)([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})(?=\s|$)/;
const HOUSE_NUMBER = /^\d+[a-z]?$/;

export function prepareAddressSearch(directory: readonly DirectoryEntry[]): AddressIndex {
  const entries = directory
    .filter(({ protectedPatient, address }) => !protectedPatient && address !== undefined)
    .map((entry) => ({ entry, place: placeOf(entry) }))
    .sort((left, right) => comparePlaces(left, right))
    .map(({ entry }) => entry);
  return { entries, lines: entries.map(addressLine) };
}

/**
 * @param typed a street, a home's name, a house with its number, or a postcode, in any order and by beginnings; numbers
 * are whole (`1` is 1 and 1a, never 11)
 */
export function searchAddresses(index: AddressIndex, typed: string, limit: number): AddressSearchResult {
  const isMet = requirements(typed);
  if (isMet.length === 0) return { matches: [], more: 0 };
  const found = index.entries.filter((_, row) => {
    const line = index.lines[row] ?? '';
    return isMet.every((one) => one(line));
  });
  // Whom nobody can visit stays in the answer, last: they are registered there, and their line says why.
  const isAlive = ({ deceased, registration }: DirectoryEntry) =>
    deceased === undefined && registration !== 'deducted';
  const matches = [...found.filter(isAlive), ...found.filter((entry) => !isAlive(entry))];
  return { matches: matches.slice(0, limit), more: Math.max(0, matches.length - limit) };
}

/** By street, house number and room; those without an address last, by name. */
export function compareByAddress(left: DirectoryEntry, right: DirectoryEntry): number {
  return comparePlaces({ entry: left, place: placeOf(left) }, { entry: right, place: placeOf(right) });
}

type Requirement = (line: string) => boolean;

function requirements(typed: string): readonly Requirement[] {
  const met: Requirement[] = [];
  let rest = searchWords(typed).join(' ');
  if (rest.replaceAll(' ', '').length < ADDRESS_ASKS_FROM) return met;
  const postcode = WHOLE_POSTCODE.exec(rest);
  if (postcode) {
    const whole = ` ${postcode[2] ?? ''}${postcode[3] ?? ''} `;
    met.push((line) => line.includes(whole));
    rest = `${rest.slice(0, postcode.index)} ${rest.slice(postcode.index + postcode[0].length)}`.trim();
  }
  for (const word of rest.split(' ').filter(Boolean)) {
    if (HOUSE_NUMBER.test(word)) {
      const whole = new RegExp(` ${word}${/\d$/.test(word) ? '[a-z]?' : ''} `);
      met.push((line) => whole.test(line));
    } else met.push((line) => line.includes(` ${word}`));
  }
  return met;
}

function addressLine({ address }: DirectoryEntry): string {
  const words = searchWords(address?.lines.join(' ') ?? '').flatMap((word) => [
    word,
    ...(SHORT_FORMS[word] ?? []),
    ...shortOf(word),
  ]);
  const postcode = searchWords(address?.postcode ?? '');
  return ` ${[...words, ...postcode, postcode.join('')].join(' ')} `;
}

function shortOf(word: string): readonly string[] {
  return Object.entries(SHORT_FORMS)
    .filter(([, long]) => long.includes(word))
    .map(([short]) => short);
}

interface Place {
  /** Street, or the home's name where no street stands. */
  readonly street: string;
  readonly town: string;
  readonly number: number;
  readonly letter: string;
  /** Flat or room. */
  readonly room: number;
  readonly roomLetter: string;
}

const ROOM = /\b(?:flat|room|apartment|apt|unit|bed|bedroom|suite|studio)\.?\s*(\d+)\s*([a-z]?)\b/i;
const NUMBERED = /(?:^|[\s,])(\d+)([a-z]?)(?:\s*[-–/]\s*\d+[a-z]?)?[\s,]+([a-z].*)$/i;

function placeOf({ address, protectedPatient }: DirectoryEntry): Place | null {
  if (protectedPatient || !address) return null;
  const room = address.lines.map((line) => ROOM.exec(line)).find((match) => match !== null);
  const lines = address.lines.map((line) => line.replace(ROOM, ' ').replaceAll(/^[\s,]+|[\s,]+$/g, ''));
  const numbered = lines.map((line) => NUMBERED.exec(line)).find((match) => match !== null);
  const named = lines.find((line) => line !== '') ?? '';
  return {
    street: searchWords(numbered?.[3] ?? named).join(' '),
    town: searchWords(lines.at(-1) ?? '').join(' '),
    number: Number(numbered?.[1] ?? 0),
    letter: (numbered?.[2] ?? '').toLowerCase(),
    room: Number(room?.[1] ?? 0),
    roomLetter: (room?.[2] ?? '').toLowerCase(),
  };
}

interface Placed {
  readonly entry: DirectoryEntry;
  readonly place: Place | null;
}

function comparePlaces(left: Placed, right: Placed): number {
  return (
    (left.place && right.place ? within(left.place, right.place) : byPresence(left, right)) ||
    byName(left, right)
  );
}

function within(left: Place, right: Place): number {
  return (
    compareByCodeUnit(left.street, right.street) ||
    compareByCodeUnit(left.town, right.town) ||
    left.number - right.number ||
    compareByCodeUnit(left.letter, right.letter) ||
    left.room - right.room ||
    compareByCodeUnit(left.roomLetter, right.roomLetter)
  );
}

function byPresence(left: Placed, right: Placed): number {
  return Number(left.place === null) - Number(right.place === null);
}

function byName({ entry: left }: Placed, { entry: right }: Placed): number {
  const name = ({ family, given }: DirectoryEntry) => searchWords(`${family} ${given.join(' ')}`).join(' ');
  return compareByCodeUnit(name(left), name(right)) || compareByCodeUnit(left.id, right.id);
}
