import type { AttributedEntry } from '../audit/write-audit.ts';
import type { Actor } from '../identity/actor.ts';
import type { ResourceRef, Show, StoredVersion } from './record-store.ts';

/** Most reads of one transaction. */
const BATCH = 100;

/** One read of a batch, as its transaction sees it. */
export interface ReadToAudit {
  readonly ref: ResourceRef;
  /** Takes what was found; gives what is to be audited of it: nothing where the reader may not see it. */
  readonly show: (found: StoredVersion | undefined) => readonly AttributedEntry[];
}

interface Waiting extends ReadToAudit {
  readonly committed: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Reads of single resources with their audit: whoever comes while a batch is at work shares the next one, so that many
 * readers cost one transaction. Nobody is answered before the audit of the read is committed.
 */
export class SharedReads {
  readonly #run: (batch: readonly ReadToAudit[]) => Promise<void>;
  #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;

  constructor(run: (batch: readonly ReadToAudit[]) => Promise<void>) {
    this.#run = run;
  }

  add<T>(actor: Actor, ref: ResourceRef, show: Show<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let settle: () => void = () => undefined;
      this.#waiting.push({
        ref,
        show: (found) => {
          try {
            const { answer, audit } = show(found);
            settle = () => {
              resolve(answer);
            };
            return audit.map((entry) => ({ actor, entry }));
          } catch (error) {
            settle = () => {
              reject(error);
            };
            return [];
          }
        },
        committed: () => {
          settle();
        },
        failed: reject,
      });
      this.#working ??= this.#work();
    });
  }

  async idle(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      try {
        await this.#run(batch);
        for (const one of batch) one.committed();
      } catch (error) {
        for (const one of batch) one.failed(error);
      }
    }
    this.#working = undefined;
  }
}
