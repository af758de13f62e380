import type { Flag, Patient } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { directoryEntryOf } from '../../../../domain/record/make-directory-entry.ts';

const pack = { resources: 1, bytes: 100 };
const patient: Patient = {
  resourceType: 'Patient',
  id: 'p',
  identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: '999 000 0018' }],
  name: [
    { use: 'old', family: 'Before' },
    { use: 'official', family: 'Exempelton', given: ['Ada', 'Mary'], prefix: ['Mrs'] },
  ],
  address: [
    { use: 'old', line: ['Gone'] },
    { use: 'home', line: ['1 High Street'], city: 'Leeds', postalCode: 'LS1 1AA' },
  ],
  telecom: [
    { system: 'phone', value: '0113 496 0000' },
    { system: 'phone', value: '0113 496 0001', use: 'old' },
    { system: 'email', value: 'ada@example.org' },
  ],
};
const entry = (changes: Partial<Patient> = {}) =>
  directoryEntryOf(
    { patient: { ...patient, ...changes }, clinical: { allergies: [], flags: [] }, pack },
    '2026-11-22',
  );

describe('a directory entry', () => {
  it('holds the present name, number without spaces, home address and living telephones', () => {
    expect(entry()).toMatchObject({
      family: 'Exempelton',
      given: ['Ada', 'Mary'],
      prefix: 'Mrs',
      nhsNumber: '9990000018',
      address: { lines: ['1 High Street', 'Leeds'], postcode: 'LS1 1AA' },
      phones: ['0113 496 0000'],
      protectedPatient: false,
      registration: 'registered',
    });
  });

  it('a protected patient has neither address nor telephone', () => {
    const hidden = entry({ meta: { security: [{ code: 'R' }] } });
    expect(hidden).toMatchObject({ protectedPatient: true, phones: [] });
    expect(hidden).not.toHaveProperty('address');
  });

  it('M15: dates are kept as written, to whatever precision', () => {
    expect(entry({ birthDate: '1961-01' }).birthDate).toBe('1961-01');
    expect(entry({ deceasedDateTime: '2026' }).deceased).toBe('2026');
    expect(entry({ deceasedBoolean: true }).deceased).toBe(true);
    expect(entry({ deceasedBoolean: false })).not.toHaveProperty('deceased');
  });

  it('D2: without an NHS number a patient is plainly temporary; one who left is deducted', () => {
    expect(entry({ identifier: [] }).registration).toBe('temporary');
    expect(entry({ active: false }).registration).toBe('deducted');
  });

  it('whoever may not see clinical content is told that allergies are unavailable, never that there are none', () => {
    const desk = directoryEntryOf({ patient, clinical: null, pack }, '2026-11-22');
    expect(desk.safety).toEqual({ allergyTitle: 'Allergies unavailable', allergies: [], flags: [] });
    expect(entry().safety.allergyTitle).toBe('Allergies not recorded');
  });

  it('a record that is not whole qualifies what the list says of allergies (hazards 32, 33)', () => {
    const flag = (code: string, text: string): Flag => ({
      resourceType: 'Flag',
      status: 'active',
      code: { text },
      category: [
        { coding: [{ system: 'https://gladstone.example/fhir/CodeSystem/record-completeness', code }] },
      ],
      subject: {},
    });
    const flags = [
      flag('data-in-transit', 'In transit: entries before 03-Mar-2021 may be missing'),
      flag('confidential-items', 'Items withheld'),
    ];
    const { safety } = directoryEntryOf({ patient, clinical: { allergies: [], flags }, pack }, '2026-11-22');
    expect(safety.allergies).toEqual([
      'record incomplete before 03-Mar-2021, some items withheld as confidential',
    ]);
  });

  it('flags that have ended do not interrupt', () => {
    const flag = (status: 'active' | 'inactive', text: string) =>
      ({ resourceType: 'Flag', status, code: { text }, subject: {} }) as const;
    const flags = [flag('active', 'DNACPR in place'), flag('inactive', 'Child protection plan')];
    expect(
      directoryEntryOf({ patient, clinical: { allergies: [], flags }, pack }, '2026-11-22').safety.flags,
    ).toEqual([{ kind: 'resuscitation', text: 'DNACPR in place' }]);
  });
});
