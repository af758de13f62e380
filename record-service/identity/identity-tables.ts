import type { Kysely } from 'kysely';
import type { Instant, Tables } from '../store/tables.ts';
import type { RecordStore } from '../store/record-store.ts';
import { systemActor } from './actor.ts';

/** Keys that the service made once and keeps: name → JSON or base64 text. Never in logs. */
interface ServiceSecretTable {
  name: string;
  value: string;
  created_at: Instant;
}

/** What the embedded identity provider stores: sessions, grants, codes, refresh tokens. `payload` is JSON. */
interface OidcArtifactTable {
  model: string;
  id: string;
  payload: string;
  grant_id: string | null;
  uid: string | null;
  user_code: string | null;
  expires_at: Instant | null;
}

interface SignInAccountTable {
  username: string;
  subject: string;
  /** `scrypt$N$r$p$salt$hash`, base64url. */
  password_hash: string;
  organisation: string;
  role: string;
  practitioner_id: string;
  name: string;
  role_expires: Instant | null;
}

interface SignInFailureTable {
  username: string;
  /** Network address from which it was tried. */
  access_point: string;
  failed_at: Instant;
}

interface DeviceTable {
  organisation: string;
  device_id: string;
  label: string;
  enrolled_by: string;
  enrolled_at: Instant;
  revoked_at: Instant | null;
  revoked_by: string | null;
  revoked_reason: string | null;
}

interface DeviceOrderTable {
  organisation: string;
  order_id: string;
  device_id: string;
  kind: 'wipe' | 'revoke';
  issued_by: string;
  issued_at: Instant;
  done_at: Instant | null;
}

interface AuthorKeyTable {
  organisation: string;
  key_id: string;
  device_id: string;
  user_id: string;
  /** JSON of the `AuthorCertificate`. */
  certificate: string;
  issued_at: Instant;
}

/** Public half of an organisation's escrow key. The private half is never in the database. */
interface EscrowKeyTable {
  organisation: string;
  key_id: string;
  public_key: string;
  created_at: Instant;
}

declare module '../store/tables.ts' {
  interface Tables {
    service_secret: ServiceSecretTable;
    oidc_artifact: OidcArtifactTable;
    sign_in_account: SignInAccountTable;
    sign_in_failure: SignInFailureTable;
    device: DeviceTable;
    device_order: DeviceOrderTable;
    author_key: AuthorKeyTable;
    escrow_key: EscrowKeyTable;
  }
}

/** Work on the tables that belong to no organisation, in one transaction. */
export type IdentityDatabase = <T>(work: (database: Kysely<Tables>) => Promise<T>) => Promise<T>;

/** Row-level security shows such a transaction no organisation's rows: `-` is nobody's code. */
export function identityDatabase(store: RecordStore): IdentityDatabase {
  const nobody = systemActor('-');
  return (work) =>
    store.withTransaction({ organisation: '-', actor: nobody }, (transaction) => work(transaction.database));
}
