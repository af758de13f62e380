import { join } from 'node:path';
import { segmentEnding } from './segment-writer.ts';
import type { OperationId } from '../../../domain/identifiers.ts';
import type { DurableFiles } from '../storage/durable-files.ts';
import type { SealedFrame } from './journal-entry.ts';
import type { JournalState, KnownFrame } from './journal-state.ts';

/** A draft that ended after the escrow had received it is told once more, as ended. */
export function receiptIdOf(frame: Pick<SealedFrame, 'frameId' | 'ended'>): string {
  return frame.ended ? `${frame.frameId}#ended` : frame.frameId;
}

/** Frames with their bytes, in the given order; each segment is read once as long as its frames stand together. */
export async function* frameBytes(
  files: DurableFiles,
  directory: string,
  frames: Iterable<KnownFrame>,
): AsyncGenerator<{ readonly known: KnownFrame; readonly bytes: Uint8Array }> {
  let segmentId = '';
  let segment: Uint8Array | null = null;
  for (const known of frames) {
    if (known.place.segmentId !== segmentId) {
      segmentId = known.place.segmentId;
      segment = await files.read(join(directory, `${segmentId}${segmentEnding}`));
    }
    const { offset, length } = known.place;
    yield { known, bytes: segment?.subarray(offset, offset + length) ?? new Uint8Array(0) };
  }
}

/** Work as it lies, for the escrow and for export; needs no key. */
export async function framesToCarry(
  files: DurableFiles,
  directory: string,
  state: JournalState,
  which: 'without-receipt' | 'unsent',
): Promise<readonly SealedFrame[]> {
  const wanted = new Map<KnownFrame, Omit<SealedFrame, 'bytes'>>();
  for (const known of state.frames.values()) {
    const described = describe(known, state);
    if (described === null) continue;
    if (which === 'without-receipt' && state.receipts.has(receiptIdOf(described))) continue;
    // Only a draft that the escrow knows needs to be called ended there.
    if (described.ended && (which === 'unsent' || !state.receipts.has(known.frameId))) continue;
    wanted.set(known, described);
  }
  const frames: SealedFrame[] = [];
  for await (const { known, bytes } of frameBytes(files, directory, wanted.keys())) {
    const described = wanted.get(known);
    if (described !== undefined) frames.push({ ...described, bytes: Uint8Array.from(bytes) });
  }
  return frames;
}

function describe(known: KnownFrame, state: JournalState): Omit<SealedFrame, 'bytes'> | null {
  const { kind, userId, since, facts } = known.header;
  const common = { frameId: known.frameId, userId: userId as SealedFrame['userId'], since };
  if (kind === 'operations') {
    const opIds = (facts.opIds ?? []).map((opId) => opId as OperationId);
    const isUnsent = opIds.some(
      (opId) => state.isUnsent(opId) && state.operationFrames.get(opId)?.frameId === known.frameId,
    );
    return isUnsent ? { ...common, kind, opIds, draftId: null, ended: false } : null;
  }
  if (kind === 'draft' && facts.draftId !== undefined) {
    const draft = state.knownDrafts.get(facts.draftId);
    if (draft === undefined) return null;
    const isLatest = draft.frameId === known.frameId;
    if (draft.ended === null && !isLatest) return null;
    return { ...common, kind, opIds: [], draftId: facts.draftId, ended: draft.ended !== null };
  }
  return null;
}
