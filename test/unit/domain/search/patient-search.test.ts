import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PatientId } from '../../../../domain/identifiers.ts';
import type { DirectoryEntry } from '../../../../domain/record/directory-entry.ts';
import {
  mistakableFor,
  preparePatientSearch,
  searchPatients,
} from '../../../../domain/search/patient-search.ts';
import { readPatientQuery } from '../../../../domain/search/patient-query.ts';

function patient(
  id: string,
  family: string,
  given: string,
  more: Partial<DirectoryEntry> = {},
): DirectoryEntry {
  return {
    id: id as PatientId,
    family,
    given: given.split(' '),
    phones: [],
    protectedPatient: false,
    registration: 'registered',
    safety: { allergyTitle: 'Allergies not recorded', allergies: [], flags: [] },
    pack: { resources: 1, bytes: 1 },
    ...more,
  };
}

const today = '2026-11-22';
const directory = [
  patient('smith-john', 'Smith', 'John Paul', {
    birthDate: '1961-01-05',
    nhsNumber: '9434765919',
    address: { lines: ['12 Oak Lodge', 'Leeds'], postcode: 'LS1 4AP' },
    phones: ['07700 900123'],
  }),
  patient('smith-jane', 'Smith', 'Jane', {
    birthDate: '1961-05-01',
    nhsNumber: '4010232137',
    address: { lines: ['12 Oak Lodge'], postcode: 'LS1 4AP' },
  }),
  patient('smith-john-2', 'SMITH', 'john', { birthDate: '1988-02-29' }),
  patient('smithson', 'Smithson', 'Peter', { birthDate: '2005-03-04' }),
  patient('oneill', "O'Neill", 'Siobhán', { birthDate: '1905-03-04' }),
  patient('hyphen', 'Featherstone-Haugh', 'Élodie', { birthDate: '1999-12-31' }),
  patient('johnson', 'Johnson', 'Smithy', { birthDate: '1975' }),
  patient('protected', 'Secret', 'Ann', {
    protectedPatient: true,
    phones: ['0113 4960000'],
    address: { lines: ['Hidden House'], postcode: 'LS9 9ZZ' },
  }),
  patient('dead', 'Smith', 'John', { birthDate: '1930-01-01', deceased: '2020-01-01' }),
];
const index = preparePatientSearch(directory);

const found = (typed: string) =>
  searchPatients(index, typed, { today }).matches.map(({ entry }) => entry.id as string);

describe('patient search', () => {
  it.each([
    ['smith john', 'smith-john-2'],
    ['john smith', 'smith-john-2'],
    ['jo sm paul', 'smith-john'],
    ['SMITH, John Paul', 'smith-john'],
    ['oneill', 'oneill'],
    ["o'neill", 'oneill'],
    ['o neill', 'oneill'],
    ['siobhan', 'oneill'],
    ['featherstone haugh', 'hyphen'],
    ['featherstonehaugh', 'hyphen'],
    ['elodie', 'hyphen'],
    ['smithson', 'smithson'],
    ['johnson smithy', 'johnson'],
  ])('finds %j by name', (typed, first) => {
    expect(found(typed)[0]).toBe(first);
  });

  it.each([
    '5/1/61',
    '05/01/1961',
    '5.1.61',
    '05-01-1961',
    '05011961',
    '050161',
    '19610105',
    '1961-01-05',
    '5 jan 1961',
    '5 January 61',
    '05-Jan-1961',
    '5th jan 1961',
    '5jan61',
    '5 1 61',
  ])('finds the date of birth typed as %j', (typed) => {
    expect(found(typed)).toEqual(['smith-john']);
  });

  it('reads dates the English way', () => {
    expect(found('1/5/61')).toEqual(['smith-jane']);
  });

  it.each([
    ['1961', ['smith-jane', 'smith-john']],
    ['jan 1961', ['smith-john']],
    ['1/1961', ['smith-john']],
    ['1975', ['johnson']],
    ['4/3/05', ['oneill', 'smithson']],
    ['smith 1961', ['smith-jane', 'smith-john']],
    ['jane 1/5/61', ['smith-jane']],
    ['jane 5/1/61', []],
  ])('%j finds %j', (typed, ids) => {
    expect(found(typed)).toEqual(ids);
  });

  it.each([
    '9434765919',
    '943 476 5919',
    '943-476-5919',
    'NHS No: 943 476 5919',
    '943.476.5919',
    '\ufeff943\u00a0476\u00a05919',
    '943476',
    '943',
  ])('finds the NHS number %j', (typed) => {
    expect(found(typed)).toEqual(['smith-john']);
  });

  it.each([
    '07700900123',
    '07700 900 123',
    '+44 7700 900123',
    '900123',
    '(07700) 900123',
    '0044 7700 900123',
  ])('finds the phone %j', (typed) => {
    expect(found(typed)).toEqual(['smith-john']);
  });

  it.each([
    ['ls1 4ap', ['smith-jane', 'smith-john']],
    ['LS14AP', ['smith-jane', 'smith-john']],
    ['ls1 4', ['smith-jane', 'smith-john']],
    ['ls1 4ap jane', ['smith-jane']],
    ['oak lodge', ['smith-jane', 'smith-john']],
  ])('finds the address %j', (typed, ids) => {
    expect(found(typed)).toEqual(ids);
  });

  it('never finds a protected patient by address or phone, only by name', () => {
    expect(found('ls9 9zz')).toEqual([]);
    expect(found('01134960000')).toEqual([]);
    expect(found('hidden')).toEqual([]);
    expect(found('secret ann')).toEqual(['protected']);
    expect(index.addresses.words).not.toContain('hidden');
    expect(index.phones.text).not.toContain('0113');
  });

  it('forgives slips only when nothing matches as typed, and says so', () => {
    for (const typed of ['smtih jane', 'jahne smith', 'featherston haugh', 'siobahn']) {
      const result = searchPatients(index, typed, { today });
      expect(result.matches.length).toBeGreaterThan(0);
    }
    expect(searchPatients(index, 'smtihson', { today })).toMatchObject({
      forgiving: true,
      matches: [{ entry: { id: 'smithson' } }],
    });
    expect(searchPatients(index, 'smithson', { today }).forgiving).toBe(false);
    expect(searchPatients(index, 'xyzzy', { today })).toEqual({ matches: [], more: false, forgiving: false });
  });

  it('puts the dead after the living and marks the same name', () => {
    const result = searchPatients(index, 'smith john', { today });
    expect(result.matches.map(({ entry, sameName }) => [entry.id, sameName])).toEqual([
      ['smith-john-2', true],
      ['smith-john', true],
      ['johnson', false],
      ['dead', true],
    ]);
    expect(searchPatients(index, 'jane', { today }).matches).toMatchObject([{ sameName: false }]);
  });

  it('says when there are more', () => {
    expect(searchPatients(index, 'smith', { today, limit: 2 })).toMatchObject({ more: true });
  });

  it('answers nothing with nothing', () => {
    expect(found('')).toEqual([]);
    expect(found('  , ')).toEqual([]);
  });

  it('alerts to same name, twins and household', () => {
    const twins = preparePatientSearch([
      ...directory,
      patient('twin-a', 'Jones', 'Ann', { birthDate: '2020-01-01' }),
      patient('twin-b', 'Jones', 'Amy', { birthDate: '2020-01-01' }),
    ]);
    expect(mistakableFor(twins, 'twin-a').twins.map(({ id }) => id)).toEqual(['twin-b']);
    expect(
      mistakableFor(index, 'smith-john')
        .sameName.map(({ id }) => id)
        .sort(),
    ).toEqual(['dead', 'smith-john-2']);
    expect(mistakableFor(index, 'smith-john').household.map(({ id }) => id)).toEqual(['smith-jane']);
    expect(mistakableFor(index, 'nobody')).toEqual({
      sameName: [],
      twins: [],
      household: [],
      similarName: [],
    });
  });

  it('alerts to a name that is one letter away, and to none that only begins alike', () => {
    const people = preparePatientSearch([
      patient('self', 'Smith', 'Jon'),
      patient('given', 'Smith', 'John'),
      patient('family', 'Smyth', 'Jon'),
      patient('both', 'Smyth', 'John'),
      patient('longer', 'Smithson', 'Jon'),
      patient('other', 'Smith', 'Jonathan'),
    ]);
    expect(
      mistakableFor(people, 'self')
        .similarName.map(({ id }) => id)
        .sort(),
    ).toEqual(['family', 'given']);
  });

  it('finds every patient by the whole of their names in either order, and gives one order whatever the input’s', () => {
    const names = fc.constantFrom(
      'Smith',
      'Smyth',
      'Jones',
      "O'Brien",
      'Van der Berg',
      'Ó Súilleabháin',
      'Li',
      'Patel-Shah',
    );
    const directories = fc
      .array(fc.tuple(names, names), { minLength: 1, maxLength: 30 })
      .map((pairs) => pairs.map(([family, given], at) => patient(`p${at}`, family, given)));
    fc.assert(
      fc.property(directories, fc.nat(), (people, pick) => {
        const one = people[pick % people.length];
        if (!one) return;
        const forwards = preparePatientSearch(people);
        const backwards = preparePatientSearch([...people].reverse());
        for (const typed of [
          `${one.family} ${one.given.join(' ')}`,
          `${one.given.join(' ')} ${one.family}`,
        ]) {
          const result = searchPatients(forwards, typed, { today }).matches.map(({ entry }) => entry.id);
          expect(result).toContain(one.id);
          expect(searchPatients(backwards, typed, { today }).matches.map(({ entry }) => entry.id)).toEqual(
            result,
          );
        }
      }),
    );
  });
});

describe('patient query', () => {
  it.each([
    ['smith 5/1/61', { words: ['smith'], birthDates: ['19610105'] }],
    ['31/2/1961', { birthDates: [] }],
    ['4/3/05', { birthDates: ['19050304', '20050304'] }],
    ['4/3/61', { birthDates: ['19610304'] }],
    ['may smith', { words: ['may', 'smith'], birthDates: [] }],
  ])('%j', (typed, expected) => {
    expect(readPatientQuery(typed, 2026)).toMatchObject(expected);
  });
});
