/** Why a patient's record is fetched early, soonest first (sync.md, Pull 4). */
export type FetchReason = 'wanted-now' | 'today' | 'booked' | 'recent' | 'rest';

export interface ScopeInput {
  /** Every patient of the directory. */
  readonly patients: readonly string[];
  /** Patients whose record a person has just opened and misses. */
  readonly wantedNow: ReadonlySet<string>;
  /** Soonest first, as the service said; `start` is an ISO 8601 instant or a FHIR date. */
  readonly booked: readonly { readonly patientId: string; readonly start: string }[];
  /** Patients opened on this computer, latest first. */
  readonly recent: readonly string[];
  /** Today's date at the practice, `YYYY-MM-DD`. */
  readonly today: string;
  /** `all` registered patients, or only those booked; recents and those wanted now are always fetched. */
  readonly offlineScope: 'all' | 'booked';
  /** Patients whose record is here. */
  readonly present: { has(patientId: string): boolean };
}

export interface WantedPack {
  readonly patientId: string;
  readonly reason: FetchReason;
}

/** The records still to be fetched, most urgent first. Each patient once, under the most urgent reason. */
export function wantedPacks(input: ScopeInput): readonly WantedPack[] {
  const wanted = new Map<string, FetchReason>();
  const known = input.recent.length > 0 ? new Set(input.patients) : new Set<string>();
  const add = (patientId: string, reason: FetchReason): void => {
    if (!wanted.has(patientId) && !input.present.has(patientId)) wanted.set(patientId, reason);
  };
  for (const patientId of input.wantedNow) add(patientId, 'wanted-now');
  for (const { patientId, start } of input.booked) if (start.startsWith(input.today)) add(patientId, 'today');
  for (const { patientId } of input.booked) add(patientId, 'booked');
  for (const patientId of input.recent) if (known.has(patientId)) add(patientId, 'recent');
  if (input.offlineScope === 'all') for (const patientId of input.patients) add(patientId, 'rest');
  return [...wanted].map(([patientId, reason]) => ({ patientId, reason }));
}
