import type { CodeableConcept, Observation, ObservationComponent } from '@medplum/fhirtypes';
import { LOINC_SYSTEM, snomed, snomedCoding } from '../fhir/codeable-concept.ts';
import { ucumQuantity } from '../fhir/quantity.ts';
import { PRESSURE_CODES, type PressureState } from './blood-pressure.ts';
import type { Bmi } from './bmi.ts';
import type { News2Result, Spo2Scale } from './news2.ts';
import { news2Components, news2Concept } from './news2-codes.ts';
import { buildChoice, buildOxygen, type OxygenEntry } from './observation-choices.ts';
import {
  isNumberKey,
  NUMBER_DEFINITIONS,
  type ChoiceKey,
  type NumberKey,
} from './observation-definitions.ts';
import type { EnteredPressure, EnteredValue } from './observation-entry.ts';
import { withPlace, type SeriesPlace } from './observation-place.ts';
import { absent, outcome, PROFILE_BASE, shell, type ObservationContext } from './observation-shell.ts';
import { unitWords } from './units.ts';

/** Where a temperature was taken. Core methods (ear, rectum) carry the core code 276885007. */
type TemperatureSite = 'ear' | 'mouth' | 'axilla' | 'forehead' | 'rectum';

type Arm = 'left' | 'right';

/** One thing entered in a set, ready to be written. */
export type EnteredObservation =
  | {
      readonly key: 'bloodPressure';
      readonly value: EnteredPressure;
      readonly state: PressureState;
      readonly arm?: Arm | undefined;
      /** present where several were taken in one set */
      readonly series?: SeriesPlace | undefined;
    }
  | { readonly key: 'temperature'; readonly value: EnteredValue; readonly site?: TemperatureSite | undefined }
  | {
      readonly key: Exclude<NumberKey, 'temperature' | 'bmi'>;
      readonly value: EnteredValue;
      /** length of an infant, self-reported weight or height */
      readonly manner?: 'self-reported' | 'infant-length' | 'fasting' | undefined;
      /** words: "fingerprick meter", "point of care"; absent for glucose and HbA1c: recorded as not said */
      readonly method?: string | undefined;
    }
  | { readonly key: 'bmi'; readonly value: Bmi }
  | ({ readonly key: 'oxygen' } & OxygenEntry)
  | { readonly key: Exclude<ChoiceKey, 'oxygen'>; readonly value: string };

/**
 * R4 Observations (UK Core) of a set, in the order given. Blanks are simply not in `entered`. What was declined,
 * not done, unrecordable or off the meter's scale is written too, with the reason in place of a value.
 * With `news2` the score follows as one more Observation that names its members. Each keeps its place in the set.
 */
export function buildObservations(
  entered: readonly EnteredObservation[],
  context: ObservationContext,
  news2?: { readonly result: News2Result; readonly scale: Spo2Scale },
): Observation[] {
  const built = entered.map((item, index) => ({
    item,
    observation: withPlace(
      buildOne(item, context),
      index + 1,
      item.key === 'bloodPressure' ? item.series : undefined,
    ),
  }));
  const observations = built.map(({ observation }) => observation);
  if (!news2 || news2.result.kind === 'not-applicable') return observations;
  const members = built.filter(({ item }) => isNews2Member(item)).map(({ observation }) => observation);
  const score = buildNews2(news2.result, news2.scale, members, context);
  return [...observations, withPlace(score, observations.length + 1)];
}

/** Of several pressures only the one that stands for the set was scored. */
function isNews2Member(item: EnteredObservation): boolean {
  if (item.key === 'bloodPressure' && item.series?.represents === false) return false;
  return NEWS2_MEMBERS.has(item.key);
}

const NEWS2_MEMBERS: ReadonlySet<string> = new Set([
  'respiration',
  'spo2',
  'oxygen',
  'bloodPressure',
  'pulse',
  'consciousness',
  'temperature',
]);

function buildOne(item: EnteredObservation, context: ObservationContext): Observation {
  if (item.key === 'bloodPressure') return buildPressure(item, context);
  if (item.key === 'oxygen') return buildOxygen(item, context);
  if (item.key === 'temperature') return buildTemperature(item, context);
  if (item.key === 'bmi')
    return { ...numberShell('bmi', context), valueQuantity: quantity('bmi', item.value.written) };
  return isNumberItem(item) ? buildNumber(item, context) : buildChoice(item.key, item.value, context);
}

function buildPressure(
  { value, state, arm }: Extract<EnteredObservation, { key: 'bloodPressure' }>,
  context: ObservationContext,
): Observation {
  const codes = PRESSURE_CODES[state];
  const observation: Observation = {
    ...shell(context, 'vital-signs', `${PROFILE_BASE}-VitalSigns-BloodPressure`),
    code: {
      coding: [
        snomedCoding(codes.header, `Blood pressure, ${codes.label.toLowerCase()}`),
        { system: LOINC_SYSTEM, code: '85354-9', display: 'Blood pressure panel with all children optional' },
      ],
      text: `Blood pressure, ${codes.label.toLowerCase()}`,
    },
    component: [
      pressureComponent(codes.systolic, '8480-6', 'Systolic blood pressure', value.systolic),
      pressureComponent(codes.diastolic, '8462-4', 'Diastolic blood pressure', value.diastolic),
    ],
  };
  if (arm)
    observation.bodySite =
      arm === 'left' ? snomed('368208006', 'Left upper arm') : snomed('368209003', 'Right upper arm');
  return observation;
}

function pressureComponent(
  code: string,
  loinc: string,
  text: string,
  value: EnteredValue,
): ObservationComponent {
  return {
    code: { coding: [snomedCoding(code, text), { system: LOINC_SYSTEM, code: loinc, display: text }], text },
    ...outcome(value, 'mmHg', 'mm[Hg]'),
  };
}

function buildTemperature(
  { value, site }: Extract<EnteredObservation, { key: 'temperature' }>,
  context: ObservationContext,
): Observation {
  const base = numberShell('temperature', context);
  const observation: Observation = { ...base, ...outcome(value, unitWords('Cel'), 'Cel') };
  if (site === undefined) return observation;
  const { words, bodySite, core } = TEMPERATURE_SITES[site];
  observation.method = { text: words };
  if (bodySite) observation.bodySite = bodySite;
  if (core) {
    const [, ...others] = base.code.coding ?? [];
    observation.code = {
      coding: [snomedCoding('276885007', 'Core body temperature'), ...others],
      text: 'Core body temperature',
    };
  }
  return observation;
}

const TEMPERATURE_SITES: Readonly<
  Record<
    TemperatureSite,
    { readonly words: string; readonly bodySite: CodeableConcept | null; readonly core: boolean }
  >
> = {
  ear: { words: 'Tympanic thermometer', bodySite: snomed('117590005', 'Ear structure'), core: true },
  rectum: { words: 'Rectal thermometer', bodySite: snomed('34402009', 'Rectum structure'), core: true },
  mouth: { words: 'Oral thermometer', bodySite: snomed('123851003', 'Mouth region structure'), core: false },
  axilla: {
    words: 'Axillary thermometer',
    bodySite: snomed('91470000', 'Axillary region structure'),
    core: false,
  },
  forehead: { words: 'Forehead thermometer', bodySite: null, core: false },
};

type ChoiceItem = Extract<EnteredObservation, { key: Exclude<ChoiceKey, 'oxygen'> }>;

type NumberItem = Extract<EnteredObservation, { key: Exclude<NumberKey, 'temperature' | 'bmi'> }>;

function isNumberItem(item: NumberItem | ChoiceItem): item is NumberItem {
  return isNumberKey(item.key);
}

function buildNumber({ key, value, manner, method }: NumberItem, context: ObservationContext): Observation {
  const definition = NUMBER_DEFINITIONS[key];
  const observation: Observation = {
    ...numberShell(key, context),
    ...outcome(value, unitWords(definition.ucum), definition.ucum),
  };
  const special = manner && MANNER_CODES[`${key} ${manner}`];
  if (special) {
    const [, ...others] = observation.code.coding ?? [];
    observation.code = { coding: [special, ...others], text: special.display ?? definition.label };
  } else if (key === 'height' && manner === 'infant-length') {
    observation.method = { text: 'Length, lying' };
  }
  // A result entered here must never look like a laboratory's: that nobody said how is recorded, and nothing guessed.
  const said = method ?? (key === 'glucose' || key === 'hba1c' ? 'Method not said' : undefined);
  if (said !== undefined) observation.method = { text: said };
  if (value.kind === 'number' && value.enteredAs !== undefined)
    observation.note = [{ text: `Entered as ${value.enteredAs}` }];
  return observation;
}

const MANNER_CODES: Readonly<Record<string, ReturnType<typeof snomedCoding> | undefined>> = {
  'height self-reported': snomedCoding('1162419008', 'Self reported body height'),
  'weight self-reported': snomedCoding('784399000', 'Self reported body weight'),
  'glucose fasting': snomedCoding('997681000000108', 'Fasting blood glucose level'),
};

function buildNews2(
  result: Exclude<News2Result, { kind: 'not-applicable' }>,
  scale: Spo2Scale,
  members: readonly Observation[],
  context: ObservationContext,
): Observation {
  const observation: Observation = {
    ...shell(context, 'survey', `${PROFILE_BASE}-EarlyWarningTotalScore`),
    code: news2Concept(),
    method: { text: result.ruleVersion },
    component: news2Components(result.parts, result.scale),
    hasMember: members.map((member) => ({ reference: `Observation/${member.id ?? ''}` })),
  };
  const notes = [...result.cautions];
  if (scale.scale === 2)
    notes.push(
      `SpO2 scale 2: hypercapnic respiratory failure confirmed by ${scale.confirmedBy}, ${scale.confirmedOn}.`,
    );
  if (result.kind === 'complete') {
    observation.valueQuantity = ucumQuantity(String(result.total), 'score', '{ScoreOf}');
    observation.interpretation = [{ text: result.band }];
  } else {
    Object.assign(observation, absent('unknown', result.words));
    if (result.band) observation.interpretation = [{ text: result.band }];
  }
  if (notes.length > 0) observation.note = notes.map((text) => ({ text }));
  return observation;
}

function numberShell(key: NumberKey, context: ObservationContext): Observation {
  const definition = NUMBER_DEFINITIONS[key];
  const coding = [snomedCoding(definition.snomed, definition.snomedDisplay)];
  if (definition.loinc !== null)
    coding.push({ system: LOINC_SYSTEM, code: definition.loinc, display: definition.label });
  const profile = definition.profile === '' ? PROFILE_BASE : `${PROFILE_BASE}-${definition.profile}`;
  return { ...shell(context, definition.category, profile), code: { coding, text: definition.label } };
}

function quantity(key: NumberKey, written: string): ReturnType<typeof ucumQuantity> {
  const { ucum } = NUMBER_DEFINITIONS[key];
  return ucumQuantity(written, unitWords(ucum), ucum);
}
