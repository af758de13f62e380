import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordReader, RecordTransaction } from '../store/record-store.ts';
import { newPrivateKey } from './service-secrets.ts';

/** The public half that devices wrap their frames to. */
export interface EscrowPublicKey {
  readonly keyId: string;
  /** SPKI (DER), base64url. */
  readonly publicKey: string;
}

/**
 * Escrow keys, one an organisation. The private half lies in `{folder}/{organisation}.pem`, never in the database:
 * whoever steals a database backup opens no frame (sync.md, Keys).
 */
export class EscrowKeys {
  readonly #folder: string;
  readonly #now: () => Date;

  constructor(folder: string, now: () => Date) {
    this.#folder = folder;
    this.#now = now;
  }

  /** The organisation's public key; made at the first question. */
  async publicKey(transaction: RecordTransaction): Promise<EscrowPublicKey> {
    const known = await this.registered(transaction);
    if (known !== undefined) return known;
    const privateKey = await this.#makeFile(transaction.organisation);
    const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
    await transaction.database
      .insertInto('escrow_key')
      .values({
        organisation: transaction.organisation,
        key_id: keyIdOf(publicKey),
        public_key: publicKey.toString('base64url'),
        created_at: this.#now(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const registered = await this.registered(transaction);
    if (registered === undefined) throw new Error('the escrow key could not be registered');
    return registered;
  }

  /** Null where this copy of the service does not hold the private half. */
  async privateKey(organisation: string): Promise<KeyObject | null> {
    try {
      return createPrivateKey(await readFile(this.path(organisation), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Of the private half. @throws Error where this is no organisation's code. */
  path(organisation: string): string {
    if (!/^[A-Z0-9]{3,12}$/i.test(organisation)) throw new Error('not an organisation code');
    return join(this.#folder, `${organisation}.pem`);
  }

  /** The key that devices of the organisation wrap to; undefined where none was ever asked for. */
  async registered(reader: RecordReader): Promise<EscrowPublicKey | undefined> {
    const row = await reader.database
      .selectFrom('escrow_key')
      .select(['key_id', 'public_key'])
      .where('organisation', '=', reader.organisation)
      .executeTakeFirst();
    return row === undefined ? undefined : { keyId: row.key_id, publicKey: row.public_key };
  }

  /** The file is made only once and never overwritten: frames already wrapped to it would be lost for ever. */
  async #makeFile(organisation: string): Promise<KeyObject> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    try {
      const file = await open(this.path(organisation), 'wx', 0o600);
      try {
        await file.writeFile(newPrivateKey());
        await file.datasync();
      } finally {
        await file.close();
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const made = await this.privateKey(organisation);
    if (made === null) throw new Error('the escrow key file could not be made');
    return made;
  }
}

/** Of the private key's public half (SPKI, DER). */
export function escrowKeyId(privateKey: KeyObject): string {
  return keyIdOf(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }));
}

function keyIdOf(publicKey: Buffer): string {
  return createHash('sha256').update(publicKey).digest('hex').slice(0, 32);
}
