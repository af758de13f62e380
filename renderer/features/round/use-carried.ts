import { useEffect, useRef, useState } from 'react';
import { CacheError, type CarriedRecord } from '../../cache/index.ts';
import { useBag } from '../bag/index.ts';

/**
 * What the records of these patients hold, opened one after the other so that the list answers meanwhile, and again when
 * one of them changes. Who is not in the answer was not looked at yet.
 */
export function useCarried(patientIds: readonly string[]): ReadonlyMap<string, CarriedRecord> {
  const bag = useBag();
  const [carried, setCarried] = useState<ReadonlyMap<string, CarriedRecord>>(new Map());
  const known = useRef(new Set<string>());
  const picked = patientIds.join(' ');
  useEffect(() => {
    let ended = false;
    let isLooking = false;
    const all = picked === '' ? [] : picked.split(' ');
    const due = new Set(all.filter((id) => !known.current.has(id)));
    const look = async (): Promise<void> => {
      if (isLooking) return;
      isLooking = true;
      for (const id of due) {
        due.delete(id);
        try {
          const [record] = await bag.carried([id]);
          if (ended) break;
          if (!record) continue;
          known.current.add(id);
          setCarried((before) => new Map(before).set(id, record));
        } catch (fault) {
          if (ended || (fault instanceof CacheError && fault.code === 'closed')) break;
          // Not known is not "here": its line goes on saying that it was not looked at.
          setCarried((before) => new Map([...before].filter(([one]) => one !== id)));
        }
      }
      isLooking = false;
    };
    void look();
    const stop = bag.onNotice((notice) => {
      const changed = notice.kind === 'patients' ? new Set<string>(notice.patientIds) : null;
      if (changed === null && notice.kind !== 'directory') return;
      for (const id of all) {
        if (changed?.has(id) === false) continue;
        known.current.delete(id);
        due.add(id);
      }
      void look();
    });
    return () => {
      ended = true;
      stop();
    };
  }, [bag, picked]);
  return carried;
}
