/**
 * The record as it stood at the end of a day, as far as one copy can tell: entries recorded later are left out, and
 * what ended later stands as it stood. Later corrections of an entry cannot be taken back from this copy; the screen
 * says so ({@link AS_AT_LIMITS}).
 */
import { compareCivilDates, parseCivilDate, type CivilDate } from '../fhir/civil-date.ts';
import { localDayOf } from '../fhir/local-time.ts';
import type { AnyResource, ShownResource } from './overlay.ts';

export const AS_AT_LIMITS =
  'Shown by the dates on which entries were recorded. Entries without such a date are shown; corrections made later to an entry are shown as they are now.';

const RECORDED_ELEMENTS = [
  'recordedDate',
  'issued',
  'dateAsserted',
  'authoredOn',
  'recorded',
  'date',
  'created',
  'authored',
  'sent',
  'effectiveDateTime',
  'occurrenceDateTime',
  'performedDateTime',
] as const;

/** @param day FHIR date; anything else leaves the record as it is */
export function asAt(resources: readonly ShownResource[], day: string): readonly ShownResource[] {
  const last = parseCivilDate(day);
  if (!last) return resources;
  return resources
    .filter((item) => !isAfter(recordedOn(item.resource), last))
    .map((item) => ({
      ...item,
      resource: asItStood(item.resource, last),
    }));
}

function recordedOn(resource: AnyResource): string | undefined {
  if (resource.resourceType === 'Patient') return undefined;
  const record = resource as unknown as Readonly<Record<string, unknown>>;
  for (const element of RECORDED_ELEMENTS) {
    const value = record[element];
    if (typeof value === 'string') return value;
  }
  for (const element of ['period', 'effectivePeriod', 'performedPeriod', 'onsetPeriod']) {
    const period = record[element] as { readonly start?: unknown } | undefined;
    if (typeof period?.start === 'string') return period.start;
  }
  return typeof record['onsetDateTime'] === 'string' ? record['onsetDateTime'] : undefined;
}

function isAfter(text: string | undefined, last: CivilDate): boolean {
  const day = text === undefined ? null : localDayOf(text);
  return day !== null && compareCivilDates(day, last) > 0;
}

/** An ending after the day had not happened yet. */
function asItStood(resource: AnyResource, last: CivilDate): AnyResource {
  const record = resource as unknown as Readonly<Record<string, unknown>>;
  const active = (system: string): unknown => ({
    coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code: 'active' }],
  });
  switch (resource.resourceType) {
    case 'Condition': {
      const { abatementDateTime, ...rest } = record;
      if (typeof abatementDateTime !== 'string' || !isAfter(abatementDateTime, last)) return resource;
      return { ...rest, clinicalStatus: active('condition-clinical') } as unknown as AnyResource;
    }
    case 'MedicationStatement': {
      const period = record['effectivePeriod'] as
        { readonly start?: string; readonly end?: string } | undefined;
      if (!isAfter(period?.end, last)) return resource;
      const begun = period?.start === undefined ? {} : { start: period.start };
      return { ...record, status: 'active', effectivePeriod: begun } as unknown as AnyResource;
    }
    default:
      return resource;
  }
}
