import type {
  AllergyIntolerance,
  Immunization,
  MedicationRequest,
  MedicationStatement,
  Resource,
} from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combinedSafety, type SafetyEntry } from '../../../../domain/clinical/combined-safety.ts';
import { cannotCheckElsewhere } from '../../../../domain/clinical/same-product.ts';
import { medicines } from './medicines.ts';

const nurse = { id: 'nurse', name: 'Nurse B' };
const locum = { id: 'locum', name: 'Dr L' };
const subject = { reference: 'Patient/1' };
const today = '2026-11-22';

function entry(resource: Resource, author = locum, more: Partial<SafetyEntry> = {}): SafetyEntry {
  return { resource, author, recorded: '2026-11-22T10:00:00Z', arrived: false, ...more };
}

const penicillin: AllergyIntolerance = {
  resourceType: 'AllergyIntolerance',
  id: 'a1',
  patient: subject,
  code: {
    coding: [{ system: 'http://snomed.info/sct', code: '91936005', display: 'Allergy to penicillin' }],
  },
};

function request(
  id: string,
  text: string,
  status: MedicationRequest['status'] = 'active',
): MedicationRequest {
  return {
    resourceType: 'MedicationRequest',
    id,
    status,
    intent: 'order',
    subject,
    medicationCodeableConcept: { text },
  };
}

const amoxicillin = request('m1', 'Amoxicillin 500mg capsules');

describe('combined safety (I16)', () => {
  it('tells both authors when a penicillin allergy meets amoxicillin', () => {
    const findings = combinedSafety(
      [entry(penicillin, nurse, { recorded: '2026-11-22T09:55:00Z', arrived: true }), entry(amoxicillin)],
      medicines,
      today,
    );
    expect(findings).toMatchObject([
      {
        kind: 'allergy',
        severity: 'serious',
        between: ['AllergyIntolerance/a1', 'MedicationRequest/m1'],
        tell: [nurse, locum],
      },
    ]);
    expect(findings[0]?.words).toBe(
      'Amoxicillin 500mg capsules belongs to the penicillins. The record says: Allergy to penicillin. Recorded by Nurse B and Dr L.',
    );
  });

  it('finds the same whichever arrives, in whatever order, with the same key', () => {
    const entries = [
      entry(penicillin, nurse, { recorded: '2026-11-22T09:55:00Z', arrived: true }),
      entry(amoxicillin),
      entry(request('m2', 'Warfarin 3mg tablets'), nurse),
      entry(request('m3', 'Naproxen 250mg tablets'), locum, { arrived: true }),
      entry(request('m4', 'Ibuprofen 400mg tablets'), nurse),
    ];
    const expected = combinedSafety(entries, medicines, today);
    expect(expected.map(({ kind }) => kind)).toEqual(['allergy', 'interaction', 'duplicate']);
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (order) => {
        const found = combinedSafety(order, medicines, today);
        expect(found.map(({ kind, between, tell }) => ({ kind, between, tell }))).toEqual(
          expected.map(({ kind, between, tell }) => ({ kind, between, tell })),
        );
      }),
    );
  });

  it('is silent about pairs that both stood in the record before', () => {
    expect(combinedSafety([entry(penicillin), entry(amoxicillin)], medicines, today)).toEqual([]);
  });

  it.each(['completed', 'stopped', 'cancelled', 'entered-in-error'] as const)(
    'leaves out a medicine that is %s',
    (status) => {
      expect(
        combinedSafety(
          [
            entry(penicillin, nurse, { arrived: true }),
            entry(request('m1', 'Amoxicillin 500mg capsules', status)),
          ],
          medicines,
          today,
        ),
      ).toEqual([]);
    },
  );

  it('leaves out an allergy that ended, and tells one person once', () => {
    const ended = { ...penicillin, clinicalStatus: { coding: [{ code: 'resolved' }] } };
    expect(
      combinedSafety([entry(ended, nurse, { arrived: true }), entry(amoxicillin)], medicines, today),
    ).toEqual([]);
    expect(
      combinedSafety([entry(penicillin, locum, { arrived: true }), entry(amoxicillin)], medicines, today)[0]
        ?.tell,
    ).toEqual([locum]);
  });

  it('says what met and cannot be checked', () => {
    const degraded: AllergyIntolerance = {
      ...penicillin,
      id: 'a2',
      code: {
        coding: [{ system: 'http://snomed.info/sct', code: '196461000000101' }],
        text: 'Something Old',
      },
    };
    expect(
      combinedSafety([entry(degraded, nurse, { arrived: true }), entry(amoxicillin)], medicines, today),
    ).toMatchObject([{ kind: 'not-checked', severity: 'caution', tell: [nurse, locum] }]);
  });

  it('does not take a statement and its order for two medicines', () => {
    const statement: MedicationStatement = {
      resourceType: 'MedicationStatement',
      id: 's1',
      status: 'active',
      subject,
      medicationCodeableConcept: { text: 'Amoxicillin 500mg capsules' },
      basedOn: [{ reference: 'MedicationRequest/m1' }],
    };
    expect(
      combinedSafety([entry(statement, nurse, { arrived: true }), entry(amoxicillin)], medicines, today),
    ).toEqual([]);
    expect(
      combinedSafety(
        [entry({ ...statement, basedOn: [] }, nurse, { arrived: true }), entry(amoxicillin)],
        medicines,
        today,
      ),
    ).toMatchObject([{ kind: 'duplicate' }]);
  });

  it.each([
    ['2026-11-22', '2026-11-22', true],
    ['2026-11-02', '2026-11-22', true],
    ['2026-11-01', '2026-11-22', false],
    ['2025-11-22', '2026-11-22', false],
  ])('the same vaccine on %s and %s is asked about: %s', (first, second, asked) => {
    const vaccine = (id: string, day: string): Immunization => ({
      resourceType: 'Immunization',
      id,
      status: 'completed',
      patient: subject,
      vaccineCode: { text: 'Influenza vaccine (split virion)' },
      occurrenceDateTime: day,
    });
    const findings = combinedSafety(
      [entry(vaccine('v1', first), nurse, { arrived: true }), entry(vaccine('v2', second))],
      medicines,
      today,
    );
    expect(findings.map(({ kind }) => kind)).toEqual(asked ? ['same-product'] : []);
    const refused: Immunization = { ...vaccine('v3', second), status: 'not-done' };
    expect(
      combinedSafety(
        [entry(vaccine('v1', first), nurse, { arrived: true }), entry(refused)],
        medicines,
        today,
      ),
    ).toEqual([]);
  });

  it('takes no unnamed product for another, and reads the vaccination’s procedure', () => {
    const unnamed = (id: string, procedure?: string): Immunization => ({
      resourceType: 'Immunization',
      id,
      status: 'completed',
      patient: subject,
      vaccineCode: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor', code: 'UNK', display: 'unknown' },
        ],
      },
      occurrenceDateTime: '2026-11-20',
      ...(procedure === undefined
        ? {}
        : {
            extension: [
              {
                url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-VaccinationProcedure',
                valueCodeableConcept: {
                  coding: [{ system: 'http://snomed.info/sct', code: procedure, display: procedure }],
                },
              },
            ],
          }),
    });
    const kinds = (one: Immunization, other: Immunization) =>
      combinedSafety([entry(one, nurse, { arrived: true }), entry(other)], medicines, today).map(
        ({ kind }) => kind,
      );
    expect(kinds(unnamed('v1'), unnamed('v2'))).toEqual([]);
    expect(kinds(unnamed('v1', '428975001'), unnamed('v2', '428975001'))).toEqual(['same-product']);
    expect(kinds(unnamed('v1', '428975001'), unnamed('v2', '170378007'))).toEqual([]);
  });

  it('asks once about an entry that no rule can read, however many medicines it met, and tells all their authors', () => {
    const degraded: AllergyIntolerance = {
      ...penicillin,
      id: 'a2',
      code: {
        coding: [{ system: 'http://snomed.info/sct', code: '196461000000101' }],
        text: 'Something Old',
      },
    };
    const nurses = [entry(request('m2', 'Paracetamol 500mg tablets'), nurse), entry(amoxicillin)];
    const importer = { id: 'import', name: 'Import' };
    const findings = combinedSafety(
      [entry(degraded, importer, { arrived: true }), ...nurses],
      medicines,
      today,
    );
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ kind: 'not-checked', unreadable: 'AllergyIntolerance/a2' });
    expect(findings[0]?.tell.map(({ id }) => id).sort()).toEqual(['import', 'locum', 'nurse']);
  });

  it('takes a statement, its plan and its orders for one course', () => {
    const plan = request('plan', 'Furosemide 40mg tablets');
    const order: MedicationRequest = {
      ...request('order', 'Furosemide 40mg tablets'),
      basedOn: [{ reference: 'MedicationRequest/plan' }],
    };
    const statement: MedicationStatement = {
      resourceType: 'MedicationStatement',
      id: 'statement',
      status: 'active',
      subject,
      medicationCodeableConcept: { text: 'Furosemide 40mg tablets' },
      basedOn: [{ reference: 'MedicationRequest/plan' }],
    };
    const course = [entry(plan), entry(order), entry(statement)];
    expect(
      combinedSafety(
        course.map((one) => ({ ...one, arrived: true })),
        medicines,
        today,
      ),
    ).toEqual([]);
    const lithium = entry(request('lithium', 'Priadel 200mg tablets'), nurse, { arrived: true });
    expect(combinedSafety([...course, lithium], medicines, today)).toHaveLength(1);
  });

  it('finds a depot given twice', () => {
    const depot = (id: string): Resource => ({
      resourceType: 'MedicationAdministration',
      id,
      status: 'completed',
      subject,
      medicationCodeableConcept: { text: 'Depo-Provera 150mg/1ml suspension for injection' },
      effectiveDateTime: '2026-11-20',
    });
    expect(
      combinedSafety([entry(depot('d1'), nurse, { arrived: true }), entry(depot('d2'))], medicines, today),
    ).toMatchObject([{ kind: 'same-product' }]);
    expect(cannotCheckElsewhere('08:15')).toContain('since 08:15');
  });
});
