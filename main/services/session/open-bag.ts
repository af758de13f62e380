import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { SignedInUser } from '../../../contract/channels/session.ts';
import type { EnrolDeviceAnswer } from '../../../contract/record-service.ts';
import type { Result } from '../../../domain/result.ts';
import type { OfflineAudit } from '../audit/offline-audit.ts';
import type { AuthorSigner, Journal, OpenReport, UnsealReport } from '../journal/journal.ts';
import type { RecordClient } from '../record-client/record-client.ts';
import type { DeviceKeeper } from '../sync/ports.ts';
import type { ImportReport } from './work-import.ts';

/**
 * A bag whose keys are in memory. While its screen is locked it is not at work: `signer` and `cache` are closed,
 * and its journal goes on being sent. Sign-out, suspend and another person's unlock end it.
 */
export interface OpenBag {
  readonly organisation: string;
  readonly user: SignedInUser;
  readonly policy: EnrolDeviceAnswer['policy'];
  readonly journal: Journal;
  readonly client: RecordClient;
  readonly audit: OfflineAudit;
  readonly keeper: DeviceKeeper;
  /** What opening the journal found; shown to the person where anything is amiss. */
  readonly report: { readonly opened: OpenReport; readonly unsealed: UnsealReport };
  /** Null while locked. */
  signer(): AuthorSigner | null;
  /** For the cache worker; a fresh copy of the key each time. Null while locked. */
  cache(): { readonly database: string; readonly key: Uint8Array } | null;
  /** Every unsent operation and open draft, sealed, as one file; the work also stays here. */
  exportWork(): Promise<{ readonly bytes: Uint8Array; readonly operations: number; readonly drafts: number }>;
  /** The signed-in person's own work of such a file. Twice changes nothing. */
  importWork(bytes: Uint8Array): Promise<Result<ImportReport, BridgeError>>;
  /** The directory told the organisation's name. */
  nameOrganisation(name: string): Promise<void>;
}

/** `opened` at every unlock that gives another bag object, `at-work` and `locked` as the screen opens and closes. */
export type BagChange =
  | { readonly kind: 'opened'; readonly bag: OpenBag }
  | { readonly kind: 'at-work'; readonly bag: OpenBag }
  /** A computer of theirs was lost or wiped; what it had handed over is in this journal now. */
  | { readonly kind: 'lost-work-taken-in'; readonly bag: OpenBag; readonly report: ImportReport }
  | { readonly kind: 'locked'; readonly bag: OpenBag }
  | { readonly kind: 'closed'; readonly bag: OpenBag };
