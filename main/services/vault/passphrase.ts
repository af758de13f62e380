import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { hashApart } from './argon2-thread.ts';

export const argonParametersSchema = v.object({
  algorithm: v.literal('argon2id'),
  memoryKib: v.number(),
  iterations: v.number(),
  parallelism: v.number(),
  salt: v.string(),
});
/** Stored with what they seal, so that a later build may ask more of new passphrases. */
export type ArgonParameters = v.InferOutput<typeof argonParametersSchema>;

/**
 * OWASP's minimum for Argon2id is 46 MiB with one pass or 19 MiB with two (Password Storage Cheat Sheet). A
 * passphrase guards what lies on disk: 46 MiB with two passes. A PIN guards only what the keystore and five tries
 * guard as well: the minimum.
 */
const costs = {
  passphrase: { memoryKib: 46 * 1024, iterations: 2 },
  pin: { memoryKib: 19 * 1024, iterations: 2 },
} as const;

export function newArgonParameters(secret: keyof typeof costs): ArgonParameters {
  const salt = randomBytes(16).toString('base64url');
  return { algorithm: 'argon2id', ...costs[secret], parallelism: 1, salt };
}

/** 32 bytes. Takes some tenths of a second on purpose, on a thread of its own: the main process goes on meanwhile. */
export async function keyFromSecret(secret: string, parameters: ArgonParameters): Promise<Uint8Array> {
  return await hashApart({
    // The same letters typed on another keyboard must open the bag.
    password: secret.normalize('NFKC'),
    salt: Buffer.from(parameters.salt, 'base64url'),
    memorySize: parameters.memoryKib,
    iterations: parameters.iterations,
    parallelism: parameters.parallelism,
    hashLength: 32,
  });
}
