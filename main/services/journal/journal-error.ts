import { JournalWriteFailed } from './segment-writer.ts';
import type { JournalError } from './journal.ts';

/** Expected reasons for which nothing was written. */
export const refused = {
  sealed: { code: 'sealed', message: 'The bag is locked.', remedy: 'Unlock it, then save again.' },
  closed: { code: 'closed', message: 'Gladstone is closing.' },
  'wrong-device': {
    code: 'wrong-device',
    message: 'This computer was registered anew.',
    remedy: 'Lock and unlock, then save again.',
  },
} as const satisfies Record<string, JournalError>;

/** Thrown while an entry is prepared: this entry is refused, the others of its batch are not. */
export class Refusal extends Error {
  readonly error: JournalError;

  constructor(error: JournalError) {
    super(error.message);
    this.name = 'Refusal';
    this.error = error;
  }
}

/**
 * What a person is told of a save that the journal did not take: nothing of it was written.
 * @throws what is no refusal and no fault of the disk: that is a bug
 */
export function journalErrorOf(error: unknown): JournalError {
  if (error instanceof Refusal) return error.error;
  if (error instanceof JournalWriteFailed && error.diskFull) {
    return {
      code: 'disk-full',
      message: 'The disk is full.',
      remedy: 'Free some space, or ask somebody to, then press the button again. Do not close this first.',
    };
  }
  if (error instanceof JournalWriteFailed) {
    return {
      code: 'write-failed',
      message: 'The disk did not take the save.',
      remedy: 'Try again. If it goes on, write it down elsewhere and tell support.',
    };
  }
  throw error;
}
