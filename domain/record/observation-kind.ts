import type { Observation } from '@medplum/fhirtypes';
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
}

/** Home and ambulatory readings have thresholds of their own and never join those of the clinic (clinical.md). */
const PRESSURE_PLACES: Readonly<Record<string, readonly [string, string]>> = {
  '335661000000109': ['bloodPressureHome', 'Blood pressure, home'],
  '2181371000000107': ['bloodPressureAmbulatory', 'Blood pressure, ambulatory average'],
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
    return { kind, name, order: BLOOD_PRESSURE.order, definition: null };
  }
  for (const coding of codings) {
    const key = `${coding.system ?? ''}|${coding.code ?? ''}`;
    const definition = BY_CODE.get(key) ?? BY_LOINC.get(key);
    if (definition) {
      return { kind: definition.key, name: definition.label, order: definition.order, definition };
    }
  }
  const name = conceptText(observation.code) ?? 'Observation without a name';
  const code = snomedCodeOf(observation.code);
  // A score that may be an emergency is never cut off a list of last values by the values that it was worked out from.
  const order = code !== null && isNews2Total(code) ? 0 : 1_000;
  return { kind: code ?? name, name, order, definition: null };
}
