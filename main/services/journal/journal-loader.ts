import { join } from 'node:path';
import { compactingEnding, segmentEnding } from './segment-writer.ts';
import { isCutShort, scanSegment } from './segment.ts';
import type { DurableFiles } from '../storage/durable-files.ts';
import type { OpenReport } from './journal.ts';
import type { ParsedFrame } from './sealed-frame.ts';
import type { FramePlace } from './segment-writer.ts';
import type { Anchor, ChainPoint, ScannedSegment } from './segment.ts';

export interface LoadedFrame {
  readonly frame: Omit<ParsedFrame, 'bytes'>;
  readonly place: FramePlace;
}

export interface LoadedJournal {
  /** In the order in which they were written. */
  readonly frames: readonly LoadedFrame[];
  readonly tip: ChainPoint | null;
  readonly lastNumber: number;
  /** Segments in use with their length, oldest first. */
  readonly segments: readonly LoadedSegment[];
  readonly report: Omit<OpenReport, 'reserve' | 'entries'>;
}

export interface LoadedSegment {
  /** Of a compacted segment: who vouched for it. */
  readonly anchor: Anchor | null;
  readonly segmentId: string;
  readonly bytes: number;
  readonly damaged: boolean;
}

interface Candidate extends ScannedSegment {
  readonly segmentId: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a journal's directory without any key. What cannot be read is kept and reported: unpromised bytes move to
 * a file of their own, damage stays where it is.
 */
export async function loadJournal(files: DurableFiles, directory: string): Promise<LoadedJournal> {
  const candidates = await readCandidates(files, directory);
  // A compacted segment that took damage later replaces nothing that is still there.
  const replaced = new Set(candidates.filter(isWhole).flatMap(({ head }) => head?.anchor?.replaces ?? []));
  const inUse = candidates.filter((candidate) => !replaced.has(candidate.segmentId));
  const chain = chainOf(inUse);

  const frames: LoadedFrame[] = [];
  const setAside: { bytes: number; file: string }[] = [];
  const damaged: { file: string; fromByte: number; toByte: number }[] = [];
  const segments: LoadedSegment[] = [];
  let tip: ChainPoint | null = null;

  for (const [index, { segment, limit }] of chain.links.entries()) {
    const file = `${segment.segmentId}${segmentEnding}`;
    const kept = segment.batches.filter((batch) => limit === null || batch.end <= limit);
    const lastKept = kept.at(-1);
    const end = lastKept?.end ?? 0;
    const spans = segment.damaged.filter((span) => limit === null || span.from < limit);
    // The next segment says how much of this one had been synced: if less can be read, that is damage, no torn tail.
    if (limit !== null && end < limit) spans.push({ from: end, to: Math.min(limit, segment.bytes.length) });
    for (const span of spans) damaged.push({ file, fromByte: span.from, toByte: span.to });
    // A segment without a readable head is damaged as a whole as far as its place goes; its batches still count.
    if (segment.head === null && segment.batches.length > 0 && spans.length === 0) {
      damaged.push({ file, fromByte: 0, toByte: segment.batches[0]?.start ?? 0 });
    }
    const isLast = index === chain.links.length - 1;
    if (isLast && segment.tail !== null) {
      setAside.push(await moveAside(files, directory, segment, segment.tail.from, segment.tail.to));
    } else if (limit === null && segment.tail !== null) {
      // Another was begun behind it and does not say how far this one counts.
      damaged.push({ file, fromByte: segment.tail.from, toByte: segment.tail.to });
    }
    for (const batch of kept) {
      for (const { frame, offset } of batch.frames) {
        const place = { segmentId: segment.segmentId, offset, length: frame.bytes.length };
        frames.push({ frame: { frameId: frame.frameId, header: frame.header }, place });
      }
    }
    segments.push({
      segmentId: segment.segmentId,
      anchor: segment.head?.anchor ?? null,
      bytes: segment.bytes.length,
      damaged: spans.length > 0 || segment.head === null,
    });
    const anchor = segment.head?.anchor;
    if (anchor !== undefined && lastKept !== undefined) tip = anchor.end;
    else if (lastKept !== undefined)
      tip = { segmentId: segment.segmentId, syncedLength: end, hash: lastKept.hash };
    else if (segment.head !== null)
      tip = { segmentId: segment.segmentId, syncedLength: 0, hash: segment.headHash };
  }

  for (const { segmentId, bytes } of chain.lost) {
    damaged.push({ file: `${segmentId}${segmentEnding}`, fromByte: 0, toByte: bytes.length });
    segments.push({ segmentId, anchor: null, bytes: bytes.length, damaged: true });
  }
  for (const stray of chain.strays) {
    const file = `${stray.segmentId}${segmentEnding}`;
    const moved = await moveAside(files, directory, stray, 0, stray.bytes.length);
    if (stray.bytes.length > 0) setAside.push(moved);
    if (moved.file !== file) await files.remove(join(directory, file));
  }
  // A crash came between the compacted segment's rename and the deletions: finish them.
  for (const segmentId of replaced) await files.remove(join(directory, `${segmentId}${segmentEnding}`));

  return {
    frames,
    tip,
    lastNumber: Math.max(0, ...candidates.map((candidate) => candidate.head?.number ?? 0)),
    segments,
    report: { setAside, damaged, missingSegments: chain.missing },
  };
}

function isWhole(candidate: Candidate): boolean {
  return candidate.damaged.length === 0 && candidate.tail === null;
}

async function readCandidates(files: DurableFiles, directory: string): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const name of await files.list(directory)) {
    // Unfinished copies of entries that still stand in their segments.
    if (name.endsWith(compactingEnding)) await files.remove(join(directory, name));
    if (!name.endsWith(segmentEnding)) continue;
    const bytes = await files.read(join(directory, name));
    if (bytes === null) continue;
    candidates.push({ segmentId: name.slice(0, -segmentEnding.length), bytes, ...scanSegment(bytes) });
  }
  return candidates;
}

interface Chain {
  /** Oldest first; `limit` is how far the next segment says that this one counts. */
  readonly links: readonly { readonly segment: Candidate; readonly limit: number | null }[];
  /** Never acknowledged: begun and given up. */
  readonly strays: readonly Candidate[];
  /** May have held what was acknowledged, and cannot be put to the rest. They stay where they are. */
  readonly lost: readonly Candidate[];
  readonly missing: number;
}

/** Follows the heads from the newest segment back. */
function chainOf(candidates: readonly Candidate[]): Chain {
  const byId = new Map(candidates.map((candidate) => [candidate.segmentId, candidate]));
  const byReplaced = new Map<string, Candidate>();
  for (const candidate of candidates) {
    for (const id of candidate.head?.anchor?.replaces ?? []) byReplaced.set(id, candidate);
  }
  const waiting = [...candidates].sort((left, right) => numberOf(right) - numberOf(left));
  const used = new Set<Candidate>();
  const links: { segment: Candidate; limit: number | null }[] = [];
  const strays: Candidate[] = [];
  let missing = 0;

  let expected: ChainPoint | null = null;
  for (;;) {
    let segment: Candidate | undefined;
    if (expected !== null) {
      segment = byId.get(expected.segmentId) ?? byReplaced.get(expected.segmentId);
      if (segment === undefined) missing += 1;
    }
    // At the start, and where the chain is broken: the newest that is left.
    segment ??= waiting.find((candidate) => !used.has(candidate) && candidate.batches.length > 0);
    if (segment === undefined || used.has(segment)) break;
    used.add(segment);
    const isNamed = expected?.segmentId === segment.segmentId;
    // A compacted segment answers for the one that it replaced: its anchor ends where that one ended.
    const anchorEnd = segment.head?.anchor?.end;
    if (expected !== null && !isNamed && anchorEnd?.hash !== expected.hash) missing += 1;
    links.unshift({ segment, limit: isNamed ? (expected?.syncedLength ?? null) : null });
    expected = segment.head?.previous ?? null;
    if (expected === null && segment.head !== null) break;
  }
  // What no head names was begun and given up, or is a head without a batch; or its own head is damaged, and then it
  // may be the newest, with all that was saved since the program was started.
  const lost: Candidate[] = [];
  for (const candidate of candidates) {
    if (used.has(candidate)) continue;
    if (candidate.head !== null || isCutShort(candidate.bytes)) strays.push(candidate);
    else if (goesOn(links, candidate)) links.push({ segment: candidate, limit: null });
    else lost.push(candidate);
  }
  return { links, strays, lost, missing };
}

/** Whether its entries follow those of the chain by the device's own numbers. */
function goesOn(links: readonly { readonly segment: Candidate }[], candidate: Candidate): boolean {
  const lastOf = ({ batches }: Candidate): readonly number[] =>
    batches.flatMap(({ frames }) => frames.flatMap(({ frame }) => frame.header.facts.last?.deviceSeq ?? []));
  const before = links.map(({ segment }) => lastOf(segment).at(-1)).findLast((last) => last !== undefined);
  const first = lastOf(candidate)[0];
  return candidate.batches.length > 0 && (first === undefined || before === undefined || first > before);
}

/** A segment whose head is gone sorts behind the newest whose head is whole, unless a later one names it. */
function numberOf(candidate: Candidate): number {
  return candidate.head?.number ?? -1;
}

/** On a full disk the bytes stay where they are: they are kept either way, and opening must not fail for it. */
async function moveAside(
  files: DurableFiles,
  directory: string,
  segment: Candidate,
  from: number,
  to: number,
): Promise<{ readonly bytes: number; readonly file: string }> {
  const name = `${segment.segmentId}-${from}.aside`;
  const path = join(directory, name);
  const kept = { bytes: to - from, file: name };
  if ((await files.read(path))?.length === kept.bytes) return kept;
  try {
    await files.remove(path);
    const file = await files.create(path);
    try {
      await file.append(segment.bytes.subarray(from, to));
      await file.sync();
    } finally {
      await file.close();
    }
    await files.syncDirectory(directory);
    return kept;
  } catch {
    await files.remove(path).catch(() => undefined);
    return { ...kept, file: `${segment.segmentId}${segmentEnding}` };
  }
}
