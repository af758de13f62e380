import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { IdentityDatabase } from './identity-tables.ts';

/**
 * A secret that every copy of the service shares: made by whichever asks first, the same ever after.
 * @param make runs at most once in the life of the database
 */
export async function serviceSecret(
  database: IdentityDatabase,
  name: string,
  make: () => string,
  now: () => Date,
): Promise<string> {
  return database(async (tables) => {
    const find = () =>
      tables.selectFrom('service_secret').select('value').where('name', '=', name).executeTakeFirst();
    const existing = await find();
    if (existing !== undefined) return existing.value;
    await tables
      .insertInto('service_secret')
      .values({ name, value: make(), created_at: now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const made = await find();
    if (made === undefined) throw new Error(`the service secret ${name} could not be kept`);
    return made.value;
  });
}

/** A new P-256 private key as PKCS #8 PEM. */
export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function newRandomSecret(): string {
  return randomBytes(32).toString('base64url');
}
