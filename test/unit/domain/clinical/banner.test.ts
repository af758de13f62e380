import type { AllergyIntolerance, Patient } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { summariseAllergies } from '../../../../domain/clinical/allergy-summary.ts';
import { genderWords, patientBanner } from '../../../../domain/clinical/banner.ts';

const SNOMED = 'http://snomed.info/sct';
const whole = { available: true };

const john: Patient = {
  resourceType: 'Patient',
  id: 'john',
  name: [{ use: 'official', family: 'Smith', given: ['John'], prefix: ['Mr'] }],
  birthDate: '1961-01-05',
  gender: 'male',
  identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9434765919' }],
};

function allergy(code: string, text: string, more: Partial<AllergyIntolerance> = {}): AllergyIntolerance {
  return {
    resourceType: 'AllergyIntolerance',
    patient: { reference: 'Patient/john' },
    code: { coding: [{ system: SNOMED, code, display: text }], text },
    ...more,
  };
}

const active = (code: string) => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code }],
});

describe('patient banner', () => {
  it('carries the four identifiers under their labels, without colons', () => {
    const banner = patientBanner({
      patient: john,
      allergies: [],
      allergyState: whole,
      now: '2026-11-22T10:00:00Z',
    });
    expect(banner).toMatchObject({
      name: 'SMITH, John (Mr)',
      preferredName: null,
      born: { label: 'Born', value: '05-Jan-1961', spoken: '5 January 1961' },
      age: '65y',
      deceased: null,
      gender: { label: 'Gender', value: 'Male' },
      nhsNumber: { label: 'NHS No.', value: '943 476 5919' },
    });
  });

  it('shows the deceased with age at death and no running age', () => {
    const banner = patientBanner({
      patient: { ...john, deceasedDateTime: '2020-03-01' },
      allergies: [],
      allergyState: whole,
      now: '2026-11-22',
    });
    expect(banner.age).toBeNull();
    expect(banner.deceased).toMatchObject({
      died: { label: 'Died', value: '01-Mar-2020' },
      ageAtDeath: { label: 'Age at Death', value: '59y' },
    });
  });

  it('believes a death whose date is unknown', () => {
    const banner = patientBanner({
      patient: { ...john, deceasedBoolean: true },
      allergies: [],
      allergyState: whole,
      now: '2026-11-22',
    });
    expect(banner.deceased?.died.value).toBe('Date not recorded');
    expect(banner.deceased?.ageAtDeath.value).toBe('Not recorded');
  });

  it('says what is not recorded in words', () => {
    const banner = patientBanner({
      patient: { resourceType: 'Patient' },
      allergies: [],
      allergyState: whole,
      now: '2026-11-22',
    });
    expect([banner.name, banner.born.value, banner.gender.value, banner.nhsNumber.value, banner.age]).toEqual(
      ['Name not recorded', 'Not recorded', 'Not recorded', 'Not recorded', null],
    );
  });

  it('shows a preferred name that differs', () => {
    const patient: Patient = { ...john, name: [...(john.name ?? []), { use: 'nickname', given: ['Jack'] }] };
    expect(
      patientBanner({ patient, allergies: [], allergyState: whole, now: '2026-11-22' }).preferredName,
    ).toBe('Jack');
  });

  it('writes gender in full', () => {
    expect(
      ['male', 'female', 'other', 'unknown', undefined].map((gender) =>
        genderWords(gender as Patient['gender']),
      ),
    ).toEqual(['Male', 'Female', 'Other', 'Not known', 'Not recorded']);
  });
});

describe('allergy title', () => {
  const noKnown = allergy('716186003', 'No known allergy', { recordedDate: '2022-04-01' });
  const penicillin = allergy('91936005', 'Allergy to penicillin', {
    reaction: [{ manifestation: [{ text: 'Rash' }] }],
    criticality: 'high',
  });

  it('is unavailable when the section could not be read, whatever was read', () => {
    expect(summariseAllergies([penicillin], { available: false }).title).toBe('Allergies unavailable');
  });

  it('is not recorded for an empty list', () => {
    expect(summariseAllergies([], whole).heading).toBe('Allergies not recorded');
  });

  it('is "no known" only when an entry says so', () => {
    expect(summariseAllergies([noKnown], whole).heading).toBe('No known allergies');
    expect(summariseAllergies([noKnown], { available: true, incompleteBefore: '2021-03-03' }).heading).toBe(
      'No known allergies, record incomplete before 03-Mar-2021',
    );
    expect(summariseAllergies([noKnown], { available: true, itemsWithheld: true }).heading).toBe(
      'No known allergies, some items withheld as confidential',
    );
  });

  it('does not stretch "no known drug allergy" to all allergies', () => {
    const summary = summariseAllergies(
      [allergy('409137002', 'No known drug allergy', { recordedDate: '2022-04-01' })],
      whole,
    );
    expect(summary.title).toBe('Allergies not recorded');
    expect(summary.notes).toEqual(['No known drug allergy (recorded 01-Apr-2022)']);
  });

  it('puts known allergies before a contradiction and tells it', () => {
    const summary = summariseAllergies([noKnown, penicillin], whole);
    expect(summary.title).toBe('Known allergies');
    expect(summary.emphasised).toBe(true);
    expect(summary.items).toMatchObject([
      { agent: 'Allergy to penicillin', reactions: ['Rash'], severe: true, canBeChecked: true },
    ]);
    expect(summary.notes[0]).toContain('No known allergy');
  });

  it.each(['resolved', 'inactive'])('leaves out %s allergies', (code) => {
    expect(summariseAllergies([{ ...penicillin, clinicalStatus: active(code) }], whole).title).toBe(
      'Allergies not recorded',
    );
  });

  it('leaves out refuted entries and keeps unconfirmed ones', () => {
    const refuted = { ...penicillin, verificationStatus: { coding: [{ code: 'refuted' }] } };
    const unconfirmed = { ...penicillin, verificationStatus: { coding: [{ code: 'unconfirmed' }] } };
    expect(summariseAllergies([refuted], whole).items).toEqual([]);
    expect(summariseAllergies([unconfirmed], whole).items).toMatchObject([{ status: 'unconfirmed' }]);
  });

  it('shows the text of a degraded drug allergy and says that it cannot be checked', () => {
    const withText = allergy('196461000000101', 'Trimethoprim 200mg tablets');
    const withNote = allergy('196461000000101', 'Transfer-degraded drug allergy', {
      note: [{ text: 'Trimethoprim' }],
    });
    expect(summariseAllergies([withText, withNote], whole).items).toMatchObject([
      { agent: 'Trimethoprim 200mg tablets', canBeChecked: false },
      { agent: 'Trimethoprim', canBeChecked: false },
    ]);
  });
});
