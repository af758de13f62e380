import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { success } from '../../../../../domain/result.ts';
import { systemClock } from '../../../../../main/services/clock.ts';
import { RecordClient } from '../../../../../main/services/record-client/record-client.ts';
import { SyncEngine } from '../../../../../main/services/sync/engine.ts';
import { JournalOnFiles } from '../../../../support/journal-on-files.ts';
import type { CacheAnswer, CacheRequest } from '../../../../../contract/cache-port.ts';
import type { Cursor } from '../../../../../contract/record-service.ts';
import type { CachePort } from '../../../../../main/services/sync/ports.ts';

const epoch = 'epoch-1';

/** A record service as the network shows it: a directory of so many patients, and a stream of packs. */
class LargePractice {
  readonly ids: readonly string[];
  readonly #resources: number;
  /** Cannot be compressed, like a gzip body; every patient's has the same bytes. */
  readonly #body: Buffer;
  /** Packs that left the service, each time they did. */
  sent = 0;

  constructor(patients: number, resources: number, packBytes: number) {
    this.ids = Array.from({ length: patients }, (_, index) => `patient-${index}`);
    this.#resources = resources;
    this.#body = randomBytes(packBytes);
  }

  readonly fetch: typeof globalThis.fetch = (input, init) => {
    const path = new URL(input instanceof Request ? input.url : input).pathname.split('/').at(-1);
    if (path === 'packs') return Promise.resolve(this.#packs(init?.body as string));
    return Promise.resolve(
      new Response(JSON.stringify(this.#answer(path)), { headers: { 'content-type': 'application/json' } }),
    );
  };

  #answer(path = ''): unknown {
    const at = { epoch, durableThrough: null };
    switch (path) {
      case 'probe':
        return { ...at, head: 1, time: '2026-11-22T10:00:00Z', orders: [] };
      case 'directory':
        return {
          epoch,
          position: 1,
          organisation: { id: 'o', name: 'Practice' },
          entries: this.ids.map((id) => ({
            id,
            family: 'Synthetic',
            given: [],
            phones: [],
            protectedPatient: false,
            registration: 'registered',
            safety: { allergyTitle: 'Allergies not recorded', allergies: [], flags: [] },
            pack: { resources: this.#resources, bytes: this.#body.length },
          })),
          booked: [],
          shared: [],
        };
      case 'changes':
        return { ...at, entries: [], next: 1, head: 1, directory: [] };
      case 'conflicts':
        return { conflicts: [] };
      default:
        return { epoch, position: 1, patients: [] };
    }
  }

  /** Made as it is read: what the reader does not ask for is not sent. */
  #packs(body: string): Response {
    const { patients } = JSON.parse(body) as { readonly patients: readonly string[] };
    const waiting = [...patients];
    const stream = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          const patientId = waiting.shift();
          if (patientId === undefined) {
            controller.close();
            return;
          }
          this.sent += 1;
          const header = Buffer.from(
            JSON.stringify({ patientId, validAt: 1, resources: this.#resources, digest: '' }),
          );
          for (const part of [lengthOf(header), header, lengthOf(this.#body), this.#body])
            controller.enqueue(new Uint8Array(part));
        },
      },
      { highWaterMark: 1 },
    );
    return new Response(stream, { headers: { 'content-type': 'application/vnd.gladstone.packs' } });
  }
}

function lengthOf(part: { readonly length: number }): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, part.length);
  return bytes;
}

/** What lies on the disk of the cache: it outlives the program. */
class CacheOnDisk {
  cursor: Cursor | null = null;
  directoryEntries = 0;
  readonly packs = new Map<string, number>();
  resources = 0;

  /** The worker of one run of the program; after `end` nothing reaches the disk and nobody is answered. */
  worker(after: () => void): CachePort & { end(): void } {
    let ended = false;
    return {
      end: () => {
        ended = true;
      },
      onWantedNow: () => () => undefined,
      ask: async (request) => {
        await new Promise((resolve) => setImmediate(resolve));
        if (ended) return new Promise<CacheAnswer>(() => undefined);
        const answer = this.#answer(request);
        after();
        return answer;
      },
    };
  }

  #answer(request: CacheRequest): CacheAnswer {
    switch (request.type) {
      case 'describe':
        return {
          type: 'description',
          description: {
            cursor: this.cursor,
            directoryEntries: this.directoryEntries,
            packs: [...this.packs].map(([patientId, bytes]) => ({ patientId, validAt: 1, bytes })),
          },
        };
      case 'put-directory':
        this.cursor = request.cursor;
        this.directoryEntries = request.entries.length;
        return { type: 'done' };
      case 'put-packs':
        for (const { header, body } of request.packs) {
          this.packs.set(header.patientId, body.byteLength);
          this.resources += header.resources;
        }
        return { type: 'stored', stored: request.packs.map(({ header }) => header.patientId), refused: [] };
      case 'apply-changes':
        return { type: 'applied', cursor: request.from, wanted: [] };
      case 'digests':
      case 'evict':
      case 'open':
      case 'put-as-of':
      case 'put-pending':
      case 'put-terminology':
      case 'rebuild':
        return { type: 'done' };
    }
  }
}

async function startEngine(
  practice: LargePractice,
  port: CachePort,
  on: JournalOnFiles,
  isDiskLow = (): boolean => false,
): Promise<SyncEngine> {
  const { journal } = await on.open();
  const engine = new SyncEngine({
    client: new RecordClient({
      fetch: practice.fetch,
      syncBase: 'https://record.example/sync/A99999',
      deviceId: () => journal.deviceId,
      tokens: { current: () => Promise.resolve(success('token')), refused: () => undefined },
    }),
    journal,
    decisions: { save: () => Promise.reject(new Error('nobody decides here')) },
    keeper: {
      wipe: () => Promise.resolve('done' as const),
      revoked: () => Promise.resolve(),
      forked: () => Promise.resolve('done' as const),
    },
    audit: { peek: () => Promise.resolve([]), acknowledge: () => Promise.resolve() },
    clock: systemClock,
    chance: () => 0.5,
    newId: randomUUID,
    offlineScope: () => 'all',
    recent: () => [],
    today: () => '2026-11-22',
    isDiskLow,
  });
  engine.attachCache(port);
  return engine;
}

describe('the first load of a large practice', () => {
  it('S11: 250,000 resources pass through main within 512 MB, heap and buffers together', async () => {
    const practice = new LargePractice(2_500, 100, 256 * 1024);
    const disk = new CacheOnDisk();
    let peak = 0;
    const worker = disk.worker(() => {
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      peak = Math.max(peak, heapUsed + arrayBuffers);
    });
    const engine = await startEngine(practice, worker, new JournalOnFiles());
    await engine.now();
    expect(disk.resources).toBe(250_000);
    expect(engine.status().firstLoad).toBeUndefined();
    expect(peak).toBeLessThan(512 * 1024 * 1024);
    await engine.stop();
  }, 60_000);

  it('S1: stops before the disk is full, and goes on by itself when there is space', async () => {
    const practice = new LargePractice(50, 100, 1_024);
    const disk = new CacheOnDisk();
    let isLow = true;
    const port = disk.worker(() => undefined);
    const engine = await startEngine(practice, port, new JournalOnFiles(), () => isLow);
    await engine.now();
    expect([practice.sent, disk.directoryEntries]).toEqual([0, 50]);
    expect(engine.status()).toMatchObject({ inStep: false, firstLoad: { paused: true } });
    isLow = false;
    await engine.now();
    expect(disk.packs.size).toBe(50);
    await engine.stop();
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'S12: killed at some point (%i of 10), it resumes with at most a twentieth fetched twice',
    async (tenth) => {
      const practice = new LargePractice(1_000, 100, 64 * 1024);
      const disk = new CacheOnDisk();
      const on = new JournalOnFiles();
      const killAt = Math.floor((practice.ids.length * (tenth - 0.5)) / 10);
      const killed = new Promise<void>((resolve) => {
        const worker = disk.worker(() => {
          if (disk.packs.size < killAt) return;
          worker.end();
          resolve();
        });
        void startEngine(practice, worker, on).then((engine) => void engine.now());
      });
      await killed;
      expect(disk.packs.size).toBeLessThan(practice.ids.length);
      const engine = await startEngine(
        practice,
        disk.worker(() => undefined),
        on,
      );
      await engine.now();
      expect(disk.packs.size).toBe(practice.ids.length);
      expect(practice.sent - practice.ids.length).toBeLessThanOrEqual(practice.ids.length * 0.05);
      await engine.stop();
    },
    30_000,
  );
});
