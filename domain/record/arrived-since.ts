import { changedSince, type ChangedEntry } from './changed-since.ts';
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
      return entry && kind ? [{ ...changed, kind, abnormal: entry.abnormal }] : [];
    })
    .toSorted((left, right) => rank(left) - rank(right));
}

function rank({ abnormal, safety }: ArrivedEntry): number {
  return abnormal ? 0 : safety ? 1 : 2;
}
