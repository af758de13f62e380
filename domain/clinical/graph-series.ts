import type { Observation } from '@medplum/fhirtypes';
import { sortKeyOf } from '../fhir/partial-date.ts';
import { readObservation } from './observation-reading.ts';
import type { NumberKey } from './observation-definitions.ts';

/**
 * What a graph draws (NHS Common User Interface GTAB): points in proportional time, one unit a series; blood pressure as a
 * vertical line with caps between systolic and diastolic, never joined; home and clinic readings apart.
 */
export type GraphPoint = {
  readonly at: number;
  readonly effective: string;
  readonly value: number;
  readonly words: string;
};

type PressurePoint = {
  readonly at: number;
  readonly effective: string;
  /** null where one end was not recorded: the cap is then left open */
  readonly systolic: number | null;
  readonly diastolic: number | null;
  readonly words: string;
};

export type GraphData = {
  readonly series: readonly {
    readonly key: NumberKey | 'news2';
    readonly unit: string;
    readonly points: readonly GraphPoint[];
  }[];
  readonly pressure: { readonly clinic: readonly PressurePoint[]; readonly home: readonly PressurePoint[] };
  /** readings that cannot be drawn: other units, absurd values, HI and LO, no date; shown in words beside the graph */
  readonly notDrawn: readonly {
    readonly key: NumberKey | 'news2' | 'bloodPressure';
    readonly effective: string | null;
    readonly words: string;
    readonly why: string;
  }[];
};

/** @param observations of one patient, any order; entered-in-error ones are left out */
export function graphData(observations: readonly Observation[]): GraphData {
  const series = new Map<NumberKey | 'news2', { unit: string; points: GraphPoint[] }>();
  const pressure: { clinic: PressurePoint[]; home: PressurePoint[] } = { clinic: [], home: [] };
  const notDrawn: GraphData['notDrawn'][number][] = [];
  for (const observation of observations) {
    const read = readObservation(observation);
    if (!read || read.mistaken) continue;
    const { effective, words } = read;
    const key = read.kind === 'pressure' ? 'bloodPressure' : read.key;
    const at = sortKeyOf(effective ?? undefined);
    if (effective === null || at === Number.NEGATIVE_INFINITY) {
      notDrawn.push({ key, effective, words, why: 'No date' });
    } else if (read.kind === 'pressure') {
      const systolic = read.systolic?.plottable === true ? read.systolic.number : null;
      const diastolic = read.diastolic?.plottable === true ? read.diastolic.number : null;
      if (systolic === null && diastolic === null)
        notDrawn.push({ key, effective, words, why: 'No number that can be drawn' });
      else pressure[read.setting].push({ at, effective, systolic, diastolic, words });
    } else if (read.value?.plottable === true) {
      const one = series.get(read.key) ?? { unit: read.value.unit, points: [] };
      one.points.push({ at, effective, value: read.value.number, words });
      series.set(read.key, one);
    } else {
      notDrawn.push({
        key,
        effective,
        words,
        why: read.value === null ? 'No number' : 'Another unit, or not a possible value',
      });
    }
  }
  const byTime = (left: { readonly at: number }, right: { readonly at: number }): number =>
    left.at - right.at;
  return {
    series: [...series]
      .map(([key, { unit, points }]) => ({ key, unit, points: points.sort(byTime) }))
      .sort((left, right) => (left.key < right.key ? -1 : 1)),
    pressure: { clinic: pressure.clinic.sort(byTime), home: pressure.home.sort(byTime) },
    notDrawn,
  };
}

/** Latest and previous value of one kind, for the summary and under the entry box (GTAB-045..049). */
export function latestTwo(points: readonly GraphPoint[]): {
  readonly latest: GraphPoint | null;
  readonly previous: GraphPoint | null;
  readonly direction: 'up' | 'down' | 'same' | null;
} {
  const latest = points.at(-1) ?? null;
  const previous = points.at(-2) ?? null;
  const direction =
    latest && previous
      ? latest.value > previous.value
        ? 'up'
        : latest.value < previous.value
          ? 'down'
          : 'same'
      : null;
  return { latest, previous, direction };
}
