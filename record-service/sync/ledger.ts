import type { Selectable } from 'kysely';
import { parseExact, stringifyExact } from '../../domain/fhir/exact-json.ts';
import type { OperationOutcome, SignedOperation } from '../../domain/sync/operation.ts';
import type { RecordReader, RecordTransaction } from '../store/record-store.ts';
import type { SyncLedgerTable } from './sync-tables.ts';

export type LedgerRow = Selectable<SyncLedgerTable>;

/** What a new entry of the ledger says besides the operation itself. */
export interface LedgerEntry {
  readonly signed: SignedOperation;
  readonly outcome: OperationOutcome;
  /** The version from which the branch set out; null where nothing stood before. */
  readonly branchBase: number | null;
}

/** Locks the lanes until the end of the transaction; answers the next `laneSeq` of each. */
export async function lockLanes(
  transaction: RecordTransaction,
  lanes: readonly string[],
): Promise<Map<string, number>> {
  const { database, organisation } = transaction;
  const sorted = [...new Set(lanes)].sort();
  await database
    .insertInto('sync_lane')
    .values(sorted.map((lane) => ({ organisation, lane, next_sequence: 1 })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const next = new Map<string, number>();
  // One by one and sorted, so that two pushes over the same lanes never wait for each other in a ring.
  for (const lane of sorted) {
    const row = await database
      .selectFrom('sync_lane')
      .select('next_sequence')
      .where('organisation', '=', organisation)
      .where('lane', '=', lane)
      .forUpdate()
      .executeTakeFirstOrThrow();
    next.set(lane, row.next_sequence);
  }
  return next;
}

export async function findInLedger(
  reader: RecordReader,
  opIds: readonly string[],
): Promise<Map<string, LedgerRow>> {
  if (opIds.length === 0) return new Map();
  const rows = await reader.database
    .selectFrom('sync_ledger')
    .selectAll()
    .where('organisation', '=', reader.organisation)
    .where('op_id', 'in', opIds)
    .execute();
  return new Map(rows.map((row) => [row.op_id, row]));
}

/** Of these places on the device, those that another operation took already (a cloned profile). */
export async function takenDeviceSequences(
  reader: RecordReader,
  deviceId: string,
  sequences: readonly number[],
): Promise<number[]> {
  const rows = await reader.database
    .selectFrom('sync_ledger')
    .select('device_sequence')
    .where('organisation', '=', reader.organisation)
    .where('device_id', '=', deviceId)
    .where('device_sequence', 'in', sequences)
    .execute();
  return rows.map((row) => row.device_sequence);
}

/** Writes the answers down and moves the lanes on: every outcome uses up one place. */
export async function recordInLedger(
  transaction: RecordTransaction,
  entries: readonly LedgerEntry[],
  carriedBy: string,
  now: Date,
): Promise<void> {
  const { database, organisation } = transaction;
  await database
    .insertInto('sync_ledger')
    .values(
      entries.map(({ signed, outcome, branchBase }) => {
        const { operation } = signed;
        const [type = '', id = ''] = operation.resource.split('/');
        return {
          organisation,
          op_id: operation.opId,
          device_id: operation.deviceId,
          device_sequence: operation.deviceSeq,
          lane: operation.lane,
          lane_sequence: operation.laneSeq,
          group_id: operation.groupId,
          hash: signed.hash,
          user_id: operation.author.userId,
          carried_by: carriedBy,
          type,
          resource_id: id,
          patient_id: operation.patientId ?? null,
          signed_operation: stringifyExact(signed),
          outcome_kind: outcome.outcome,
          outcome: stringifyExact(outcome),
          result_version: 'version' in outcome ? outcome.version : null,
          branch_base: branchBase,
          received_at: now,
        };
      }),
    )
    .execute();
  const last = new Map<string, number>();
  for (const { signed } of entries) {
    const { lane, laneSeq } = signed.operation;
    last.set(lane, Math.max(last.get(lane) ?? 0, laneSeq));
  }
  for (const [lane, sequence] of last) {
    await database
      .updateTable('sync_lane')
      .set({ next_sequence: sequence + 1 })
      .where('organisation', '=', organisation)
      .where('lane', '=', lane)
      .execute();
  }
}

export function outcomeOf(row: LedgerRow): OperationOutcome {
  return parseExact(row.outcome) as OperationOutcome;
}

export function signedOperationOf(row: { readonly signed_operation: string }): SignedOperation {
  return parseExact(row.signed_operation) as SignedOperation;
}
