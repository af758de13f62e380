/** A person's hands: keys only, counted. Nothing here points, clicks or sets a value past the screen. */
import type { Locator, Page } from '@playwright/test';

const PATIENCE_MS = 30_000;

/** Something of the day did not come about; the words go into the report. */
export class DayFailure extends Error {
  override readonly name = 'DayFailure';
}

/** Asks until it is so. */
export async function until(
  what: string,
  probe: () => Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const end = performance.now() + patienceMs;
  for (;;) {
    if (await probe()) return;
    if (performance.now() > end) throw new DayFailure(`Waited ${patienceMs / 1000} s for: ${what}.`);
    await new Promise((later) => setTimeout(later, 100));
  }
}

export async function shown(what: string, locator: Locator, patienceMs = PATIENCE_MS): Promise<void> {
  await locator
    .first()
    .waitFor({ state: 'visible', timeout: patienceMs })
    .catch(() => {
      throw new DayFailure(`Not on the screen after ${patienceMs / 1000} s: ${what}.`);
    });
}

export class Keyboard {
  #strokes = 0;
  readonly #page: () => Page;

  constructor(page: () => Page) {
    this.#page = page;
  }

  get strokes(): number {
    return this.#strokes;
  }

  /** @param times how often the key is pressed */
  async press(key: string, times = 1): Promise<void> {
    for (let count = 0; count < times; count += 1) {
      this.#strokes += 1;
      await this.#page().keyboard.press(key);
    }
  }

  async type(text: string): Promise<void> {
    this.#strokes += text.length;
    await this.#page().keyboard.type(text);
  }

  /** Walks with Tab or Shift+Tab to what is wanted, as somebody without a pointer does. */
  async walkTo(what: string, wanted: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab', most = 150): Promise<void> {
    for (let step = 0; step <= most; step += 1) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
      await this.press(key);
    }
    throw new DayFailure(`Not reached by ${most} × ${key}: ${what}.`);
  }
}
