import type { Observation, Quantity } from '@medplum/fhirtypes';
import type { CivilDate } from '../../domain/fhir/civil-date.ts';
import { addDays } from '../../domain/fhir/civil-date.ts';
import { ucumQuantity } from '../../domain/fhir/quantity.ts';
import { momentOf } from './clock.ts';
import { concept, wordsOf } from './concepts.ts';
import type { ConceptName } from './concepts.ts';
import { demoStaff } from './demo-practice.ts';
import { staffReference } from './record-writer.ts';
import type { RecordWriter } from './record-writer.ts';

interface Test {
  readonly name: ConceptName;
  readonly unit: string;
  readonly ucum: string;
  readonly decimals: number;
  readonly low?: number;
  readonly high?: number;
  readonly mean: number;
  readonly deviation: number;
}

const TESTS = {
  haemoglobin: {
    name: 'haemoglobin',
    unit: 'g/L',
    ucum: 'g/L',
    decimals: 0,
    low: 120,
    high: 170,
    mean: 138,
    deviation: 13,
  },
  whiteCells: {
    name: 'whiteCells',
    unit: '10*9/L',
    ucum: '10*9/L',
    decimals: 1,
    low: 4,
    high: 11,
    mean: 7,
    deviation: 1.8,
  },
  platelets: {
    name: 'platelets',
    unit: '10*9/L',
    ucum: '10*9/L',
    decimals: 0,
    low: 150,
    high: 450,
    mean: 260,
    deviation: 60,
  },
  meanCellVolume: {
    name: 'meanCellVolume',
    unit: 'fL',
    ucum: 'fL',
    decimals: 0,
    low: 80,
    high: 100,
    mean: 90,
    deviation: 5,
  },
  sodium: {
    name: 'sodium',
    unit: 'mmol/L',
    ucum: 'mmol/L',
    decimals: 0,
    low: 133,
    high: 146,
    mean: 140,
    deviation: 2.5,
  },
  potassium: {
    name: 'potassium',
    unit: 'mmol/L',
    ucum: 'mmol/L',
    decimals: 1,
    low: 3.5,
    high: 5.3,
    mean: 4.4,
    deviation: 0.4,
  },
  urea: {
    name: 'urea',
    unit: 'mmol/L',
    ucum: 'mmol/L',
    decimals: 1,
    low: 2.5,
    high: 7.8,
    mean: 5.8,
    deviation: 1.6,
  },
  creatinine: {
    name: 'creatinine',
    unit: 'umol/L',
    ucum: 'umol/L',
    decimals: 0,
    low: 45,
    high: 104,
    mean: 78,
    deviation: 16,
  },
  cholesterol: {
    name: 'cholesterol',
    unit: 'mmol/L',
    ucum: 'mmol/L',
    decimals: 1,
    high: 5,
    mean: 4.8,
    deviation: 0.9,
  },
  hdl: { name: 'hdl', unit: 'mmol/L', ucum: 'mmol/L', decimals: 1, low: 1, mean: 1.4, deviation: 0.3 },
  triglycerides: {
    name: 'triglycerides',
    unit: 'mmol/L',
    ucum: 'mmol/L',
    decimals: 1,
    high: 2.3,
    mean: 1.6,
    deviation: 0.6,
  },
  tsh: {
    name: 'tsh',
    unit: 'mU/L',
    ucum: 'm[IU]/L',
    decimals: 2,
    low: 0.35,
    high: 4.94,
    mean: 2.4,
    deviation: 1.5,
  },
  alt: { name: 'alt', unit: 'U/L', ucum: 'U/L', decimals: 0, high: 50, mean: 28, deviation: 11 },
  crp: { name: 'crp', unit: 'mg/L', ucum: 'mg/L', decimals: 0, high: 5, mean: 6, deviation: 8 },
} satisfies Readonly<Record<string, Test>>;

export type Panel =
  'blood count' | 'urea and electrolytes' | 'lipids' | 'thyroid' | 'inflammation' | 'kidney disease';

const PANELS: Readonly<
  Record<
    Panel,
    { readonly title: string; readonly code?: ConceptName; readonly tests: readonly (keyof typeof TESTS)[] }
  >
> = {
  'blood count': {
    title: 'Full blood count',
    tests: ['haemoglobin', 'whiteCells', 'platelets', 'meanCellVolume'],
  },
  'urea and electrolytes': {
    title: 'Urea and electrolytes',
    code: 'ureaElectrolytes',
    tests: ['sodium', 'potassium', 'urea', 'creatinine'],
  },
  'kidney disease': {
    title: 'Urea and electrolytes',
    code: 'ureaElectrolytes',
    tests: ['sodium', 'potassium', 'urea', 'creatinine'],
  },
  lipids: { title: 'Serum lipids', code: 'lipids', tests: ['cholesterol', 'hdl', 'triglycerides'] },
  thyroid: { title: 'Thyroid function', code: 'tsh', tests: ['tsh'] },
  inflammation: { title: 'C-reactive protein', code: 'crp', tests: ['crp'] },
};

const INTERPRETATION = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';

/** A laboratory report of one panel, its results in order, each with its range as the laboratory gives it. */
export function reportPanel(record: RecordWriter, panel: Panel, day: CivilDate): void {
  const { title, code, tests } = PANELS[panel];
  const issued = momentOf(addDays(day, 1), 14 * 60 + 20);
  const results = tests.map((key) => {
    const test: Test = TESTS[key];
    const raised = panel === 'kidney disease' && (key === 'creatinine' || key === 'urea') ? 1.6 : 1;
    const value = Math.max(test.mean * 0.2, record.chance.near(test.mean * raised, test.deviation));
    return record.add(resultOf(record, test, value.toFixed(test.decimals), day, issued));
  });
  record.add({
    resourceType: 'DiagnosticReport',
    id: record.newId(),
    status: 'final',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB', display: 'Laboratory' },
        ],
      },
    ],
    code: code === undefined ? { text: title } : { ...concept(code), text: title },
    subject: record.subject,
    effectiveDateTime: momentOf(day, 9 * 60 + 5),
    issued,
    performer: [{ display: 'Calder Pathology Service' }],
    resultsInterpreter: [staffReference(demoStaff.gp)],
    result: results,
  });
}

function resultOf(
  record: RecordWriter,
  test: Test,
  written: string,
  day: CivilDate,
  issued: string,
): Observation {
  const value = Number(written);
  const flag =
    test.low !== undefined && value < test.low
      ? 'L'
      : test.high !== undefined && value > test.high
        ? 'H'
        : undefined;
  const bound = (limit: number): Quantity => ({
    value: limit,
    unit: test.unit,
    system: 'http://unitsofmeasure.org',
    code: test.ucum,
  });
  return {
    resourceType: 'Observation',
    id: record.newId(),
    meta: { profile: ['https://fhir.hl7.org.uk/StructureDefinition/UKCore-Observation-Lab'] },
    status: 'final',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' },
        ],
      },
    ],
    code: { ...concept(test.name), text: wordsOf(test.name) },
    subject: record.subject,
    effectiveDateTime: momentOf(day, 9 * 60 + 5),
    issued,
    performer: [{ display: 'Calder Pathology Service' }],
    valueQuantity: ucumQuantity(written, test.unit, test.ucum),
    ...(flag && {
      interpretation: [
        { coding: [{ system: INTERPRETATION, code: flag, display: flag === 'H' ? 'High' : 'Low' }] },
      ],
    }),
    referenceRange: [
      {
        ...(test.low !== undefined && { low: bound(test.low) }),
        ...(test.high !== undefined && { high: bound(test.high) }),
      },
    ],
  };
}

/** HbA1c (IFCC) of the laboratory: clinical.md, Observations. */
export function reportHba1c(record: RecordWriter, day: CivilDate, value: number): void {
  const test: Test = {
    name: 'haemoglobin',
    unit: 'mmol/mol',
    ucum: 'mmol/mol',
    decimals: 0,
    low: 20,
    high: 41,
    mean: 0,
    deviation: 0,
  };
  const issued = momentOf(addDays(day, 1), 14 * 60 + 20);
  record.add({
    ...resultOf(record, test, value.toFixed(0), day, issued),
    code: {
      coding: [
        {
          system: 'http://snomed.info/sct',
          code: '999791000000106',
          display: 'HbA1c level (IFCC standardised)',
        },
      ],
      text: 'HbA1c level (IFCC standardised)',
    },
  });
}
