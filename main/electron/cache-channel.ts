import { MessageChannelMain } from 'electron';
import type { BrowserWindow, MessagePortMain } from 'electron';
import { cachePortMessage } from '../../contract/ipc.ts';
import type { CacheAnswer, CacheRequest, CacheToMain, MainToCache } from '../../contract/cache-port.ts';
import type { CachePort } from '../services/sync/ports.ts';

const gone: CacheAnswer = { type: 'failed', code: 'other', message: 'the cache worker is gone' };

/**
 * Main's end of the port to the cache worker. Main asks, the worker answers under the same id. When the port closes
 * (lock, crash, reload) every open question is answered with `failed`, and so is every later one.
 */
export class CacheChannel implements CachePort {
  readonly #port: MessagePortMain;
  readonly #open = new Map<number, (answer: CacheAnswer) => void>();
  readonly #listeners = new Set<(patientId: string) => void>();
  #next = 1;
  #closed = false;

  /** Hands the other end to the window; the preload passes it on to our own page, the page to the worker. */
  constructor(window: BrowserWindow) {
    const { port1, port2 } = new MessageChannelMain();
    this.#port = port1;
    port1.on('message', ({ data }) => {
      this.#receive(data as CacheToMain);
    });
    port1.on('close', () => {
      this.close();
    });
    port1.start();
    window.webContents.postMessage(cachePortMessage, null, [port2]);
  }

  ask(request: CacheRequest): Promise<CacheAnswer> {
    if (this.#closed) return Promise.resolve(gone);
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#open.set(id, resolve);
      this.#port.postMessage({ id, request } satisfies MainToCache);
      // Sent is copied. Thousands of records would otherwise lie here until the engine next looks for garbage.
      if (request.type === 'put-packs') for (const { body } of request.packs) body.transfer(0);
    });
  }

  onWantedNow(listener: (patientId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#port.close();
    for (const answer of this.#open.values()) answer(gone);
    this.#open.clear();
  }

  #receive(message: CacheToMain): void {
    if ('tell' in message) {
      for (const listener of this.#listeners) listener(message.patientId);
      return;
    }
    this.#open.get(message.id)?.(message.answer);
    this.#open.delete(message.id);
  }
}
