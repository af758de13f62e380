import type {
  DeviceId,
  GroupId,
  OperationId,
  OrganisationId,
  PatientId,
  ResourceKey,
  UserId,
} from '../identifiers.ts';

/** What one operation does to one resource. `skip` is a person's signed decision to let a stuck lane go on. */
export type OperationKind = 'create' | 'amend' | 'append' | 'void' | 'correct' | 'skip';

export const operationKinds: readonly OperationKind[] = [
  'create',
  'amend',
  'append',
  'void',
  'correct',
  'skip',
];

/** The roles under which a person acts. One role at a time; roles are never merged (clinical.md, Governance). */
export type Role = 'gp' | 'nurse' | 'locum' | 'receptionist' | 'administrator';

export const roles: readonly Role[] = ['gp', 'nurse', 'locum', 'receptionist', 'administrator'];

/** Who did it, as they were when they did it. */
export interface Author {
  readonly userId: UserId;
  /** Logical id of the Practitioner resource in the organisation. */
  readonly practitionerId: string;
  readonly name: string;
  readonly role: Role;
  readonly organisation: OrganisationId;
}

/**
 * Order is kept within a lane and nowhere else, so a stuck lane holds no other.
 * Form: `{deviceId}:{userId}:{organisation}:{patientId | "user" | "org"}`.
 */
export type Lane = string & { readonly __lane?: never };

/** @param subject the patient, or whose work it is where it is of no patient: the user's own, the organisation's */
export function laneOf(deviceId: DeviceId, author: Author, subject: PatientId | 'user' | 'org'): Lane {
  return `${deviceId}:${author.userId}:${author.organisation}:${subject}`;
}

/** A resource as plain JSON data. Decimals keep their written form through domain/fhir/exact-json. */
export interface ResourceJson {
  readonly resourceType: string;
  readonly id: string;
  readonly [element: string]: unknown;
}

/**
 * One difference between the base and `after`, addressed by element identity (an element's `id`, a coding's
 * system and code, a telecom's system and value …), never by array index (sync-bugs L1).
 */
export interface ElementChange {
  /** e.g. `telecom[phone|07700900123].use`, `name[#n1].family` */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** When it was recorded. Times inform; they never order and never decide (I12). */
export interface RecordedAt {
  /** ISO 8601 with offset, as this computer's clock had it. */
  readonly wallClock: string;
  /** Milliseconds of a monotonic clock since the process started. */
  readonly monotonicMs: number;
  /** The service's time last heard of (ISO 8601), if ever. */
  readonly lastServiceTime?: string;
}

/**
 * One change to one resource, as its author made it. Exactly one of `baseVersion` and `prevOpId` is given,
 * except for `create` and `append` (neither) and `skip` (neither).
 */
export interface Operation {
  readonly schemaVersion: 1;
  readonly opId: OperationId;
  readonly deviceId: DeviceId;
  /** Gap-free on the device, from 1. */
  readonly deviceSeq: number;
  readonly lane: Lane;
  /** Gap-free in the lane, from 1; every outcome uses one up. */
  readonly laneSeq: number;
  readonly author: Author;
  readonly groupId: GroupId;
  /** How many operations the group holds; the service refuses a part of a group. */
  readonly groupSize: number;
  /** The banner at save. Absent only for operations that have no patient. */
  readonly patientId?: PatientId;
  readonly encounterId?: string;
  readonly kind: OperationKind;
  readonly resource: ResourceKey;
  /** The last version *of the service* that the author had seen (meta.versionId as a number). */
  readonly baseVersion?: number;
  /** An earlier unsent operation on the same resource: the base is the version that it received. */
  readonly prevOpId?: OperationId;
  /** The whole resource afterwards. Absent for `skip`. For `void` the resource with its entered-in-error status. */
  readonly after?: ResourceJson;
  readonly diff: readonly ElementChange[];
  /** Why: of a void, correction, or skip. Required for those. */
  readonly reason?: string;
  /**
   * For `skip`: the operation whose place in the lane is given up. The `skip` takes that very place: its `laneSeq`
   * is the skipped operation's (its `deviceSeq` is a new one). The skipped operation stays retrievable.
   */
  readonly skippedOpId?: OperationId;
  /** The conflict that this operation settles: whatever stands afterwards is its author's choice. */
  readonly resolvesConflict?: string;
  /**
   * Refused operations that this save says anew, corrected; on the first operation of its group. They stay in journal
   * and ledger, and wait for nobody any more once this one was taken.
   */
  readonly replaces?: readonly OperationId[];
  /**
   * The save that marked these words as entered in error in another patient's record; on the first operation of the save
   * that says them in the right one. So each trail leads to the other, and neither record names the other patient.
   */
  readonly movedFrom?: GroupId;
  /**
   * The feed's place that this device had applied when the work was saved. What others wrote later is work made
   * apart (I16); without it everything by others counts as such.
   */
  readonly seen?: { readonly epoch: string; readonly position: number };
  readonly recordedAt: RecordedAt;
  /** Hash of the previous operation of this device (hex sha-256), `''` for the first. */
  readonly previousHash: string;
}

/** An operation with its proof: what travels, what the ledger keeps. */
export interface SignedOperation {
  readonly operation: Operation;
  /** Hex sha-256 over the canonical JSON of `operation` (keys sorted, no white space). */
  readonly hash: string;
  /** Base64url ECDSA P-256 (SHA-256, IEEE-P1363) over the bytes of `hash` (ASCII hex). */
  readonly signature: string;
  /** Which certified key signed: the certificate's `keyId`. */
  readonly keyId: string;
}

/** Binds a person, acting in one role for one organisation on one device, to a signing key (I11). */
export interface AuthorCertificate {
  readonly keyId: string;
  readonly deviceId: DeviceId;
  readonly author: Author;
  /** SPKI of the author's P-256 public key, base64url. */
  readonly publicKey: string;
  readonly issuedAt: string;
  /** Authority ends here (a locum's last day); work signed before stays valid. */
  readonly notAfter?: string;
  /** The service's signature over the canonical JSON of the fields above, base64url. */
  readonly signature: string;
}

/** Who wrote the version that stands at the service, as its ledger or its audit has it. */
export interface StandingAuthor {
  readonly name: string;
  /** As it was when it was written. */
  readonly role: string;
  /** ODS code. */
  readonly organisation: string;
  /** ISO 8601: when its author recorded it, else when the service took it. */
  readonly recordedAt: string;
}

/** What became of one operation at the service. Every op of a group gets one at once. */
export type OperationOutcome =
  | { readonly opId: OperationId; readonly outcome: 'applied'; readonly version: number }
  | {
      readonly opId: OperationId;
      readonly outcome: 'merged';
      readonly version: number;
      readonly rule: MergeRule;
    }
  | {
      readonly opId: OperationId;
      readonly outcome: 'conflict';
      /** Id of the conflict, under which both versions are kept. */
      readonly conflictId: string;
      readonly rule: MergeRule;
      /** The service's version that stands meanwhile; `null` if the resource is deleted. */
      readonly currentVersion: number | null;
      readonly current: ResourceJson | null;
      /** The version on which the author worked; absent where the service has none. */
      readonly base?: ResourceJson;
      /** Absent where the service cannot say. */
      readonly standing?: StandingAuthor;
    }
  | {
      readonly opId: OperationId;
      readonly outcome: 'rejected';
      readonly code: RejectionCode;
      readonly message: string;
    }
  | {
      readonly opId: OperationId;
      readonly outcome: 'held';
      /** The lane's next expected `laneSeq`: the client sends from there. Nothing was stored. */
      readonly expectedLaneSeq: number;
    }
  | { readonly opId: OperationId; readonly outcome: 'skipped' };

/** The named rules of sync.md's conflict table. */
export type MergeRule =
  | 'append-only'
  | 'status-correction'
  | 'signed-narrative-addendum'
  | 'safety-list-never-merged'
  | 'medication-never-merged'
  | 'demographics-disjoint'
  | 'demographics-same-element'
  | 'pds-owned-element'
  | 'workflow-transition'
  | 'workflow-illegal-transition'
  | 'draft-of-another-author'
  | 'changed-meanwhile'
  | 'deleted-while-edited'
  | 'previous-operation-conflicted'
  | 'patient-merged'
  | 'same-content';

/** Why a whole group was refused. Each has words for a person in the desktop. */
export type RejectionCode =
  | 'invalid-resource'
  | 'wrong-patient'
  | 'author-not-authorised'
  | 'signature-invalid'
  | 'hash-mismatch'
  | 'device-revoked'
  | 'device-forked'
  | 'group-incomplete'
  | 'schema-too-new'
  | 'unknown-base';
