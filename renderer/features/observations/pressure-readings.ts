/** Several blood pressures of one set: the first in its box, the others under it. */
import type { PressureState } from '../../../domain/clinical/blood-pressure.ts';
import {
  readPressureEntry,
  type EnteredPressure,
  type Entry,
  type EntryPatient,
} from '../../../domain/clinical/observation-entry.ts';
import { MOST_PRESSURE_READINGS, representingReading } from '../../../domain/clinical/pressure-series.ts';
import type { Arm, FurtherPressure, SetState } from './set-state.ts';

export interface PressureBox {
  /** Place among the boxes, 0 for the first. */
  readonly at: number;
  /** Of its box on the screen. */
  readonly key: string;
  readonly text: string;
  readonly state: PressureState;
  readonly arm: Arm | '';
  readonly kept: boolean;
  readonly entry: Entry<EnteredPressure>;
}

export type ReadPressure = PressureBox & { readonly value: EnteredPressure };

export function pressureBoxes(state: SetState, patient: EntryPatient): readonly PressureBox[] {
  const first = {
    text: state.texts.bloodPressure ?? '',
    state: state.manners.pressure,
    arm: state.manners.arm,
    kept: state.kept.includes('bloodPressure'),
  };
  return [first, ...(state.further ?? [])].map((box, at) => ({
    ...box,
    at,
    key: at === 0 ? 'bloodPressure' : `bloodPressure-${at + 1}`,
    entry: readPressureEntry(box.text, patient),
  }));
}

/** Those that hold a value; a blank box between them counts for nothing. */
export function readPressures(state: SetState, patient: EntryPatient): readonly ReadPressure[] {
  return pressureBoxes(state, patient).flatMap((box) =>
    box.entry.verdict === 'ok' || box.entry.verdict === 'unlikely'
      ? [{ ...box, value: box.entry.value }]
      : [],
  );
}

/** The reading that scores, lists and trends use: a person's choice, else by the rule. Null where there is none. */
export function representing(state: SetState, readings: readonly ReadPressure[]): ReadPressure | null {
  const chosen = readings.find(({ at }) => at === state.represents);
  return chosen ?? readings[representingReading(readings)] ?? null;
}

export function mayHaveFurther(state: SetState): boolean {
  return (state.further ?? []).length + 1 < MOST_PRESSURE_READINGS;
}

/** One more box, in the position and on the arm of the last; the same state where there are enough. */
export function withFurther(state: SetState): SetState {
  const further = state.further ?? [];
  if (!mayHaveFurther(state)) return state;
  const last = further.at(-1) ?? { state: state.manners.pressure, arm: state.manners.arm };
  return {
    ...state,
    further: [...further, { text: '', state: last.state, arm: last.arm, kept: false }],
  };
}

/** @param at place among the boxes, from 1: the first has its own box */
export function withFurtherChanged(state: SetState, at: number, change: Partial<FurtherPressure>): SetState {
  const further = (state.further ?? []).map((one, index) =>
    index === at - 1 ? { ...one, ...(change.text === undefined ? {} : { kept: false }), ...change } : one,
  );
  return { ...state, further };
}
