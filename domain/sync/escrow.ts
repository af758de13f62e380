/** A sealed frame that could travel to the escrow. Its content is closed to whoever carries it. */
export interface EscrowCandidate {
  /** Hex sha-256 of the frame's bytes. */
  readonly frameId: string;
  readonly kind: 'operations' | 'draft' | 'key-backup';
  /** The draft it belongs to; absent for others. */
  readonly draftId?: string;
  readonly bytes: number;
  /** Its author signed or discarded it. */
  readonly ended: boolean;
}

export interface EscrowInput {
  /** Oldest first. */
  readonly candidates: readonly EscrowCandidate[];
  /** Frames for which the service gave a durable receipt. */
  readonly received: ReadonlySet<string>;
  /** Operations travel sealed only when they cannot be sent as operations (sign-out, revocation, wipe, scope exit). */
  readonly withOperations: boolean;
  readonly mostBytes: number;
  readonly mostFrames: number;
}

/** The next batch for the escrow: key backups and operations first, then drafts, of each draft only the latest frame. */
export function nextEscrowBatch(input: EscrowInput): readonly EscrowCandidate[] {
  const latest = new Map<string, string>();
  for (const { draftId, frameId } of input.candidates)
    if (draftId !== undefined) latest.set(draftId, frameId);
  const due = input.candidates.filter(
    (frame) =>
      !input.received.has(frame.frameId) &&
      (frame.kind !== 'operations' || input.withOperations) &&
      (frame.draftId === undefined || latest.get(frame.draftId) === frame.frameId),
  );
  const ordered = [
    ...due.filter((frame) => frame.kind !== 'draft'),
    ...due.filter((frame) => frame.kind === 'draft'),
  ];
  const batch: EscrowCandidate[] = [];
  let bytes = 0;
  for (const frame of ordered) {
    if (batch.length >= input.mostFrames || (batch.length > 0 && bytes + frame.bytes > input.mostBytes))
      break;
    batch.push(frame);
    bytes += frame.bytes;
  }
  return batch;
}
