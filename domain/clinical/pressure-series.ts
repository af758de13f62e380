import { PRESSURE_CODES, type PressureState } from './blood-pressure.ts';
import type { EnteredPressure } from './observation-entry.ts';

/** Several blood pressures of one set, in the order taken. */
export type PressureReading = { readonly value: EnteredPressure; readonly state: PressureState };

/** More than this is a series for a chart of its own, not a set. */
export const MOST_PRESSURE_READINGS = 6;

/**
 * Which reading stands for the set until a person says otherwise: in the clinic the lower of the last two (NICE NG136,
 * 1.2, Measuring blood pressure), at home the last. Only readings in the position of the first are compared: a fall on
 * standing is a finding of its own and represents nothing but itself. A last reading that is no number (unrecordable)
 * stands for the set: it must reach the scores. Nothing is averaged.
 *
 * @param readings at least one
 * @returns index in `readings`
 */
export function representingReading(readings: readonly PressureReading[]): number {
  const first = readings[0];
  if (!first) return 0;
  const alike = readings.flatMap(({ value, state }, index) =>
    state === first.state ? [{ index, systolic: systolicOf(value), diastolic: diastolicOf(value) }] : [],
  );
  const last = alike.at(-1);
  const before = alike.at(-2);
  if (!last) return 0;
  if (!before || PRESSURE_CODES[first.state].setting === 'home') return last.index;
  if (last.systolic === null || before.systolic === null) return last.index;
  const lower =
    before.systolic < last.systolic ||
    (before.systolic === last.systolic && (before.diastolic ?? 0) < (last.diastolic ?? 0));
  return lower ? before.index : last.index;
}

function systolicOf({ systolic }: EnteredPressure): number | null {
  return systolic.kind === 'number' ? Number(systolic.written) : null;
}

function diastolicOf({ diastolic }: EnteredPressure): number | null {
  return diastolic.kind === 'number' ? Number(diastolic.written) : null;
}
