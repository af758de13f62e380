import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createAuthenticator,
  discoverIssuer,
  ownClaimNames,
} from '../../../../record-service/identity/authenticator.ts';

/** Another issuer, with names of its own for everything, as the national one has. */
describe('a configured issuer', () => {
  let server: Server;
  let issuer: string;
  let privateKey: CryptoKey;
  let jwk: JWK;

  beforeAll(async () => {
    const keys = await generateKeyPair('RS256', { extractable: true });
    privateKey = keys.privateKey;
    jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256' };
    server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify(request.url === '/keys' ? { keys: [jwk] } : { issuer, jwks_uri: `${issuer}/keys` }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const now = new Date('2026-11-22T12:00:00Z');
  const authenticator = async () =>
    createAuthenticator(
      await discoverIssuer(
        issuer,
        'record',
        { ...ownClaimNames, organisation: 'org_code', role: 'job_role' },
        { R8000: 'gp' },
      ),
      () => now,
    );
  const token = (claims: Record<string, unknown>, audience = 'record', expires = '2026-11-22T12:05:00Z') =>
    new SignJWT({ name: 'Dr A', org_code: 'A99999', job_role: 'R8000', practitioner_id: 'p', ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setSubject('uid-1')
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime(new Date(expires))
      .sign(privateKey);

  it('makes an actor of its token by its own names', async () => {
    const actor = await (await authenticator())(`Bearer ${await token({})}`, 'A99999');
    expect(actor).toMatchObject({ userId: 'uid-1', role: 'gp', organisation: 'A99999', practitionerId: 'p' });
    expect(actor.activities.has('prescribe')).toBe(true);
  });

  it('refuses a role that is not mapped, another audience, an expired token, an ended role, none at all', async () => {
    const authenticate = await authenticator();
    const refused = async (jwt: string) =>
      expect(authenticate(`Bearer ${jwt}`, 'A99999')).rejects.toMatchObject({ code: 'unauthenticated' });
    await refused(await token({ job_role: 'R9999' }));
    await refused(await token({ job_role: 'constructor' }));
    await refused(await token({}, 'another'));
    await refused(await token({}, 'record', '2026-11-22T11:59:00Z'));
    await refused(await token({ role_expires: '2026-11-22T11:00:00Z' }));
    await refused(await token({ role_expires: 'never' }));
    await expect(authenticate(undefined, 'A99999')).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(authenticate(`Bearer ${await token({})}`, 'B1')).rejects.toMatchObject({
      code: 'wrong-organisation',
    });
  });

  it('does not start with a provider that names itself differently', async () => {
    await expect(discoverIssuer(`${issuer}/other`, 'record', ownClaimNames, {})).rejects.toThrow(
      'differently',
    );
  });
});
