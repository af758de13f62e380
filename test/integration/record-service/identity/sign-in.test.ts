import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoOrganisation, demoStaff } from '../../../../record-service/seed/demo-practice.ts';
import { identityDatabase } from '../../../../record-service/identity/identity-tables.ts';
import { systemActor } from '../../../../record-service/identity/actor.ts';
import { openPglite } from '../../../../record-service/store/pglite-engine.ts';
import { refresh, revoke, signIn, systemToken } from '../../../support/sign-in.ts';
import { startSyncService, type SyncService } from '../../../support/sync-service.ts';

let running: SyncService;

beforeAll(async () => {
  running = await startSyncService(await openPglite());
});
afterAll(() => running.close());

function probe(token: string, organisation: string = demoOrganisation.odsCode): Promise<Response> {
  return fetch(`${running.url}/sync/${organisation}/probe`, {
    headers: { authorization: `Bearer ${token}` },
  });
}

describe('signing in at the embedded identity provider', () => {
  it.each(Object.values(demoStaff))(
    '$account comes in under one role with name and practitioner',
    async (staff) => {
      const { accessToken, refreshToken, idToken } = await signIn(running.url, staff.account);
      expect(decodeJwt(accessToken)).toMatchObject({
        iss: `${running.url}/oidc`,
        sub: `demo-${staff.account}`,
        name: staff.displayName,
        organisation: demoOrganisation.odsCode,
        role: staff.account,
        practitioner_id: staff.practitionerId,
      });
      expect(decodeJwt(accessToken)['auth_time']).toBeTypeOf('number');
      expect(decodeJwt(idToken)).toMatchObject({ sub: `demo-${staff.account}`, name: staff.displayName });
      expect(refreshToken).toBeTypeOf('string');
      expect((await probe(accessToken)).status).toBe(200);
    },
  );

  it('a locum’s role ends: the claim says when, and afterwards nothing opens', async () => {
    const { accessToken, refreshToken } = await signIn(running.url, 'locum');
    const expires = Date.parse(String(decodeJwt(accessToken)['role_expires']));
    expect((expires - Date.now()) / 86_400_000).toBeCloseTo(28, 1);
    await identityDatabase(running.service.store)((tables) =>
      tables
        .updateTable('sign_in_account')
        .set({ role_expires: new Date(Date.now() - 1_000) })
        .where('username', '=', 'locum')
        .execute(),
    );
    await expect(refresh(running.url, refreshToken ?? '')).rejects.toThrow('invalid_grant');
    await expect(signIn(running.url, 'locum')).rejects.toThrow('has ended');
  });

  it('a refresh token is good once; used twice, the whole sign-in ends', async () => {
    const first = await signIn(running.url, 'gp');
    const second = await refresh(running.url, first.refreshToken ?? '');
    expect((await probe(second.accessToken)).status).toBe(200);
    expect(decodeJwt(second.accessToken)['auth_time']).toBe(decodeJwt(first.accessToken)['auth_time']);
    await expect(refresh(running.url, first.refreshToken ?? '')).rejects.toThrow('invalid_grant');
    await expect(refresh(running.url, second.refreshToken ?? '')).rejects.toThrow('invalid_grant');
  });

  it('signing out revokes the refresh token', async () => {
    const { refreshToken } = await signIn(running.url, 'nurse');
    await revoke(running.url, refreshToken ?? '');
    await expect(refresh(running.url, refreshToken ?? '')).rejects.toThrow('invalid_grant');
  });

  it('the service’s own client works for itself, with the secret from the data folder only', async () => {
    const token = await systemToken(running.url, running.dataFolder);
    expect(decodeJwt(token)).toMatchObject({ role: 'system', organisation: demoOrganisation.odsCode });
    expect((await probe(token)).status).toBe(200);
    const refused = await fetch(`${running.url}/oidc/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('gladstone-system:guess').toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    expect(refused.status).toBe(401);
  });
});

describe('what is refused', () => {
  it.each([
    ['another port than loopback', { redirect_uri: 'http://example.org/callback' }],
    ['another path', { redirect_uri: 'http://127.0.0.1:5000/elsewhere' }],
    ['no proof of possession', { code_challenge: '' }],
  ])('an authorization with %s', async (_name, wrong) => {
    const url = new URL('/oidc/auth', running.url);
    const parameters: Record<string, string> = {
      client_id: 'gladstone-desktop',
      response_type: 'code',
      redirect_uri: 'http://127.0.0.1:5000/callback',
      scope: 'openid record',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      ...wrong,
    };
    for (const [name, value] of Object.entries(parameters))
      if (value !== '') url.searchParams.set(name, value);
    const response = await fetch(url, { redirect: 'manual' });
    expect(response.headers.get('location') ?? '').not.toMatch(/\/interaction\//);
  });

  it('a token that was altered, is for another organisation, or is none', async () => {
    const { accessToken } = await signIn(running.url, 'gp');
    const [header, , signature] = accessToken.split('.');
    const payload = Buffer.from(
      JSON.stringify({ ...decodeJwt(accessToken), role: 'administrator' }),
    ).toString('base64url');
    expect((await probe(`${header ?? ''}.${payload}.${signature ?? ''}`)).status).toBe(401);
    expect((await probe(accessToken, 'B88888')).status).toBe(403);
    expect((await probe('nothing')).status).toBe(401);
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    expect((await probe(unsigned)).status).toBe(401);
  });

  it('an identity token is not an access token', async () => {
    const { idToken } = await signIn(running.url, 'gp');
    expect((await probe(idToken)).status).toBe(401);
  });

  it('guessing: five wrong passwords, then even the right one waits; other accounts come in', async () => {
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await expect(signIn(running.url, 'receptionist', 'guess')).rejects.toThrow('wrong');
    }
    await expect(signIn(running.url, 'receptionist')).rejects.toThrow('Too many attempts');
    await expect(signIn(running.url, 'administrator')).resolves.toBeDefined();
    // Once the window has passed, the right password opens again.
    running.clock.now = () => new Date(Date.now() + 16 * 60_000);
    try {
      await expect(signIn(running.url, 'receptionist')).resolves.toBeDefined();
    } finally {
      running.clock.now = () => new Date();
    }
  });

  it('an account that does not exist is refused in the same words', async () => {
    await expect(signIn(running.url, 'nobody', 'guess')).rejects.toThrow(
      'The user name or the password is wrong',
    );
  });

  it('every attempt is in the audit, with count and access point, without the password', async () => {
    await expect(signIn(running.url, 'gp', 'guess-secret')).rejects.toThrow();
    const organisation = demoOrganisation.odsCode;
    const rows = await running.service.store.withSnapshot(
      { organisation, actor: systemActor(organisation) },
      (reader) =>
        reader.database
          .selectFrom('audit_event')
          .select(['user_id', 'outcome', 'detail'])
          .where('interaction', '=', 'sign-in')
          .execute(),
    );
    expect(rows).toContainEqual({
      user_id: 'demo-gp',
      outcome: 'refused',
      detail: 'failure 1 from 127.0.0.1',
    });
    expect(rows).toContainEqual({
      user_id: 'demo-nurse',
      outcome: 'success',
      detail: 'signed-in from 127.0.0.1',
    });
    // Whoever guesses is told the same; the audit tells more, and never what was typed.
    expect(rows).toContainEqual({
      user_id: 'demo-receptionist',
      outcome: 'refused',
      detail: 'locked after 5 failures from 127.0.0.1',
    });
    expect(rows).toContainEqual({
      user_id: 'unknown',
      outcome: 'refused',
      detail: 'failure 1, no such account from 127.0.0.1',
    });
    expect(JSON.stringify(rows)).not.toMatch(/guess-secret|nobody/);
  });
});

describe('the sign-in page', () => {
  it('has a language, labels, a legal notice, a strict policy, and nothing from outside', async () => {
    const url = new URL('/oidc/auth', running.url);
    url.search = new URLSearchParams({
      client_id: 'gladstone-desktop',
      response_type: 'code',
      redirect_uri: 'http://127.0.0.1:5000/callback',
      scope: 'openid record',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    }).toString();
    const start = await fetch(url, { redirect: 'manual' });
    const page = await fetch(new URL(start.headers.get('location') ?? '', running.url), {
      headers: {
        cookie: start.headers
          .getSetCookie()
          .map((cookie) => cookie.split(';')[0])
          .join('; '),
      },
    });
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(html).toContain('<html lang="en-GB">');
    for (const field of ['username', 'password']) {
      expect(html).toContain(`<label for="${field}">`);
      expect(html).toContain(`id="${field}"`);
    }
    expect(html).toContain('Computer Misuse Act 1990');
    expect(html).toContain('Demonstration');
    expect(html).not.toMatch(/<script|<img|<link|https?:\/\//);
  });

  it('an expired sign-in says so and what to do', async () => {
    const response = await fetch(`${running.url}/oidc/interaction/unknown`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('Nothing was lost');
  });
});
