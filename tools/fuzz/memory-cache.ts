import type { CacheAnswer, CacheRequest, PendingOperation } from '../../contract/cache-port.ts';
import type { Cursor } from '../../contract/record-service.ts';
import type { CachePort } from '../../main/services/sync/ports.ts';
import { digestOf } from './service-model.ts';
import type { PackBody } from './service-model.ts';

interface CachedResource {
  readonly version: number;
  readonly content: string | null;
}

interface CachedPack {
  readonly epoch: string;
  validAt: number;
  readonly resources: Map<string, CachedResource>;
}

/** What lies on the disk: survives kills, may be lost or damaged at any time. */
export interface CacheImage {
  cursor: Cursor | null;
  readonly directory: Set<string>;
  readonly packs: Map<string, CachedPack>;
  damaged: boolean;
}

export function emptyCache(): CacheImage {
  return { cursor: null, directory: new Set(), packs: new Map(), damaged: false };
}

/** The cache worker in memory, by the rules of contract/cache-port.ts. */
export class MemoryCache implements CachePort {
  readonly #image: CacheImage;
  readonly #evicted: (patientIds: readonly string[]) => void;
  readonly #listeners = new Set<(patientId: string) => void>();
  pending: readonly PendingOperation[] = [];

  constructor(image: CacheImage, evicted: (patientIds: readonly string[]) => void) {
    this.#image = image;
    this.#evicted = evicted;
  }

  get image(): CacheImage {
    return this.#image;
  }

  onWantedNow(listener: (patientId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  open(patientId: string): void {
    if (!this.#image.packs.has(patientId)) for (const listener of this.#listeners) listener(patientId);
  }

  ask(request: CacheRequest): Promise<CacheAnswer> {
    return Promise.resolve(this.#answer(request));
  }

  #answer(request: CacheRequest): CacheAnswer {
    const image = this.#image;
    if (request.type === 'put-pending') {
      this.pending = request.pending;
      return { type: 'done' };
    }
    if (image.damaged && request.type !== 'rebuild') {
      return { type: 'failed', code: 'damaged', message: 'damaged' };
    }
    switch (request.type) {
      case 'open':
      case 'describe':
        return {
          type: request.type === 'open' ? 'opened' : 'description',
          description: {
            cursor: image.cursor,
            directoryEntries: image.directory.size,
            packs: [...image.packs].map(([patientId, pack]) => ({
              patientId,
              validAt: pack.validAt,
              bytes: 100,
            })),
          },
        };
      case 'put-directory':
        image.cursor = request.cursor;
        image.directory.clear();
        for (const entry of request.entries) image.directory.add(entry.id);
        return { type: 'done' };
      case 'put-packs':
        return this.#putPacks(request);
      case 'apply-changes':
        return this.#apply(request);
      case 'evict':
        for (const patientId of request.patientIds) image.packs.delete(patientId);
        this.#evicted(request.patientIds);
        return { type: 'done' };
      case 'put-as-of':
      case 'put-terminology':
        return { type: 'done' };
      case 'digests':
        return {
          type: 'digests',
          digests: [...image.packs].map(([patientId, pack]) => ({
            patientId,
            digest: digestOf([...pack.resources.values()].filter((resource) => resource.content !== null)),
          })),
        };
      case 'rebuild':
        image.damaged = false;
        image.cursor = null;
        image.directory.clear();
        image.packs.clear();
        return { type: 'done' };
    }
  }

  #putPacks(request: Extract<CacheRequest, { type: 'put-packs' }>): CacheAnswer {
    const stored: string[] = [];
    const refused: string[] = [];
    const { cursor } = this.#image;
    for (const { header, body } of request.packs) {
      if (cursor?.epoch !== request.epoch || header.validAt < cursor.position) {
        refused.push(header.patientId);
        continue;
      }
      const { resources } = body as PackBody;
      this.#image.packs.set(header.patientId, {
        epoch: request.epoch,
        validAt: header.validAt,
        resources: new Map(resources.map(({ key, version, content }) => [key, { version, content }])),
      });
      stored.push(header.patientId);
    }
    return { type: 'stored', stored, refused };
  }

  #apply(request: Extract<CacheRequest, { type: 'apply-changes' }>): CacheAnswer {
    const image = this.#image;
    if (image.cursor?.epoch !== request.from.epoch || image.cursor.position !== request.from.position) {
      return { type: 'failed', code: 'wrong-cursor', cursor: image.cursor, message: 'another cursor' };
    }
    const wanted = new Map<string, number>();
    for (const entry of request.entries) {
      if (entry.kind === 'scope-enter') wanted.set(entry.patientId, entry.position);
      if (entry.kind === 'scope-exit') {
        wanted.delete(entry.patientId);
        image.directory.delete(entry.patientId);
      }
      if (entry.kind !== 'upsert' && entry.kind !== 'tombstone') continue;
      const pack = image.packs.get(entry.patientId ?? '');
      if (pack === undefined) continue;
      const here = pack.resources.get(entry.key)?.version ?? 0;
      if (pack.epoch === request.from.epoch && entry.version <= here) continue;
      pack.resources.set(entry.key, {
        version: entry.version,
        content: entry.kind === 'upsert' ? entry.resource : null,
      });
    }
    // The last word of the page on a patient's scope decides whether the directory lists them.
    const lastScope = new Map<string, string>();
    for (const row of request.entries) {
      if (row.kind === 'scope-enter' || row.kind === 'scope-exit') lastScope.set(row.patientId, row.kind);
    }
    for (const { id } of request.directory) if (lastScope.get(id) !== 'scope-exit') image.directory.add(id);
    image.cursor = { epoch: request.from.epoch, position: request.next };
    return {
      type: 'applied',
      cursor: image.cursor,
      wanted: [...wanted].map(([patientId, notBefore]) => ({ patientId, notBefore })),
    };
  }
}
