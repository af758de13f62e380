/**
 * Work that never runs twice at once. A call while it runs is not dropped (sync-bugs Q8) and does not start a
 * second run beside it (L3): all such calls share the one run that follows. A call settles with a run that
 * started after it.
 */
export class Coalesced {
  readonly #work: () => Promise<void>;
  #running: Promise<void> | null = null;
  #following: Promise<void> | null = null;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  run(): Promise<void> {
    if (this.#running === null) return this.#start();
    this.#following ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#following = null;
        return this.#start();
      });
    return this.#following;
  }

  /** Settles when nothing runs or is due. */
  async settled(): Promise<void> {
    while (this.#running !== null) await (this.#following ?? this.#running).catch(() => undefined);
  }

  #start(): Promise<void> {
    const run = this.#work().finally(() => {
      if (this.#running === run) this.#running = null;
    });
    this.#running = run;
    return run;
  }
}
