import type { Result } from '../../../domain/result.ts';
import type { Role } from '../../../domain/sync/operation.ts';
import type { DurableReceipt, JournalError, RingClass } from './journal.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { Numbering } from './numbering.ts';
import type { ParsedFrame } from './sealed-frame.ts';

/** The entry as it will be written, and what happens in memory once it is durable. */
export interface PreparedEntry {
  readonly entry: JournalEntry;
  readonly frame: ParsedFrame;
}

export interface WriteJob {
  /** Runs at its turn, when every earlier write is durable. Throws `Refusal`; none means nothing to write. */
  readonly prepare: (numbering: Numbering) => readonly PreparedEntry[];
  readonly settle: (result: Result<DurableReceipt, JournalError>) => void;
  /** For bugs. */
  readonly fail: (error: unknown) => void;
  /** Of waiting jobs with the same key only the latest is written; all are settled by it. */
  readonly coalesceKey?: string;
}

/** One job for all that wait with the same key: the latest's content, everybody's answer. */
export function coalesce(jobs: readonly WriteJob[]): readonly WriteJob[] {
  const byKey = new Map<unknown, WriteJob>();
  for (const job of jobs) {
    const key = job.coalesceKey ?? job;
    const earlier = byKey.get(key);
    byKey.delete(key);
    byKey.set(
      key,
      earlier === undefined
        ? job
        : {
            ...job,
            settle: (result) => {
              earlier.settle(result);
              job.settle(result);
            },
            fail: (error) => {
              earlier.fail(error);
              job.fail(error);
            },
          },
    );
  }
  return [...byKey.values()];
}

/** A receptionist's work is sealed with what a receptionist may open. */
export function ringClassOf(role: Role): RingClass {
  return role === 'receptionist' || role === 'administrator' ? 'directory' : 'clinical';
}
