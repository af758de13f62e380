/**
 * Salts from which the keys of packs and logs are derived: 32 random bytes a row, one row for each pack, one for the
 * logs. Zeros are no salt. The file lies beside the database and not in it: IndexedDB keeps old copies of what was
 * deleted until it compacts, and whoever copies them must not find the key with them. Destroying a key is writing
 * zeros over its salt, in place (I10).
 */
import type { Bytes } from './sealing.ts';

const SALT_BYTES = 32;
const WAITS_MS = [0, 20, 100, 400];

/** Only a worker has it, so the page's types do not. */
interface AccessHandle {
  read(buffer: Uint8Array, options: { readonly at: number }): number;
  write(buffer: Uint8Array, options: { readonly at: number }): number;
  flush(): void;
  close(): void;
}
interface WorkerFileHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<AccessHandle>;
}

/** Another worker wrote here meanwhile. */
export class TakenRowError extends Error {}

export class KeyFile {
  readonly #file: WorkerFileHandle;
  #salts: Bytes;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(file: WorkerFileHandle, salts: Bytes) {
    this.#file = file;
    this.#salts = salts;
  }

  static async open(name: string): Promise<KeyFile> {
    const folder = await navigator.storage.getDirectory();
    const file = (await folder.getFileHandle(fileName(name), { create: true })) as WorkerFileHandle;
    return new KeyFile(file, new Uint8Array(await (await file.getFile()).arrayBuffer()));
  }

  /** Overwrites every salt, then removes the file. */
  static async destroy(name: string): Promise<void> {
    const keys = await KeyFile.open(name);
    await keys.destroy(keys.rows());
    await (await navigator.storage.getDirectory()).removeEntry(fileName(name));
  }

  /** Rows that have a salt. */
  rows(): readonly number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.#salts.length / SALT_BYTES; row += 1) if (this.salt(row)) rows.push(row);
    return rows;
  }

  /** `null` where there never was one, and where it was destroyed. */
  salt(row: number): Bytes | null {
    const salt = this.#salts.subarray(row * SALT_BYTES, (row + 1) * SALT_BYTES);
    return salt.length === SALT_BYTES && salt.some((byte) => byte !== 0) ? salt : null;
  }

  /**
   * Gives fresh salts to `count` rows from `first` on.
   * @param durable wait for the disk: where losing them would cost more than one record fetched again
   * @throws TakenRowError where another worker gave these rows salts
   */
  async add(first: number, count: number, durable: boolean): Promise<void> {
    const fresh = crypto.getRandomValues(new Uint8Array(count * SALT_BYTES));
    const at = first * SALT_BYTES;
    await this.#access((handle) => {
      const present = new Uint8Array(fresh.length);
      handle.read(present, { at });
      if (present.some((byte) => byte !== 0)) throw new TakenRowError('these rows have salts');
      handle.write(fresh, { at });
      if (durable) handle.flush();
    });
    if (this.#salts.length < at + fresh.length) {
      const longer = new Uint8Array(Math.max(at + fresh.length, this.#salts.length * 2));
      longer.set(this.#salts);
      this.#salts = longer;
    }
    this.#salts.set(fresh, at);
  }

  async destroy(rows: readonly number[]): Promise<void> {
    if (rows.length === 0) return;
    const nothing = new Uint8Array(SALT_BYTES);
    await this.#access((handle) => {
      for (const row of rows) handle.write(nothing, { at: row * SALT_BYTES });
      handle.flush();
    });
    for (const row of rows) this.#salts.fill(0, row * SALT_BYTES, (row + 1) * SALT_BYTES);
  }

  #access(work: (handle: AccessHandle) => void): Promise<void> {
    const done = this.#last.then(async () => {
      const handle = await this.#handle();
      try {
        work(handle);
      } finally {
        handle.close();
      }
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** One writer at a time: another worker may be at its last write. */
  async #handle(): Promise<AccessHandle> {
    let refused: unknown;
    for (const milliseconds of WAITS_MS) {
      if (milliseconds > 0) await new Promise((resume) => setTimeout(resume, milliseconds));
      try {
        return await this.#file.createSyncAccessHandle();
      } catch (error) {
        refused = error;
      }
    }
    throw refused;
  }
}

function fileName(database: string): string {
  return `${database}.keys`;
}
