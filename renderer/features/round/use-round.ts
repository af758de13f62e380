import { useEffect, useRef, useState } from 'react';
import { CacheError, type KeptRound } from '../../cache/index.ts';
import { useBag } from '../bag/index.ts';
import { useToaster } from '../../ui/index.ts';

export interface Round {
  /** `undefined` until it was read. */
  readonly round: KeptRound | undefined;
  /** A sentence for the screen where it cannot be read. */
  readonly error: string | null;
  /** Changes it on the screen at once and keeps it, sealed, on this computer. */
  readonly edit: (change: (round: KeptRound) => KeptRound) => void;
}

/** The round of the person at work: kept over screens, lock and restart. @param today `YYYY-MM-DD` */
export function useRound(userId: string, today: string): Round {
  const bag = useBag();
  const toaster = useToaster();
  const [round, setRound] = useState<KeptRound>();
  const [error, setError] = useState<string | null>(null);
  const latest = useRef<KeptRound>(undefined);
  const writing = useRef(0);
  const begin = useRef({ day: today, patientIds: [], gone: 0 });
  useEffect(() => {
    let ended = false;
    const read = async () => {
      try {
        const kept = await bag.round(userId);
        // What was picked meanwhile is newer than what was read.
        if (ended || writing.current > 0) return;
        latest.current = kept ?? begin.current;
        setRound(latest.current);
        setError(null);
      } catch (fault) {
        if (ended || (fault instanceof CacheError && fault.code === 'closed')) return;
        setError(fault instanceof Error ? fault.message : 'The round could not be read.');
      }
    };
    void read();
    // Who leaves this computer leaves the round: the screen says that somebody has.
    const stop = bag.onNotice((notice) => {
      if (notice.kind === 'directory') void read();
    });
    return () => {
      ended = true;
      stop();
    };
  }, [bag, userId]);
  const edit: Round['edit'] = (change) => {
    if (!latest.current) return;
    const next = change(latest.current);
    latest.current = next;
    setRound(next);
    writing.current += 1;
    void bag
      .keepRound(userId, next)
      .catch((fault: unknown) => {
        if (fault instanceof CacheError && fault.code === 'closed') return;
        toaster.warn(
          'The round could not be kept on this computer: it is gone when you lock. Print it, or write it down.',
          'amber',
        );
      })
      .finally(() => {
        writing.current -= 1;
      });
  };
  return { round, error, edit };
}

export function withPatients(round: KeptRound, patientIds: readonly string[]): KeptRound {
  return { ...round, patientIds: [...new Set([...round.patientIds, ...patientIds])] };
}

export function withoutPatients(round: KeptRound, patientIds: readonly string[]): KeptRound {
  return { ...round, patientIds: round.patientIds.filter((id) => !patientIds.includes(id)) };
}
