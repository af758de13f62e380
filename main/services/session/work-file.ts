import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { frameContentIn } from '../journal/frame-content.ts';
import { parseFrame } from '../journal/sealed-frame.ts';
import { openRings } from '../vault/key-rings.ts';
import { ringSchema } from '../vault/vault-file.ts';
import type { JournalEntry, SealedFrame } from '../journal/journal-entry.ts';
import type { RingInFile } from '../vault/vault-file.ts';

/**
 * Unsent work as one file: 'GJX1' | u32 length | head JSON | (u32 length | sealed frame)* | sha256 of all before.
 * The frames stay sealed as they lie in the journal: the escrow's key opens them, and so do the rings, which go
 * along wrapped to their holders. Nothing in clear but ids, counts and times.
 */
const magic = 'GJX1';
const hashLength = 32;

const headSchema = v.object({
  format: v.literal(1),
  organisation: v.string(),
  deviceId: v.string(),
  exportedAt: v.string(),
  operations: v.number(),
  drafts: v.number(),
  rings: v.array(ringSchema),
});
export type WorkFileHead = v.InferOutput<typeof headSchema>;

export interface WorkFile {
  readonly head: WorkFileHead;
  readonly frames: readonly Uint8Array[];
}

export function writeWorkFile(
  frames: readonly SealedFrame[],
  head: Pick<WorkFileHead, 'organisation' | 'deviceId' | 'exportedAt'> & {
    readonly rings: readonly RingInFile[];
  },
): { readonly bytes: Uint8Array; readonly operations: number; readonly drafts: number } {
  const operations = new Set(frames.flatMap(({ opIds }) => opIds)).size;
  const drafts = frames.filter(({ kind }) => kind === 'draft').length;
  const json = Buffer.from(JSON.stringify({ format: 1, ...head, operations, drafts }));
  const parts = [Buffer.from(magic), lengthOf(json), json];
  for (const { bytes } of frames) parts.push(lengthOf(bytes), Buffer.from(bytes));
  const content = Buffer.concat(parts);
  const bytes = Buffer.concat([content, createHash('sha256').update(content).digest()]);
  return { bytes, operations, drafts };
}

/** Null where the file is none of ours, or not whole. */
export function readWorkFile(bytes: Uint8Array): WorkFile | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = file.length - hashLength;
  if (end < 8 || file.toString('latin1', 0, 4) !== magic) return null;
  if (!createHash('sha256').update(file.subarray(0, end)).digest().equals(file.subarray(end))) return null;
  try {
    const headEnd = 8 + file.readUInt32BE(4);
    const head = v.parse(headSchema, JSON.parse(file.toString('utf8', 8, headEnd)));
    const frames: Uint8Array[] = [];
    for (let at = headEnd; at < end;) {
      const length = file.readUInt32BE(at);
      frames.push(file.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    return { head, frames };
  } catch {
    return null;
  }
}

/** What one of these private keys opens, in the file's order; the rest belongs to others. */
export function openWorkFile(
  file: WorkFile,
  userId: string,
  privateKeys: readonly Uint8Array[],
): { readonly entries: readonly JournalEntry[]; readonly stillSealed: number } {
  const rings = privateKeys.flatMap((privateKey) =>
    file.head.rings.flatMap((ring) => {
      try {
        return openRings([ring], userId, privateKey);
      } catch {
        // Wrapped to the person's key on another computer.
        return [];
      }
    }),
  );
  const entries: JournalEntry[] = [];
  let stillSealed = 0;
  for (const bytes of file.frames) {
    const frame = parseFrame(bytes);
    const ring = rings.find(({ ringId }) => ringId === frame?.header.ring?.ringId);
    const entry = frame === null || ring === undefined ? null : frameContentIn(frame, ring);
    if (entry === null) stillSealed += 1;
    else entries.push(entry);
  }
  return { entries, stillSealed };
}

function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return length;
}
