import type { Observation } from '@medplum/fhirtypes';
import { HOME_PRESSURE_THRESHOLD, OTHER_HOME_HEADER, PRESSURE_CODES } from '../clinical/blood-pressure.ts';
import {
  BLOOD_PRESSURE,
  NUMBER_DEFINITIONS,
  type NumberDefinition,
} from '../clinical/observation-definitions.ts';
import { conceptText, LOINC_SYSTEM, SNOMED_SYSTEM, snomedCodeOf } from '../fhir/codeable-concept.ts';
import { isNews2Total } from '../clinical/news2-codes.ts';
import { pressurePair } from './observation-value.ts';

/** Of what kind an observation is: readings of one kind stand in one row, in one line of a graph. */
export interface ObservationKind {
  readonly kind: string;
  readonly name: string;
  /** Place in a set; kinds that we have no definition for come after. */
  readonly order: number;
  readonly definition: NumberDefinition | null;
  /** Of a pressure taken at home, in words; null elsewhere: a clinic's depends on the person. */
  readonly threshold: string | null;
}

const HOME = ['bloodPressureHome', 'Blood pressure, home'] as const;

/** Home and ambulatory readings have a threshold of their own and never join those of the clinic (clinical.md). */
const PRESSURE_PLACES: Readonly<Record<string, readonly [string, string]>> = {
  [PRESSURE_CODES['self-measured'].header]: HOME,
  [OTHER_HOME_HEADER]: HOME,
  [PRESSURE_CODES['ambulatory-average'].header]: [
    'bloodPressureAmbulatory',
    'Blood pressure, ambulatory average',
  ],
};

const BY_CODE: ReadonlyMap<string, NumberDefinition> = new Map(
  Object.values(NUMBER_DEFINITIONS).flatMap((definition) =>
    [definition.snomed, ...definition.alsoReads].map(
      (code) => [`${SNOMED_SYSTEM}|${code}`, definition] as const,
    ),
  ),
);
const BY_LOINC: ReadonlyMap<string, NumberDefinition> = new Map(
  Object.values(NUMBER_DEFINITIONS).flatMap((definition) =>
    definition.loinc === null ? [] : [[`${LOINC_SYSTEM}|${definition.loinc}`, definition] as const],
  ),
);

export function observationKind(observation: Observation): ObservationKind {
  const codings = observation.code.coding ?? [];
  if (pressurePair(observation)) {
    const place = codings
      .map((coding) => PRESSURE_PLACES[coding.code ?? ''])
      .find((one) => one !== undefined);
    const [kind, name] = place ?? [BLOOD_PRESSURE.key, BLOOD_PRESSURE.label];
    return {
      kind,
      name,
      order: BLOOD_PRESSURE.order,
      definition: null,
      threshold: place ? HOME_PRESSURE_THRESHOLD : null,
    };
  }
  for (const coding of codings) {
    const key = `${coding.system ?? ''}|${coding.code ?? ''}`;
    const definition = BY_CODE.get(key) ?? BY_LOINC.get(key);
    if (definition) {
      return {
        kind: definition.key,
        name: definition.label,
        order: definition.order,
        definition,
        threshold: null,
      };
    }
  }
  const name = conceptText(observation.code) ?? 'Observation without a name';
  const code = snomedCodeOf(observation.code);
  // A score that may be an emergency is never cut off a list of last values by the values that it was worked out from.
  const order = code !== null && isNews2Total(code) ? 0 : 1_000;
  return { kind: code ?? name, name, order, definition: null, threshold: null };
}
