import type { Patient } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { currentName, displayName, preferredName } from '../../../../domain/clinical/patient-name.ts';
import { changeDemographics, currentAddress } from '../../../../domain/record/demographics-change.ts';

const today = '2026-11-22';
const patient: Patient = {
  resourceType: 'Patient',
  id: 'p1',
  name: [
    { use: 'official', family: 'Smith', given: ['Ann'], prefix: ['Miss'] },
    { use: 'nickname', given: ['Nan'] },
  ],
  address: [{ use: 'home', line: ['1 Old Road'], postalCode: 'LS1 1AA' }],
  telecom: [
    { system: 'phone', use: 'mobile', value: '07700 900001' },
    { system: 'phone', use: 'home', value: '0113 496 0001' },
    { system: 'email', value: 'ann@example.org' },
  ],
};
const changed = (change: Parameters<typeof changeDemographics>[1]) =>
  changeDemographics(patient, change, today).after as unknown as Patient;

describe('demographics changed', () => {
  it('a new name leads, the one before is kept as old with its end', () => {
    const after = changed({ name: { family: 'Jones', given: ['Ann'], title: 'Mrs' } });
    expect(displayName(currentName(after.name, today))).toBe('JONES, Ann (Mrs)');
    expect(after.name?.[1]).toEqual({
      use: 'old',
      family: 'Smith',
      given: ['Ann'],
      prefix: ['Miss'],
      period: { end: today },
    });
    expect(preferredName(after.name)).toBe('Nan');
  });

  it('"known as" changes and goes away without a trace being lost', () => {
    expect(preferredName(changed({ knownAs: 'Annie' }).name)).toBe('Annie');
    const gone = changed({ knownAs: '' });
    expect(preferredName(gone.name)).toBeNull();
    expect(gone.name).toHaveLength(2);
  });

  it('a new address leads, the one before is kept as old', () => {
    const after = changed({ address: { lines: ['2 New Road'], postcode: 'LS2 2BB' } });
    expect(currentAddress(after)).toMatchObject({ line: ['2 New Road'], postalCode: 'LS2 2BB', use: 'home' });
    expect(after.address?.[1]).toMatchObject({ use: 'old', line: ['1 Old Road'], period: { end: today } });
  });

  it('a new mobile ends the old mobile and no other number', () => {
    const after = changed({ phone: { number: '07700 900999', use: 'mobile' } });
    expect(after.telecom?.map(({ value, use }) => [value, use])).toEqual([
      ['07700 900999', 'mobile'],
      ['07700 900001', 'old'],
      ['0113 496 0001', 'home'],
      ['ann@example.org', undefined],
    ]);
  });

  it('the same number again is not doubled, and nothing given changes nothing', () => {
    expect(changed({ phone: { number: '07700 900001', use: 'mobile' } }).telecom).toHaveLength(3);
    expect(changed({})).toEqual(patient);
  });
});
