import { startTransition, useCallback, useEffect, useRef, useState } from 'react';
import { CacheError, type CacheClient, type CacheNotice } from '../../cache/index.ts';
import { useBag } from './bag.tsx';

export interface BagAnswer<Value> {
  /** The last answer stays while a newer one is on its way: nothing jumps. */
  readonly value: Value | undefined;
  /** A sentence for the screen. */
  readonly error: string | null;
  readonly again: () => void;
}

interface Answer<Value> {
  readonly key: string;
  readonly value?: Value;
  readonly error: string | null;
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
  const [answer, setAnswer] = useState<Answer<Value>>();
  const asking = useRef<() => void>(undefined);
  useEffect(() => {
    if (key === null) return;
    let ended = false;
    let isShown = false;
    let isAsking = false;
    let isDue = false;
    const show = (next: Answer<Value>): void => {
      // What stands is brought up to date behind what a person waits for: a keystroke, or the word "Saved".
      if (isShown)
        startTransition(() => {
          setAnswer(next);
        });
      else setAnswer(next);
      isShown = true;
    };
    const run = (): void => {
      // One question at a time: notices that come meanwhile are one more, after its answer.
      if (isAsking) {
        isDue = true;
        return;
      }
      isAsking = true;
      void ask(bag)
        .then(
          (value) => {
            if (!ended) show({ key, value, error: null });
          },
          (fault: unknown) => {
            // Not open yet, or locked: what opens it is told of, and asks again.
            if (ended || (fault instanceof CacheError && fault.code === 'closed')) return;
            show({
              key,
              error: fault instanceof Error ? fault.message : 'The records here could not be read.',
            });
          },
        )
        .then(() => {
          isAsking = false;
          if (!isDue || ended) return;
          isDue = false;
          run();
        });
    };
    asking.current = run;
    run();
    const stop = follows
      ? bag.onNotice((notice) => {
          if (follows(notice)) run();
        })
      : undefined;
    return () => {
      ended = true;
      stop?.();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `ask` and `follows` are new at every render; `key` says when they would differ
  }, [bag, key]);
  const again = useCallback(() => {
    asking.current?.();
  }, []);
  const current = answer?.key === key ? answer : undefined;
  return { value: current?.value, error: current?.error ?? null, again };
}
