import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { canonicalJson } from '../../../domain/sync/canonical-json.ts';
import { frameContent } from './frame-content.ts';
import { laneHeadTopic } from './journal-state.ts';
import { mustStay } from './retention.ts';
import { newSegmentSalt, sealFrame } from './sealed-frame.ts';
import { frameBytes } from './sealed-work.ts';
import { compactingEnding, JournalWriteFailed, segmentEnding } from './segment-writer.ts';
import { scanSegment, writeBatch, writeHead } from './segment.ts';
import type { DeviceId } from '../../../domain/identifiers.ts';
import type { DurableFiles } from '../storage/durable-files.ts';
import type { JournalNote } from './journal-entry.ts';
import type { CompactionReport, CompactionRequest, EscrowKey, JournalKeys, RingClass } from './journal.ts';
import type { JournalState } from './journal-state.ts';
import type { SegmentWriter } from './segment-writer.ts';
import type { Anchor, SegmentHead } from './segment.ts';

export interface Compaction extends CompactionRequest {
  readonly files: DurableFiles;
  readonly directory: string;
  readonly escrow: EscrowKey;
  readonly keys: JournalKeys;
  readonly state: JournalState;
  readonly writer: SegmentWriter;
  readonly deviceId: DeviceId;
  /** Segments with damage: put away under another name, never deleted. */
  readonly damaged: ReadonlySet<string>;
}

/** Frames of one batch of the compacted segment: bounds what is held in memory and what one hash covers. */
const framesInBatch = 200;

/**
 * Writes what must stay into one new segment, reads it back, makes it durable under its name, and only then deletes
 * the segments that it replaces. A crash at any point leaves either all of the old or the whole of the new.
 */
export async function compactSegments(compaction: Compaction): Promise<CompactionReport> {
  const { files, directory, state, writer } = compaction;
  await writer.endSegment();
  const tip = writer.tip;
  const replaced = (await files.list(directory)).filter((name) => name.endsWith(segmentEnding));
  if (tip === null || replaced.length === 0) return unchanged;

  const replaces = replaced.map((name) => name.slice(0, -segmentEnding.length));
  const unsigned = { replaces, end: tip, keyId: compaction.signer.keyId };
  const anchor = { ...unsigned, signature: compaction.signer.sign(anchorHash(unsigned)) };
  const salt = newSegmentSalt();
  const head: SegmentHead = {
    format: 1,
    segmentId: randomBytes(12).toString('hex'),
    number: writer.lastNumber,
    salt: Buffer.from(salt).toString('base64url'),
    previous: null,
    anchor,
  };

  const kept = [...state.frames.values()].filter((frame) => mustStay(frame, state, compaction));
  const frames: Uint8Array[] = [];
  for await (const { bytes } of frameBytes(files, directory, kept)) frames.push(Uint8Array.from(bytes));
  frames.push(...framesWrittenAnew(compaction, salt));

  const written = writeHead(head);
  const parts = [written.bytes];
  let length = written.bytes.length;
  let hash = written.hash;
  for (let at = 0; at < frames.length; at += framesInBatch) {
    const batch = writeBatch(frames.slice(at, at + framesInBatch), length, hash);
    parts.push(batch.bytes);
    length += batch.bytes.length;
    hash = batch.hash;
  }
  const bytesBefore = await totalBytes(files, directory, replaced);
  await writeWhole(files, directory, head.segmentId, parts, frames.length);

  for (const name of replaced) {
    const isDamaged = compaction.damaged.has(name.slice(0, -segmentEnding.length));
    if (isDamaged) await files.rename(join(directory, name), join(directory, `${name}.damaged`));
    else await files.remove(join(directory, name));
  }
  await files.syncDirectory(directory);
  return {
    segmentsBefore: replaced.length,
    segmentsAfter: 1,
    bytesBefore,
    bytesAfter: length,
    entriesDropped: state.frames.size - kept.length,
  };
}

/** What the anchor's signature covers. */
export function anchorHash(anchor: Omit<Anchor, 'signature'>): string {
  const { replaces, end, keyId } = anchor;
  return createHash('sha256').update(canonicalJson({ replaces, end, keyId })).digest('hex');
}

const unchanged: CompactionReport = {
  segmentsBefore: 0,
  segmentsAfter: 0,
  bytesBefore: 0,
  bytesAfter: 0,
  entriesDropped: 0,
};

async function writeWhole(
  files: DurableFiles,
  directory: string,
  segmentId: string,
  parts: readonly Uint8Array[],
  frameCount: number,
): Promise<void> {
  const temporary = join(directory, `${segmentId}${compactingEnding}`);
  try {
    const file = await files.create(temporary);
    try {
      for (const part of parts) await file.append(part);
      await file.sync();
    } finally {
      await file.close();
    }
    const readBack = scanSegment((await files.read(temporary)) ?? new Uint8Array(0));
    const readable = readBack.batches.reduce((sum, batch) => sum + batch.frames.length, 0);
    if (readBack.tail !== null || readBack.damaged.length > 0 || readable !== frameCount) {
      throw new Error('the compacted segment does not read back whole');
    }
    await files.rename(temporary, join(directory, `${segmentId}${segmentEnding}`));
    await files.syncDirectory(directory);
  } catch (error) {
    await files.remove(temporary).catch(() => undefined);
    throw new JournalWriteFailed(error);
  }
}

/** Notes and lane heads as they stand, and last of all the device with its last number. */
function framesWrittenAnew(compaction: Compaction, salt: Uint8Array): readonly Uint8Array[] {
  const { state, keys, escrow, now, deviceId } = compaction;
  const notesByClass = new Map<RingClass, JournalNote[]>();
  const keep = (frameId: string, note: JournalNote): void => {
    const ringId = state.frames.get(frameId)?.header.ring?.ringId;
    const ringClass = ringId === undefined ? undefined : keys.ring(ringId)?.ringClass;
    if (ringClass === undefined) return;
    const notes = notesByClass.get(ringClass) ?? [];
    notes.push(note);
    notesByClass.set(ringClass, notes);
  };
  for (const topic of state.notes.values()) {
    for (const { frameId, ...note } of topic.values()) keep(frameId, note);
  }
  for (const [lane, { laneSeq, frameId }] of state.laneHeads) {
    if (lane.startsWith(deviceId)) keep(frameId, { topic: laneHeadTopic, key: lane, value: laneSeq });
  }
  const common = { userId: '', since: now, escrow };
  const noteFrames = [...notesByClass].map(([ringClass, notes]) => {
    const ring = keys.sealingRing(ringClass);
    if (ring === null) throw new Error('an opened ring class has no ring to seal with');
    return sealFrame({
      ...common,
      kind: 'note',
      facts: {},
      content: frameContent({ entry: 'note', notes }),
      ring: { ring, segmentSalt: salt },
    });
  });
  const deviceFrame = sealFrame({
    ...common,
    kind: 'device',
    facts: {
      deviceId,
      last: { deviceSeq: state.lastDeviceSeq, hash: state.lastHash },
      ...(state.reopened.size > 0 && { reopened: [...state.reopened] }),
    },
    content: frameContent({ entry: 'device', deviceId }),
  });
  return [...noteFrames, deviceFrame].map(({ bytes }) => bytes);
}

async function totalBytes(files: DurableFiles, directory: string, names: readonly string[]): Promise<number> {
  let total = 0;
  for (const name of names) total += (await files.read(join(directory, name)))?.length ?? 0;
  return total;
}
