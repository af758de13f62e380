import type { ObservationSeries } from '../../../domain/record/record-view.ts';
import { valueRange } from '../record/index.ts';

const SIZE = { width: 88, height: 22, points: 8 } as const;

/** The last few values of one kind as points in proportion to time; the numbers stand beside it. */
export function MiniTrend({ series }: { readonly series: ObservationSeries | undefined }) {
  const points = (series?.points ?? []).slice(-SIZE.points);
  if (points.length < 2) return null;
  const moments = points.map((point) => point.moment);
  const values = points.flatMap((point) => [
    point.value,
    ...(point.lower === undefined ? [] : [point.lower]),
  ]);
  const span = {
    from: Math.min(...moments),
    to: Math.max(...moments),
    ...valueRange(values, []),
  };
  const x = (moment: number) => 4 + ((moment - span.from) / (span.to - span.from || 1)) * (SIZE.width - 8);
  const y = (value: number) =>
    SIZE.height - 4 - ((value - span.low) / (span.high - span.low || 1)) * (SIZE.height - 8);
  return (
    <svg className="mini-trend" viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} aria-hidden="true">
      {points.map((point) =>
        point.lower === undefined ? (
          <circle key={point.source.key} cx={x(point.moment)} cy={y(point.value)} r={2} />
        ) : (
          <line
            key={point.source.key}
            x1={x(point.moment)}
            x2={x(point.moment)}
            y1={y(point.value)}
            y2={y(point.lower)}
          />
        ),
      )}
    </svg>
  );
}
