import type { ResourceJson } from '../../domain/sync/operation.ts';
import type { Expectation, RecordTransaction, ResourceRef, StoredVersion } from '../store/record-store.ts';

/** The part of a transaction that applying an operation needs. */
export type RecordsToApply = Pick<RecordTransaction, 'read' | 'readVersion' | 'readHistory'> & {
  write(resource: ResourceJson, expected: Expectation): Promise<Pick<StoredVersion, 'version'>>;
};

/**
 * A save group's view of the record: what stands is read once, under the group's locks, and what the operations write
 * is kept until {@link flush} writes all of it in one go. So nothing is written before every operation was looked at,
 * and a refusal has nothing to undo.
 */
export class StandingRecords implements RecordsToApply {
  readonly #transaction: RecordTransaction;
  /** Undefined: looked for and not there. */
  readonly #standing: Map<string, StoredVersion | undefined>;
  readonly #writes: { readonly resource: ResourceJson; readonly expected: Expectation }[] = [];
  /** From here on a refusal would leave half a save behind. */
  flushed = false;

  constructor(
    transaction: RecordTransaction,
    asked: readonly ResourceRef[],
    found: readonly StoredVersion[],
  ) {
    this.#transaction = transaction;
    this.#standing = new Map(asked.map((ref) => [keyOf(ref), undefined]));
    for (const version of found) this.#standing.set(keyOf(version), version);
  }

  async read(type: string, id: string): Promise<StoredVersion | undefined> {
    const key = keyOf({ type, id });
    if (this.#standing.has(key)) return this.#standing.get(key);
    const version = await this.#transaction.read(type, id);
    this.#standing.set(key, version);
    return version;
  }

  async readVersion(type: string, id: string, version: number): Promise<StoredVersion | undefined> {
    const standing = await this.read(type, id);
    return standing?.version === version ? standing : this.#transaction.readVersion(type, id, version);
  }

  readHistory(type: string, id: string): Promise<StoredVersion[]> {
    return this.#transaction.readHistory(type, id);
  }

  /** The version that the resource will have. */
  async write(resource: ResourceJson, expected: Expectation): Promise<Pick<StoredVersion, 'version'>> {
    const standing = await this.read(resource.resourceType, resource.id);
    this.#writes.push({ resource, expected });
    return { version: (standing?.version ?? 0) + 1 };
  }

  async flush(): Promise<void> {
    const written = this.#writes.flatMap(({ resource }) => {
      const standing = this.#standing.get(keyOf({ type: resource.resourceType, id: resource.id }));
      return standing === undefined ? [] : [standing];
    });
    // What it refuses (StoreError) it refuses before it writes.
    await this.#transaction.writeMany(this.#writes, written);
    this.flushed = true;
  }
}

function keyOf(ref: ResourceRef): string {
  return `${ref.type}/${ref.id}`;
}
