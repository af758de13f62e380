import type { Measurement } from './measurement.ts';

export interface Point {
  /** How many patients, resources or waiting operations. */
  readonly size: number;
  readonly cost: number;
}

/** How many times the cost is for each step in size: as many times as the size is linear, 1 is no growth. */
export function growthOf(what: string, of: string, points: readonly Point[]): readonly Measurement[] {
  return points.slice(1).flatMap((point, index): readonly Measurement[] => {
    const before = points[index];
    if (before === undefined || before.cost === 0) return [];
    const times = (point.size / before.size).toFixed(0);
    return [
      {
        name: `Growth: ${what}, ${before.size.toLocaleString('en-GB')} to ${point.size.toLocaleString('en-GB')} ${of}`,
        value: point.cost / before.cost,
        unit: `× for ${times} × as many`,
      },
    ];
  });
}
