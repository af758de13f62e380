import { describe, expect, it } from 'vitest';
import {
  currentName,
  displayName,
  preferredName,
  titleCase,
} from '../../../../domain/clinical/patient-name.ts';

describe('patient names', () => {
  it.each([
    [{ family: 'Smith', given: ['John'], prefix: ['Mr'] }, 'SMITH, John (Mr)'],
    [{ family: 'smith', given: ['JOHN', 'paul'], prefix: ['Mr.'] }, 'SMITH, John Paul (Mr)'],
    [{ family: "O'Neill", given: ['anne-marie'], prefix: ['DR'] }, "O'NEILL, Anne-Marie (Dr)"],
    [{ family: 'Smith', given: ['DeShawn'] }, 'SMITH, DeShawn'],
    [{ given: ['John'] }, 'Family name not recorded, John'],
    [{ family: 'Smith' }, 'SMITH, given name not recorded'],
    [{ text: 'Baby of Smith' }, 'Baby of Smith'],
    [{}, 'Name not recorded'],
  ])('%j', (name, shown) => {
    expect(displayName(name)).toBe(shown);
  });

  it('says so when there is no name', () => {
    expect(displayName(null)).toBe('Name not recorded');
  });

  it('never cuts a long name', () => {
    const family = 'Featherstonehaugh-Cholmondeley-Majoribanks'.repeat(3);
    expect(displayName({ family, given: ['Bartholomew'.repeat(5)] })).toBe(
      `${family.toUpperCase()}, ${'Bartholomew'.repeat(5)}`,
    );
  });

  it('chooses the official name over an old or ended one', () => {
    const names = [
      { use: 'old' as const, family: 'Jones' },
      { use: 'official' as const, family: 'Ended', period: { end: '2020-01-01' } },
      { use: 'usual' as const, family: 'Usual' },
      { use: 'official' as const, family: 'Smith' },
    ];
    expect(currentName(names, '2026-11-22')?.family).toBe('Smith');
    expect(currentName(names.slice(0, 3), '2026-11-22')?.family).toBe('Usual');
    expect(currentName(names.slice(0, 1), '2026-11-22')?.family).toBe('Jones');
    expect(currentName([], '2026-11-22')).toBeNull();
  });

  it('finds the preferred name', () => {
    expect(
      preferredName([
        { use: 'official', family: 'Smith', given: ['John'] },
        { use: 'nickname', given: ['jack'] },
      ]),
    ).toBe('Jack');
    expect(preferredName([{ use: 'official', family: 'Smith' }])).toBeNull();
  });

  it('keeps mixed case', () => {
    expect(titleCase('MacDonald')).toBe('MacDonald');
    expect(titleCase('élodie')).toBe('Élodie');
  });
});
