import acute from '../../../assets/templates/sets/acute.json' with { type: 'json' };
import asthma from '../../../assets/templates/sets/asthma.json' with { type: 'json' };
import bloodPressure from '../../../assets/templates/sets/blood-pressure.json' with { type: 'json' };
import diabetes from '../../../assets/templates/sets/diabetes.json' with { type: 'json' };
import newPatient from '../../../assets/templates/sets/new-patient.json' with { type: 'json' };
import {
  CHOICE_DEFINITIONS,
  isNumberKey,
  type ObservationKey,
} from '../../../domain/clinical/observation-definitions.ts';
import { readObservationSet } from '../../../domain/clinical/template.ts';

/** What has a box of its own: BMI and NEWS2 are worked out. */
export type BoxKey = Exclude<ObservationKey, 'news2' | 'bmi'>;

/** A set as it is taken: the order of the boxes is the order of the hands. */
export interface BoxSet {
  readonly id: string;
  readonly title: string;
  readonly boxes: readonly BoxKey[];
  /** NEWS2 is worked out and shown; in a routine set it never nags. */
  readonly news2: boolean;
}

/** Every value in one pass; data as the other sets are, but of all that there is. */
const FULL: BoxSet = {
  id: 'full',
  title: 'Full set',
  boxes: [
    'bloodPressure',
    'pulse',
    'pulseRhythm',
    'respiration',
    'spo2',
    'oxygen',
    'temperature',
    'consciousness',
    'weight',
    'height',
    'waist',
    'peakFlow',
    'peakFlowBest',
    'glucose',
    'hba1c',
    'urineLeucocytes',
    'urineNitrite',
    'urineProtein',
    'urineGlucose',
    'urineBlood',
    'urineKetones',
    'smoking',
    'cigarettes',
    'alcohol',
  ],
  news2: true,
};

/** A set that is not in the agreed form is left out, never guessed. */
export const OBSERVATION_SETS: readonly BoxSet[] = [
  ...[bloodPressure, acute, diabetes, asthma, newPatient].flatMap((data) => {
    const read = readObservationSet(data);
    if (!read.ok) return [];
    const { key, label, keys, news2 } = read.value;
    return [{ id: key, title: label, boxes: boxesOf(keys), news2 }];
  }),
  FULL,
];

export function boxesOf(keys: readonly ObservationKey[]): readonly BoxKey[] {
  return keys.filter(
    (key): key is BoxKey =>
      key === 'bloodPressure' || key in CHOICE_DEFINITIONS || (isNumberKey(key) && key !== 'bmi'),
  );
}

export function setOf(id: string): BoxSet {
  return OBSERVATION_SETS.find((set) => set.id === id) ?? FULL;
}
