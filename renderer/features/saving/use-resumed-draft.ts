import { useEffect, useState } from 'react';
import type { Draft } from '../../../contract/channels/record.ts';
import { host } from '../../host/index.ts';

/** One's own draft of this kind for this patient: `undefined` while looking, `null` where there is none. */
export function useResumedDraft(kind: Draft['kind'], patientId: string): Draft | null | undefined {
  const [draft, setDraft] = useState<Draft | null | undefined>(undefined);
  useEffect(() => {
    let stale = false;
    void host()
      .call('draft.list')
      .then((answer) => {
        if (stale) return;
        const mine = answer.ok
          ? answer.value.filter((one) => one.kind === kind && one.patientId === patientId)
          : [];
        setDraft(mine.toSorted((left, right) => right.changedAt.localeCompare(left.changedAt))[0] ?? null);
      });
    return () => {
      stale = true;
    };
  }, [kind, patientId]);
  return draft;
}
