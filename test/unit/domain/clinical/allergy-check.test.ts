import { existsSync, readFileSync } from 'node:fs';
import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { checkAllergies } from '../../../../domain/clinical/allergy-check.ts';
import { classesIn, ingredientsIn } from '../../../../domain/clinical/medicine-facts.ts';
import { checkPair } from '../../../../domain/clinical/therapy-check.ts';
import { medicineFile, medicines } from './medicines.ts';

function allergy(text: string, more: Partial<AllergyIntolerance> = {}): AllergyIntolerance {
  return {
    resourceType: 'AllergyIntolerance',
    patient: { reference: 'Patient/1' },
    code: { coding: [{ system: 'http://snomed.info/sct', code: '999999', display: text }], text },
    ...more,
  };
}

const penicillin = allergy('Allergy to penicillin');
const check = (medicine: string, ...allergies: AllergyIntolerance[]) =>
  checkAllergies(medicine, allergies, medicines, '10:43');

describe('allergy check', () => {
  it.each([
    ['Amoxicillin 500mg capsules', penicillin, 'same-class'],
    ['Co-amoxiclav 500mg/125mg tablets', penicillin, 'same-class'],
    ['Penicillin V 250mg tablets', penicillin, 'same-class'],
    ['Amoxicillin 500mg capsules', allergy('Amoxycillin allergy'), 'same-ingredient'],
    ['Cefalexin 500mg capsules', penicillin, 'cross-reaction'],
    ['Amoxicillin 500mg capsules', allergy('Allergy to cephalosporin'), 'cross-reaction'],
    ['Ibuprofen 400mg tablets', allergy('Allergy to NSAIDs'), 'same-class'],
    ['Naproxen 250mg tablets', allergy('Allergy to aspirin'), 'cross-reaction'],
    ['Septrin 480mg tablets', allergy('Trimethoprim'), 'same-ingredient'],
    ['Nurofen 200mg tablets', allergy('Ibuprofen'), 'same-ingredient'],
    ['Co-codamol 30mg/500mg tablets', allergy('Codeine'), 'same-ingredient'],
    ['Entresto 24mg/26mg tablets', allergy('Ramipril'), 'cross-reaction'],
  ] as const)('%s is caught', (medicine, given, kind) => {
    const result = check(medicine, given);
    expect(result.findings.map((finding) => finding.kind)).toContain(kind);
    expect(result.words).toMatch(/warning.* in data to 10:43/);
    expect(result.findings[0]?.words).toContain(medicine);
  });

  it.each([
    ['Penicillamine 125mg tablets', penicillin],
    ['Doxycycline 100mg capsules', penicillin],
    ['Paracetamol 500mg tablets', allergy('Ibuprofen')],
    ['Amoxicillin 500mg capsules', allergy('Trimethoprim')],
  ])('%s is not', (medicine, given) => {
    expect(check(medicine, given)).toEqual({
      findings: [],
      notChecked: [],
      words: `Allergies that speak against ${medicine}: none in data to 10:43`,
    });
  });

  it('never says "no conflict"', () => {
    for (const medicine of ['Amoxicillin', 'Paracetamol', 'Unheard-of 5mg']) {
      expect(check(medicine, penicillin).words).not.toMatch(/no conflict|safe/i);
      expect(check(medicine, penicillin).words).toContain('10:43');
    }
  });

  it('says what could not be checked', () => {
    const degraded = allergy('Trimethoprim 200mg tablets', {
      code: {
        coding: [
          {
            system: 'http://snomed.info/sct',
            code: '196461000000101',
            display: 'Transfer-degraded drug allergy',
          },
        ],
        text: 'Trimethoprim 200mg tablets',
      },
    });
    const result = check('Trimethoprim 200mg tablets', degraded);
    expect(result.notChecked).toEqual(['Trimethoprim 200mg tablets: cannot be checked automatically.']);
    expect(result.words).toBe(
      'Allergies that speak against Trimethoprim 200mg tablets: none in data to 10:43; 1 not checked',
    );
    expect(check('Unheard-of 5mg tablets', penicillin).notChecked[0]).toContain('ingredients are not known');
    expect(check('Amoxicillin', allergy('Some unknown medicine')).notChecked).toHaveLength(1);
  });

  it('leaves out food, ended and denied allergies', () => {
    expect(check('Amoxicillin', allergy('Peanut', { category: ['food'] })).notChecked).toEqual([]);
    expect(
      check('Amoxicillin', { ...penicillin, clinicalStatus: { coding: [{ code: 'resolved' }] } }).findings,
    ).toEqual([]);
    expect(
      check('Amoxicillin', { ...penicillin, verificationStatus: { coding: [{ code: 'refuted' }] } }).findings,
    ).toEqual([]);
  });

  it('reads an agent that is only a code’s meaning', () => {
    const coded = allergy('Drug allergy', {
      code: { coding: [{ system: 'http://snomed.info/sct', code: '91936005' }] },
    });
    expect(check('Amoxicillin', coded).findings).toHaveLength(1);
  });
});

describe('duplicates and interactions', () => {
  it.each([
    ['Ibuprofen 400mg tablets', 'Nurofen 200mg tablets', 'duplicate', 'serious'],
    ['Co-codamol 30mg/500mg tablets', 'Paracetamol 500mg tablets', 'duplicate', 'serious'],
    ['Ibuprofen 400mg tablets', 'Naproxen 500mg tablets', 'duplicate', 'caution'],
    [
      'Beclometasone 100micrograms/dose inhaler',
      'Beconase 50micrograms/dose nasal spray',
      'duplicate',
      'caution',
    ],
    ['Simvastatin 40mg tablets', 'Atorvastatin 20mg tablets', 'duplicate', 'caution'],
    ['Warfarin 3mg tablets', 'Naproxen 500mg tablets', 'interaction', 'serious'],
    ['Clarithromycin 500mg tablets', 'Simvastatin 40mg tablets', 'interaction', 'serious'],
    ['Methotrexate 2.5mg tablets', 'Trimethoprim 200mg tablets', 'interaction', 'serious'],
    ['Sildenafil 50mg tablets', 'Glyceryl trinitrate 400micrograms/dose spray', 'interaction', 'serious'],
    ['Ramipril 5mg capsules', 'Losartan 50mg tablets', 'interaction', 'serious'],
    ['Verapamil 80mg tablets', 'Bisoprolol 5mg tablets', 'interaction', 'serious'],
    ['Oramorph 10mg/5ml', 'Diazepam 2mg tablets', 'interaction', 'serious'],
    ['Lithium carbonate 400mg tablets', 'Ramipril 5mg capsules', 'interaction', 'serious'],
  ] as const)('%s with %s: %s, %s, either way round', (one, other, kind, severity) => {
    for (const findings of [checkPair(one, other, medicines), checkPair(other, one, medicines)]) {
      expect(findings).toContainEqual(expect.objectContaining({ kind, severity }));
    }
  });

  it('finds nothing between what is given together every day', () => {
    expect(checkPair('Amlodipine 5mg tablets', 'Ramipril 5mg capsules', medicines)).toEqual([]);
    expect(
      checkPair('Salbutamol 100micrograms/dose inhaler', 'Clenil 100micrograms/dose inhaler', medicines),
    ).toEqual([]);
    expect(
      checkPair('Flixonase 50micrograms/dose nasal spray', 'Clenil 100micrograms/dose inhaler', medicines),
    ).toEqual([]);
    expect(checkPair('Lantus 100units/ml', 'NovoRapid 100units/ml', medicines)).toEqual([]);
  });
});

describe('the medicine facts', () => {
  it('name only what they define', () => {
    const ingredients = new Set(medicineFile.ingredients.map(({ name }) => name));
    const classes = new Set(medicineFile.classes.map(({ key }) => key));
    for (const { classes: own } of medicineFile.ingredients)
      for (const key of own) expect(classes.has(key)).toBe(true);
    for (const product of medicineFile.products)
      for (const name of product.ingredients) expect(ingredients.has(name)).toBe(true);
    for (const { allergy: from, given } of medicineFile.crossReactions)
      expect([classes.has(from), classes.has(given)]).toEqual([true, true]);
    for (const { one, other } of medicineFile.interactions) {
      for (const name of [...one, ...other])
        expect(ingredients.has(name) || classes.has(name), name).toBe(true);
    }
    expect(ingredients.size).toBeGreaterThan(300);
  });

  it('find each ingredient and brand by its own name', () => {
    for (const { name, brands } of medicineFile.ingredients) {
      expect(ingredientsIn(`${name} 10mg tablets`, medicines)).toContain(name);
      for (const brand of brands)
        expect(ingredientsIn(`${brand} 10mg tablets`, medicines), brand).toContain(name);
    }
    for (const { name, ingredients } of medicineFile.products) {
      expect(ingredientsIn(`${name} tablets`, medicines), name).toEqual([...ingredients]);
    }
    for (const { key, words } of medicineFile.classes)
      for (const word of words) expect(classesIn(`Allergy to ${word}`, medicines)).toContain(key);
  });
});

const observed = '../shared/data/terminology/snomed-observed.tsv';
describe.skipIf(!existsSync(observed))('medicines seen in messages (skipped without ../shared/data)', () => {
  it('are known in the greater part, and the rest is said not to be', () => {
    const drugs = readFileSync(observed, 'utf8')
      .split('\n')
      .map((line) => line.split('\t')[1] ?? '')
      .filter(
        (term) =>
          /\d(?:mg|microgram)/i.test(term) && /tablet|capsule|inhaler|solution|suspension/i.test(term),
      );
    const unknown = drugs.filter((term) => ingredientsIn(term, medicines).length === 0);
    expect(drugs.length).toBeGreaterThan(50);
    expect(unknown.length / drugs.length).toBeLessThan(0.25);
    for (const term of unknown) expect(check(term).notChecked).toHaveLength(1);
  });
});
