import type { PatientHit } from '../../cache/index.ts';
import { useBagQuery } from '../bag/index.ts';

interface FoundPatients {
  readonly hits: readonly PatientHit[];
  readonly more: number;
  readonly directoryComplete: boolean;
  readonly recent: boolean;
}

/** Patients by what was typed; the recent ones while nothing is. `undefined` until the first answer. */
export function usePatientSearch(words: string): {
  readonly found: FoundPatients | undefined;
  readonly error: string | null;
} {
  const typed = words.trim();
  const { value, error } = useBagQuery<FoundPatients>(
    `search ${typed}`,
    async (bag) => {
      if (typed !== '') return { ...(await bag.searchPatients(typed, 30)), recent: false };
      return { hits: await bag.recentPatients(), more: 0, directoryComplete: true, recent: true };
    },
    (notice) => notice.kind === 'directory',
  );
  return { found: value, error };
}
