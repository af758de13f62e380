import type { RecordView } from './record-view.ts';

/**
 * What warns here warns nobody else, and nothing may suggest that it does (hazards 7 and 31 of showing a copy): an
 * allergy or alert of this record, entered here or imported, is not passed on by this system.
 */
const OTHERS = 'other services are not warned unless the record is shared with them';

/** Beside allergies and alerts that stand in the record, on the screen and on paper. */
export const LOCAL_WARNINGS = `Allergies and alerts warn at this practice only: ${OTHERS}.`;

/**
 * While an allergy is being recorded.
 * @param prescribingSystem the system in which the practice prescribes; null where nobody named it
 */
export function recordedHereWords(prescribingSystem: string | null): string {
  const master = prescribingSystem === null ? 'the system that prescribes' : prescribingSystem;
  return `Recorded at this practice: ${OTHERS}. Record it in ${master} as well.`;
}

/** What the provenance of an entry that warns says of how far it reaches; null for every other entry. */
export function reachWords(entryKey: string): string | null {
  return /^(AllergyIntolerance|Flag)\//.test(entryKey) ? `At this practice only: ${OTHERS}` : null;
}

/**
 * Whether anything in the record warns: a current allergy, or an alert that is not about the record's own completeness.
 * @returns null where nothing does; `onPaper` is false where a print may not tell even that something does
 */
export function localWarnings({
  allergyList,
  alerts,
}: Pick<RecordView, 'allergyList' | 'alerts'>): { readonly onPaper: boolean } | null {
  const warning = [
    ...allergyList.filter(
      ({ status, saysNone }) => (status === 'active' || status === 'unconfirmed') && !saysNone,
    ),
    ...alerts.filter(({ kind }) => kind !== 'incomplete-record' && kind !== 'confidential-items'),
  ];
  return warning.length === 0
    ? null
    : { onPaper: warning.some(({ source }) => source.guarded === undefined) };
}
