import type { AuditedRead } from './read-audited.ts';
import type { StoredVersion } from './record-store.ts';
import { keyOf } from './write-versions.ts';

/** Most reads of one transaction. */
const BATCH = 100;

interface Waiting extends AuditedRead {
  readonly resolve: (found: StoredVersion | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads of single resources with their audit: whoever comes while a batch is at work shares the next one, so that many
 * readers cost one transaction. Nobody is answered before the audit of the read is committed.
 */
export class SharedReads {
  readonly #run: (batch: readonly AuditedRead[]) => Promise<StoredVersion[]>;
  #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;

  constructor(run: (batch: readonly AuditedRead[]) => Promise<StoredVersion[]>) {
    this.#run = run;
  }

  add(read: AuditedRead): Promise<StoredVersion | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...read, resolve, reject });
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
        const found = new Map((await this.#run(batch)).map((version) => [keyOf(version), version]));
        for (const { ref, resolve } of batch) resolve(found.get(keyOf(ref)));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#working = undefined;
  }
}
