import type { SessionState } from '../../../contract/channels/session.ts';
import type { Clock } from '../sync/ports.ts';

/** What stands in a box is a keystroke or two ahead of its draft; a page that does not answer holds nothing up. */
export const lastWordsMs = 500;

export interface LastWordsParts {
  readonly state: () => SessionState;
  readonly listen: (changed: (state: SessionState) => void) => () => void;
  readonly clock: Pick<Clock, 'after'>;
  /** Tells the page to keep what is typed and then to lock. */
  readonly ask: () => void;
}

/**
 * The system locks its screen or goes to sleep: the page keeps what was typed last and locks. Settles when it has
 * locked, or after {@link lastWordsMs}; then the caller locks whatever the page does.
 */
export function lastWords({ state, listen, clock, ask }: LastWordsParts): Promise<void> {
  if (state().phase !== 'unlocked') return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      stopListening();
      cancel();
      resolve();
    };
    const stopListening = listen(({ phase }) => {
      if (phase !== 'unlocked') finish();
    });
    const cancel = clock.after(lastWordsMs, finish);
    ask();
  });
}
