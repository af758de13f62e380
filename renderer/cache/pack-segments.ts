/**
 * Sealed bodies of packs, one behind the other in files of the origin's private file system, beside the database. The
 * database's engine writes a value several times over (its log, its table, each time it compacts), and spends more
 * processor time on that than all else of a first load together; a file is written once.
 *
 * Which body lies where is said by the sealed list of packs alone: bytes that it does not name are nothing, whether a
 * crash left them behind or a newer body took their place. Each store that is opened writes to files of its own, under
 * random names, so that two workers never write to the same place.
 */
import { SealError, type Bytes } from './sealing.ts';

export interface BodyPlace {
  readonly segment: string;
  /** Byte of the file at which it begins. */
  readonly at: number;
}

/** A full file is not added to any more. */
const SEGMENT_BYTES = 32 * 1024 * 1024;

/** Only a worker has it, so the page's types do not. */
interface AccessHandle {
  read(buffer: Uint8Array, options: { readonly at: number }): number;
  write(buffer: Uint8Array, options: { readonly at: number }): number;
  getSize(): number;
  flush(): void;
  close(): void;
}
interface WorkerFileHandle extends FileSystemFileHandle {
  createSyncAccessHandle(options: { readonly mode: 'readwrite-unsafe' }): Promise<AccessHandle>;
}

export class PackSegments {
  readonly #folder: FileSystemDirectoryHandle;
  readonly #open: Map<string, Promise<AccessHandle>>;
  /** Bytes by segment, of all that lie in the folder. */
  readonly sizes: Map<string, number>;
  #current: string | null = null;

  private constructor(
    folder: FileSystemDirectoryHandle,
    open: Map<string, Promise<AccessHandle>>,
    sizes: Map<string, number>,
  ) {
    this.#folder = folder;
    this.#open = open;
    this.sizes = sizes;
  }

  static async open(name: string): Promise<PackSegments> {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(folderName(name), { create: true });
    const open = new Map<string, Promise<AccessHandle>>();
    const sizes = new Map<string, number>();
    for await (const segment of folder.keys()) open.set(segment, openFile(folder, segment, false));
    for (const [segment, handle] of open) sizes.set(segment, (await handle).getSize());
    return new PackSegments(folder, open, sizes);
  }

  static async destroy(name: string): Promise<void> {
    await (await navigator.storage.getDirectory()).removeEntry(folderName(name), { recursive: true });
  }

  /** The segment that is being written now; `null` before the first. */
  get current(): string | null {
    return this.#current;
  }

  /** On the disk when it returns. @throws QuotaExceededError where the disk is full */
  async append(bodies: readonly Bytes[]): Promise<readonly BodyPlace[]> {
    const places: BodyPlace[] = [];
    const written = new Set<AccessHandle>();
    for (const body of bodies) {
      const segment = this.#withRoom();
      const handle = await this.#handle(segment, true);
      const at = this.sizes.get(segment) ?? 0;
      if (handle.write(body, { at }) < body.byteLength) {
        throw new DOMException('The disk is full.', 'QuotaExceededError');
      }
      this.sizes.set(segment, at + body.byteLength);
      places.push({ segment, at });
      written.add(handle);
    }
    for (const handle of written) handle.flush();
    return places;
  }

  /** @throws SealError where the file is not there or ends before */
  async read({ segment, at }: BodyPlace, bytes: number): Promise<Bytes> {
    if (!this.sizes.has(segment)) throw new SealError('a file of packs is not there');
    const body = new Uint8Array(bytes);
    if ((await this.#handle(segment, false)).read(body, { at }) < bytes) {
      throw new SealError('a file of packs ends early');
    }
    return body;
  }

  /** A file that something still holds stays until the store is next opened. */
  async remove(segment: string): Promise<void> {
    const handle = this.#open.get(segment);
    this.#open.delete(segment);
    this.sizes.delete(segment);
    (await handle)?.close();
    await this.#folder.removeEntry(segment).catch(() => undefined);
  }

  close(): void {
    for (const handle of this.#open.values()) {
      void handle.then(
        (one) => {
          one.close();
        },
        () => undefined,
      );
    }
    this.#open.clear();
  }

  #withRoom(): string {
    if (this.#current === null || (this.sizes.get(this.#current) ?? 0) >= SEGMENT_BYTES) {
      this.#current = crypto.randomUUID().slice(0, 8);
      this.sizes.set(this.#current, 0);
    }
    return this.#current;
  }

  #handle(segment: string, create: boolean): Promise<AccessHandle> {
    const present = this.#open.get(segment);
    if (present) return present;
    const handle = openFile(this.#folder, segment, create);
    this.#open.set(segment, handle);
    handle.catch(() => this.#open.delete(segment));
    return handle;
  }
}

async function openFile(
  folder: FileSystemDirectoryHandle,
  segment: string,
  create: boolean,
): Promise<AccessHandle> {
  const file = (await folder.getFileHandle(segment, { create })) as WorkerFileHandle;
  // Shared, so that a worker that is being ended keeps nobody out; no two write to one file.
  return file.createSyncAccessHandle({ mode: 'readwrite-unsafe' });
}

function folderName(database: string): string {
  return `${database}.packs`;
}

/** Small files, as each day's work leaves one, are put together when there are more of them than this. */
const MANY_SMALL = 8;
const SMALL_BYTES = SEGMENT_BYTES / 4;

/**
 * What is to become of the files: those without a body that counts go, and the bodies of one that is mostly dead, or of
 * one small file among many, move to the file that is being written.
 * @param sizes bytes of each file
 * @param live bytes that count, by file
 */
export function settlingOf(
  sizes: ReadonlyMap<string, number>,
  live: ReadonlyMap<string, number>,
  current: string | null,
): { readonly empty: readonly string[]; readonly move: string | null } {
  const others = [...sizes.keys()].filter((segment) => segment !== current);
  const liveOf = (segment: string): number => live.get(segment) ?? 0;
  const filled = others
    .filter((segment) => liveOf(segment) > 0)
    .sort((left, right) => liveOf(left) - liveOf(right));
  const small = filled.filter((segment) => liveOf(segment) < SMALL_BYTES);
  const half = filled.find((segment) => liveOf(segment) < (sizes.get(segment) ?? 0) / 2);
  return {
    empty: others.filter((segment) => liveOf(segment) === 0),
    move: half ?? (small.length > MANY_SMALL ? (small[0] ?? null) : null),
  };
}
