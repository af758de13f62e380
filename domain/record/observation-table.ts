/** Observations as a table, as series for graphs, and the last values with their direction. */
import type { Observation } from '@medplum/fhirtypes';
import { news2Reading } from '../clinical/news2-reading.ts';
import { BLOOD_PRESSURE } from '../clinical/observation-definitions.ts';
import { seriesPlace, seriesWords } from '../clinical/observation-place.ts';
import { areSameUnit, canonicalUnit, metresAsCentimetres, unitWords } from '../clinical/units.ts';
import { PRESSURE_CODES } from '../clinical/blood-pressure.ts';
import { conceptText, snomedCodes } from '../fhir/codeable-concept.ts';
import { earliestMoment, parsePartialDate, sortKeyOf } from '../fhir/partial-date.ts';
import { quantityNumber, quantityWritten } from '../fhir/quantity.ts';
import { wasChildAt } from './child-at.ts';
import { noteTexts, originOf } from './entry-view.ts';
import { nameOfReference } from './people-words.ts';
import { observationKind, type ObservationKind } from './observation-kind.ts';
import {
  isAbnormal,
  isForAdults,
  observationText,
  populationOf,
  pressurePair,
  pressureText,
  rangeText,
  unitOf,
  valueText,
} from './observation-value.ts';
import type { RecordContents, Shown } from './record-contents.ts';
import type {
  LastValue,
  ObservationRow,
  ObservationSeries,
  ReadingView,
  SeriesPoint,
} from './record-view.ts';

interface Reading {
  readonly shown: Shown<Observation>;
  readonly kind: ObservationKind;
  readonly moment: number;
}

/** Observations that carry a value, newest first; those without one stand in the journal. */
function readingsByKind(contents: RecordContents): ReadonlyMap<string, readonly Reading[]> {
  const byKind = new Map<string, Reading[]>();
  for (const shown of contents.ofType('Observation')) {
    if (observationText(shown.resource) === null) continue;
    const kind = observationKind(shown.resource);
    const reading = { shown, kind, moment: sortKeyOf(timeOf(shown.resource) ?? undefined) };
    const same = byKind.get(kind.kind);
    if (same) same.push(reading);
    else byKind.set(kind.kind, [reading]);
  }
  for (const readings of byKind.values()) {
    readings.sort(
      (left, right) =>
        right.moment - left.moment ||
        numberInSeries(left) - numberInSeries(right) ||
        (left.shown.source.key < right.shown.source.key ? -1 : 1),
    );
  }
  return new Map(
    [...byKind].sort(
      ([, left], [, right]) =>
        (left[0]?.kind.order ?? 0) - (right[0]?.kind.order ?? 0) ||
        (left[0]?.kind.name ?? '').localeCompare(right[0]?.kind.name ?? '', 'en-GB'),
    ),
  );
}

/** Of readings taken together the one that stands for them is the latest; the others follow in the order taken. */
function numberInSeries({ shown }: Reading): number {
  const place = seriesPlace(shown.resource);
  return place === null || place.represents ? 0 : place.number;
}

/** Another reading of the same moment stands for this one; not so once that one was a mistake. */
function standsBeside({ shown, moment }: Reading, readings: readonly Reading[]): boolean {
  if (seriesPlace(shown.resource)?.represents !== false) return false;
  return readings.some(
    (other) =>
      other.moment === moment && isValid(other) && seriesPlace(other.shown.resource)?.represents === true,
  );
}

function isValid({ shown }: Reading): boolean {
  return statusOf(shown.resource) !== 'entered-in-error';
}

function timeOf(observation: Observation): string | null {
  return (
    observation.effectiveDateTime ??
    observation.effectivePeriod?.start ??
    observation.effectiveInstant ??
    observation.issued ??
    null
  );
}

export function observationTable(contents: RecordContents): readonly ObservationRow[] {
  return [...readingsByKind(contents)].map(([kind, readings]) => {
    const views = readings.map((reading) => ({
      ...readingView(reading.shown, contents),
      besides: standsBeside(reading, readings),
    }));
    const units = new Set(views.map((view) => view.unit));
    return {
      kind,
      name: readings[0]?.kind.name ?? kind,
      unit: units.size === 1 ? ([...units][0] ?? null) : null,
      threshold: readings[0]?.kind.threshold ?? null,
      readings: views,
    };
  });
}

function readingView(shown: Shown<Observation>, contents: RecordContents): ReadingView {
  const { source, resource: observation } = shown;
  const pair = pressurePair(observation);
  const quantity = observation.valueQuantity;
  const unit = pair
    ? (unitOf(pair.systolic.valueQuantity) ?? unitOf(pair.diastolic?.valueQuantity))
    : unitOf(quantity);
  const ofChild = wasChildAt(contents, timeOf(observation));
  const series = seriesPlace(observation);
  const converted = convertedHeight(observation);
  const text = converted?.words ?? observationText(observation) ?? 'No value';
  const written = pair
    ? pressureText(pair).replace(unit === null ? '' : ` ${unit}`, '')
    : quantity
      ? `${quantity.comparator ?? ''}${converted?.written ?? quantityWritten(quantity) ?? text}`
      : text;
  return {
    source,
    when: timeOf(observation),
    text,
    written,
    unit: converted ? 'cm' : unit,
    abnormal: isAbnormal(observation, ofChild) || (!ofChild && isUnusual(observation, contents)),
    band: news2Reading(observation),
    range: rangeText(observation, ofChild),
    notes: noteTexts(observation.note),
    author: nameOfReference(observation.performer?.[0], contents, observation),
    qualifiers: [...qualifiersOf(observation), seriesWords(series)].filter((part) => part !== null),
    besides: false,
    status: statusOf(observation),
    origin: originOf(observation),
  };
}

/** Vital signs that are flagged by the usual range of adults where no range came with them (clinical.md, limits). */
const VITAL_SIGNS: ReadonlySet<string> = new Set(['pulse', 'respiration', 'spo2', 'temperature']);

function isUnusual(observation: Observation, contents: RecordContents): boolean {
  if (contents.ofType('Patient')[0]?.resource.birthDate === undefined) return false;
  if ((observation.referenceRange ?? []).length > 0) return false;
  const pair = pressurePair(observation);
  if (pair) {
    return (
      isOutside(quantityNumber(pair.systolic.valueQuantity), BLOOD_PRESSURE.systolic.usual) ||
      isOutside(quantityNumber(pair.diastolic?.valueQuantity), BLOOD_PRESSURE.diastolic.usual)
    );
  }
  const { kind, definition } = observationKind(observation);
  if (!definition?.usual || !VITAL_SIGNS.has(kind)) return false;
  const quantity = observation.valueQuantity;
  const unit = quantity?.code ?? quantity?.unit;
  if (unit === undefined || !areSameUnit(unit, definition.ucum)) return false;
  return isOutside(quantityNumber(quantity), definition.usual);
}

function isOutside(value: number | null, { low, high }: { readonly low: number; readonly high: number }) {
  return value !== null && (value < low || value > high);
}

function statusOf(observation: Observation): ReadingView['status'] {
  return STATUS[observation.status] ?? 'other';
}

const STATUS: Readonly<Record<string, ReadingView['status']>> = {
  final: 'final',
  amended: 'corrected',
  corrected: 'corrected',
  preliminary: 'preliminary',
  registered: 'preliminary',
  'entered-in-error': 'entered-in-error',
  cancelled: 'entered-in-error',
};

/** Sitting, standing or lying; a pressure that fell on standing means nothing without it. */
function positionOf(observation: Observation): string | null {
  const codes = snomedCodes(observation.code);
  const found = Object.values(PRESSURE_CODES).find(({ header }) => codes.includes(header));
  return found?.setting === 'clinic' && found !== PRESSURE_CODES['on-examination']
    ? found.label.toLowerCase()
    : null;
}

/** Method, site and whatever other part is said in words: position, arm, rhythm, oxygen device. */
function qualifiersOf(observation: Observation): readonly string[] {
  const pair = pressurePair(observation);
  const parts = (observation.component ?? [])
    .filter((component) => component !== pair?.systolic && component !== pair?.diastolic)
    .map((component) => `${conceptText(component.code) ?? 'Part'}: ${valueText(component) ?? 'no value'}`);
  return [
    positionOf(observation),
    conceptText(observation.method),
    conceptText(observation.bodySite),
    ...parts,
  ].filter((part) => part !== null);
}

/** Heights come in metres and are read in centimetres, said as converted (clinical.md). */
function convertedHeight(observation: Observation): ReturnType<typeof metresAsCentimetres> {
  const quantity = observation.valueQuantity;
  if (observationKind(observation).kind !== 'height') return null;
  if (canonicalUnit(quantity?.code ?? quantity?.unit) !== 'm') return null;
  const written = quantityWritten(quantity);
  return written === null ? null : metresAsCentimetres(written);
}

// ---- series --------------------------------------------------------------------------------------------------

/** A graph's lines: one kind in one unit each. What cannot be plotted truly is listed with the reason. */
export function observationSeries(contents: RecordContents): readonly ObservationSeries[] {
  const series: ObservationSeries[] = [];
  for (const [kind, readings] of readingsByKind(contents)) {
    const byUnit = new Map<string, { points: SeriesPoint[]; latest: Observation }>();
    const notPlotted: ObservationSeries['notPlotted'][number][] = [];
    for (const { shown, kind: one } of readings) {
      const plotted = plot(shown, one, contents);
      if ('why' in plotted) {
        notPlotted.push({
          source: shown.source,
          text: observationText(shown.resource) ?? 'No value',
          why: plotted.why,
        });
        continue;
      }
      const line = byUnit.get(plotted.unit);
      if (line) line.points.unshift(plotted.point);
      else byUnit.set(plotted.unit, { points: [plotted.point], latest: shown.resource });
    }
    const lines = [...byUnit];
    for (const [index, [unit, { points, latest }]] of lines.entries()) {
      series.push({
        kind,
        name: readings[0]?.kind.name ?? kind,
        unit,
        threshold: readings[0]?.kind.threshold ?? null,
        shape: points[0]?.lower === undefined ? 'points' : 'systolic-diastolic',
        points,
        notPlotted: index === 0 ? notPlotted : [],
        normal: normalOf(latest, contents),
      });
    }
  }
  return series;
}

/** What UCUM puts in braces names a thing and changes no number: limits a day are limits of `{cigarettes}/d` too. */
function isOfOneScale(unit: string, ucum: string): boolean {
  return areSameUnit(unit, ucum) || canonicalUnit(unit) === ucum.replace(/\{[^}]*\}/g, '');
}

type Plotted = { readonly unit: string; readonly point: SeriesPoint } | { readonly why: string };

function plot(shown: Shown<Observation>, kind: ObservationKind, contents: RecordContents): Plotted {
  const observation = shown.resource;
  const when = timeOf(observation);
  const date = when === null ? null : parsePartialDate(when);
  if (statusOf(observation) === 'entered-in-error') return { why: 'entered in error' };
  if (when === null || date === null) return { why: 'no date' };
  const at = { source: shown.source, when, moment: earliestMoment(date) };
  const pair = pressurePair(observation);
  if (pair) {
    const value = quantityNumber(pair.systolic.valueQuantity);
    const lower = quantityNumber(pair.diastolic?.valueQuantity);
    const unit = unitOf(pair.systolic.valueQuantity);
    if (value === null || lower === null) return { why: 'not two numbers' };
    if (unit === null || unit !== (unitOf(pair.diastolic?.valueQuantity) ?? unit))
      return { why: 'unit not given' };
    if (unit === 'mmHg' && (value > 350 || value < 20 || lower < 10 || lower > 250 || lower >= value)) {
      return { why: 'not a possible value' };
    }
    return { unit, point: { ...at, value, lower, written: pressureText(pair) } };
  }
  const quantity = observation.valueQuantity;
  if (!quantity) return { why: 'not a number' };
  if (quantity.comparator) return { why: 'not an exact value' };
  const converted = convertedHeight(observation);
  const value = converted ? Number(converted.written) : quantityNumber(quantity);
  if (value === null) return { why: 'not a number' };
  const written = quantity.code ?? quantity.unit;
  const known = canonicalUnit(quantity.unit) ?? canonicalUnit(quantity.code);
  const unit = converted ? 'cm' : (known ?? written);
  if (unit === undefined || unit === '') return { why: 'unit not given' };
  const { definition } = kind;
  // Another unit that we do know gets a line of its own; an unknown one is never plotted beside known ones.
  if (definition && !areSameUnit(unit, definition.ucum) && canonicalUnit(unit) === null)
    return { why: `unit ${unit} is not one we know for this` };
  if (definition && isOfOneScale(unit, definition.ucum)) {
    const { low, high } = definition.possible;
    if (value < low || value > high) return { why: 'not a possible value' };
  }
  return {
    unit: unitWords(unit),
    point: { ...at, value, written: readingView(shown, contents).text },
  };
}

function normalOf(observation: Observation, contents: RecordContents): ObservationSeries['normal'] {
  const [range] = observation.referenceRange ?? [];
  if (!range || (wasChildAt(contents, timeOf(observation)) && isForAdults(range))) return null;
  const low = quantityNumber(range.low);
  const high = quantityNumber(range.high);
  if (low === null && high === null) return null;
  const population = populationOf(range);
  return { low, high, population: population.length > 0 ? population.join(', ') : null };
}

// ---- last values ---------------------------------------------------------------------------------------------

/** The latest and the previous reading of each kind; the kinds of a GP's set first, then the newest of the others. */
export function lastValues(contents: RecordContents, limit: number): readonly LastValue[] {
  const kinds = [...readingsByKind(contents)].flatMap(([kind, readings]) => {
    const valid = readings.filter((reading) => isValid(reading) && !standsBeside(reading, readings));
    const [latest, previous] = valid;
    return latest ? [{ kind, latest, previous }] : [];
  });
  const known = kinds.filter(({ latest }) => latest.kind.order < 1_000);
  const others = kinds
    .filter(({ latest }) => latest.kind.order >= 1_000)
    .sort((left, right) => right.latest.moment - left.latest.moment);
  return [...known, ...others].slice(0, limit).map(({ kind, latest, previous }) => ({
    kind,
    name: latest.kind.name,
    latest: readingView(latest.shown, contents),
    previous: previous ? readingView(previous.shown, contents) : null,
    direction: previous ? directionOf(latest.shown.resource, previous.shown.resource) : null,
  }));
}

function directionOf(latest: Observation, previous: Observation): LastValue['direction'] {
  const [now, before] = [comparable(latest), comparable(previous)];
  if (now === null || before === null || now.unit !== before.unit) return null;
  return now.value > before.value ? 'up' : now.value < before.value ? 'down' : 'same';
}

function comparable(observation: Observation): { readonly value: number; readonly unit: string } | null {
  const quantity = pressurePair(observation)?.systolic.valueQuantity ?? observation.valueQuantity;
  const value = quantityNumber(quantity);
  const unit = canonicalUnit(quantity?.unit) ?? canonicalUnit(quantity?.code) ?? quantity?.unit;
  return value === null || unit === undefined || quantity?.comparator ? null : { value, unit };
}
