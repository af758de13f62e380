import type { PackHeader, PacksRequest } from '../../../contract/record-service.ts';
import type { TransportFailure } from '../../../domain/sync/transport-failure.ts';
import type { CacheLink, CacheTrouble } from './cache-link.ts';
import type { ReceivedPack, RecordServicePort } from './ports.ts';

/** Requests under way at once: while the cache takes what one brought, the other goes on coming. */
const requestsAtOnce = 2;

/** Fewer patients than this are one request: somebody may be waiting for the first of them. */
const leastToSplit = 40;

/**
 * How much of a stream of records is handed to the cache at once; another such part may be on its way. Two of each
 * request are lost with a kill, and that must stay below a twentieth of a practice of 10,000 short records (60 MB;
 * sync-bugs S12).
 */
const windowBytes = 600_000;

export interface FetchedPacks {
  /** Patients whose record the cache took. */
  readonly stored: ReadonlySet<string>;
  readonly storedBytes: number;
  readonly trouble: CacheTrouble | null;
  /** Why the service's answer ended early. What came before is stored. */
  readonly error: TransportFailure | null;
}

/** Fetches records and hands them to the cache as they arrive. */
export async function fetchPacks(
  client: Pick<RecordServicePort, 'packs'>,
  cache: CacheLink,
  request: PacksRequest,
  absent: (header: PackHeader) => void,
): Promise<FetchedPacks> {
  const parts = await Promise.all(
    inParts(request.patients).map(async (patients) => {
      const window = new PackWindow(cache, request.epoch);
      const answer = await client.packs({ ...request, patients }, (pack) => {
        if (pack.header.absent !== true) return window.add(pack);
        absent(pack.header);
        return Promise.resolve();
      });
      const trouble = await window.close();
      return { window, trouble, error: answer.ok ? null : answer.error };
    }),
  );
  return {
    stored: new Set(parts.flatMap(({ window }) => [...window.stored])),
    storedBytes: parts.reduce((sum, { window }) => sum + window.storedBytes, 0),
    trouble: parts.find(({ trouble }) => trouble !== null)?.trouble ?? null,
    error: parts.find(({ error }) => error !== null)?.error ?? null,
  };
}

/** Dealt out in turn, so that the most urgent are the first of each. */
function inParts(patients: readonly string[]): string[][] {
  if (patients.length < leastToSplit) return [[...patients]];
  return Array.from({ length: requestsAtOnce }, (_, part) =>
    patients.filter((_patient, index) => index % requestsAtOnce === part),
  );
}

/** Hands records to the cache in parts while the next part arrives; never more than two parts are in memory. */
class PackWindow {
  readonly stored = new Set<string>();
  storedBytes = 0;
  readonly #cache: CacheLink;
  readonly #epoch: string;
  #part: ReceivedPack[] = [];
  #partBytes = 0;
  #putting: Promise<void> = Promise.resolve();
  #trouble: CacheTrouble | null = null;

  constructor(cache: CacheLink, epoch: string) {
    this.#cache = cache;
    this.#epoch = epoch;
  }

  async add(pack: ReceivedPack): Promise<void> {
    this.#part.push(pack);
    this.#partBytes += pack.body.byteLength;
    if (this.#partBytes >= windowBytes) await this.#flush();
  }

  async close(): Promise<CacheTrouble | null> {
    if (this.#part.length > 0) await this.#flush();
    await this.#putting;
    return this.#trouble;
  }

  async #flush(): Promise<void> {
    const packs = this.#part;
    this.#part = [];
    this.#partBytes = 0;
    await this.#putting;
    if (this.#trouble !== null) return;
    const bytes = new Map(packs.map((pack) => [pack.header.patientId, pack.body.byteLength]));
    this.#putting = this.#cache.putPacks({ type: 'put-packs', epoch: this.#epoch, packs }).then((answer) => {
      if ('trouble' in answer) this.#trouble = answer.trouble;
      else {
        for (const patientId of answer.stored) {
          this.stored.add(patientId);
          this.storedBytes += bytes.get(patientId) ?? 0;
        }
      }
    });
  }
}
