import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { newSegmentSalt } from './sealed-frame.ts';
import { writeBatch, writeHead } from './segment.ts';
import type { AppendingFile, DurableFiles } from '../storage/durable-files.ts';
import type { ChainPoint, SegmentHead } from './segment.ts';

export const segmentEnding = '.segment';
export const compactingEnding = '.compacting';
const reserveName = 'reserve';
const reserveBytes = 16 * 1024 * 1024;
/** A segment that reached this takes no further batch: small enough to read whole, large enough to be few. */
export const usualSegmentBytes = 8 * 1024 * 1024;

export interface FramePlace {
  readonly segmentId: string;
  readonly offset: number;
  readonly length: number;
}

export class JournalWriteFailed extends Error {
  readonly diskFull: boolean;
  constructor(cause: unknown) {
    super('the journal could not be written', { cause });
    this.name = 'JournalWriteFailed';
    this.diskFull = isDiskFull(cause);
  }
}

interface OpenSegment {
  readonly segmentId: string;
  readonly number: number;
  readonly file: AppendingFile;
  syncedLength: number;
  hash: string;
}

/**
 * Appends batches durably. A file whose write or fsync failed is never touched again (a second fsync may lie):
 * the batch goes once more, to a new segment whose head says up to where the old one counts. On a full disk the
 * reserve is freed first. Callers take turns; the journal's queue sees to that.
 */
export class SegmentWriter {
  readonly #files: DurableFiles;
  readonly #directory: string;
  readonly #segmentBytes: number;
  #tip: ChainPoint | null;
  #lastNumber: number;
  #open: OpenSegment | null = null;
  #salt = newSegmentSalt();

  constructor(
    files: DurableFiles,
    directory: string,
    tip: ChainPoint | null,
    lastNumber: number,
    segmentBytes: number,
  ) {
    this.#segmentBytes = segmentBytes;
    this.#files = files;
    this.#directory = directory;
    this.#tip = tip;
    this.#lastNumber = lastNumber;
  }

  /** Where the acknowledged chain ends. */
  get tip(): ChainPoint | null {
    return this.#tip;
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** The salt for frames sealed now. */
  get salt(): Uint8Array {
    return this.#salt;
  }

  /** Resolves once the batch is on disk; rejects with {@link JournalWriteFailed} when it is not known to be. */
  async append(frames: readonly Uint8Array[]): Promise<readonly FramePlace[]> {
    try {
      return await this.#write(frames);
    } catch (first) {
      await this.#abandon();
      if (isDiskFull(first))
        await this.#files.remove(join(this.#directory, reserveName)).catch(() => undefined);
      try {
        return await this.#write(frames);
      } catch (second) {
        await this.#abandon();
        throw new JournalWriteFailed(second);
      }
    }
  }

  /** Gives up the open file; the next batch begins a new segment. */
  async endSegment(): Promise<void> {
    await this.#abandon();
  }

  async #write(frames: readonly Uint8Array[]): Promise<readonly FramePlace[]> {
    if (this.#open !== null && this.#open.syncedLength >= this.#segmentBytes) await this.#abandon();
    const segment = this.#open;
    if (segment !== null) {
      const batch = writeBatch(frames, segment.syncedLength, segment.hash);
      await segment.file.append(batch.bytes);
      await segment.file.sync();
      return this.#acknowledge(segment, batch, frames);
    }
    return await this.#writeInNewSegment(frames);
  }

  async #writeInNewSegment(frames: readonly Uint8Array[]): Promise<readonly FramePlace[]> {
    this.#lastNumber += 1;
    const head: SegmentHead = {
      format: 1,
      segmentId: randomBytes(12).toString('hex'),
      number: this.#lastNumber,
      salt: Buffer.from(this.#salt).toString('base64url'),
      previous: this.#tip,
    };
    const written = writeHead(head);
    const path = join(this.#directory, `${head.segmentId}${segmentEnding}`);
    const file = await this.#files.create(path);
    const segment = {
      segmentId: head.segmentId,
      number: head.number,
      file,
      syncedLength: written.bytes.length,
      hash: written.hash,
    };
    const batch = writeBatch(frames, segment.syncedLength, segment.hash);
    try {
      await file.append(Buffer.concat([written.bytes, batch.bytes]));
      await file.sync();
      await this.#files.syncDirectory(this.#directory);
    } catch (error) {
      await closeQuietly(file);
      // Nothing in it was promised, and on a full disk its bytes are wanted. If it stays, no later head names it.
      await this.#files.remove(path).catch(() => undefined);
      throw error;
    }
    this.#open = segment;
    return this.#acknowledge(segment, batch, frames);
  }

  #acknowledge(
    segment: OpenSegment,
    batch: ReturnType<typeof writeBatch>,
    frames: readonly Uint8Array[],
  ): readonly FramePlace[] {
    const start = segment.syncedLength;
    segment.syncedLength += batch.bytes.length;
    segment.hash = batch.hash;
    this.#tip = { segmentId: segment.segmentId, syncedLength: segment.syncedLength, hash: segment.hash };
    return frames.map((frame, index) => ({
      segmentId: segment.segmentId,
      offset: start + (batch.frameOffsets[index] ?? 0),
      length: frame.length,
    }));
  }

  async #abandon(): Promise<void> {
    const segment = this.#open;
    this.#open = null;
    this.#salt = newSegmentSalt();
    if (segment !== null) await closeQuietly(segment.file);
  }
}

/** Lays down the reserve that a full disk frees. False when there is no room for it. */
export async function layDownReserve(files: DurableFiles, directory: string): Promise<boolean> {
  const names = await files.list(directory);
  if (names.includes(reserveName)) return true;
  const path = join(directory, reserveName);
  try {
    const file = await files.create(`${path}.new`);
    try {
      // Random, so that no file system stores it for nothing.
      for (let written = 0; written < reserveBytes; written += 1024 * 1024) {
        await file.append(randomBytes(1024 * 1024));
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(`${path}.new`, path);
    return true;
  } catch {
    await files.remove(`${path}.new`).catch(() => undefined);
    return false;
  }
}

async function closeQuietly(file: AppendingFile): Promise<void> {
  try {
    await file.close();
  } catch {
    // The file is given up; what counts of it is in the tip.
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
