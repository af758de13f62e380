/**
 * The few file operations that durable state needs, as a port: the durability proofs record every write and every
 * fsync through it and replay each possible cut. Paths are absolute. All calls reject with Node's error codes
 * (`ENOSPC`, `EIO` …).
 */
export interface DurableFiles {
  /** Names in a directory; none when it is missing. */
  list(directory: string): Promise<readonly string[]>;
  /** Null when the file is missing. */
  read(path: string): Promise<Uint8Array | null>;
  readRange(path: string, offset: number, length: number): Promise<Uint8Array>;
  /** A new empty file; rejects with `EEXIST` where one exists. Its name is durable after {@link syncDirectory}. */
  create(path: string): Promise<AppendingFile>;
  rename(from: string, to: string): Promise<void>;
  /** Silent when the file is missing. */
  remove(path: string): Promise<void>;
  makeDirectory(path: string): Promise<void>;
  /** Makes creations, renames and removals in the directory durable. */
  syncDirectory(path: string): Promise<void>;
}

export interface AppendingFile {
  /** Writes all bytes at the end, or rejects; a rejected write may have left a part of them. */
  append(bytes: Uint8Array): Promise<void>;
  /** `fdatasync`. After a rejection nobody knows what the disk holds: the file takes no more appends. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
