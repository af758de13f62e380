import { describe, expect, test, vi } from 'vitest';
import { cacheClientOf, type CacheWorkerEnd } from '../../../../renderer/cache/client.ts';
import type { CacheToPage, PageToCache } from '../../../../renderer/cache/queries.ts';

class Worker implements CacheWorkerEnd {
  readonly posted: PageToCache[] = [];
  ended = false;
  #listener: (event: MessageEvent<CacheToPage>) => void = () => undefined;

  postMessage(message: PageToCache): void {
    this.posted.push(message);
  }
  addEventListener(_type: 'message', listener: (event: MessageEvent<CacheToPage>) => void): void {
    this.#listener = listener;
  }
  terminate(): void {
    this.ended = true;
  }
  tell(message: CacheToPage): void {
    this.#listener({ data: message } as MessageEvent<CacheToPage>);
  }
}

function connected(): { readonly worker: Worker; readonly client: ReturnType<typeof cacheClientOf> } {
  const worker = new Worker();
  return { worker, client: cacheClientOf(worker, new MessageChannel().port1) };
}

describe('the page’s client of the cache', () => {
  test('answers reach those who asked, in whatever order they come', async () => {
    const { worker, client } = connected();
    const first = client.resource('p', 'Condition/1');
    const second = client.resource('p', 'Condition/2');
    worker.tell({ type: 'answer', id: 2, value: null });
    worker.tell({ type: 'failed', id: 1, code: 'damaged', message: 'words' });
    await expect(second).resolves.toBeNull();
    await expect(first).rejects.toMatchObject({ code: 'damaged', message: 'words' });
  });

  test('ending it fails what was under way and whatever is asked later, and drops the worker', async () => {
    const { worker, client } = connected();
    const asked = client.state();
    client.end();
    await expect(asked).rejects.toMatchObject({ code: 'closed' });
    await expect(client.state()).rejects.toMatchObject({ code: 'closed' });
    expect(worker.ended).toBe(true);
  });

  test('S7: a view hears of its own patient only, until it stops listening', () => {
    const { worker, client } = connected();
    const heard = vi.fn();
    const stop = client.onPatientChanged('p', heard);
    worker.tell({ type: 'notice', notice: { kind: 'patients', patientIds: ['q'] } });
    worker.tell({ type: 'notice', notice: { kind: 'patients', patientIds: ['q', 'p'] } });
    stop();
    worker.tell({ type: 'notice', notice: { kind: 'patients', patientIds: ['p'] } });
    expect(heard).toHaveBeenCalledTimes(1);
  });
});
