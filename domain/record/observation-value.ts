import type {
  Observation,
  ObservationComponent,
  ObservationReferenceRange,
  Quantity,
} from '@medplum/fhirtypes';
import { DIASTOLIC_CODES, SYSTOLIC_CODES } from '../clinical/blood-pressure.ts';
import { displayDate, displayDateTime } from '../clinical/date-display.ts';
import { unitWords } from '../clinical/units.ts';
import { conceptText } from '../fhir/codeable-concept.ts';
import { quantityNumber, quantityWritten } from '../fhir/quantity.ts';

type Valued = Pick<
  Observation,
  | 'valueQuantity'
  | 'valueCodeableConcept'
  | 'valueString'
  | 'valueBoolean'
  | 'valueInteger'
  | 'valueRange'
  | 'valueRatio'
  | 'valueSampledData'
  | 'valueTime'
  | 'valueDateTime'
  | 'valuePeriod'
  | 'dataAbsentReason'
>;

/** A quantity as written, comparator and unit with it: `>300 mL`, `37.0 °C`. */
export function quantityText(quantity: Quantity | undefined): string | null {
  if (quantity === undefined) return null;
  const written = quantityWritten(quantity);
  if (written === null) return quantity.unit ?? null;
  const unit = unitOf(quantity);
  const number = `${quantity.comparator ?? ''}${written}`;
  return unit === null ? number : `${number}${unit === '%' ? '' : ' '}${unit}`;
}

/** The unit in words; `null` where the record gives none. */
export function unitOf(quantity: Quantity | undefined): string | null {
  const words = unitWords(quantity?.unit ?? quantity?.code);
  return words === '' ? null : words;
}

/** Any value of an observation in words; `null` where it has none and says no reason. */
export function valueText(valued: Valued): string | null {
  if (valued.valueQuantity) return quantityText(valued.valueQuantity);
  if (valued.valueCodeableConcept) return conceptText(valued.valueCodeableConcept);
  if (valued.valueString !== undefined) return valued.valueString;
  if (valued.valueBoolean !== undefined) return valued.valueBoolean ? 'Yes' : 'No';
  if (valued.valueInteger !== undefined) return String(valued.valueInteger);
  if (valued.valueRange) {
    return [quantityText(valued.valueRange.low), quantityText(valued.valueRange.high)]
      .map((end) => end ?? 'open')
      .join(' to ');
  }
  if (valued.valueRatio) {
    return `${quantityText(valued.valueRatio.numerator) ?? 'not recorded'} : ${quantityText(valued.valueRatio.denominator) ?? 'not recorded'}`;
  }
  if (valued.valueDateTime !== undefined) return displayDateTime(valued.valueDateTime);
  if (valued.valueTime !== undefined) return valued.valueTime;
  if (valued.valuePeriod) {
    return `${displayDate(valued.valuePeriod.start)} to ${displayDate(valued.valuePeriod.end)}`;
  }
  if (valued.valueSampledData) return 'Sampled data, see the entry';
  return conceptText(valued.dataAbsentReason);
}

/** LOINC and SNOMED CT codes do not meet: one set holds both. */
const SYSTOLIC: ReadonlySet<string> = new Set([...SYSTOLIC_CODES, '8480-6']);
const DIASTOLIC: ReadonlySet<string> = new Set([...DIASTOLIC_CODES, '8462-4']);

/** Systolic and diastolic of a blood pressure panel; `null` where it is none. Either may lack a number. */
export interface PressurePair {
  readonly systolic: ObservationComponent;
  readonly diastolic: ObservationComponent | undefined;
}

export function pressurePair(observation: Observation): PressurePair | null {
  const component = (codes: ReadonlySet<string>): ObservationComponent | undefined =>
    observation.component?.find((one) => one.code.coding?.some((coding) => codes.has(coding.code ?? '')));
  const systolic = component(SYSTOLIC);
  return systolic ? { systolic, diastolic: component(DIASTOLIC) } : null;
}

/** `128/76 mmHg`; a missing half is a dash, a half in words stands as words. */
export function pressureText(pair: PressurePair): string {
  const half = (component: ObservationComponent | undefined): string =>
    component === undefined ? '–' : (quantityWritten(component.valueQuantity) ?? valueText(component) ?? '–');
  const unit = unitOf(pair.systolic.valueQuantity) ?? unitOf(pair.diastolic?.valueQuantity);
  return `${half(pair.systolic)}/${half(pair.diastolic)}${unit === null ? '' : ` ${unit}`}`;
}

/** The headline value of an observation: a pressure as a pair, else its own value. */
export function observationText(observation: Observation): string | null {
  const pair = pressurePair(observation);
  return pair ? pressureText(pair) : valueText(observation);
}

/** The range that came with a value, in words, with its population where given (GTAB-174..180). */
export function rangeText(observation: Pick<Observation, 'referenceRange'>, ofChild = false): string | null {
  const [range] = observation.referenceRange ?? [];
  if (!range) return null;
  if (ofChild && isForAdults(range)) return NO_CHILD_RANGE;
  const low = quantityText(range.low);
  const high = quantityText(range.high);
  const words =
    range.text ??
    (low !== null && high !== null
      ? `${low} to ${high}`
      : low !== null
        ? `from ${low}`
        : high !== null
          ? `up to ${high}`
          : null);
  if (words === null) return null;
  const population = populationOf(range);
  return population.length > 0 ? `${words} (${population.join(', ')})` : words;
}

/** What a child's value shows where the range that came with it is for adults (H-037). */
const NO_CHILD_RANGE = 'no usual range for a child here (the one given is for adults)';

/** Whom a range is for, in its own words. */
export function populationOf(range: ObservationReferenceRange): readonly string[] {
  const low = quantityText(range.age?.low);
  const high = quantityText(range.age?.high);
  const age =
    low === null && high === null ? null : `age ${[low ?? '', high ?? ''].filter(Boolean).join(' to ')}`;
  return [conceptText(range.type), ...(range.appliesTo ?? []).map(conceptText), age].filter(
    (one) => one !== null,
  );
}

/** Says of itself that it is for grown people. */
export function isForAdults(range: ObservationReferenceRange): boolean {
  const from = quantityNumber(range.age?.low);
  if (
    from !== null &&
    from >= 16 &&
    /^(?:a|y|yr|years?)$/i.test(range.age?.low?.code ?? range.age?.low?.unit ?? '')
  )
    return true;
  return [range.text ?? '', ...populationOf(range)].some((words) => /\badults?\b/i.test(words));
}

const ABNORMAL: ReadonlySet<string> = new Set([
  'A',
  'AA',
  'H',
  'HH',
  'HU',
  'L',
  'LL',
  'LU',
  'HX',
  'LX',
  'POS',
]);

/**
 * So interpreted by its source, or outside the range that came with it. Nothing of ours is applied here, and a range for
 * adults says nothing of a child.
 */
export function isAbnormal(observation: Observation, ofChild = false): boolean {
  const interpreted = observation.interpretation?.some((concept) =>
    concept.coding?.some((coding) => ABNORMAL.has(coding.code ?? '')),
  );
  if (interpreted === true) return true;
  const value = quantityNumber(observation.valueQuantity);
  const [range] = observation.referenceRange ?? [];
  if (value === null || !range || (ofChild && isForAdults(range))) return false;
  const low = quantityNumber(range.low);
  const high = quantityNumber(range.high);
  return (low !== null && value < low) || (high !== null && value > high);
}
