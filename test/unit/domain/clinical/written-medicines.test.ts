import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { checkWrittenMedicines } from '../../../../domain/clinical/written-medicines.ts';
import { medicines } from './medicines.ts';

function allergy(text: string, more: Partial<AllergyIntolerance> = {}): AllergyIntolerance {
  return {
    resourceType: 'AllergyIntolerance',
    patient: { reference: 'Patient/1' },
    code: { coding: [{ system: 'http://snomed.info/sct', code: '999999', display: text }], text },
    ...more,
  };
}
const penicillin = allergy('Allergy to penicillin');
const check = (text: string, ...allergies: AllergyIntolerance[]) =>
  checkWrittenMedicines(text, allergies, medicines, '10:43');

describe('medicines in free words, against the allergies of the record (H-086)', () => {
  it.each([
    [
      'amoxicillin 500mg tds 5/7',
      'amoxicillin belongs to the penicillins. The record says: Allergy to penicillin.',
    ],
    [
      'Start co-amoxiclav; stop ramipril',
      'amoxicillin belongs to the penicillins. The record says: Allergy to penicillin.',
    ],
    ['given a penicillin by OOH', 'penicillins are named. The record says: Allergy to penicillin.'],
  ])('“%s” is warned of', (text, words) => {
    const result = check(text, penicillin);
    expect(result.findings.map((finding) => finding.words)).toContain(words);
    expect(result.words).toMatch(/warnings? in data to 10:43$/);
  });

  it('reads every medicine of a line, and says which it read', () => {
    const { read, words, notChecked } = check('paracetamol prn, and restart ramipril 5mg', penicillin);
    expect(read).toEqual(['paracetamol', 'ramipril']);
    expect(words).toBe(
      'Only these words were read as medicines: paracetamol, ramipril. Allergies against them: none in data to 10:43',
    );
    expect(notChecked).toEqual([]);
  });

  it('reads whole words only', () => {
    expect(check('penicillamine 125mg', penicillin).findings).toEqual([]);
  });

  it('says what it could not check, and never that there is no conflict', () => {
    const unknown = check('the usual inhaler', penicillin);
    expect(unknown.words).toBe(
      'No medicine that is known here was read in “the usual inhaler”. Allergies cannot be checked automatically.',
    );
    const odd = check('paracetamol', allergy('Allergy to drug X'));
    expect(odd.notChecked).toEqual(['Allergy to drug X: cannot be checked automatically.']);
    expect(odd.words).toMatch(/none in data to 10:43; 1 not checked$/);
    for (const text of ['the usual inhaler', 'paracetamol', 'amoxicillin'])
      expect(JSON.stringify(check(text, penicillin))).not.toMatch(/no conflict|safe/i);
  });

  it('says that allergies are not recorded, where nothing is', () => {
    expect(check('amoxicillin').notChecked).toEqual(['Allergies are not recorded here.']);
    const none = allergy('No known allergy', {
      code: { coding: [{ system: 'http://snomed.info/sct', code: '716186003' }] },
    });
    expect(check('amoxicillin', none)).toMatchObject({ findings: [], notChecked: [] });
  });
});
