import type { Observation } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { bodyMassIndex } from '../../../../domain/clinical/bmi.ts';
import { scoreNews2 } from '../../../../domain/clinical/news2.ts';
import {
  buildObservations,
  type EnteredObservation,
} from '../../../../domain/clinical/observation-resources.ts';
import type { ObservationContext } from '../../../../domain/clinical/observation-shell.ts';
import type { EnteredValue } from '../../../../domain/clinical/observation-entry.ts';
import { opened } from '../record/fixtures.ts';

function context(): ObservationContext {
  let next = 0;
  return {
    subject: { reference: 'Patient/john' },
    encounter: { reference: 'Encounter/e1' },
    performer: [{ reference: 'Practitioner/nurse' }],
    effective: '2026-11-22T10:00:00Z',
    recorded: '2026-11-22T10:01:00Z',
    newId: () => `o${(next += 1)}`,
  };
}

const number = (written: string): EnteredValue => ({ kind: 'number', written });

function one(item: EnteredObservation): Observation {
  const [observation] = buildObservations([item], context());
  if (!observation) throw new Error('nothing built');
  return JSON.parse(JSON.stringify(observation)) as Observation;
}

/** As the record shows it: what is written here is read there. */
function shownAs(observation: Observation) {
  const [row] = opened([observation]).view('observations');
  return { kind: row?.kind, text: row?.readings[0]?.text, written: row?.readings[0]?.written };
}

const codes = (observation: Observation) => observation.code.coding?.map((coding) => coding.code);

describe('Observations as UK Core R4', () => {
  it('carries subject, encounter, author, clinical and recording time', () => {
    expect(one({ key: 'pulse', value: number('72') })).toMatchObject({
      resourceType: 'Observation',
      id: 'o1',
      status: 'final',
      meta: {
        profile: ['https://fhir.hl7.org.uk/StructureDefinition/UKCore-Observation-VitalSigns-HeartRate'],
      },
      subject: { reference: 'Patient/john' },
      encounter: { reference: 'Encounter/e1' },
      performer: [{ reference: 'Practitioner/nurse' }],
      effectiveDateTime: '2026-11-22T10:00:00Z',
      issued: '2026-11-22T10:01:00Z',
      valueQuantity: { value: 72, code: '/min', system: 'http://unitsofmeasure.org' },
    });
  });

  // clinical.md, Observations: SNOMED CT, LOINC slice, UCUM and UK Core profile, row by row.
  it.each([
    ['pulse', '78564009', '8867-4', '/min', 'VitalSigns-HeartRate'],
    ['respiration', '86290005', '9279-1', '/min', 'VitalSigns-RespirationRate'],
    ['spo2', '431314004', '2708-6', '%', 'VitalSigns-OxygenSaturation'],
    ['temperature', '386725007', '8310-5', 'Cel', 'VitalSigns-BodyTemperature'],
    ['weight', '27113001', '29463-7', 'kg', 'VitalSigns-BodyWeight'],
    ['height', '248333004', '8302-2', 'cm', 'VitalSigns-BodyHeight'],
    ['headCircumference', '363812007', '9843-4', 'cm', 'VitalSigns-HeadCircumference'],
    ['glucose', '997671000000106', null, 'mmol/L', 'BloodGlucose'],
    ['hba1c', '999791000000106', null, 'mmol/mol', 'Lab'],
    ['peakFlow', '18491006', null, 'L/min', null],
    ['peakFlowBest', '271306003', null, 'L/min', null],
    ['peakFlowExpected', '271508001', null, 'L/min', null],
    ['cigarettes', '230056004', null, '{cigarettes}/d', null],
    ['alcohol', '160573003', null, '/wk', 'AlcoholConsumption'],
  ] as const)(
    '%s has the codes, the unit and the profile of its row',
    (key, snomed, loinc, ucum, profile) => {
      const observation = one({ key, value: number('40') } as EnteredObservation);
      expect(codes(observation)).toEqual([snomed, ...(loinc === null ? [] : [loinc])]);
      expect(observation.valueQuantity).toMatchObject({ code: ucum, system: 'http://unitsofmeasure.org' });
      expect(observation.meta?.profile ?? []).toEqual(
        profile === null
          ? [expect.stringMatching(/UKCore-Observation$/)]
          : [`https://fhir.hl7.org.uk/StructureDefinition/UKCore-Observation-${profile}`],
      );
      expect(shownAs(observation).kind).toBe(key);
    },
  );

  it.each([
    ['on-examination', ['163020007', '85354-9'], '72313002', '1091811000000102'],
    ['sitting', ['163035008', '85354-9'], '407554009', '407555005'],
    ['standing', ['163034007', '85354-9'], '400974009', '400975005'],
    ['lying', ['163033001', '85354-9'], '407556006', '407557002'],
    ['ambulatory-average', ['2181371000000107', '85354-9'], '2181381000000109', '2181391000000106'],
    ['self-measured', ['335661000000109', '85354-9'], '1162737008', '1162735000'],
  ] as const)('blood pressure %s has its own codes', (state, header, systolic, diastolic) => {
    const panel = one({
      key: 'bloodPressure',
      state,
      arm: 'left',
      value: { systolic: number('128'), diastolic: number('76') },
    });
    expect(codes(panel)).toEqual(header);
    expect(panel.component?.map((component) => component.code.coding?.map((coding) => coding.code))).toEqual([
      [systolic, '8480-6'],
      [diastolic, '8462-4'],
    ]);
    expect(panel.component?.[0]?.valueQuantity).toMatchObject({ value: 128, code: 'mm[Hg]' });
    expect(panel.meta?.profile?.[0]).toMatch(/UKCore-Observation-VitalSigns-BloodPressure$/);
    expect(panel.bodySite?.coding?.[0]?.code).toBe('368208006');
    expect(shownAs(panel)).toMatchObject({
      written: '128/76',
      kind:
        state === 'self-measured'
          ? 'bloodPressureHome'
          : state === 'ambulatory-average'
            ? 'bloodPressureAmbulatory'
            : 'bloodPressure',
    });
  });

  it('keeps an unrecordable blood pressure as such', () => {
    const panel = one({
      key: 'bloodPressure',
      state: 'lying',
      value: { systolic: number('90'), diastolic: { kind: 'unrecordable' } },
    });
    expect(panel.component?.[1]).toMatchObject({ dataAbsentReason: { text: 'Unrecordable' } });
    expect(shownAs(panel).text).toBe('90/Unrecordable mmHg');
  });

  it.each([
    [undefined, '386725007', undefined],
    ['mouth', '386725007', 'Oral thermometer'],
    ['forehead', '386725007', 'Forehead thermometer'],
    ['ear', '276885007', 'Tympanic thermometer'],
    ['rectum', '276885007', 'Rectal thermometer'],
  ] as const)('temperature at %s is coded %s', (site, code, method) => {
    const temperature = one({ key: 'temperature', value: number('37.0'), ...(site ? { site } : {}) });
    expect(codes(temperature)).toEqual([code, '8310-5']);
    expect(temperature.method?.text).toBe(method);
    expect(shownAs(temperature)).toMatchObject({ kind: 'temperature', text: '37.0 °C' });
  });

  it('writes standing height, never 50373000, and self-reported ones as such', () => {
    expect(codes(one({ key: 'height', value: number('182.9') }))).toEqual(['248333004', '8302-2']);
    expect(codes(one({ key: 'height', value: number('180'), manner: 'self-reported' }))).toEqual([
      '1162419008',
      '8302-2',
    ]);
    expect(codes(one({ key: 'weight', value: number('80'), manner: 'self-reported' }))).toEqual([
      '784399000',
      '29463-7',
    ]);
    expect(one({ key: 'height', value: number('80'), manner: 'infant-length' }).method?.text).toBe(
      'Length, lying',
    );
  });

  it('says of a glucose or HbA1c entered here how it was measured, or that nobody said, and never a laboratory category', () => {
    const glucose = one({ key: 'glucose', value: { kind: 'off-scale', reading: 'HI' } });
    expect(glucose.method?.text).toBe('Method not said');
    expect(glucose.category?.[0]?.coding?.[0]?.code).toBe('exam');
    expect(glucose.valueQuantity).toBeUndefined();
    expect(glucose.interpretation?.[0]?.coding?.[0]?.code).toBe('>');
    expect(shownAs(glucose).text).toBe("HI (above the meter's scale)");
    expect(one({ key: 'hba1c', value: number('53') }).method?.text).toBe('Method not said');
    const said = one({ key: 'hba1c', value: number('53'), method: 'point of care' });
    expect(said.method?.text).toBe('point of care');
    expect(codes(one({ key: 'glucose', value: number('5.0'), manner: 'fasting' }))).toEqual([
      '997681000000108',
    ]);
  });

  it.each([
    [{ kind: 'declined' }, 'asked-declined', 'Declined'],
    [{ kind: 'not-done' }, 'not-performed', 'Not done'],
    [{ kind: 'unrecordable' }, 'not-a-number', 'Unrecordable'],
  ] as const)('writes %j with its reason', (value, code, text) => {
    expect(one({ key: 'weight', value }).dataAbsentReason).toEqual({
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason', code }],
      text,
    });
  });

  it.each([
    ['consciousness', 'alert', '248234008', 'ACVPU'],
    ['consciousness', 'new-confusion', '130987000', 'ACVPU'],
    ['consciousness', 'voice', '300202002', 'ACVPU'],
    ['consciousness', 'pain', '450847001', 'ACVPU'],
    ['consciousness', 'unresponsive', '422768004', 'ACVPU'],
    ['smoking', 'never', '266919005', 'TobaccoConsumption'],
    ['smoking', 'ex', '8517006', 'TobaccoConsumption'],
    ['smoking', 'smoker', '77176002', 'TobaccoConsumption'],
  ] as const)('%s %s is coded %s under its profile', (key, value, code, profile) => {
    const observation = one({ key, value });
    const coded = key === 'consciousness' ? observation.valueCodeableConcept : observation.code;
    expect(coded?.coding?.[0]?.code).toBe(code);
    if (key === 'consciousness') expect(codes(observation)).toEqual(['1104441000000107']);
    expect(observation.meta?.profile).toEqual([
      `https://fhir.hl7.org.uk/StructureDefinition/UKCore-Observation-${profile}`,
    ]);
  });

  it('codes consciousness, oxygen, rhythm, smoking and urine', () => {
    expect(
      one({ key: 'consciousness', value: 'new-confusion' }).valueCodeableConcept?.coding?.[0]?.code,
    ).toBe('130987000');
    expect(one({ key: 'consciousness', value: 'usual-confusion' }).valueCodeableConcept).toMatchObject({
      text: 'Alert, confusion as usual',
    });
    expect(codes(one({ key: 'oxygen', value: 'air' }))).toEqual(['722742002']);
    expect(one({ key: 'oxygen', value: 'air' }).meta?.profile?.[0]).toMatch(/-InspiredOxygen$/);
    const oxygen = one({
      key: 'oxygen',
      value: 'oxygen',
      delivery: { flow: '2', percent: '28', device: 'Venturi mask' },
    });
    expect(codes(oxygen)).toEqual(['371825009']);
    expect(oxygen.component?.map((component) => component.valueQuantity?.value)).toEqual([2, 28]);
    expect(oxygen.device?.display).toBe('Venturi mask');
    expect(codes(one({ key: 'pulseRhythm', value: 'irregular' }))).toEqual(['61086009']);
    expect(one({ key: 'pulseRhythm', value: 'not-assessed' }).dataAbsentReason?.text).toBe('Not assessed');
    expect(codes(one({ key: 'smoking', value: 'never' }))).toEqual(['266919005']);
    expect(codes(one({ key: 'smoking', value: 'ex' }))).toEqual(['8517006']);
    expect(one({ key: 'urineProtein', value: '++' }).valueCodeableConcept).toMatchObject({
      text: '++',
      coding: [{ code: '167276005' }],
    });
    expect(one({ key: 'urineBlood', value: '++' }).valueCodeableConcept).toEqual({ text: '++' });
  });

  it('writes NEWS2 with its parts, members and rule version', () => {
    const measured = {
      respiration: 21,
      spo2: 93,
      oxygen: 'air',
      systolic: 120,
      pulse: 95,
      consciousness: 'alert',
      temperature: 37.5,
    } as const;
    const result = scoreNews2(measured, { ageYears: 65, pregnancy: 'not-pregnant' }, { scale: 1 });
    const observations = buildObservations(
      [
        { key: 'respiration', value: number('21') },
        { key: 'weight', value: number('80') },
      ],
      context(),
      { result, scale: { scale: 1 } },
    );
    const score = observations[2];
    expect(score).toMatchObject({
      meta: {
        profile: ['https://fhir.hl7.org.uk/StructureDefinition/UKCore-Observation-EarlyWarningTotalScore'],
      },
      code: { coding: [{ code: '1104051000000101' }] },
      valueQuantity: { value: 5, code: '{ScoreOf}' },
      interpretation: [{ text: 'urgent' }],
      hasMember: [{ reference: 'Observation/o1' }],
      method: { text: result.kind === 'complete' ? result.ruleVersion : '' },
    });
    expect(score?.component?.map((component) => component.code.coding?.[0]?.code)).toEqual([
      '1104301000000104',
      '1104311000000102',
      '1104331000000105',
      '1104341000000101',
      '1104351000000103',
      '1104361000000100',
      '1104371000000107',
    ]);
    expect(score && shownAs(score).text).toMatch(/^5\b/);
  });

  it('writes no total for an incomplete score and nothing for an excluded patient', () => {
    const scale = { scale: 2, confirmedBy: 'Dr A', confirmedOn: '2026-01-01' } as const;
    const incomplete = scoreNews2({ respiration: 25 }, { ageYears: 65, pregnancy: 'not-pregnant' }, scale);
    const [score] = buildObservations([], context(), { result: incomplete, scale });
    expect(score?.valueQuantity).toBeUndefined();
    expect(score?.dataAbsentReason?.text).toContain('At least 3, incomplete');
    expect(score?.note?.[0]?.text).toContain('confirmed by Dr A');
    expect(score?.component?.[1]?.code.coding?.[0]?.code).toBe('1104321000000102');
    const child = scoreNews2({ respiration: 25 }, { ageYears: 5, pregnancy: 'not-pregnant' }, { scale: 1 });
    expect(buildObservations([], context(), { result: child, scale: { scale: 1 } })).toEqual([]);
  });

  it('writes a BMI with one decimal', () => {
    const bmi = bodyMassIndex({
      weightKg: 99.8,
      heightCm: 200,
      today: '2026-11-22',
      ageYears: 40,
      pregnancy: 'not-pregnant',
    });
    if (!bmi) throw new Error('no BMI');
    const observation = one({ key: 'bmi', value: bmi });
    expect(codes(observation)).toEqual(['60621009', '39156-5']);
    expect(shownAs(observation).text).toBe('25.0 kg/m²');
  });
});
