import type { Role } from '../../domain/sync/operation.ts';
import { demoOrganisation, demoStaff } from '../seed/demo-practice.ts';
import type { IdentityDatabase } from './identity-tables.ts';
import { hashPassword } from './password.ts';

/**
 * The password of every demonstration account. It is written on the sign-in page itself: these accounts open a
 * practice of invented patients and nothing else, and exist only while the embedded identity provider is in use.
 */
export const DEMONSTRATION_PASSWORD = 'demonstration';

/** Subject (`sub`) of a demonstration account; it goes into lanes, so it holds no colon. */
function demonstrationSubject(account: Role): string {
  return `demo-${account}`;
}

const DAY = 86_400_000;

/** Makes the five accounts where they are missing. Existing ones keep their password and expiry. */
export async function ensureDemonstrationAccounts(
  database: IdentityDatabase,
  password: string,
  now: () => Date,
): Promise<void> {
  const existing = await database((tables) =>
    tables.selectFrom('sign_in_account').select('username').execute(),
  );
  const known = new Set(existing.map((row) => row.username));
  const missing = Object.values(demoStaff).filter((staff) => !known.has(staff.account));
  if (missing.length === 0) return;
  const rows = await Promise.all(
    missing.map(async (staff) => ({
      username: staff.account,
      subject: demonstrationSubject(staff.account),
      password_hash: await hashPassword(password),
      organisation: demoOrganisation.odsCode,
      role: staff.account,
      practitioner_id: staff.practitionerId,
      name: staff.displayName,
      role_expires:
        staff.contractDays === undefined ? null : new Date(now().getTime() + staff.contractDays * DAY),
    })),
  );
  await database((tables) =>
    tables
      .insertInto('sign_in_account')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  );
}
