/**
 * The cache worker: main's port on one side, the page on the other. It holds the cache key, the opened directory and
 * the last records in memory; ending it forgets all of them. It opens no network connection.
 */
import type { CacheToMain, MainToCache } from '../../contract/cache-port.ts';
import { CacheService } from './cache-service.ts';
import type { CacheToPage, PageToCache } from './queries.ts';

interface WorkerScope {
  postMessage(message: CacheToPage): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<PageToCache>) => void): void;
  close(): void;
}
const scope = globalThis as unknown as WorkerScope;

let mainPort: MessagePort | null = null;

const service = new CacheService({
  toPage: (message) => {
    scope.postMessage(message);
  },
  toMain: (message: CacheToMain) => {
    mainPort?.postMessage(message);
  },
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
});

scope.addEventListener('message', (event) => {
  const message = event.data;
  if (message.type === 'ask') {
    void service.onQuestion(message.question);
    return;
  }
  const [port] = event.ports;
  if (!port) return;
  mainPort = port;
  port.addEventListener('message', ({ data }: MessageEvent<MainToCache>) => {
    void service.onRequest(data);
  });
  // Main let go of its end: the session is over, whatever the page still thinks.
  port.addEventListener('close', () => {
    scope.close();
  });
  port.start();
});
