import type { CacheAnswer, CacheDescription, CacheRequest } from '../../../contract/cache-port.ts';
import type { Cursor } from '../../../contract/record-service.ts';
import type { CachePort } from './ports.ts';

/** Why the cache could not do what it was asked. */
export type CacheTrouble = 'gone' | 'wrong-cursor' | 'quota' | 'damaged' | 'other';

/**
 * The cache as the engine knows it: its cursor and the records that are here, kept in step with every answer. The
 * cache stays the authority: after any doubt it is asked again.
 */
export class CacheLink {
  readonly #port: CachePort;
  #cursor: Cursor | null = null;
  #present = new Map<string, { readonly validAt: number; readonly bytes: number }>();
  #directoryEntries = 0;

  constructor(port: CachePort) {
    this.#port = port;
  }

  get cursor(): Cursor | null {
    return this.#cursor;
  }

  get present(): ReadonlyMap<string, { readonly validAt: number; readonly bytes: number }> {
    return this.#present;
  }

  get directoryEntries(): number {
    return this.#directoryEntries;
  }

  async describe(): Promise<CacheTrouble | null> {
    const answer = await this.ask({ type: 'describe' });
    if (answer.type !== 'description') return troubleOf(answer);
    this.#take(answer.description);
    return null;
  }

  async putDirectory(
    request: Extract<CacheRequest, { type: 'put-directory' }>,
  ): Promise<CacheTrouble | null> {
    const answer = await this.ask(request);
    if (answer.type === 'failed') return troubleOf(answer);
    // What became of the records that were here is the cache's own decision.
    return this.describe();
  }

  /** Ids of the records that the cache took. */
  async putPacks(
    request: Extract<CacheRequest, { type: 'put-packs' }>,
  ): Promise<{ readonly stored: readonly string[] } | { readonly trouble: CacheTrouble }> {
    const sizes = new Map(
      request.packs.map(({ header, body }) => [
        header.patientId,
        { validAt: header.validAt, bytes: body.byteLength },
      ]),
    );
    const answer = await this.ask(request);
    if (answer.type !== 'stored') return { trouble: troubleOf(answer) };
    for (const patientId of answer.stored) {
      const pack = sizes.get(patientId);
      if (pack !== undefined) this.#present.set(patientId, pack);
    }
    return { stored: answer.stored };
  }

  async applyChanges(
    request: Extract<CacheRequest, { type: 'apply-changes' }>,
  ): Promise<
    | { readonly wanted: readonly { readonly patientId: string; readonly notBefore: number }[] }
    | { readonly trouble: CacheTrouble }
  > {
    const answer = await this.ask(request);
    if (answer.type !== 'applied') return { trouble: troubleOf(answer) };
    this.#cursor = answer.cursor;
    return { wanted: answer.wanted };
  }

  /** Takes records out of the cache. Emits no operation: there is no way from here to the journal (I9, M7). */
  async evict(patientIds: readonly string[]): Promise<CacheTrouble | null> {
    const answer = await this.ask({ type: 'evict', patientIds });
    if (answer.type === 'failed') return troubleOf(answer);
    for (const patientId of patientIds) this.#present.delete(patientId);
    return null;
  }

  /** The record here is known to be wrong: it counts as missing until it was fetched again. */
  markStale(patientIds: readonly string[]): void {
    for (const patientId of patientIds) this.#present.delete(patientId);
  }

  async digests(): Promise<readonly { readonly patientId: string; readonly digest: string }[] | null> {
    const answer = await this.ask({ type: 'digests' });
    return answer.type === 'digests' ? answer.digests : null;
  }

  /** Sets the damaged store aside and starts an empty one. The journal is untouched. */
  async rebuild(): Promise<CacheTrouble | null> {
    const answer = await this.ask({ type: 'rebuild' });
    if (answer.type === 'failed') return troubleOf(answer);
    return this.describe();
  }

  ask(request: CacheRequest): Promise<CacheAnswer> {
    return this.#port.ask(request);
  }

  #take(description: CacheDescription): void {
    this.#cursor = description.cursor;
    this.#directoryEntries = description.directoryEntries;
    this.#present = new Map(
      description.packs.map(({ patientId, validAt, bytes }) => [patientId, { validAt, bytes }]),
    );
  }
}

function troubleOf(answer: CacheAnswer): CacheTrouble {
  if (answer.type !== 'failed') return 'other';
  switch (answer.code) {
    case 'wrong-cursor':
    case 'quota':
    case 'damaged':
      return answer.code;
    case 'wrong-key':
    case 'other':
      return 'other';
  }
}
