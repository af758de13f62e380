import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { checkNewMedicine } from '../../../../domain/clinical/new-medicine-check.ts';
import { medicines } from './medicines.ts';

const penicillin: AllergyIntolerance = {
  resourceType: 'AllergyIntolerance',
  patient: { reference: 'Patient/1' },
  code: { coding: [{ system: 'http://snomed.info/sct', code: '91936005' }], text: 'Allergy to penicillin' },
};

const check = (
  medicine: string,
  allergies: readonly AllergyIntolerance[] | null = [penicillin],
  inUse: readonly string[] = [],
) => checkNewMedicine(medicine, allergies, inUse, medicines, '10:43');

describe('a medicine that is about to be recorded', () => {
  it.each(['Amoxicillin 500mg capsules', 'a penicillin'])(
    '%s is spoken against by the allergy',
    (medicine) => {
      expect(check(medicine).against).toHaveLength(1);
      expect(check(medicine).against[0]).toContain('Allergy to penicillin');
    },
  );

  it('is spoken against by a serious interaction; a milder one and a double only ask for care', () => {
    const { against, cautions } = check(
      'Ibuprofen 400mg tablets',
      [penicillin],
      ['Warfarin 3mg tablets', 'Naproxen 500mg tablets'],
    );
    expect(against).toHaveLength(1);
    expect(against[0]).toContain('Warfarin 3mg tablets');
    expect(cautions.join()).toContain('Naproxen 500mg tablets');
  });

  it('a double of the same medicine needs no reason: it may be the same course told again', () => {
    const { against, cautions } = check('Amlodipine 5mg tablets', [penicillin], ['Amlodipine 10mg tablets']);
    expect(against).toEqual([]);
    expect(cautions).toHaveLength(1);
  });

  it('says none of what, and to when', () => {
    expect(check('Paracetamol 500mg tablets', [penicillin], ['Ramipril 5mg capsules']).words).toEqual([
      'Allergies that speak against Paracetamol 500mg tablets: none in data to 10:43',
      'Interactions with the current medicine: none among those known here, in data to 10:43.',
    ]);
    expect(check('Paracetamol').words.at(-1)).toContain('No current medicine');
  });

  it('never takes an empty list of allergies for none', () => {
    expect(check('Amoxicillin', []).notChecked).toContain('Allergies are not recorded here.');
  });

  it('a check that is switched off says nothing of allergies, and interactions still stand', () => {
    const off = check('Ibuprofen 400mg tablets', null, ['Warfarin 3mg tablets']);
    expect(off.against).toHaveLength(1);
    expect(off.words).toHaveLength(1);
  });
});
