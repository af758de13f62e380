import type { OperationId } from '../identifiers.ts';
import type { JournaledOperation } from './lane-handshake.ts';
import type { SignedOperation } from './operation.ts';

/** An operation that is laid over the cached record, in the order of the device. */
export interface OverlayOperation {
  readonly signed: SignedOperation;
  readonly state: 'waiting' | 'applied' | 'conflict' | 'rejected';
  readonly resultVersion?: number;
}

export interface OverlayInput {
  /** In the order of the device. */
  readonly journal: readonly JournaledOperation[];
  /**
   * Where the cache last stood at the feed's head; null if that is not known. A cursor in the middle of the feed
   * proves nothing: entries of a patient who leaves the scope further on are left out before it.
   */
  readonly cursor: { readonly epoch: string; readonly position: number } | null;
  /** Conflicts and refusals that a person has settled, by operation. */
  readonly closed: ReadonlySet<OperationId>;
}

/**
 * The overlay is computed, never flagged (sync.md): every operation of the journal whose resulting version is
 * unknown, or higher than the cached one. Against the feed's cursor that means: an applied operation stays until
 * the cursor of the same history has passed its commit, because from there on page and pack both hold its version.
 * A conflict or a refusal stays until a person has settled it: the author's words do not vanish from the screen.
 */
export function overlayOf(input: OverlayInput): readonly OverlayOperation[] {
  return input.journal.flatMap((entry): readonly OverlayOperation[] => {
    const { signed, settlement } = entry;
    if (signed.operation.kind === 'skip') return [];
    if (settlement === null) return [{ signed, state: 'waiting' }];
    const { outcome } = settlement;
    switch (outcome.outcome) {
      case 'applied':
      case 'merged':
        return cacheHas(settlement, input.cursor)
          ? []
          : [{ signed, state: 'applied', resultVersion: outcome.version }];
      case 'conflict':
      case 'rejected':
        return input.closed.has(signed.operation.opId) ? [] : [{ signed, state: outcome.outcome }];
      case 'skipped':
        return [];
    }
  });
}

function cacheHas(
  settlement: { readonly epoch: string; readonly position?: number },
  cursor: OverlayInput['cursor'],
): boolean {
  // Without a position nothing was committed (the same content stood already): the cache cannot be behind it.
  return (
    cursor?.epoch === settlement.epoch &&
    (settlement.position === undefined || cursor.position >= settlement.position)
  );
}
