import type { Clock } from '../sync/ports.ts';

const warningSeconds = 60;

/** Locks after a while without a keystroke, and warns a minute before. */
export class InactivityLock {
  readonly #clock: Clock;
  readonly #act: { readonly warn: (seconds: number) => void; readonly lock: () => void };
  #minutes = 0;
  #warned = false;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, act: { readonly warn: (seconds: number) => void; readonly lock: () => void }) {
    this.#clock = clock;
    this.#act = act;
  }

  start(minutes: number): void {
    this.#minutes = minutes;
    this.activity();
  }

  activity(): void {
    this.stop();
    this.#cancel = this.#clock.after((this.#minutes * 60 - warningSeconds) * 1_000, () => {
      this.#warned = true;
      this.#act.warn(warningSeconds);
      this.#cancel = this.#clock.after(warningSeconds * 1_000, () => {
        this.#warned = false;
        this.#act.lock();
      });
    });
  }

  stop(): void {
    this.#cancel();
    if (this.#warned) this.#act.warn(0);
    this.#warned = false;
  }
}
