import type { Clock } from '../../main/services/sync/ports.ts';

/** A clock that stands still until it is moved; timers fire as it passes them. */
export class HandClock implements Clock {
  #wallMs: number;
  #monotonicMs = 1_000;
  #timers: { readonly at: number; readonly run: () => void }[] = [];

  /** @param wallMs where it stands; the time of day of a test that meets others' clocks */
  constructor(wallMs = Date.parse('2026-11-23T09:00:00.000Z')) {
    this.#wallMs = wallMs;
  }

  wallMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#monotonicMs + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Time passes. */
  pass(ms: number): void {
    const end = this.#monotonicMs + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((left, right) => left.at - right.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#step(next.at);
      next.run();
    }
    this.#step(end);
  }

  /** Somebody sets the computer's clock. */
  setWall(wallMs: number): void {
    this.#wallMs = wallMs;
  }

  #step(to: number): void {
    this.#wallMs += to - this.#monotonicMs;
    this.#monotonicMs = to;
  }
}
