import type { Instant } from '../store/tables.ts';

/** The next `laneSeq` that a lane takes. */
interface SyncLaneTable {
  organisation: string;
  lane: string;
  next_sequence: number;
}

/** Every operation that was answered for good, with what its author sent: nothing is ever removed (I2, I3). */
export interface SyncLedgerTable {
  organisation: string;
  op_id: string;
  device_id: string;
  device_sequence: number;
  lane: string;
  lane_sequence: number;
  group_id: string;
  hash: string;
  user_id: string;
  /** Whose session brought it, which need not be the author's. */
  carried_by: string;
  type: string;
  resource_id: string;
  patient_id: string | null;
  /** JSON text of the `SignedOperation`, decimals as written. */
  signed_operation: string;
  outcome_kind: string;
  /** JSON text of the `OperationOutcome`. */
  outcome: string;
  /** The version that the operation received, if it received one. */
  result_version: number | null;
  /** The service's version from which the operation's branch set out; null for a creation. */
  branch_base: number | null;
  received_at: Instant;
}

interface SyncConflictTable {
  organisation: string;
  conflict_id: string;
  op_id: string;
  patient_id: string | null;
  type: string;
  resource_id: string;
  rule: string;
  base_version: number | null;
  current_version: number | null;
  raised_at: Instant;
  resolved_by: string | null;
  resolved_at: Instant | null;
  resolving_op_id: string | null;
}

/** A device's frame as it lies: the service stores it and cannot read it without the escrow's private key. */
interface EscrowFrameTable {
  organisation: string;
  device_id: string;
  frame_id: string;
  kind: string;
  user_id: string;
  patient_id: string | null;
  since: string;
  sealed: Uint8Array;
  ended: boolean;
  received_at: Instant;
}

/** One patient's pack, made once for each state of the record. `position`: the patient's last change in it. */
interface PackCacheTable {
  organisation: string;
  patient_id: string;
  audience: string;
  position: number;
  resources: number;
  /** Appointments and tasks among them. */
  listed: number;
  digest: string;
  body: Uint8Array;
  made_at: Instant;
}

/** Offline audit events already taken, so that a repeated message adds none. */
interface OfflineAuditEventTable {
  organisation: string;
  event_id: string;
  device_id: string;
}

/** How far the last backup reaches, written by the backup job; of another epoch it counts for nothing. */
interface BackupWatermarkTable {
  organisation: string;
  epoch: string;
  position: number;
  recorded_at: Instant;
}

declare module '../store/tables.ts' {
  interface Tables {
    sync_lane: SyncLaneTable;
    sync_ledger: SyncLedgerTable;
    sync_conflict: SyncConflictTable;
    escrow_frame: EscrowFrameTable;
    pack_cache: PackCacheTable;
    offline_audit_event: OfflineAuditEventTable;
    backup_watermark: BackupWatermarkTable;
  }
}
