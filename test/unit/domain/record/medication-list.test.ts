import { describe, expect, test } from 'vitest';
import type { Dosage } from '@medplum/fhirtypes';
import { doseText } from '../../../../domain/record/medicine-words.ts';
import { opened } from './fixtures.ts';

/** `opened` reads the record as on 22-Nov-2026. */
const issued = (lastIssue: string | undefined, status = 'active'): object => ({
  resourceType: 'MedicationStatement',
  id: 's',
  status,
  medicationCodeableConcept: { text: 'Ramipril 5mg capsules' },
  ...(lastIssue !== undefined && {
    extension: [
      {
        url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-MedicationStatementLastIssueDate',
        valueDateTime: lastIssue,
      },
    ],
  }),
});

const line = (...resources: readonly object[]) => opened(resources).view('medication')[0];

describe('the status of a line', () => {
  test.each([
    ['active', 'Started', 'current'],
    ['intended', 'Not Started', 'current'],
    ['draft', 'Not Started', 'current'],
    ['on-hold', 'Suspended', 'current'],
    ['completed', 'Completed', 'past'],
    ['stopped', 'Discontinued', 'past'],
    ['not-taken', 'Discontinued', 'past'],
    ['entered-in-error', 'Entered in error', 'past'],
    ['unknown', 'Status not recorded', 'current'],
  ])('%s is %s, on the list of the %s', (status, words, list) => {
    expect(line(issued('2026-11-01', status))).toMatchObject({ status: words, list });
  });

  test.each([
    ['2019-03-03', true],
    ['2025-11-22', false],
    ['2025-11-21', true],
    [undefined, false],
  ])('last issued %s, active in the source: over a year ago is %s, with its date', (lastIssue, isLong) => {
    expect(line(issued(lastIssue))).toMatchObject({
      status: 'Started',
      lastIssue: lastIssue ?? null,
      longSinceIssue: isLong,
    });
  });
});

describe('how it is taken', () => {
  const dosage: Dosage = {
    doseAndRate: [{ doseQuantity: { value: 1000, unit: 'mcg' } }],
    route: { text: 'Oral' },
    timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd', boundsDuration: { value: 7, code: 'd' } } },
    asNeededCodeableConcept: { text: 'pain' },
  };

  test('what is held in parts is worded by the rules, the dose alone in bold', () => {
    expect(line({ ...issued(undefined), dosage: [dosage] })?.dose).toEqual([
      [
        { text: '1,000 micrograms', bold: true },
        { text: '7 days', bold: false },
        { text: 'Oral', bold: false },
        { text: 'twice a day, as needed for pain', bold: false },
      ],
    ]);
  });

  test('what somebody wrote stands as written, whatever the parts beside it', () => {
    const written = { ...dosage, text: '500mcg bd @ meals' };
    expect(line({ ...issued(undefined), dosage: [written] })?.dose).toEqual([
      [{ text: '500mcg bd @ meals', bold: true }],
    ]);
  });

  test.each<[Dosage, string]>([
    [
      {
        doseAndRate: [
          { doseRange: { low: { value: 1, unit: 'tablets' }, high: { value: 2, unit: 'tablets' } } },
        ],
      },
      '1 to 2 tablets',
    ],
    [{ timing: { repeat: { period: 8, periodUnit: 'h' } } }, 'every 8 hours'],
    [
      { timing: { repeat: { frequency: 1, period: 4, periodMax: 6, periodUnit: 'h' } } },
      'every 4 to 6 hours',
    ],
    [{ timing: { repeat: { frequency: 3, period: 2, periodUnit: 'wk' } } }, '3 times every 2 weeks'],
    [{ timing: { repeat: { when: ['NIGHT'], count: 5 } } }, 'at night, 5 in all'],
    [{ timing: { code: { text: 'TDS' } }, asNeededBoolean: true }, 'TDS, as needed'],
    [
      {
        doseAndRate: [
          { rateRatio: { numerator: { value: 2.5, unit: 'mL' }, denominator: { value: 1, code: 'h' } } },
        ],
        maxDosePerPeriod: { numerator: { value: 4, unit: 'g' }, denominator: { value: 24, code: 'h' } },
      },
      '2.5 ml per hour — at most 4 g per 24 hours',
    ],
    [{}, ''],
  ])('%j is "%s"', (parts, words) => {
    expect(doseText([parts]) ?? '').toBe(words);
  });

  test('one dose after another', () => {
    expect(
      doseText([{ text: '2 daily' }, { doseAndRate: [{ doseQuantity: { value: 5, unit: 'mg' } }] }]),
    ).toBe('2 daily; then 5 mg');
  });
});
