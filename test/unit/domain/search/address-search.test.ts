import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PatientId } from '../../../../domain/identifiers.ts';
import type { DirectoryEntry } from '../../../../domain/record/directory-entry.ts';
import {
  compareByAddress,
  prepareAddressSearch,
  searchAddresses,
} from '../../../../domain/search/address-search.ts';

let number = 0;

function at(
  lines: readonly string[] | null,
  more: Partial<DirectoryEntry> & { postcode?: string } = {},
): DirectoryEntry {
  number += 1;
  const { postcode, ...rest } = more;
  return {
    id: `p${String(number).padStart(4, '0')}` as PatientId,
    family: 'Testford',
    given: [`Given${number}`],
    ...(lines === null ? {} : { address: { lines, ...(postcode === undefined ? {} : { postcode }) } }),
    phones: [],
    protectedPatient: false,
    registration: 'registered',
    safety: { allergyTitle: 'Allergies not recorded', allergies: [], flags: [] },
    pack: { resources: 1, bytes: 1 },
    ...rest,
  };
}

const where = ({ address }: DirectoryEntry) => address?.lines.join(', ') ?? '';
const found = (entries: readonly DirectoryEntry[], typed: string, limit = 60) =>
  searchAddresses(prepareAddressSearch(entries), typed, limit).matches.map(where);

describe('who is registered at an address', () => {
  const court = (room: string) => [`Room ${room}`, 'Willow Court Care Home', '2 Park Lane', 'Netherby'];
  const practice = [
    at(court('12'), { postcode: 'ZZ99 1AB' }),
    at(['11 Park Lane', 'Netherby'], { postcode: 'ZZ99 1AC' }),
    at(court('2'), { postcode: 'ZZ99 1AB' }),
    at(['1A Park Lane', 'Netherby'], { postcode: 'ZZ99 1AC' }),
    at(['1 Park Lane', 'Netherby'], { postcode: 'ZZ99 1AC' }),
    at(['Flat 3, 10 St. Mary’s Rd', 'Netherby'], { postcode: 'LS1 4AP' }),
    at(['Flat 1, 10 St. Mary’s Rd', 'Netherby'], { postcode: 'LS1 4AP' }),
    at(['9 High Street', 'Leeds'], { postcode: 'LS11 4AP' }),
    at(null),
  ];

  it('a street: everybody on it, by house number and room', () => {
    expect(found(practice, 'park lane')).toEqual([
      '1 Park Lane, Netherby',
      '1A Park Lane, Netherby',
      'Room 2, Willow Court Care Home, 2 Park Lane, Netherby',
      'Room 12, Willow Court Care Home, 2 Park Lane, Netherby',
      '11 Park Lane, Netherby',
    ]);
  });

  it('a care home by the beginnings of its name, in any order', () => {
    for (const typed of ['willow court', 'court will', 'WILLOW  care']) {
      expect(found(practice, typed)).toHaveLength(2);
    }
  });

  it('one house: a number is whole, with its letters', () => {
    expect(found(practice, '1 park lane')).toEqual(['1 Park Lane, Netherby', '1A Park Lane, Netherby']);
    expect(found(practice, '1a park lane')).toEqual(['1A Park Lane, Netherby']);
    expect(found(practice, '11 park')).toEqual(['11 Park Lane, Netherby']);
  });

  it('a postcode with or without its space, never the neighbour’s that ends alike', () => {
    for (const typed of ['LS1 4AP', 'ls14ap']) {
      expect(found(practice, typed)).toEqual([
        'Flat 1, 10 St. Mary’s Rd, Netherby',
        'Flat 3, 10 St. Mary’s Rd, Netherby',
      ]);
    }
    expect(found(practice, 'ls11 4ap')).toEqual(['9 High Street, Leeds']);
  });

  it('short forms and what they stand for find each other', () => {
    for (const typed of ['st marys rd', 'saint mary road', "St Mary's Road"]) {
      expect(found(practice, typed)).toHaveLength(2);
    }
    expect(found(practice, 'high st')).toEqual(['9 High Street, Leeds']);
  });

  it('nothing under three letters, and nothing for what stands nowhere', () => {
    expect(found(practice, 'pa')).toEqual([]);
    expect(found(practice, '')).toEqual([]);
    expect(found(practice, 'elm grove')).toEqual([]);
  });

  it('the dead and the deducted come last, still told', () => {
    const died = at(['1 Elm Row'], { deceased: '2026-10-01' });
    const left = at(['2 Elm Row'], { registration: 'deducted' });
    expect(found([died, left, at(['3 Elm Row'])], 'elm row')).toEqual([
      '3 Elm Row',
      '1 Elm Row',
      '2 Elm Row',
    ]);
  });

  it('a cut list says how many more there are', () => {
    const many = Array.from({ length: 7 }, (_, index) => at([`${index + 1} Elm Row`]));
    expect(searchAddresses(prepareAddressSearch(many), 'elm row', 5)).toMatchObject({ more: 2 });
  });

  it('a protected patient is never found by an address, even one that stands in the entry by mistake', () => {
    const hidden = at(['4 Elm Row'], { postcode: 'ZZ99 9ZZ', protectedPatient: true });
    const index = prepareAddressSearch([hidden, at(['5 Elm Row'])]);
    for (const typed of ['elm row', '4 elm row', 'ZZ99 9ZZ', 'zz999zz'])
      expect(searchAddresses(index, typed, 60).matches).not.toContain(hidden);
  });
});

const word = fc.constantFrom(
  'willow',
  'court',
  'park',
  'lane',
  'high',
  'street',
  'st',
  'elm',
  'row',
  'house',
);
const line = fc
  .tuple(fc.option(fc.integer({ min: 1, max: 30 })), fc.array(word, { minLength: 1, maxLength: 3 }))
  .map(([house, words]) => `${house === null ? '' : `${house} `}${words.join(' ')}`);
const entry = fc
  .tuple(fc.option(fc.array(line, { minLength: 1, maxLength: 3 })), fc.boolean())
  .map(([lines, protectedPatient]) => at(lines, { protectedPatient }));

describe('properties', () => {
  it('every word typed stands in every address found, and no protected patient is among them', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 12 }),
        fc.array(word, { minLength: 1, maxLength: 2 }),
        (all, typed) => {
          const words = typed.filter((one) => one !== 'st' && one !== 'street');
          fc.pre(words.length > 0);
          const { matches } = searchAddresses(prepareAddressSearch(all), words.join(' '), 60);
          const expected = all.filter(
            (one) =>
              !one.protectedPatient && words.every((typedWord) => ` ${where(one)}`.includes(` ${typedWord}`)),
          );
          expect(new Set(matches)).toEqual(new Set(expected));
        },
      ),
    );
  });

  it('the order is one, however the directory lies, and who has no address comes last', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 10 }), (all) => {
        const sorted = all.toSorted(compareByAddress);
        expect(all.toReversed().toSorted(compareByAddress)).toEqual(sorted);
        const placed = sorted.map((one) => one.address !== undefined && !one.protectedPatient);
        expect(placed).toEqual(placed.toSorted((left, right) => Number(right) - Number(left)));
      }),
    );
  });
});
