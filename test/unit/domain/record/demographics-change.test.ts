import type { Patient } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { currentName, displayName, preferredName } from '../../../../domain/clinical/patient-name.ts';
import { nhsNumberOf } from '../../../../domain/clinical/banner.ts';
import { changeDemographics, currentAddress } from '../../../../domain/record/demographics-change.ts';
import { registerPatient } from '../../../../domain/record/registration.ts';

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

describe('a temporary identity that is resolved', () => {
  const registered = registerPatient({
    id: '0f3d9b1e-0000-4000-8000-000000000001',
    kind: 'newborn',
    family: 'Smith',
    given: [],
    gender: 'unknown',
    phones: [],
  }).after as unknown as Patient;
  const resolved = changeDemographics(
    registered,
    {
      identity: {
        nhsNumber: '9990000034',
        birthDate: '2026-11-20',
        gender: 'female',
        reason: 'Birth notification',
      },
    },
    today,
  );
  const after = resolved.after as unknown as Patient;

  it('is a correction with its reason: the number leads, the temporary one has ended', () => {
    expect(resolved).toMatchObject({ kind: 'correct', reason: 'Birth notification' });
    expect(after).toMatchObject({ birthDate: '2026-11-20', gender: 'female' });
    expect(nhsNumberOf(after)).toBe('9990000034');
    expect(after.identifier?.[1]).toMatchObject({ use: 'old', period: { end: today } });
    expect(JSON.stringify(after.extension)).not.toContain('not yet matched');
    expect(JSON.stringify(registered.extension)).toContain('not yet matched');
  });

  it('a wrong number does not stay beside the right one', () => {
    const again = changeDemographics(
      after,
      { identity: { nhsNumber: '9990000042', reason: 'A slip' } },
      today,
    );
    expect(JSON.stringify(again.after)).not.toContain('9990000034');
    expect(nhsNumberOf(again.after as unknown as Patient)).toBe('9990000042');
  });
});
