import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from '../../../../record-service/identity/password.ts';

describe('a stored password', () => {
  it('is salted and hashed: twice the same password is two hashes, and neither holds it', async () => {
    const [first, second] = await Promise.all([hashPassword('Correct horse'), hashPassword('Correct horse')]);
    expect(first).toMatch(/^scrypt\$32768\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(second).not.toBe(first);
    expect(first + second).not.toMatch(/horse/i);
    expect(await verifyPassword('Correct horse', first)).toBe(true);
    expect(await verifyPassword('correct horse', first)).toBe(false);
    expect(await verifyPassword('', first)).toBe(false);
  });

  it('opens to nothing where the hash cannot be read', async () => {
    for (const stored of ['', 'Correct horse', 'md5$1$2$3$4$5'])
      expect(await verifyPassword('Correct horse', stored)).toBe(false);
  });
});
