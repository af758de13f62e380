import type { CodeableConcept, Observation, Quantity } from '@medplum/fhirtypes';
import { conceptText, LOINC_SYSTEM, snomedCodes } from '../fhir/codeable-concept.ts';
import { quantityNumber, quantityWritten } from '../fhir/quantity.ts';
import {
  DIASTOLIC_CODES,
  OTHER_PRESSURE_HEADERS,
  PRESSURE_CODES,
  pressureStateOf,
  SYSTOLIC_CODES,
  type PressureState,
} from './blood-pressure.ts';
import { isNews2Total } from './news2-codes.ts';
import { NUMBER_DEFINITIONS, type NumberKey } from './observation-definitions.ts';
import { areSameUnit, canonicalUnit, metresAsCentimetres, unitWords } from './units.ts';

/** A value of a record, ours or imported, as a list, a box or a graph shows it. */
type ReadValue = {
  /** as recorded; a height in metres shows in centimetres and says so in `words` */
  readonly written: string;
  readonly number: number;
  /** words of the unit; an unknown unit as given */
  readonly unit: string;
  /** comparator of the record, `<` or `>` */
  readonly comparator: string | null;
  /** number, unit and any conversion, for the screen */
  readonly words: string;
  /** whether it may stand in one series with others of its kind */
  readonly plottable: boolean;
};

export type ReadObservation =
  | {
      readonly kind: 'pressure';
      readonly state: PressureState | null;
      readonly setting: 'clinic' | 'home';
      readonly systolic: ReadValue | null;
      readonly diastolic: ReadValue | null;
      readonly words: string;
      readonly effective: string | null;
      readonly mistaken: boolean;
    }
  | {
      readonly kind: 'number';
      readonly key: NumberKey | 'news2';
      readonly value: ReadValue | null;
      /** the value, or why there is none (HI, LO, unrecordable, declined, not done) */
      readonly words: string;
      readonly effective: string | null;
      readonly mistaken: boolean;
    };

const KEY_BY_CODE: ReadonlyMap<string, NumberKey> = new Map(
  Object.values(NUMBER_DEFINITIONS).flatMap((definition) =>
    [definition.snomed, ...definition.alsoReads].map((code) => [code, definition.key] as const),
  ),
);

const KEY_BY_LOINC: ReadonlyMap<string, NumberKey> = new Map(
  Object.values(NUMBER_DEFINITIONS).flatMap((definition) =>
    definition.loinc === null ? [] : [[definition.loinc, definition.key] as const],
  ),
);

/** Reads an Observation that is one of the table's numbers or a blood pressure; null for any other. */
export function readObservation(observation: Observation): ReadObservation | null {
  const codes = snomedCodes(observation.code);
  const effective =
    observation.effectiveDateTime ??
    observation.effectivePeriod?.start ??
    observation.effectiveInstant ??
    null;
  const mistaken = observation.status === 'entered-in-error';
  if (isPressurePanel(observation.code, codes))
    return { ...readPressure(observation, codes), effective, mistaken };
  const key = codes.some(isNews2Total) ? 'news2' : keyOf(observation.code, codes);
  if (key === null) return null;
  const value = readQuantity(key, observation.valueQuantity);
  const words =
    value?.words ??
    conceptText(observation.dataAbsentReason) ??
    observation.valueString ??
    conceptText(observation.valueCodeableConcept) ??
    'No value recorded';
  return { kind: 'number', key, value, words, effective, mistaken };
}

function keyOf(concept: CodeableConcept, codes: readonly string[]): NumberKey | null {
  for (const code of codes) {
    const key = KEY_BY_CODE.get(code);
    if (key) return key;
  }
  for (const coding of concept.coding ?? []) {
    const key =
      coding.system === LOINC_SYSTEM && coding.code !== undefined ? KEY_BY_LOINC.get(coding.code) : undefined;
    if (key) return key;
  }
  return null;
}

function isPressurePanel(concept: CodeableConcept, codes: readonly string[]): boolean {
  if (codes.some((code) => pressureStateOf(code) !== null || OTHER_PRESSURE_HEADERS.has(code))) return true;
  return (
    concept.coding?.some(
      (coding) => coding.system === LOINC_SYSTEM && (coding.code === '85354-9' || coding.code === '55284-4'),
    ) ?? false
  );
}

function readPressure(
  observation: Observation,
  codes: readonly string[],
): Pick<
  Extract<ReadObservation, { kind: 'pressure' }>,
  'kind' | 'state' | 'setting' | 'systolic' | 'diastolic' | 'words'
> {
  const state = codes.map(pressureStateOf).find((found) => found !== null) ?? null;
  const part = (wanted: ReadonlySet<string>, loinc: string) =>
    observation.component?.find(
      (component) =>
        snomedCodes(component.code).some((code) => wanted.has(code)) ||
        component.code.coding?.some((coding) => coding.system === LOINC_SYSTEM && coding.code === loinc),
    );
  const systolicPart = part(SYSTOLIC_CODES, '8480-6');
  const diastolicPart = part(DIASTOLIC_CODES, '8462-4');
  const systolic = readQuantity('bloodPressure', systolicPart?.valueQuantity);
  const diastolic = readQuantity('bloodPressure', diastolicPart?.valueQuantity);
  const side = (value: ReadValue | null, reason: CodeableConcept | undefined): string =>
    value?.written ?? conceptText(reason) ?? 'not recorded';
  const reason = conceptText(observation.dataAbsentReason);
  const words =
    systolic === null && diastolic === null
      ? (reason ??
        conceptText(systolicPart?.dataAbsentReason) ??
        observation.valueString ??
        'No value recorded')
      : `${side(systolic, systolicPart?.dataAbsentReason)}/${side(diastolic, diastolicPart?.dataAbsentReason)} ${systolic?.unit ?? diastolic?.unit ?? ''}`.trim();
  const setting =
    state === null ? (codes.includes('413153004') ? 'home' : 'clinic') : PRESSURE_CODES[state].setting;
  return { kind: 'pressure', state, setting, systolic, diastolic, words };
}

/** Null where there is no number. A unit other than the table's is shown as given and not plotted. */
function readQuantity(
  key: NumberKey | 'news2' | 'bloodPressure',
  quantity: Quantity | undefined,
): ReadValue | null {
  const number = quantityNumber(quantity);
  const written = quantityWritten(quantity);
  if (quantity === undefined || number === null || written === null) return null;
  const given = quantity.code ?? quantity.unit;
  const comparator = quantity.comparator ?? null;
  const wanted =
    key === 'bloodPressure' ? 'mm[Hg]' : key === 'news2' ? '{ScoreOf}' : NUMBER_DEFINITIONS[key].ucum;
  const known = areSameUnit(given, wanted) || areSameUnit(quantity.unit, wanted);
  if ((key === 'height' || key === 'waist') && canonicalUnit(given) === 'm') {
    const converted = metresAsCentimetres(written);
    if (converted) {
      return {
        written: converted.written,
        number: Number(converted.written),
        unit: 'cm',
        comparator,
        words: prefix(comparator) + converted.words,
        plottable: plausible(key, Number(converted.written)),
      };
    }
  }
  const unit = unitWords(known ? wanted : (quantity.unit ?? quantity.code));
  return {
    written,
    number,
    unit,
    comparator,
    words: `${prefix(comparator)}${written}${unit === '' ? '' : unit === '%' ? '%' : ` ${unit}`}`,
    plottable: known && comparator === null && plausible(key, number),
  };
}

function prefix(comparator: string | null): string {
  return comparator === null ? '' : `${comparator} `;
}

/** An absurd value of an imported record (350 cigarettes a day) is shown and not plotted. */
function plausible(key: NumberKey | 'news2' | 'bloodPressure', number: number): boolean {
  if (key === 'bloodPressure') return number >= 10 && number <= 350;
  if (key === 'news2') return number >= 0 && number <= 20;
  const { possible } = NUMBER_DEFINITIONS[key];
  return number >= possible.low && number <= possible.high;
}
