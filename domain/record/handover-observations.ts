import { isLeftOut, mayStand, type Listed } from './handover-list.ts';
import type { Detail, EntryView, ObservationRow, ReadingView } from './record-view.ts';

/** One kind that was measured today: every reading with its time, and the last value before today. */
export interface HandoverObservation {
  readonly kind: string;
  readonly name: string;
  /** Newest first. */
  readonly readings: readonly HandoverReading[];
  readonly before: ReadingView | null;
}

export interface HandoverReading extends ReadingView {
  /** Of a score: what each part scored, e.g. `respiration rate` `2`. */
  readonly parts: readonly Detail[];
}

/** Scores first: they say how ill somebody is; the others in the order of the table. */
export function observationsToday(
  rows: readonly ObservationRow[],
  timeline: readonly EntryView[],
  isNow: (when: string | null) => boolean,
  withSensitive: boolean,
): Listed<HandoverObservation> {
  const valid = (reading: ReadingView): boolean => reading.status !== 'entered-in-error';
  const today = rows.flatMap(({ readings }) => readings.filter((one) => valid(one) && isNow(one.when)));
  const details = new Map(timeline.map((entry) => [entry.source.key as string, entry.details]));
  const items = rows.flatMap(({ kind, name, readings }): readonly HandoverObservation[] => {
    const standing = readings.filter((one) => valid(one) && mayStand(one.source, withSensitive));
    const now = standing.filter((one) => isNow(one.when));
    if (now.length === 0) return [];
    return [
      {
        kind,
        name: now.some(({ band }) => band !== null) ? 'NEWS2' : name,
        readings: now.map((reading) => {
          if (reading.band === null) return { ...reading, parts: [] };
          const parts = partsOf(details.get(reading.source.key) ?? []);
          // The parts of a score are among its qualifiers: they stand once.
          return { ...reading, parts, qualifiers: parts.length > 0 ? [] : reading.qualifiers };
        }),
        before: standing.find((one) => !isNow(one.when) && !one.besides) ?? null,
      },
    ];
  });
  const isScore = ({ readings }: HandoverObservation): boolean => readings.some(({ band }) => band !== null);
  return {
    items: [...items.filter(isScore), ...items.filter((item) => !isScore(item))],
    more: 0,
    leftOut: today.filter(({ source }) => isLeftOut(source, withSensitive)).length,
  };
}

/** `NEWS2 respiration rate score: 2 score` as `respiration rate: 2`; a score from elsewhere keeps its own words. */
function partsOf(details: readonly Detail[]): readonly Detail[] {
  return details
    .filter(({ label, value }) => /score/i.test(label) && /^(?:\d|missing)/i.test(value))
    .map(({ label, value }) => ({
      label: label.replace(/^NEWS2 /, '').replace(/ score$/, ''),
      value: value.replace(/ score$/, '').toLowerCase(),
    }));
}
