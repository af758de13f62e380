import { useId, useState, type KeyboardEvent } from 'react';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import type { ObservationSeries, SeriesPoint } from '../../../domain/record/record-view.ts';
import { Button } from '../../ui/index.ts';
import { scaleOf, ticksOf, valueRange, type Scale } from './chart-scale.ts';
import { timeTicks } from './chart-time.ts';
import './trend-charts.css';

const RANGES = [
  { label: '6 months', days: 183 },
  { label: '1 year', days: 365 },
  { label: '5 years', days: 1_826 },
  { label: 'All', days: null },
] as const;

const DAY_MS = 86_400_000;
const SIZE = { width: 900, height: 150, left: 56, right: 12, top: 10, bottom: 20 } as const;

interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** It ends with the newest reading: a new one shifts it and leaves its length as it is. @param days null: all */
function windowOf(moments: readonly number[], days: number | null): TimeWindow {
  const to = moments.at(-1) ?? 0;
  return { from: days === null ? (moments[0] ?? 0) : to - days * DAY_MS, to };
}

/**
 * Stacked graphs on one time axis with one focus line across all (GTAB-057..064, 145..147). Points, not curves; blood
 * pressure as a line between systolic and diastolic with short caps (GTAB-039..043); one unit a graph (028); time
 * proportional, preset ranges (085, 096); new data shifts the window, not the scale (097); the range named with its
 * population (174).
 */
export function TrendCharts({ series }: { readonly series: readonly ObservationSeries[] }) {
  const [days, setDays] = useState<number | null>(null);
  const moments = [...new Set(series.flatMap((one) => one.points.map((point) => point.moment)))].sort(
    (a, b) => a - b,
  );
  const [focus, setFocus] = useState<number | null>(null);
  /** While a person looks at a reading the window stands still, whatever arrives (GTAB-097). */
  const [held, setHeld] = useState<TimeWindow | null>(null);
  const shown = held ?? windowOf(moments, days);
  const last = shown.to;
  const room = Math.max((shown.to - shown.from) * 0.02, DAY_MS);
  const time = scaleOf(shown.from - room, shown.to + room, SIZE.left, SIZE.width - SIZE.right);
  const inWindow = moments.filter((moment) => moment >= time.low && moment <= last);
  const newer = moments.filter((moment) => moment > last).length;
  const look = (moment: number) => {
    setFocus(moment);
    setHeld(shown);
  };
  const follow = () => {
    setFocus(null);
    setHeld(null);
  };
  const focused = focus ?? last;
  const move = (event: KeyboardEvent) => {
    const at = inWindow.findIndex((moment) => moment >= focused);
    const to =
      event.key === 'ArrowLeft'
        ? at - 1
        : event.key === 'ArrowRight'
          ? at + 1
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? inWindow.length - 1
              : null;
    const moment = to === null ? undefined : inWindow[to];
    if (moment === undefined) return;
    event.preventDefault();
    look(moment);
  };
  return (
    <div className="charts">
      <div className="row">
        <div className="choices" role="group" aria-label="Time shown">
          {RANGES.map((range) => (
            <Button
              key={range.label}
              aria-pressed={days === range.days}
              onClick={() => {
                setDays(range.days);
                follow();
              }}
            >
              {range.label}
            </Button>
          ))}
        </div>
        <span className="quiet screen-only">← and → move the line from reading to reading</span>
        {newer > 0 ? (
          <Button onClick={follow}>
            {newer === 1 ? '1 newer reading: show it' : `${newer} newer readings: show them`}
          </Button>
        ) : null}
        <strong aria-live="polite">{displayDateTime(new Date(focused).toISOString())}</strong>
      </div>
      <div
        className="chart-stack"
        role="group"
        tabIndex={0}
        onKeyDown={move}
        aria-label="Graphs on one time axis; arrow keys move through the readings"
      >
        {series
          .filter((one) => one.points.some((point) => point.moment <= last))
          .map((one) => (
            <Chart
              key={`${one.kind} ${one.unit}`}
              series={one}
              time={time}
              focused={focused}
              until={last}
              onFocus={look}
            />
          ))}
      </div>
    </div>
  );
}

function Chart({
  series,
  time,
  focused,
  until,
  onFocus,
}: {
  readonly series: ObservationSeries;
  readonly time: Scale;
  readonly focused: number;
  /** The last moment that is drawn: what came after a person began to look waits. */
  readonly until: number;
  readonly onFocus: (moment: number) => void;
}) {
  const titleId = useId();
  const known = series.points.filter((point) => point.moment <= until);
  const points = known.filter((point) => point.moment >= time.low);
  const { low, high } = valueRange(
    known.flatMap((point) => [point.value, ...(point.lower === undefined ? [] : [point.lower])]),
    [series.normal?.low ?? null, series.normal?.high ?? null],
    series.unit === '%' ? 100 : undefined,
  );
  const value = scaleOf(low, high, SIZE.height - SIZE.bottom, SIZE.top);
  const atFocus = points.findLast((point) => point.moment <= focused);
  return (
    <figure className="chart" aria-labelledby={titleId}>
      <figcaption id={titleId}>
        <strong>{series.name}</strong> <span className="quiet">{series.unit}</span>
        {series.threshold === null ? null : <span className="quiet"> · threshold {series.threshold}</span>}
        {series.normal ? <span className="quiet"> · range {rangeWords(series)}</span> : null}
        {atFocus ? (
          <span className="chart-reading">
            {atFocus.written}, {displayDateTime(atFocus.when)}
          </span>
        ) : null}
        {series.notPlotted.length > 0 ? (
          <span className="quiet">
            {' '}
            · not drawn: {series.notPlotted.map((one) => `${one.text} (${one.why})`).join(', ')}
          </span>
        ) : null}
      </figcaption>
      <svg
        viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
        aria-hidden="true"
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const x = ((event.clientX - box.left) / box.width) * SIZE.width;
          const nearest = points.toSorted(
            (a, b) => Math.abs(time.at(a.moment) - x) - Math.abs(time.at(b.moment) - x),
          )[0];
          if (nearest) onFocus(nearest.moment);
        }}
      >
        <NormalBand series={series} value={value} />
        {ticksOf(low, high, 5).map((tick) => (
          <g key={tick}>
            <line
              className="chart-grid"
              x1={SIZE.left}
              x2={SIZE.width - SIZE.right}
              y1={value.at(tick)}
              y2={value.at(tick)}
            />
            <text className="chart-label" x={SIZE.left - 6} y={value.at(tick) + 4} textAnchor="end">
              {tick}
            </text>
          </g>
        ))}
        <TimeLabels time={time} />
        <line
          className="chart-focus"
          x1={time.at(focused)}
          x2={time.at(focused)}
          y1={SIZE.top}
          y2={SIZE.height - SIZE.bottom}
        />
        {points.map((point) => (
          <Mark key={point.source.key} point={point} x={time.at(point.moment)} value={value} />
        ))}
      </svg>
    </figure>
  );
}

function Mark({
  point,
  x,
  value,
}: {
  readonly point: SeriesPoint;
  readonly x: number;
  readonly value: Scale;
}) {
  const y = value.at(point.value);
  if (point.lower === undefined) return <circle className="chart-point" cx={x} cy={y} r={3.5} />;
  const bottom = value.at(point.lower);
  return (
    <path
      className="chart-pressure"
      d={`M${x - 4} ${y}H${x + 4}M${x} ${y}V${bottom}M${x - 4} ${bottom}H${x + 4}`}
    />
  );
}

function NormalBand({ series, value }: { readonly series: ObservationSeries; readonly value: Scale }) {
  if (!series.normal) return null;
  const top = value.at(series.normal.high ?? value.high);
  const bottom = value.at(series.normal.low ?? value.low);
  return (
    <rect
      className="chart-normal"
      x={SIZE.left}
      width={SIZE.width - SIZE.left - SIZE.right}
      y={top}
      height={Math.max(bottom - top, 0)}
    />
  );
}

function TimeLabels({ time }: { readonly time: Scale }) {
  return timeTicks(time.low, time.high, 7).map(({ moment, words }) => (
    <text key={moment} className="chart-label" x={time.at(moment)} y={SIZE.height - 5} textAnchor="middle">
      {words}
    </text>
  ));
}

function rangeWords({ normal }: ObservationSeries): string {
  if (!normal) return '';
  const words =
    normal.low === null
      ? `up to ${normal.high ?? ''}`
      : normal.high === null
        ? `from ${normal.low}`
        : `${normal.low} to ${normal.high}`;
  return `${words} (${normal.population ?? 'population not given'})`;
}
