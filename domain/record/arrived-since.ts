import type { Patient } from '@medplum/fhirtypes';
import { sortKeyOf } from '../fhir/partial-date.ts';
import { changedSince, seenUpTo, type ChangedEntry } from './changed-since.ts';
import type { EntryView } from './record-view.ts';

/** A result, a letter or a safety fact that came into a record after a person had looked at it. */
export interface ArrivedEntry extends ChangedEntry {
  readonly kind: 'safety' | 'result' | 'letter';
  readonly abnormal: boolean;
}

const KINDS: Readonly<Record<string, ArrivedEntry['kind']>> = {
  DiagnosticReport: 'result',
  Observation: 'result',
  DocumentReference: 'letter',
  Communication: 'letter',
};

/**
 * What nobody looks for again once a patient has gone (clinical.md: "a result, letter, death or deduction arrived while
 * away"): taken by the service after `seen`, by anybody but `me`. Abnormal first, then safety facts, then the rest as
 * they came.
 */
export function arrivedSince(
  entries: readonly EntryView[],
  seen: string | null,
  me: string,
): readonly ArrivedEntry[] {
  const byKey = new Map(entries.map((entry) => [entry.source.key as string, entry]));
  return changedSince(entries, seen, me)
    .flatMap((changed): ArrivedEntry[] => {
      const entry = byKey.get(changed.key);
      const kind = changed.safety ? 'safety' : KINDS[entry?.resourceType ?? ''];
      return entry && kind
        ? [{ ...changed, words: guardedWords(entry, changed.words), kind, abnormal: entry.abnormal }]
        : [];
    })
    .toSorted((left, right) => rank(left) - rank(right));
}

/** A list about several patients may be read over a shoulder: safeguarding and what is marked stand in the record. */
function guardedWords(entry: EntryView, words: string): string {
  if (entry.resourceType === 'Flag') return 'An alert was added or changed';
  return entry.sensitive.length > 0 ? `${entry.category}: marked as sensitive` : words;
}

/**
 * Death and deduction, which stand in no list of entries: told where the service took that version of the patient after
 * `seen`.
 */
export function standingSince(patient: Patient, seen: string | null): readonly ArrivedEntry[] {
  const received = patient.meta?.lastUpdated;
  if (received === undefined || (seen !== null && sortKeyOf(received) <= sortKeyOf(seen))) return [];
  const died = patient.deceasedBoolean === true || patient.deceasedDateTime !== undefined;
  const words = died
    ? 'The patient is recorded as having died'
    : patient.active === false
      ? 'The patient is no longer registered here'
      : null;
  if (words === null) return [];
  const key = `Patient/${patient.id ?? ''}`;
  return [{ key, words, author: null, received, safety: true, kind: 'safety', abnormal: false }];
}

/** How far the record reaches that somebody sees now: its entries and the patient. */
export function reachOf(entries: readonly EntryView[], patient: Patient | null): string | null {
  const ofEntries = seenUpTo(entries);
  const received = patient?.meta?.lastUpdated;
  if (received === undefined) return ofEntries;
  return ofEntries === null || sortKeyOf(received) > sortKeyOf(ofEntries) ? received : ofEntries;
}

function rank({ abnormal, safety }: ArrivedEntry): number {
  return abnormal ? 0 : safety ? 1 : 2;
}
