import type { RecordedOutcome } from './journal-entry.ts';
import type { CompactionRequest } from './journal.ts';
import type { JournalState, KnownFrame } from './journal-state.ts';

const keptDays = 30;
const dayMs = 86_400_000;

/**
 * Whether compaction must copy a frame as it is.
 *
 * - An operation stays until the service settled it, at least 30 days passed since, *and* the service's backup
 *   watermark of the same epoch passed its commit. A rejected one, and one whose service keeps no durable copy,
 *   stays. What is sealed to somebody else stays: nobody here can judge it.
 * - The latest content of a draft stays while it is open and 30 days after its end.
 * - Notes and the device's own facts are written anew instead.
 */
export function mustStay(frame: KnownFrame, state: JournalState, request: CompactionRequest): boolean {
  const { kind, facts } = frame.header;
  switch (kind) {
    case 'operations':
      return (facts.opIds ?? []).some(
        (opId) =>
          state.operationFrames.get(opId)?.frameId === frame.frameId && operationStays(opId, state, request),
      );
    case 'outcomes':
      return (facts.opIds ?? []).some((opId) => operationStays(opId, state, request));
    case 'draft':
      return facts.draftId !== undefined && draftStays(facts.draftId, frame.frameId, state, request);
    case 'draft-ended': {
      const draftId = facts.endedDraftId ?? facts.draftId ?? '';
      const draft = state.knownDrafts.get(draftId);
      return draft !== undefined && draftStays(draftId, draft.frameId, state, request);
    }
    case 'receipt':
      return (facts.receivedFrames ?? []).some((receiptId) => {
        const about = state.frames.get(receiptId.replace(/#ended$/, ''));
        return about !== undefined && about !== frame && mustStay(about, state, request);
      });
    case 'note':
      // What is still sealed cannot be written anew.
      return !state.opened.has(frame.frameId);
    case 'device':
    case 'key-backup':
      return false;
  }
}

function operationStays(opId: string, state: JournalState, request: CompactionRequest): boolean {
  const operation = state.operations.get(opId as Parameters<typeof state.operations.get>[0]);
  if (operation === undefined) return state.operationFrames.has(opId);
  if (state.isUnsent(opId)) return true;
  const outcome = operation.outcome;
  // Settled by the outcome of the `skip` that names it.
  if (outcome === null || outcome.outcome.outcome === 'rejected') return true;
  return isYoung(outcome.at, request.now) || !isBackedUp(outcome, request.durableThrough);
}

function isBackedUp(outcome: RecordedOutcome, through: CompactionRequest['durableThrough']): boolean {
  return (
    outcome.durable &&
    outcome.position !== undefined &&
    through !== null &&
    through.epoch === outcome.epoch &&
    outcome.position <= through.position
  );
}

function draftStays(
  draftId: string,
  frameId: string,
  state: JournalState,
  request: CompactionRequest,
): boolean {
  const draft = state.knownDrafts.get(draftId);
  if (draft?.frameId !== frameId) return false;
  return draft.endedAt === null || isYoung(draft.endedAt, request.now);
}

function isYoung(at: string, now: string): boolean {
  return Date.parse(now) - Date.parse(at) < keptDays * dayMs;
}
