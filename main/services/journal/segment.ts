import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { parseFrame } from './sealed-frame.ts';
import type { ParsedFrame } from './sealed-frame.ts';

/**
 * One journal file:
 *
 *   head:  'GJS1' | u32 length | JSON {@link SegmentHead} | sha256 of the bytes before
 *   batch: 'GJB1' | u32 payload length | u64 synced length | previous hash (32) | payload | sha256 of the bytes before
 *
 * One fsync writes one batch. `synced length` is how much of this file had been fsynced before, which is where the
 * batch begins; so a whole batch proves that every byte before it had been promised. `previous hash` is that of
 * the batch before, for the first batch that of the head: damage, a lost batch or a changed order break the chain.
 * The payload is a row of `u32 length | sealed frame`. Numbers are big-endian.
 */
const headMagic = 'GJS1';
const batchMagic = 'GJB1';
const hashLength = 32;
const batchHeadLength = 4 + 4 + 8 + hashLength;

const chainPointSchema = v.object({
  segmentId: v.string(),
  syncedLength: v.number(),
  /** Hex hash of the last batch within that length. */
  hash: v.string(),
});
/** Up to where an earlier segment counts. What lies behind was never acknowledged. */
export type ChainPoint = v.InferOutput<typeof chainPointSchema>;

const anchorSchema = v.object({
  /** Segments whose live entries stand in this file; they may be deleted. */
  replaces: v.array(v.string()),
  /** Where the replaced chain ended: the next segment names this point. */
  end: chainPointSchema,
  keyId: v.string(),
  /** By the person at work when it was compacted, over the hex SHA-256 of the canonical JSON of the rest. */
  signature: v.string(),
});
export type Anchor = v.InferOutput<typeof anchorSchema>;

const segmentHeadSchema = v.object({
  format: v.literal(1),
  /** The file's name without its ending. */
  segmentId: v.string(),
  /** Rises with every segment begun. */
  number: v.number(),
  /** Base64url; gives the segment's wrap key with the ring. */
  salt: v.string(),
  previous: v.nullable(chainPointSchema),
  anchor: v.optional(anchorSchema),
});
export type SegmentHead = v.InferOutput<typeof segmentHeadSchema>;

export interface Written {
  readonly bytes: Uint8Array;
  /** Hex. */
  readonly hash: string;
}

/** The head of a new file; `hash` is what its first batch names as the previous one. */
export function writeHead(head: SegmentHead): Written {
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return withHash(Buffer.concat([Buffer.from(headMagic), length, json]));
}

/**
 * One batch: what one fsync writes.
 * @param frames sealed, in their order
 * @param syncedLength bytes of the file that were fsynced before, which is where this batch begins
 * @param previousHash hex, of the batch before or the head
 * @returns `frameOffsets`: bytes from the start of the batch to each frame, behind its length
 */
export function writeBatch(
  frames: readonly Uint8Array[],
  syncedLength: number,
  previousHash: string,
): Written & { readonly frameOffsets: readonly number[] } {
  const payloadLength = frames.reduce((sum, frame) => sum + 4 + frame.length, 0);
  const bytes = Buffer.alloc(batchHeadLength + payloadLength);
  bytes.write(batchMagic, 0, 'latin1');
  bytes.writeUInt32BE(payloadLength, 4);
  bytes.writeBigUInt64BE(BigInt(syncedLength), 8);
  Buffer.from(previousHash, 'hex').copy(bytes, 16);
  const frameOffsets: number[] = [];
  let at = batchHeadLength;
  for (const frame of frames) {
    bytes.writeUInt32BE(frame.length, at);
    bytes.set(frame, at + 4);
    frameOffsets.push(at + 4);
    at += 4 + frame.length;
  }
  return { ...withHash(bytes), frameOffsets };
}

export interface FrameInSegment {
  readonly frame: ParsedFrame;
  readonly offset: number;
}

export interface Batch {
  readonly start: number;
  readonly end: number;
  readonly hash: string;
  readonly frames: readonly FrameInSegment[];
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface ScannedSegment {
  /** Null when it cannot be read: damage, or a crash while the file was made. */
  readonly head: SegmentHead | null;
  readonly headHash: string;
  readonly batches: readonly Batch[];
  /** Unreadable, with a whole batch behind it. */
  readonly damaged: readonly Span[];
  /** After the last whole batch; null when the file ends with one. */
  readonly tail: Span | null;
}

/** Reads whatever is whole. Never throws on content. */
export function scanSegment(bytes: Uint8Array): ScannedSegment {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = readHead(file);
  const batches: Batch[] = [];
  const damaged: Span[] = [];
  let at = head?.end ?? 0;
  let previousHash = head?.hash ?? '';
  while (at < file.length) {
    const batch = readBatch(file, at);
    if (batch !== null && (previousHash === '' || batch.previousHash === previousHash)) {
      batches.push(batch);
      at = batch.end;
      previousHash = batch.hash;
      continue;
    }
    const next = batch ?? nextBatch(file, at + 1);
    if (next === null) break;
    // A whole batch that names another predecessor: what lay between is gone.
    damaged.push({ from: at, to: next.start });
    batches.push(next);
    at = next.end;
    previousHash = next.hash;
  }
  return {
    head: head?.head ?? null,
    headHash: head?.hash ?? '',
    batches,
    damaged,
    tail: at < file.length ? { from: at, to: file.length } : null,
  };
}

/** Whether the file ends within its head: what a crash leaves of a segment's first write. */
export function isCutShort(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = file.toString('latin1', 0, 4);
  if (!headMagic.startsWith(magic)) return false;
  return file.length < 8 || file.length < 8 + file.readUInt32BE(4) + hashLength;
}

function readHead(file: Buffer): { head: SegmentHead; end: number; hash: string } | null {
  if (file.length < 8 || file.toString('latin1', 0, 4) !== headMagic) return null;
  const end = 8 + file.readUInt32BE(4);
  if (file.length < end + hashLength) return null;
  const hash = sha256(file.subarray(0, end));
  if (!hash.equals(file.subarray(end, end + hashLength))) return null;
  const parsed = v.safeParse(segmentHeadSchema, JSON.parse(file.toString('utf8', 8, end)));
  return parsed.success ? { head: parsed.output, end: end + hashLength, hash: hash.toString('hex') } : null;
}

function readBatch(file: Buffer, start: number): (Batch & { readonly previousHash: string }) | null {
  if (file.length < start + batchHeadLength + hashLength) return null;
  if (file.toString('latin1', start, start + 4) !== batchMagic) return null;
  const end = start + batchHeadLength + file.readUInt32BE(start + 4);
  if (file.length < end + hashLength) return null;
  if (file.readBigUInt64BE(start + 8) !== BigInt(start)) return null;
  const hash = sha256(file.subarray(start, end));
  if (!hash.equals(file.subarray(end, end + hashLength))) return null;
  const frames: FrameInSegment[] = [];
  for (let at = start + batchHeadLength; at < end;) {
    const length = file.readUInt32BE(at);
    // Copied: a slice would keep the whole file's bytes in memory.
    const frame = parseFrame(Uint8Array.prototype.slice.call(file, at + 4, at + 4 + length));
    if (frame === null) return null;
    frames.push({ frame, offset: at + 4 });
    at += 4 + length;
  }
  return {
    start,
    end: end + hashLength,
    hash: hash.toString('hex'),
    previousHash: file.toString('hex', start + 16, start + 16 + hashLength),
    frames,
  };
}

function nextBatch(file: Buffer, from: number): Batch | null {
  for (let at = file.indexOf(batchMagic, from, 'latin1'); at !== -1;) {
    const batch = readBatch(file, at);
    if (batch !== null) return batch;
    at = file.indexOf(batchMagic, at + 1, 'latin1');
  }
  return null;
}

function withHash(bytes: Buffer): Written {
  const hash = sha256(bytes);
  return { bytes: Buffer.concat([bytes, hash]), hash: hash.toString('hex') };
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
