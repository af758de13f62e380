import { useState, type KeyboardEvent } from 'react';
import type { Entry } from '../../../domain/clinical/observation-entry.ts';

/**
 * What Enter means in a box. A refused value holds the focus, in words, and is selected; an unusual one asks once and a second Enter keeps
 * it; all else goes on. `+` asks the same and then opens another reading, where there can be one.
 */
export function useEntryKeys({
  entry,
  text,
  kept,
  onKeep,
  onNext,
  onFurther,
}: {
  readonly entry: Entry<unknown>;
  readonly text: string;
  readonly kept: boolean;
  readonly onKeep: () => void;
  readonly onNext: (from: HTMLElement) => void;
  readonly onFurther?: (() => void) | undefined;
}): {
  readonly onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => void;
  readonly words: string | undefined;
} {
  /** The unusual text that the first Enter asked about. */
  const [askedOf, setAskedOf] = useState<string | null>(null);
  const isOpen = entry.verdict === 'refused' || (entry.verdict === 'unlikely' && !kept);
  return {
    words: isOpen ? entry.words : entry.verdict === 'ok' ? entry.alarm : undefined,
    onKeyDown: (event) => {
      const further = event.key === '+' && onFurther !== undefined;
      if ((event.key !== 'Enter' && !further) || event.ctrlKey) return;
      event.preventDefault();
      if (entry.verdict === 'refused') {
        // What is typed next takes its place and is not added to it.
        event.currentTarget.select();
        return;
      }
      if (further && entry.verdict === 'blank') return;
      if (entry.verdict === 'unlikely' && !kept) {
        if (askedOf !== text) {
          setAskedOf(text);
          return;
        }
        onKeep();
      }
      if (further) onFurther();
      else onNext(event.currentTarget);
    },
  };
}
