import { anchorHash } from './compaction.ts';
import { readFrameContent } from './frame-content.ts';
import { openFrame, parseFrame } from './sealed-frame.ts';
import { frameBytes } from './sealed-work.ts';
import type { DurableFiles } from '../storage/durable-files.ts';
import type { JournalKeys, UnsealReport } from './journal.ts';
import type { LoadedSegment } from './journal-loader.ts';
import type { JournalState } from './journal-state.ts';

export interface FramesOnDisk {
  readonly files: DurableFiles;
  readonly directory: string;
  /** Takes what is opened. */
  readonly state: JournalState;
  readonly segments: readonly LoadedSegment[];
}

/** Opens what these keys open, in the order in which it was written; all else is counted, never skipped in silence. */
export async function openFrames(
  { files, directory, state, segments }: FramesOnDisk,
  keys: JournalKeys,
): Promise<UnsealReport> {
  let opened = 0;
  let stillSealed = 0;
  // An anchor that its known signer did not sign: the chain of before was exchanged.
  const unreadable = segments.flatMap(({ anchor, segmentId }) =>
    anchor !== null && keys.verify(anchor.keyId, anchorHash(anchor), anchor.signature) === false
      ? [segmentId]
      : [],
  );
  for await (const { known, bytes } of frameBytes(files, directory, state.frames.values())) {
    // What has no ring tells all it has in its header.
    if (known.header.ring === undefined) continue;
    const ring = keys.ring(known.header.ring.ringId);
    if (ring === null) {
      stillSealed += 1;
      continue;
    }
    try {
      const frame = parseFrame(bytes);
      if (frame === null) throw new Error('frame changed on disk');
      state.addContent(known.frameId, readFrameContent(openFrame(frame, ring)));
      opened += 1;
    } catch {
      unreadable.push(known.frameId);
    }
  }
  return { opened, stillSealed, unreadable };
}
