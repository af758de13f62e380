import { sortKeyOf } from '../fhir/partial-date.ts';
import type { EntryView, RecordView } from './record-view.ts';

/** What was received from elsewhere while a record was open: what was not seen by the person who writes. */
export interface ChangedEntry {
  readonly key: string;
  /** `Allergy: Penicillin (rash)` */
  readonly words: string;
  readonly author: string | null;
  /** When the service took it. */
  readonly received: string;
  /** Death, allergy, safeguarding, resuscitation, medication: comes first and interrupts. */
  readonly safety: boolean;
}

const SAFETY: ReadonlySet<string> = new Set([
  'Patient',
  'AllergyIntolerance',
  'Flag',
  'MedicationStatement',
  'MedicationRequest',
  'MedicationAdministration',
  'Immunization',
]);

/** What these hold is said by the entries within them, and by the surgery list. */
const SAID_BY_OTHERS: ReadonlySet<string> = new Set(['Encounter', 'Appointment', 'Provenance', 'List']);

/** How far the service's versions reached that stood on the screen; `null` where nothing had been received. */
export function seenUpTo(entries: readonly EntryView[]): string | null {
  return entries.reduce<string | null>(
    (latest, { received }) =>
      received !== null && (latest === null || sortKeyOf(received) > sortKeyOf(latest)) ? received : latest,
    null,
  );
}

/**
 * What the service took after `seen` from anybody but `me`: added, changed or marked as an error, safety facts first.
 * Works after a restart as well: the mark is one instant of the service, kept with the draft.
 * @param me name of the person who writes: their own work, coming back from the service, is no news to them
 */
export function changedSince(
  entries: readonly EntryView[],
  seen: string | null,
  me: string,
): readonly ChangedEntry[] {
  return entries
    .flatMap((entry): ChangedEntry[] => {
      const { received } = entry;
      if (SAID_BY_OTHERS.has(entry.resourceType)) return [];
      if (received === null || entry.source.pending !== undefined || entry.author === me) return [];
      if (seen !== null && sortKeyOf(received) <= sortKeyOf(seen)) return [];
      return [
        {
          key: entry.source.key,
          words: [
            `${entry.category}: ${entry.text}`,
            entry.value ?? '',
            entry.enteredInError ? '(now marked as entered in error)' : '',
          ]
            .filter((part) => part !== '')
            .join(' '),
          author: entry.author,
          received,
          safety: SAFETY.has(entry.resourceType),
        },
      ];
    })
    .sort(
      (left, right) =>
        Number(right.safety) - Number(left.safety) ||
        sortKeyOf(right.received) - sortKeyOf(left.received) ||
        (left.key < right.key ? -1 : 1),
    );
}

/** A fact that interrupts when it changes under an open record. */
export interface SafetyFact {
  readonly key: string;
  /** `null` while it is only on this computer. */
  readonly version: number | null;
  readonly words: string;
}

/** Death, allergies, alerts and current medication of an open record, with their versions. */
export function safetyFactsOf(record: RecordView): readonly SafetyFact[] {
  const { patient, patientSource, allergyList, alerts, summary } = record;
  const died = patient.deceasedBoolean === true || patient.deceasedDateTime !== undefined;
  return [
    ...(died
      ? [{ key: 'death', version: patientSource.version, words: 'The patient is recorded as having died' }]
      : []),
    ...allergyList.map(({ source, agent, status }) => ({
      key: source.key,
      version: versionOf(source),
      words: `Allergy: ${agent}${status === 'active' ? '' : `, ${status}`}`,
    })),
    // Safeguarding is never written out on a screen that others may see.
    ...alerts.map(({ source, kind, text }) => ({
      key: source.key,
      version: versionOf(source),
      words: kind === 'safeguarding' ? 'Safeguarding information' : `Alert: ${text}`,
    })),
    ...[...summary.disputedMedication, ...summary.medication].map(({ source, drug, status }) => ({
      key: source.key,
      version: versionOf(source),
      words: `Medication: ${drug.text}, ${status.toLowerCase()}`,
    })),
  ];
}

function versionOf(source: RecordView['patientSource']): number | null {
  return source.pending ? null : source.version;
}

/**
 * What others changed among the safety facts since `seen`: new ones, other versions, and those that are gone. What this
 * computer wrote itself (no version before) is no news when the service has taken it.
 */
export function safetyNews(seen: readonly SafetyFact[], now: readonly SafetyFact[]): readonly string[] {
  const before = new Map(seen.map((fact) => [fact.key, fact]));
  const still = new Set(now.map((fact) => fact.key));
  return [
    ...now.flatMap(({ key, version, words }) => {
      if (version === null) return [];
      const known = before.get(key);
      if (known && (known.version === null || known.version === version || key === 'death')) return [];
      return [`${words}${known ? ' (changed)' : ''}`];
    }),
    ...seen.filter(({ key }) => !still.has(key)).map(({ words }) => `${words} (no longer current)`),
  ];
}

/**
 * What was seen, with one's own unsent work taken as seen: it is no news when the service has it, also where it took a
 * fact off the list. The same list where nothing is to be taken over.
 * @param pending keys of resources with work of this computer that is not yet in the cached copy
 */
export function withOwnWork(
  seen: readonly SafetyFact[],
  now: readonly SafetyFact[],
  pending: ReadonlySet<string>,
): readonly SafetyFact[] {
  const byKey = new Map(seen.map((fact) => [fact.key, fact]));
  const shown = new Set(now.map((fact) => fact.key));
  const own = now.filter(({ key, version }) => version === null && byKey.get(key)?.version !== null);
  const gone = new Set(seen.filter(({ key }) => pending.has(key) && !shown.has(key)).map(({ key }) => key));
  if (own.length === 0 && gone.size === 0) return seen;
  const taken = new Set(own.map(({ key }) => key));
  return [...seen.filter(({ key }) => !taken.has(key) && !gone.has(key)), ...own];
}
