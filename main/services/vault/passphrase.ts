import { randomBytes } from 'node:crypto';
import { argon2id } from 'hash-wasm';
import * as v from 'valibot';

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
 * Above OWASP's minimum for Argon2id (19 MiB with two passes; Password Storage Cheat Sheet): 64 MiB with three
 * passes, RFC 9106's choice for constrained memory at parallelism 1, since WebAssembly runs one lane at a time.
 */
const cost = { algorithm: 'argon2id', memoryKib: 64 * 1024, iterations: 3, parallelism: 1 } as const;

export function newArgonParameters(): ArgonParameters {
  return { ...cost, salt: randomBytes(16).toString('base64url') };
}

/** 32 bytes. Takes some tenths of a second on purpose. */
export async function keyFromSecret(secret: string, parameters: ArgonParameters): Promise<Uint8Array> {
  return await argon2id({
    // The same letters typed on another keyboard must open the bag.
    password: secret.normalize('NFKC'),
    salt: Buffer.from(parameters.salt, 'base64url'),
    memorySize: parameters.memoryKib,
    iterations: parameters.iterations,
    parallelism: parameters.parallelism,
    hashLength: 32,
    outputType: 'binary',
  });
}
