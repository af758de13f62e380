import { roles, type Role } from '../../domain/sync/operation.ts';
import type { IdentityDatabase } from './identity-tables.ts';
import { hashPassword, verifyPassword } from './password.ts';

/** A person who may sign in at the embedded identity provider, under one role for one organisation. */
export interface SignInAccount {
  readonly subject: string;
  readonly username: string;
  readonly name: string;
  readonly organisation: string;
  readonly role: Role;
  readonly practitionerId: string;
  readonly roleExpires: Date | null;
}

export type SignInResult =
  | { readonly kind: 'signed-in'; readonly account: SignInAccount }
  | { readonly kind: 'refused'; readonly failures: number; readonly account: SignInAccount | null }
  | { readonly kind: 'role-expired'; readonly account: SignInAccount }
  /** Too many failures; the password was not even looked at. */
  | {
      readonly kind: 'locked';
      readonly failures: number;
      readonly retryAfterSeconds: number;
      readonly account: SignInAccount | null;
    };

/** Failures within the window after which further attempts wait: from one place, on one account, on any account. */
const limits = { accountFromAccessPoint: 5, account: 20, accessPoint: 30 } as const;
const WINDOW_MS = 15 * 60_000;

export interface SignInAccounts {
  find(subject: string): Promise<SignInAccount | null>;
  signIn(username: string, password: string, accessPoint: string): Promise<SignInResult>;
}

export function createSignInAccounts(database: IdentityDatabase, now: () => Date): SignInAccounts {
  // An unknown name must cost as much time as a known one, or the page tells which names exist.
  const decoy = hashPassword('no account has this password');
  void decoy.catch(() => undefined);

  const failuresOf = (username: string, accessPoint: string) =>
    database(async (tables) => {
      const since = new Date(now().getTime() - WINDOW_MS);
      await tables.deleteFrom('sign_in_failure').where('failed_at', '<', since).execute();
      return tables
        .selectFrom('sign_in_failure')
        .selectAll()
        .where((where) =>
          where.or([where('username', '=', username), where('access_point', '=', accessPoint)]),
        )
        .execute();
    });

  return {
    async find(subject) {
      const row = await database((tables) =>
        tables.selectFrom('sign_in_account').selectAll().where('subject', '=', subject).executeTakeFirst(),
      );
      return row === undefined ? null : accountOf(row);
    },

    async signIn(typedName, password, accessPoint) {
      const username = typedName.trim().toLowerCase().slice(0, 120);
      const failures = await failuresOf(username, accessPoint);
      const row = await database((tables) =>
        tables.selectFrom('sign_in_account').selectAll().where('username', '=', username).executeTakeFirst(),
      );
      const named = row === undefined ? null : accountOf(row);
      const onAccount = failures.filter((failure) => failure.username === username);
      const fromHere = failures.filter((failure) => failure.access_point === accessPoint);
      const both = onAccount.filter((failure) => failure.access_point === accessPoint);
      if (
        both.length >= limits.accountFromAccessPoint ||
        onAccount.length >= limits.account ||
        fromHere.length >= limits.accessPoint
      ) {
        const newest = Math.max(...failures.map((failure) => failure.failed_at.getTime()));
        return {
          kind: 'locked',
          failures: both.length,
          account: named,
          retryAfterSeconds: Math.max(1, Math.ceil((newest + WINDOW_MS - now().getTime()) / 1_000)),
        };
      }

      const isRight = await verifyPassword(password, row?.password_hash ?? (await decoy));
      if (named === null || !isRight) {
        await database((tables) =>
          tables
            .insertInto('sign_in_failure')
            .values({ username, access_point: accessPoint, failed_at: now() })
            .execute(),
        );
        return {
          kind: 'refused',
          failures: both.length + 1,
          account: named,
        };
      }
      if (named.roleExpires !== null && named.roleExpires.getTime() <= now().getTime()) {
        return { kind: 'role-expired', account: named };
      }
      await database((tables) =>
        tables
          .deleteFrom('sign_in_failure')
          .where('username', '=', username)
          .where('access_point', '=', accessPoint)
          .execute(),
      );
      return { kind: 'signed-in', account: named };
    },
  };
}

function accountOf(row: {
  readonly subject: string;
  readonly username: string;
  readonly name: string;
  readonly organisation: string;
  readonly role: string;
  readonly practitioner_id: string;
  readonly role_expires: Date | null;
}): SignInAccount {
  const role = roles.find((known) => known === row.role);
  if (role === undefined) throw new Error(`account ${row.username} has the unknown role ${row.role}`);
  return {
    subject: row.subject,
    username: row.username,
    name: row.name,
    organisation: row.organisation,
    role,
    practitionerId: row.practitioner_id,
    roleExpires: row.role_expires,
  };
}
