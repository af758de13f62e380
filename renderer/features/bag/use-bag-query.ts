import { useCallback, useEffect, useState } from 'react';
import { CacheError, type CacheClient, type CacheNotice } from '../../cache/index.ts';
import { useBag } from './bag.tsx';

export interface BagAnswer<Value> {
  /** The last answer stays while a newer one is on its way: nothing jumps. */
  readonly value: Value | undefined;
  /** A sentence for the screen. */
  readonly error: string | null;
  readonly again: () => void;
}

/**
 * Asks the cache and asks again when something that it shows has changed.
 * @param key what the answer depends on; `null` asks nothing and answers nothing
 * @param follows which notices call for a new answer
 */
export function useBagQuery<Value>(
  key: string | null,
  ask: (bag: CacheClient) => Promise<Value>,
  follows?: (notice: CacheNotice) => boolean,
): BagAnswer<Value> {
  const bag = useBag();
  const [answer, setAnswer] = useState<{
    readonly key: string;
    readonly value?: Value;
    readonly error: string | null;
  }>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (key === null) return;
    let stale = false;
    ask(bag).then(
      (value) => {
        if (!stale) setAnswer({ key, value, error: null });
      },
      (fault: unknown) => {
        if (stale || (fault instanceof CacheError && fault.code === 'closed')) return;
        setAnswer({
          key,
          error: fault instanceof Error ? fault.message : 'The records here could not be read.',
        });
      },
    );
    return () => {
      stale = true;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `ask` is new at every render; `key` says when its answer would differ
  }, [bag, key, round]);
  useEffect(() => {
    if (!follows) return;
    return bag.onNotice((notice) => {
      if (follows(notice)) setRound((count) => count + 1);
    });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- as above: `follows` is of the same question as `key`
  }, [bag, key]);
  const again = useCallback(() => {
    setRound((count) => count + 1);
  }, []);
  const current = answer?.key === key ? answer : undefined;
  return { value: current?.value, error: current?.error ?? null, again };
}
