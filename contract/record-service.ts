/**
 * What crosses the wire between the desktop and the record service, besides FHIR itself.
 *
 * Every path below is under `/sync/{organisation}` unless it says otherwise, wants `Authorization: Bearer`,
 * and answers errors as `{ code, message }` with a sentence that a person can read.
 *
 * | method and path | purpose |
 * | --- | --- |
 * | GET  /.well-known/gladstone | discovery, no authorisation: `ServiceDescription` |
 * | GET  probe | authenticated reachability: `Probe` |
 * | POST devices | enrol this device: `EnrolDeviceRequest` → `EnrolDeviceAnswer` |
 * | GET  devices | for an administrator: `{ devices: EnrolledDevice[] }` |
 * | POST devices/{deviceId}/authors | certify a signing key: `CertifyAuthorRequest` → `AuthorCertificate` |
 * | POST devices/{deviceId}/revoke | an administrator revokes, optionally with a wipe order: `RevokeDeviceRequest` |
 * | POST devices/{deviceId}/orders/{orderId}/done | receipt for a carried-out wipe |
 * | POST ops | one save group: `PushRequest` → `PushAnswer` |
 * | POST lanes | handshake after a new epoch: `LaneHandshakeRequest` → `LaneHandshakeAnswer` |
 * | GET  changes?epoch=&position=&count= | the feed: `ChangesPage`; 410 `{code:'resync'}` when the cursor is of another epoch or too old |
 * | POST packs | `PacksRequest` → a stream of pack frames, see `PackHeader` |
 * | GET  directory | gzip JSON `DirectoryAnswer` |
 * | GET  manifest | gzip JSON `ManifestAnswer` |
 * | POST escrow | sealed frames, drafts and operations as they lie: `EscrowRequest` → `EscrowReceipt` |
 * | POST escrow/recover | open a wrapped key for its own user after a fresh sign-in: `RecoverRequest` → `RecoverAnswer` |
 * | POST escrow/recover-work | own unsent work of revoked computers, likewise: `RecoverRequest` → `RecoverWorkAnswer` |
 * | POST audit | reads made offline: `OfflineAuditRequest` → `{ accepted: number }` |
 * | GET  conflicts?patient= | open conflicts as data: `ConflictList` |
 * | POST conflicts/{id}/resolve | is not here: a resolution is an ordinary operation (`correct`) naming the conflict |
 */
import * as v from 'valibot';
import { operationKinds, roles } from '../domain/sync/operation.ts';
import type { OperationOutcome, SignedOperation, StandingAuthor } from '../domain/sync/operation.ts';
import type { DirectoryEntry } from '../domain/record/directory-entry.ts';

const uuid = v.pipe(v.string(), v.uuid());
const text = v.pipe(v.string(), v.maxLength(4_000));
const base64url = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]*$/));
const hexHash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** An organisation's place in commit order. `epoch` names the history, `position` the commit within it. */
export const cursorSchema = v.object({ epoch: v.string(), position: count });
export type Cursor = v.InferOutput<typeof cursorSchema>;

export const serviceDescriptionSchema = v.object({
  name: v.string(),
  version: v.string(),
  /** OpenID Connect issuer; everything else of sign-in is in its discovery document. */
  issuer: v.string(),
  clientId: v.string(),
  /** e.g. `http://127.0.0.1:8460/fhir/R4/{organisation}` */
  fhirBase: v.string(),
  /** e.g. `http://127.0.0.1:8460/sync/{organisation}` */
  syncBase: v.string(),
  /** Oldest and newest `Operation.schemaVersion` taken. */
  operationSchema: v.object({ oldest: v.number(), newest: v.number() }),
});
export type ServiceDescription = v.InferOutput<typeof serviceDescriptionSchema>;

export const deviceOrderSchema = v.object({
  orderId: uuid,
  kind: v.picklist(['wipe', 'revoke']),
  issuedAt: v.string(),
});
export type DeviceOrder = v.InferOutput<typeof deviceOrderSchema>;

/** `X-Gladstone-Device: {deviceId}` goes with every request, so that orders can be answered here. */
export const probeSchema = v.object({
  epoch: v.string(),
  head: count,
  time: v.string(),
  /** Positions up to this one are in the service's backup; `null` where none is made. */
  durableThrough: v.nullable(count),
  orders: v.array(deviceOrderSchema),
});
export type Probe = v.InferOutput<typeof probeSchema>;

const authorSchema = v.object({
  userId: v.string(),
  practitionerId: v.string(),
  name: text,
  role: v.picklist(roles),
  organisation: v.string(),
});

export const authorCertificateSchema = v.object({
  keyId: v.string(),
  deviceId: uuid,
  author: authorSchema,
  publicKey: base64url,
  issuedAt: v.string(),
  notAfter: v.optional(v.string()),
  signature: base64url,
});

export const enrolDeviceRequestSchema = v.object({
  deviceId: uuid,
  /** What a person calls this computer; no patient data. */
  label: v.pipe(v.string(), v.maxLength(120)),
});
export type EnrolDeviceRequest = v.InferOutput<typeof enrolDeviceRequestSchema>;

export const enrolDeviceAnswerSchema = v.object({
  deviceId: uuid,
  /** The organisation's escrow public key: SPKI, P-256 ECDH, base64url. Frames are wrapped to it as well. */
  escrowPublicKey: base64url,
  escrowKeyId: v.string(),
  /** Verifies certificates: SPKI, P-256 ECDSA, base64url. */
  servicePublicKey: base64url,
  policy: v.object({
    leaseDays: v.number(),
    /** `all` registered patients, or only those `booked` within `bookedDays`. */
    offlineScope: v.picklist(['all', 'booked']),
    bookedDays: v.number(),
    inactivityLockMinutes: v.number(),
  }),
});
export type EnrolDeviceAnswer = v.InferOutput<typeof enrolDeviceAnswerSchema>;

export const certifyAuthorRequestSchema = v.object({ publicKey: base64url });
export type CertifyAuthorRequest = v.InferOutput<typeof certifyAuthorRequestSchema>;

export const revokeDeviceRequestSchema = v.object({ wipe: v.boolean(), reason: text });
export type RevokeDeviceRequest = v.InferOutput<typeof revokeDeviceRequestSchema>;

/** A computer as an administrator sees it. An order without `doneAt` has not been carried out: the computer has not called since. */
export interface EnrolledDevice {
  readonly deviceId: string;
  readonly label: string;
  /** The person's id. */
  readonly enrolledBy: string;
  readonly enrolledAt: string;
  readonly revokedAt?: string;
  readonly orders: readonly {
    readonly kind: 'wipe' | 'revoke';
    readonly issuedAt: string;
    readonly doneAt?: string;
  }[];
}

/** What was not there before, or is not there any more, is absent: JSON has no `undefined`. */
const elementChangeSchema = v.object({
  path: v.string(),
  before: v.optional(v.unknown()),
  after: v.optional(v.unknown()),
});

const operationSchema = v.object({
  schemaVersion: v.literal(1),
  opId: uuid,
  deviceId: uuid,
  deviceSeq: v.pipe(count, v.minValue(1)),
  lane: v.string(),
  laneSeq: v.pipe(count, v.minValue(1)),
  author: authorSchema,
  groupId: uuid,
  groupSize: v.pipe(count, v.minValue(1)),
  patientId: v.optional(v.string()),
  encounterId: v.optional(v.string()),
  kind: v.picklist(operationKinds),
  resource: v.pipe(v.string(), v.regex(/^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/)),
  baseVersion: v.optional(count),
  prevOpId: v.optional(uuid),
  after: v.optional(v.looseObject({ resourceType: v.string(), id: v.string() })),
  diff: v.array(elementChangeSchema),
  reason: v.optional(text),
  skippedOpId: v.optional(uuid),
  resolvesConflict: v.optional(uuid),
  movedFrom: v.optional(uuid),
  replaces: v.optional(v.pipe(v.array(uuid), v.maxLength(500))),
  seen: v.optional(cursorSchema),
  recordedAt: v.object({
    wallClock: v.string(),
    monotonicMs: v.number(),
    lastServiceTime: v.optional(v.string()),
  }),
  previousHash: v.string(),
});

export const signedOperationSchema = v.object({
  operation: operationSchema,
  hash: hexHash,
  signature: base64url,
  keyId: v.string(),
});

/** One save group a request. The operations stand in order of `laneSeq`. */
export const pushRequestSchema = v.object({
  operations: v.pipe(v.array(signedOperationSchema), v.minLength(1), v.maxLength(500)),
});

/** Something I16's rules found when work made apart met. A task for both authors exists already. */
export interface CombinedSafetyFinding {
  readonly code: string;
  /** A clinical sentence, e.g. `Amoxicillin was recorded by … while a penicillin allergy was recorded by …`. */
  readonly text: string;
  readonly taskId: string;
  readonly resources: readonly string[];
}

export interface PushAnswer {
  readonly outcomes: readonly OperationOutcome[];
  /** The position that the group's transaction took; absent when nothing was committed. */
  readonly position?: number;
  readonly epoch: string;
  /** False where the service cannot promise that it is on disk (PGlite): the device keeps its copy. */
  readonly durable: boolean;
  readonly findings: readonly CombinedSafetyFinding[];
  /** Resources that another author changed since the branch began, though the base was fresh (sync-bugs L29). */
  readonly softConflicts: readonly string[];
}

export const laneHandshakeRequestSchema = v.object({
  lanes: v.array(v.object({ lane: v.string(), opIds: v.array(uuid) })),
});
export interface LaneHandshakeAnswer {
  readonly epoch: string;
  readonly lanes: readonly {
    readonly lane: string;
    readonly expectedLaneSeq: number;
    /** Of the operations asked about, those the ledger lacks. Only these may be offered again. */
    readonly lacking: readonly string[];
  }[];
}

/**
 * One committed change. Entries of one transaction share a `position` and are never cut apart.
 * Resources are the JSON text as stored (decimals as written), so `resource` is a string to parse exactly.
 */
export type ChangeEntry =
  | {
      readonly kind: 'upsert';
      readonly position: number;
      readonly resource: string;
      readonly key: string;
      readonly version: number;
      readonly patientId?: string;
      readonly groupId?: string;
    }
  | {
      readonly kind: 'tombstone';
      readonly position: number;
      readonly key: string;
      readonly version: number;
      readonly patientId?: string;
    }
  | { readonly kind: 'scope-enter' | 'scope-exit'; readonly position: number; readonly patientId: string };

export interface ChangesPage {
  readonly epoch: string;
  readonly entries: readonly ChangeEntry[];
  /** Where to go on: advances even when everything in between was out of scope. */
  readonly next: number;
  readonly head: number;
  readonly durableThrough: number | null;
  /** Directory entries of every patient touched by this page, as they are now. */
  readonly directory: readonly DirectoryEntry[];
}

/** `notBefore`: every pack answered was read at or after this position (sync.md, Pull 3). */
export const packsRequestSchema = v.object({
  epoch: v.string(),
  patients: v.pipe(v.array(v.string()), v.maxLength(2_000)),
  notBefore: count,
});
export type PacksRequest = v.InferOutput<typeof packsRequestSchema>;

/**
 * The answer to `packs` is `application/vnd.gladstone.packs`: frames, one a patient, in the order asked:
 *   u32 big-endian header length | header JSON (UTF-8) | u32 big-endian body length | body.
 * The body is the gzip of a JSON array of every live resource of the patient's compartment, the Patient first,
 * each with its `meta.versionId` (which is how a pack lists id → version).
 * A patient out of scope or unknown is answered by a header with `absent: true` and an empty body.
 */
export const packHeaderSchema = v.object({
  patientId: v.string(),
  validAt: count,
  resources: count,
  /** Same digest as in the manifest. */
  digest: v.string(),
  /** How many Appointments and Tasks are in it, so that a list about many patients need not open it for none. */
  listed: v.optional(count),
  /** Hex SHA-256 of the body: whole or not, without opening it. */
  bodyDigest: v.optional(hexHash),
  absent: v.optional(v.boolean()),
});
export type PackHeader = v.InferOutput<typeof packHeaderSchema>;

export interface DirectoryAnswer {
  readonly epoch: string;
  /** The feed's position *before* the directory was read: start the feed from here. */
  readonly position: number;
  readonly organisation: { readonly id: string; readonly name: string };
  readonly entries: readonly DirectoryEntry[];
  /** Patients with an appointment within the booked days, soonest first: fetched first. */
  readonly booked: readonly { readonly patientId: string; readonly start: string }[];
  /** Everything without a patient that a screen needs: Organization, Practitioner, Schedule, Slot … (JSON text each). */
  readonly shared: readonly string[];
}

/** Digest per patient: hex sha-256 over the lines `Type/id|version|contentDigest` sorted by code unit, joined by `\n`. */
export interface ManifestAnswer {
  readonly epoch: string;
  readonly position: number;
  readonly patients: readonly {
    readonly patientId: string;
    readonly resources: number;
    readonly digest: string;
  }[];
}

export const escrowRequestSchema = v.object({
  deviceId: uuid,
  frames: v.pipe(
    v.array(
      v.object({
        /** Identifies the frame for idempotence: hex sha-256 of its bytes. */
        frameId: hexHash,
        kind: v.picklist(['operations', 'draft', 'key-backup']),
        /** Whose draft or key: shown as the notice "draft by X since T". No content. */
        userId: v.string(),
        patientId: v.optional(v.string()),
        since: v.string(),
        /** The sealed bytes with their wrap to the escrow key, base64url. */
        sealed: base64url,
        /** True when the draft it belongs to was signed or discarded by its author. */
        ended: v.optional(v.boolean()),
      }),
    ),
    v.maxLength(200),
  ),
});
export type EscrowRequest = v.InferOutput<typeof escrowRequestSchema>;
export interface EscrowReceipt {
  readonly received: readonly string[];
  readonly durable: boolean;
}

/** Only the signed-in user's own key backup can be recovered, and only from a session younger than five minutes. */
export const recoverRequestSchema = v.object({ deviceId: uuid, recipientPublicKey: base64url });
export type RecoverRequest = v.InferOutput<typeof recoverRequestSchema>;
/** A frame's content, opened by the escrow and wrapped anew to the recipient's key (ECDH P-256, AES-256-GCM). */
export interface RewrappedFrame {
  readonly frameId: string;
  readonly ephemeralPublicKey: string;
  readonly sealed: string;
}
export interface RecoverAnswer {
  /** The user's key backups. */
  readonly backups: readonly RewrappedFrame[];
}
export interface RecoverWorkAnswer {
  /** Operations that the record never had and the last words of open drafts, handed over by computers that are revoked. */
  readonly frames: readonly RewrappedFrame[];
}

export const offlineAuditRequestSchema = v.object({
  deviceId: uuid,
  events: v.pipe(
    v.array(
      v.object({
        eventId: uuid,
        sequence: count,
        recorded: v.string(),
        userId: v.string(),
        role: v.string(),
        action: v.picklist([
          'read',
          'print',
          'search',
          'export',
          'sign-in',
          'sign-in-failed',
          'sign-out',
          'lock',
          'unlock',
          'unlock-failed',
        ]),
        patientId: v.optional(v.string()),
        detail: v.optional(v.pipe(v.string(), v.maxLength(200))),
      }),
    ),
    v.maxLength(1_000),
  ),
});
export type OfflineAuditRequest = v.InferOutput<typeof offlineAuditRequestSchema>;

export interface Conflict {
  readonly conflictId: string;
  readonly patientId: string | null;
  readonly key: string;
  readonly rule: string;
  readonly raisedAt: string;
  readonly losing: SignedOperation;
  readonly baseVersion: number | null;
  readonly currentVersion: number | null;
  /** JSON text of the version that stands. */
  readonly current: string | null;
  /** JSON text of the version on which the losing author worked; absent where the service has none. */
  readonly base?: string;
  /** Who wrote it; absent where the service cannot say. */
  readonly standing?: StandingAuthor;
  readonly resolved?: { readonly by: string; readonly at: string; readonly opId: string };
}
export interface ConflictList {
  /** What the asker may see, oldest first, a thousand at most. */
  readonly conflicts: readonly Conflict[];
  /** Ids of all that nobody has settled, seen by the asker or not: only what is not in here was settled. */
  readonly open: readonly string[];
}
