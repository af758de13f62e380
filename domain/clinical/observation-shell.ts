import type {
  CodeableConcept,
  Encounter,
  Observation,
  ObservationComponent,
  Organization,
  Patient,
  Practitioner,
  PractitionerRole,
  Reference,
} from '@medplum/fhirtypes';
import { LOINC_SYSTEM } from '../fhir/codeable-concept.ts';
import { ucumQuantity } from '../fhir/quantity.ts';
import type { EnteredValue } from './observation-entry.ts';

/** What every Observation of a set shares. */
export type ObservationContext = {
  readonly subject: Reference<Patient>;
  readonly encounter?: Reference<Encounter> | undefined;
  readonly performer: readonly Reference<Practitioner | PractitionerRole | Organization | Patient>[];
  /** FHIR dateTime of the measurement (clinical time) */
  readonly effective: string;
  /** FHIR instant of recording */
  readonly recorded: string;
  /** a port: ids are made outside */
  readonly newId: () => string;
};

export const PROFILE_BASE = 'https://fhir.hl7.org.uk/StructureDefinition/UKCore-Observation';
const DATA_ABSENT = 'http://terminology.hl7.org/CodeSystem/data-absent-reason';
const INTERPRETATION = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';

export function shell(context: ObservationContext, category: string, profile: string): Observation {
  const observation: Observation = {
    resourceType: 'Observation',
    id: context.newId(),
    meta: { profile: [profile] },
    status: 'final',
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: category }] },
    ],
    code: {},
    subject: context.subject,
    effectiveDateTime: context.effective,
    issued: context.recorded,
    performer: [...context.performer],
  };
  if (context.encounter) observation.encounter = context.encounter;
  return observation;
}

type Outcome = Pick<
  Observation & ObservationComponent,
  'valueQuantity' | 'dataAbsentReason' | 'interpretation'
>;

/** A value, or the reason for none. HI and LO also carry FHIR's "off scale" interpretation. */
export function outcome(value: EnteredValue, unit: string, ucum: string): Outcome {
  switch (value.kind) {
    case 'number':
      return { valueQuantity: ucumQuantity(value.written, unit, ucum) };
    case 'off-scale': {
      const high = value.reading === 'HI';
      return {
        ...absent(
          high ? 'positive-infinity' : 'negative-infinity',
          `${value.reading} (${high ? 'above' : 'below'} the meter's scale)`,
        ),
        interpretation: [
          {
            coding: [
              {
                system: INTERPRETATION,
                code: high ? '>' : '<',
                display: high ? 'Off scale high' : 'Off scale low',
              },
            ],
            text: value.reading,
          },
        ],
      };
    }
    case 'unrecordable':
      return absent('not-a-number', 'Unrecordable');
    case 'declined':
      return absent('asked-declined', 'Declined');
    case 'not-done':
      return absent('not-performed', 'Not done');
  }
}

export function absent(code: string, text: string): Pick<Outcome, 'dataAbsentReason'> {
  return { dataAbsentReason: { coding: [{ system: DATA_ABSENT, code }], text } };
}

export function loincConcept(code: string, display: string): CodeableConcept {
  return { coding: [{ system: LOINC_SYSTEM, code, display }], text: display };
}
