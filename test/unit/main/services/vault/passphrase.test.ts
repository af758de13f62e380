import { argon2id } from 'hash-wasm';
import { describe, expect, it } from 'vitest';
import { keyFromSecret, newArgonParameters } from '../../../../../main/services/vault/passphrase.ts';

describe('a key from a passphrase', () => {
  it('is Argon2id with the stored parameters, whatever form the letters were typed in', async () => {
    const parameters = { ...newArgonParameters('pin'), memoryKib: 1024 };
    const key = await keyFromSecret('cafe\u0301 corner house', parameters);
    const expected = await argon2id({
      password: 'caf\u00e9 corner house',
      salt: Buffer.from(parameters.salt, 'base64url'),
      memorySize: 1024,
      iterations: 2,
      parallelism: 1,
      hashLength: 32,
      outputType: 'binary',
    });
    expect(Buffer.from(key).equals(expected)).toBe(true);
  });

  it('is derived while the event loop goes round', async () => {
    let rounds = 0;
    let over = false;
    const turn = (): void => {
      rounds += 1;
      if (!over) setImmediate(turn);
    };
    setImmediate(turn);
    await keyFromSecret('correct horse battery', newArgonParameters('passphrase'));
    over = true;
    // On this very thread it would be a handful: hash-wasm computes without a pause.
    expect(rounds).toBeGreaterThan(100);
  });
});
