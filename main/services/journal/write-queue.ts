/**
 * Turns many waiting writes into one fsync: whatever waits when the disk is free again goes as one batch, in order.
 * Nothing is prepared before its turn, so that numbers are only given out once every earlier one is durable.
 */
export class WriteQueue<Job> {
  readonly #writeBatch: (jobs: readonly Job[]) => Promise<void>;
  #waiting: Job[] = [];
  #running: Promise<void> | null = null;

  /** `writeBatch` settles every job itself and never rejects. */
  constructor(writeBatch: (jobs: readonly Job[]) => Promise<void>) {
    this.#writeBatch = writeBatch;
  }

  add(job: Job): void {
    this.#waiting.push(job);
    this.#running ??= this.#run();
  }

  /** Runs when nothing is being written, and holds writes back meanwhile. */
  async exclusively<Value>(work: () => Promise<Value>): Promise<Value> {
    while (this.#running !== null) await this.#running;
    let finished: () => void = () => undefined;
    this.#running = new Promise((resolve) => {
      finished = resolve;
    });
    try {
      return await work();
    } finally {
      this.#running = null;
      finished();
      if (this.#waiting.length > 0) this.#running ??= this.#run();
    }
  }

  async #run(): Promise<void> {
    // One turn of the event loop: saves made together share the first fsync too.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const jobs = this.#waiting;
      this.#waiting = [];
      await this.#writeBatch(jobs);
    }
    this.#running = null;
  }
}
