import type { OperationId } from '../identifiers.ts';
import type { JournaledOperation } from './lane-handshake.ts';

/**
 * Which operation says a refused one anew, corrected. Computed from the journal alone: a correction that was itself
 * given up replaces nothing. A later correction of the same counts before an earlier one.
 */
export function replacements(
  journal: readonly JournaledOperation[],
): ReadonlyMap<OperationId, JournaledOperation> {
  const skipped = new Set(journal.flatMap(({ signed }) => signed.operation.skippedOpId ?? []));
  const replacing = new Map<OperationId, JournaledOperation>();
  for (const entry of journal) {
    const { operation } = entry.signed;
    if (skipped.has(operation.opId) || entry.settlement?.outcome.outcome === 'skipped') continue;
    for (const opId of operation.replaces ?? []) replacing.set(opId, entry);
  }
  return replacing;
}
