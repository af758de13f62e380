import type { CacheNotice } from './queries.ts';

/** Often enough to see a load go on; each telling makes the page ask for all that it shows. */
const EVERY_MS = 400;

/** A record that a person waits for comes among few. */
const FEW = 8;

/**
 * What is told of records that arrive by the thousand: the first at once, what follows put together. Nobody is told of
 * a change that is not there yet, and the last word is never left out.
 */
export class GatheredNotices {
  readonly #tell: (notice: CacheNotice) => void;
  readonly #wait: (milliseconds: number) => Promise<void>;
  readonly #patients = new Set<string>();
  readonly #others = new Set<'state' | 'agenda'>();
  #isWaiting = false;

  constructor(tell: (notice: CacheNotice) => void, wait: (milliseconds: number) => Promise<void>) {
    this.#tell = tell;
    this.#wait = wait;
  }

  /** Records arrived or were looked through. */
  add(patientIds: readonly string[], others: readonly ('state' | 'agenda')[]): void {
    for (const patientId of patientIds) this.#patients.add(patientId);
    for (const other of others) this.#others.add(other);
    const isAwaited = patientIds.length > 0 && patientIds.length <= FEW;
    if (!this.#isWaiting || isAwaited) this.#send();
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    void this.#wait(EVERY_MS).then(() => {
      this.#isWaiting = false;
      if (this.#patients.size + this.#others.size > 0) this.add([], []);
    });
  }

  #send(): void {
    const patientIds = [...this.#patients];
    const others = [...this.#others];
    this.#patients.clear();
    this.#others.clear();
    if (patientIds.length > 0) this.#tell({ kind: 'patients', patientIds });
    for (const kind of others) this.#tell({ kind });
  }
}
