import { parseExact, stringifyExact } from '../../domain/fhir/exact-json.ts';
import type { Operation, OperationOutcome, SignedOperation } from '../../domain/sync/operation.ts';
import type { RecordReader, RecordTransaction } from '../store/record-store.ts';
import type { DeviceState } from './devices.ts';
import type { SyncLedgerTable } from './sync-tables.ts';

/** An operation that was answered, as far as a later one asks. */
export type LedgerRow = Pick<
  SyncLedgerTable,
  | 'op_id'
  | 'hash'
  | 'type'
  | 'resource_id'
  | 'signed_operation'
  | 'outcome'
  | 'result_version'
  | 'branch_base'
>;

/** What a new entry of the ledger says besides the operation itself. */
export interface LedgerEntry {
  readonly signed: SignedOperation;
  readonly outcome: OperationOutcome;
  /** The version from which the branch set out; null where nothing stood before. */
  readonly branchBase: number | null;
}

/** What the ledger and the device's row say of a save group, read in one statement under the group's locks. */
export interface LedgerState {
  /** The next `laneSeq` of each lane that was ever used. */
  readonly lanes: ReadonlyMap<string, number>;
  /** Of the operations asked for, those that were answered before. */
  readonly known: ReadonlyMap<string, LedgerRow>;
  /** Of the group's places on the device, those that an operation took already. */
  readonly takenPlaces: readonly number[];
  readonly device: DeviceState;
  /** Where the feed stands. */
  readonly head: number;
}

export async function readLedgerState(
  reader: RecordReader,
  operations: readonly Operation[],
): Promise<LedgerState> {
  const [row] = await reader.query<{
    readonly lanes: readonly { readonly lane: string; readonly next: number }[] | null;
    readonly known: readonly LedgerRow[] | null;
    readonly taken: readonly number[] | null;
    readonly device: DeviceState;
    readonly head: number | null;
  }>(
    `select
       (select json_agg(json_build_object('lane', lane, 'next', next_sequence)) from sync_lane
        where organisation = $1 and lane = any($2::text[])) as lanes,
       (select json_agg(row_to_json(answered)) from (
          select op_id, hash, type, resource_id, signed_operation, outcome, result_version, branch_base
          from sync_ledger where organisation = $1 and op_id = any($3::text[])) as answered) as known,
       (select json_agg(device_sequence) from sync_ledger
        where organisation = $1 and device_id = $4 and device_sequence = any($5::int[])) as taken,
       coalesce((select case when revoked_at is null then 'enrolled' else 'revoked' end from device
        where organisation = $1 and device_id = $4), 'unknown') as device,
       (select position from organisation_counter where organisation = $1) as head`,
    [
      reader.organisation,
      operations.map((operation) => operation.lane),
      operations.flatMap(({ opId, prevOpId, skippedOpId }) =>
        [opId, prevOpId, skippedOpId].filter((id) => id !== undefined),
      ),
      operations[0]?.deviceId ?? '',
      operations.map((operation) => operation.deviceSeq),
    ],
  );
  return {
    lanes: new Map(row?.lanes?.map(({ lane, next }) => [lane, next])),
    known: new Map(row?.known?.map((known) => [known.op_id, known])),
    takenPlaces: row?.taken ?? [],
    device: row?.device ?? 'unknown',
    head: row?.head ?? 0,
  };
}

/** Of these operations, those that were answered before. */
export async function knownOperations(
  reader: RecordReader,
  opIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (opIds.length === 0) return new Set();
  const rows = await reader.database
    .selectFrom('sync_ledger')
    .select('op_id')
    .where('organisation', '=', reader.organisation)
    .where('op_id', 'in', opIds)
    .execute();
  return new Set(rows.map((row) => row.op_id));
}

/** Writes the answers down and moves the lanes on: every outcome uses up one place. */
export async function recordInLedger(
  transaction: RecordTransaction,
  entries: readonly LedgerEntry[],
  carriedBy: string,
  now: Date,
): Promise<void> {
  const operations = entries.map(({ signed }) => signed.operation);
  const lanes = new Map<string, number>();
  for (const { lane, laneSeq } of operations) lanes.set(lane, Math.max(lanes.get(lane) ?? 0, laneSeq + 1));
  const column = <Value>(value: (entry: LedgerEntry) => Value): Value[] => entries.map(value);
  await transaction.query(
    `with lanes as (
       insert into sync_lane (organisation, lane, next_sequence)
       select $1, * from unnest($2::text[], $3::int[])
       on conflict (organisation, lane) do update set next_sequence = excluded.next_sequence
     )
     insert into sync_ledger
       (organisation, carried_by, received_at, op_id, device_id, device_sequence, lane, lane_sequence, group_id, hash,
        user_id, type, resource_id, patient_id, signed_operation, outcome_kind, outcome, result_version, branch_base)
     select $1, $4, $5::timestamptz, * from unnest($6::text[], $7::text[], $8::int[], $9::text[], $10::int[],
       $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[],
       $19::text[], $20::int[], $21::int[])`,
    [
      transaction.organisation,
      [...lanes.keys()],
      [...lanes.values()],
      carriedBy,
      now.toISOString(),
      operations.map((operation) => operation.opId),
      operations.map((operation) => operation.deviceId),
      operations.map((operation) => operation.deviceSeq),
      operations.map((operation) => operation.lane),
      operations.map((operation) => operation.laneSeq),
      operations.map((operation) => operation.groupId),
      column(({ signed }) => signed.hash),
      operations.map((operation) => operation.author.userId),
      operations.map((operation) => operation.resource.split('/')[0] ?? ''),
      operations.map((operation) => operation.resource.split('/')[1] ?? ''),
      operations.map((operation) => operation.patientId ?? null),
      column(({ signed }) => stringifyExact(signed)),
      column(({ outcome }) => outcome.outcome),
      column(({ outcome }) => stringifyExact(outcome)),
      column(({ outcome }) => ('version' in outcome ? outcome.version : null)),
      column(({ branchBase }) => branchBase),
    ],
  );
}

export function outcomeOf(row: LedgerRow): OperationOutcome {
  return parseExact(row.outcome) as OperationOutcome;
}

export function signedOperationOf(row: { readonly signed_operation: string }): SignedOperation {
  return parseExact(row.signed_operation) as SignedOperation;
}
