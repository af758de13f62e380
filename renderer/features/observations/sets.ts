import type { ObservationKey } from '../../../domain/clinical/observation-definitions.ts';

export type BoxKey = Exclude<ObservationKey, 'news2' | 'bmi'>;

/** A set as a nurse takes it: the order of the boxes is the order of the hands. */
export interface ObservationSet {
  readonly id: string;
  readonly title: string;
  /** One key in the list of sets. */
  readonly digit: string;
  readonly boxes: readonly BoxKey[];
  /** NEWS2 is worked out and shown; in a routine set it never nags. */
  readonly news2: boolean;
}

const URINE: readonly BoxKey[] = [
  'urineLeucocytes',
  'urineNitrite',
  'urineProtein',
  'urineGlucose',
  'urineBlood',
  'urineKetones',
];

export const OBSERVATION_SETS: readonly ObservationSet[] = [
  {
    id: 'blood-pressure',
    title: 'Blood pressure',
    digit: '1',
    boxes: ['bloodPressure', 'pulse', 'pulseRhythm'],
    news2: false,
  },
  {
    id: 'acute',
    title: 'Acute, NEWS2',
    digit: '2',
    boxes: [
      'respiration',
      'spo2',
      'oxygen',
      'bloodPressure',
      'pulse',
      'pulseRhythm',
      'consciousness',
      'temperature',
      'glucose',
    ],
    news2: true,
  },
  {
    id: 'diabetes',
    title: 'Diabetes',
    digit: '3',
    boxes: ['bloodPressure', 'pulse', 'weight', 'height', 'waist', 'glucose', 'hba1c', 'smoking', ...URINE],
    news2: false,
  },
  {
    id: 'asthma',
    title: 'Asthma',
    digit: '4',
    boxes: ['peakFlow', 'peakFlowBest', 'spo2', 'respiration', 'pulse', 'smoking', 'cigarettes'],
    news2: false,
  },
  {
    id: 'new-patient',
    title: 'New patient',
    digit: '5',
    boxes: [
      'bloodPressure',
      'pulse',
      'weight',
      'height',
      'waist',
      'smoking',
      'cigarettes',
      'alcohol',
      ...URINE,
    ],
    news2: false,
  },
  {
    id: 'full',
    title: 'Full set',
    digit: '6',
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
      ...URINE,
      'smoking',
      'cigarettes',
      'alcohol',
    ],
    news2: true,
  },
];

export function setOf(id: string): ObservationSet {
  const found = OBSERVATION_SETS.find((set) => set.id === id) ?? OBSERVATION_SETS[0];
  if (!found) throw new Error('no observation sets');
  return found;
}
