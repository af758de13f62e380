/**
 * Where an observation stood among those that were entered with it. They share one time, so the time cannot tell: without
 * a place of their own they would come back in the order of their ids.
 */
import type { Extension, Observation } from '@medplum/fhirtypes';

const OWN = 'https://gladstone.example/fhir/StructureDefinition/';
const PLACE_IN_SET = `${OWN}place-in-set`;
const READING_OF_SERIES = `${OWN}reading-of-series`;

/** One of several readings of the same thing in one set. Exactly one of them represents the others. */
export type SeriesPlace = {
  /** 1 for the first reading */
  readonly number: number;
  readonly of: number;
  /** this reading is the one that scores, lists and trends use */
  readonly represents: boolean;
};

/** The same observation with its place in the set, 1 for the first, and in its series where it has one. */
export function withPlace(observation: Observation, place: number, series?: SeriesPlace): Observation {
  const extension: Extension[] = [
    ...(observation.extension ?? []),
    { url: PLACE_IN_SET, valuePositiveInt: place },
    ...(series
      ? [
          {
            url: READING_OF_SERIES,
            extension: [
              { url: 'number', valuePositiveInt: series.number },
              { url: 'of', valuePositiveInt: series.of },
              { url: 'represents', valueBoolean: series.represents },
            ],
          },
        ]
      : []),
  ];
  return { ...observation, extension };
}

type Extensible = { readonly extension?: readonly Extension[] };

/** 1 for the first of a set; infinity for what came in no set. */
export function placeInSet(resource: Extensible): number {
  const found = resource.extension?.find(({ url }) => url === PLACE_IN_SET)?.valuePositiveInt;
  return found ?? Number.POSITIVE_INFINITY;
}

/** Null for a reading that stands alone. */
export function seriesPlace(resource: Extensible): SeriesPlace | null {
  const parts = resource.extension?.find(({ url }) => url === READING_OF_SERIES)?.extension;
  const part = (url: string) => parts?.find((one) => one.url === url);
  const number = part('number')?.valuePositiveInt;
  const of = part('of')?.valuePositiveInt;
  if (number === undefined || of === undefined) return null;
  return { number, of, represents: part('represents')?.valueBoolean === true };
}

/** `reading 2 of 3, stands for the set`; null for a reading that stands alone. */
export function seriesWords(place: SeriesPlace | null): string | null {
  if (place === null) return null;
  return `reading ${place.number} of ${place.of}${place.represents ? ', stands for the set' : ''}`;
}
