/**
 * Time that passes only when it is told to. Timers run in order of their moment; between two timers every promise
 * that can settle has settled, so a schedule plays the same way each time.
 */
export class VirtualTime {
  #nowMs = 0;
  #sequence = 0;
  readonly #timers = new Map<number, { readonly atMs: number; readonly run: () => void }>();

  get nowMs(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): () => void {
    const id = (this.#sequence += 1);
    this.#timers.set(id, { atMs: this.#nowMs + Math.max(0, ms), run });
    return () => this.#timers.delete(id);
  }

  delay(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Lets everything happen that falls into the next `ms`. */
  async pass(ms: number): Promise<void> {
    const until = this.#nowMs + ms;
    await settled();
    for (let due = this.#next(); due !== null && due.atMs <= until; due = this.#next()) {
      this.#run(due);
      await settled();
    }
    this.#nowMs = until;
  }

  /** Lets time pass until `work` is over. */
  async during<Value>(work: Promise<Value>): Promise<Value> {
    const progress = { over: false };
    const watched = work.finally(() => {
      progress.over = true;
    });
    watched.catch(() => undefined);
    await settled();
    for (let due = this.#next(); !progress.over; due = this.#next()) {
      if (due === null) throw new Error('it waits for something that will never come');
      this.#run(due);
      await settled();
    }
    return watched;
  }

  #next(): { readonly id: number; readonly atMs: number; readonly run: () => void } | null {
    let next: { readonly id: number; readonly atMs: number; readonly run: () => void } | null = null;
    for (const [id, timer] of this.#timers) {
      if (next === null || timer.atMs < next.atMs) next = { id, ...timer };
    }
    return next;
  }

  #run(due: { readonly id: number; readonly atMs: number; readonly run: () => void }): void {
    this.#timers.delete(due.id);
    this.#nowMs = Math.max(this.#nowMs, due.atMs);
    due.run();
  }
}

/** Every promise that can settle without time passing has settled. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Mulberry32: small, fast, and the same on every machine. */
export function seededChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
