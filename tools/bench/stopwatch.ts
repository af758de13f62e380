/**
 * Times inside the page: from the key (the event's own time, so that what waited before it counts) to the end of the
 * frame that shows the result. Nothing of the measuring program's way to the page is in the figure.
 */
import type { Page } from 'playwright-core';

/** When the result stands in the document. */
export type Shown =
  | { readonly kind: 'element'; readonly selectors: readonly string[] }
  /** The cache answered this question with these words, and the page changed after it. */
  | { readonly kind: 'answer'; readonly question: string; readonly words: string }
  /** This text was put into the document after the key. */
  | { readonly kind: 'text'; readonly text: string };

interface PageStopwatch {
  arm(key: string, shown: Shown): void;
  result(): Promise<number>;
}

export async function installStopwatch(page: Page): Promise<void> {
  await page.evaluate(() => {
    let wanted = { question: '', words: '' };
    let isAnswered = false;
    const asked = new Map<number, { readonly question: string; readonly words: string }>();
    const listened = new WeakSet<Worker>();
    let changedAfterAnswer = false;
    let look: () => void = () => undefined;
    const { postMessage } = Worker.prototype as unknown as {
      readonly postMessage: (this: Worker, ...given: unknown[]) => void;
    };
    // The page's questions pass on as they are; what is read of them is only which answer belongs to which words.
    (Worker.prototype as { postMessage: unknown }).postMessage = function (
      this: Worker,
      ...given: unknown[]
    ) {
      const message = given[0] as {
        readonly type?: string;
        readonly question?: {
          readonly id: number;
          readonly name: string;
          readonly ask?: { readonly words?: string };
        };
      };
      if (message.type === 'ask' && message.question) {
        const { id, name, ask } = message.question;
        asked.set(id, { question: name, words: ask?.words ?? '' });
      }
      if (!listened.has(this)) {
        listened.add(this);
        this.addEventListener(
          'message',
          ({ data }: MessageEvent<{ readonly type: string; readonly id: number }>) => {
            const question = data.type === 'answer' ? asked.get(data.id) : undefined;
            if (question?.question !== wanted.question || question.words !== wanted.words) return;
            isAnswered = true;
            changedAfterAnswer = false;
            // The same list as before changes nothing: two frames later it counts as shown.
            requestAnimationFrame(() => {
              requestAnimationFrame(() => {
                changedAfterAnswer = true;
                look();
              });
            });
          },
        );
      }
      postMessage.apply(this, given);
    };
    let result: Promise<number> = Promise.resolve(Number.NaN);
    const stopwatch: PageStopwatch = {
      arm(key, shown) {
        result = new Promise((done) => {
          let begun: number | null = null;
          let textAdded = false;
          const isShown = (): boolean => {
            if (shown.kind === 'element')
              return shown.selectors.every((selector) => document.querySelector(selector) !== null);
            if (shown.kind === 'text') return textAdded;
            return isAnswered && changedAfterAnswer;
          };
          const observer = new MutationObserver((records) => {
            if (begun === null) return;
            changedAfterAnswer = true;
            if (shown.kind === 'text') {
              textAdded ||= records.some(({ addedNodes }) =>
                [...addedNodes].some((node) => (node.textContent ?? '').includes(shown.text)),
              );
            }
            look();
          });
          const onKey = (event: KeyboardEvent): void => {
            if (event.key !== key) return;
            removeEventListener('keydown', onKey, true);
            begun = event.timeStamp;
            isAnswered = false;
            wanted =
              shown.kind === 'answer'
                ? { question: shown.question, words: shown.words }
                : { question: '', words: '' };
          };
          look = () => {
            if (begun === null || !isShown()) return;
            const from = begun;
            look = () => undefined;
            observer.disconnect();
            requestAnimationFrame(() => {
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = () => {
                done(performance.now() - from);
              };
              port2.postMessage(null);
            });
          };
          observer.observe(document, {
            childList: true,
            subtree: true,
            characterData: true,
            attributes: true,
          });
          addEventListener('keydown', onKey, true);
        });
      },
      result: () => result,
    };
    (globalThis as unknown as { stopwatch: PageStopwatch }).stopwatch = stopwatch;
  });
}

/** Presses the key and answers how long it took until the result was shown, in milliseconds. */
export async function timeKey(page: Page, press: string, shown: Shown): Promise<number> {
  const key = press.split('+').at(-1) ?? press;
  await page.evaluate(
    ({ key: name, shown: until }) => {
      (globalThis as unknown as { readonly stopwatch: PageStopwatch }).stopwatch.arm(name, until);
    },
    { key, shown },
  );
  await page.keyboard.press(press);
  const took = page.evaluate(() =>
    (globalThis as unknown as { readonly stopwatch: PageStopwatch }).stopwatch.result(),
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      fail(new Error(`nothing was shown after ${press}: ${JSON.stringify(shown)}`));
    }, 20_000);
  });
  return await Promise.race([took, tooLong]).finally(() => {
    clearTimeout(timer);
  });
}
