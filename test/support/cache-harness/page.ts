/** The page of the cache harness: plays main over a channel of its own, and is the page to the real worker. */
import type { CacheAnswer, CacheRequest, CacheToMain } from '../../../contract/cache-port.ts';
import type { PackHeader } from '../../../contract/record-service.ts';
import { copySealed, openWithAnySalt, rowsIn, writeAsBefore } from './stolen-disk.ts';
import { connectCache, type CacheClient, type CacheNotice } from '../../../renderer/cache/index.ts';

class CacheHarness {
  /** Everything sealed that {@link steal} saw so far. */
  readonly #stolen: Awaited<ReturnType<typeof copySealed>>[number][] = [];
  client!: CacheClient;
  readonly tells: string[] = [];
  readonly notices: CacheNotice[] = [];
  #port!: MessagePort;
  #lastId = 0;
  readonly #waiting = new Map<number, (answer: CacheAnswer) => void>();

  start(): void {
    const channel = new MessageChannel();
    this.#port = channel.port1;
    this.#port.onmessage = ({ data }: MessageEvent<CacheToMain>) => {
      if ('tell' in data) {
        this.tells.push(data.patientId);
        return;
      }
      this.#waiting.get(data.id)?.(data.answer);
      this.#waiting.delete(data.id);
    };
    this.client = connectCache(channel.port2);
    this.client.onNotice((notice) => this.notices.push(notice));
  }

  request(request: CacheRequest, transfer: Transferable[] = []): Promise<CacheAnswer> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#port.postMessage({ id, request }, transfer);
    });
  }

  /** @param secret names the key: the same secret gives the same 32 bytes */
  async open(secret: string, database = 'bag'): Promise<CacheAnswer> {
    const key = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
    return this.request({ type: 'open', organisation: 'A99999', database, key });
  }

  async putPacks(
    epoch: string,
    packs: readonly { readonly header: PackHeader; readonly text: string }[],
  ): Promise<CacheAnswer> {
    const bodies = await Promise.all(
      packs.map(async ({ header, text }) => ({ header, body: await gzip(text) })),
    );
    return this.request(
      { type: 'put-packs', epoch, packs: bodies },
      bodies.map(({ body }) => body),
    );
  }

  async putTerminology(text: string): Promise<CacheAnswer> {
    const asset = await gzip(text);
    return this.request({ type: 'put-terminology', asset }, [asset]);
  }

  async steal(secret = 'secret'): Promise<void> {
    this.#stolen.push(...(await copySealed(secret, 'bag')));
  }

  /** Contents of the files that bodies of packs lie in; those that go or grow meanwhile are left out. */
  async segments(database = 'bag.1'): Promise<Readonly<Record<string, readonly number[]>>> {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(`${database}.packs`);
    const contents: Record<string, readonly number[]> = {};
    for await (const [name, handle] of folder as unknown as AsyncIterable<[string, FileSystemFileHandle]>) {
      const read = async (): Promise<ArrayBuffer> => (await handle.getFile()).arrayBuffer();
      const bytes = await read().catch(() => null);
      if (bytes !== null) contents[name] = [...new Uint8Array(bytes)];
    }
    return contents;
  }

  openStolen(secret: string): Promise<readonly string[]> {
    return openWithAnySalt(secret, 'bag', this.#stolen);
  }

  /** See {@link writeAsBefore}; the worker must have ended. */
  asBefore(secret: string): Promise<void> {
    return writeAsBefore(secret, 'bag');
  }

  rowsInDatabase(): Promise<number> {
    return rowsIn('bag.1', 'packs');
  }

  /** Waits until the lists about many patients hold every pack. */
  async indexed(): Promise<void> {
    while ((await this.client.state()).waitingForIndex > 0) await new Promise((next) => setTimeout(next, 5));
  }

  end(): void {
    this.client.end();
    this.#port.close();
  }
}

async function gzip(text: string): Promise<ArrayBuffer> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}

declare global {
  interface Window {
    readonly cacheHarness: CacheHarness;
  }
}
Object.defineProperty(window, 'cacheHarness', { value: new CacheHarness() });

export type { CacheHarness };
