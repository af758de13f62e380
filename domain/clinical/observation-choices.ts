import type { CodeableConcept, Observation, ObservationComponent } from '@medplum/fhirtypes';
import { snomed, snomedCoding } from '../fhir/codeable-concept.ts';
import { ucumQuantity } from '../fhir/quantity.ts';
import { CHOICE_DEFINITIONS, type ChoiceKey, type UrineKey } from './observation-definitions.ts';
import { absent, loincConcept, PROFILE_BASE, shell, type ObservationContext } from './observation-shell.ts';

/** Oxygen given: flow or percentage *and* device (clinical.md, NEWS2, Codes). */
type OxygenDelivery = {
  /** litres a minute or %, as written */
  readonly flow?: string | undefined;
  readonly percent?: string | undefined;
  readonly device?: string | undefined;
};

export type OxygenEntry = {
  readonly value: 'air' | 'oxygen';
  readonly delivery?: OxygenDelivery | undefined;
};

export function buildOxygen({ value, delivery }: OxygenEntry, context: ObservationContext): Observation {
  const onOxygen = value === 'oxygen';
  const concept = onOxygen
    ? snomed('371825009', 'Patient on oxygen')
    : snomed('722742002', 'Breathing room air');
  const observation: Observation = {
    ...shell(context, 'vital-signs', `${PROFILE_BASE}-InspiredOxygen`),
    code: concept,
  };
  if (!onOxygen || !delivery) return observation;
  const component: ObservationComponent[] = [];
  if (delivery.flow !== undefined) {
    component.push({
      code: loincConcept('3151-8', 'Inhaled oxygen flow rate'),
      valueQuantity: ucumQuantity(delivery.flow, 'L/min', 'L/min'),
    });
  }
  if (delivery.percent !== undefined) {
    component.push({
      code: loincConcept('3150-0', 'Inhaled oxygen concentration'),
      valueQuantity: ucumQuantity(delivery.percent, '%', '%'),
    });
  }
  if (component.length > 0) observation.component = component;
  if (delivery.device !== undefined) observation.device = { display: delivery.device };
  return observation;
}

/** @param value one of the choices' values in the definitions table */
export function buildChoice(
  key: Exclude<ChoiceKey, 'oxygen'>,
  value: string,
  context: ObservationContext,
): Observation {
  const label = CHOICE_DEFINITIONS[key].choices.find((choice) => choice.value === value)?.label ?? value;
  if (key === 'consciousness') return buildConsciousness(value, label, context);
  if (key === 'pulseRhythm') return buildRhythm(value, context);
  if (key === 'smoking') {
    const profile = `${PROFILE_BASE}-TobaccoConsumption`;
    return { ...shell(context, 'social-history', profile), code: SMOKING_CODES[value] ?? { text: label } };
  }
  return buildUrine(key, value, label, context);
}

function buildConsciousness(value: string, label: string, context: ObservationContext): Observation {
  const code = CONSCIOUSNESS_CODES[value];
  return {
    ...shell(context, 'vital-signs', `${PROFILE_BASE}-ACVPU`),
    code: snomed('1104441000000107', 'Level of consciousness, ACVPU'),
    valueCodeableConcept:
      code === undefined ? { text: label } : { coding: [snomedCoding(code, label)], text: label },
  };
}

/** "Not assessed" is a statement of its own: no rhythm may be read into it. */
function buildRhythm(value: string, context: ObservationContext): Observation {
  const base = shell(context, 'exam', PROFILE_BASE);
  if (value === 'irregular') return { ...base, code: snomed('61086009', 'Pulse irregular') };
  if (value === 'regular') return { ...base, code: snomed('271636001', 'Pulse regular') };
  return { ...base, code: { text: 'Pulse rhythm' }, ...absent('not-performed', 'Not assessed') };
}

const CONSCIOUSNESS_CODES: Readonly<Record<string, string | undefined>> = {
  alert: '248234008',
  'usual-confusion': '248234008',
  'new-confusion': '130987000',
  voice: '300202002',
  pain: '450847001',
  unresponsive: '422768004',
};

const SMOKING_CODES: Readonly<Record<string, CodeableConcept | undefined>> = {
  never: snomed('266919005', 'Never smoked tobacco'),
  ex: snomed('8517006', 'Ex-smoker'),
  smoker: snomed('77176002', 'Smoker'),
  vapes: snomed('722499006', 'Electronic cigarette user'),
};

const URINE_LOINC: Readonly<Record<UrineKey, string>> = {
  urineLeucocytes: '5799-2',
  urineNitrite: '5802-4',
  urineProtein: '20454-5',
  urineGlucose: '25428-4',
  urineBlood: '5794-3',
  urineKetones: '2514-8',
};

function buildUrine(key: UrineKey, value: string, label: string, context: ObservationContext): Observation {
  const finding = URINE_FINDINGS[`${key} ${value}`];
  return {
    ...shell(context, 'exam', PROFILE_BASE),
    code: loincConcept(URINE_LOINC[key], CHOICE_DEFINITIONS[key].label),
    method: { text: 'Urine dipstick' },
    valueCodeableConcept:
      finding === undefined ? { text: label } : { coding: [snomedCoding(finding, label)], text: label },
  };
}

/** Where SNOMED CT's Global Patient Set has the finding; other dip results stay text under their LOINC code. */
const URINE_FINDINGS: Readonly<Record<string, string | undefined>> = {
  'urineProtein negative': '167273002',
  'urineProtein trace': '167274008',
  'urineProtein +': '167275009',
  'urineProtein ++': '167276005',
  'urineProtein +++': '167277001',
  'urineProtein ++++': '167278006',
  'urineGlucose negative': '167261002',
  'urineGlucose trace': '167262009',
  'urineGlucose +': '167264005',
  'urineGlucose ++': '167265006',
  'urineGlucose +++': '167266007',
  'urineGlucose ++++': '167267003',
};
