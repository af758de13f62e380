import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { systemSecretPath } from '../../record-service/identity/system-secret.ts';

/** Tokens of one sign-in, as the desktop gets them. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly idToken: string;
}

/** Where the authorization code comes back to; nobody listens there, the redirect is read and not followed. */
const REDIRECT = 'http://127.0.0.1:49152/callback';

/**
 * Signs a person in without one: the real authorization code flow with PKCE, driven over HTTP. The sign-in page is
 * fetched, its form is filled in and sent, redirects are followed with their cookies.
 * @param serviceUrl e.g. `http://127.0.0.1:8460`
 * @throws Error with the page's own words when the sign-in is refused
 */
export async function signIn(
  serviceUrl: string,
  username: string,
  password = 'demonstration',
): Promise<Tokens> {
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const authorization = new URL('/oidc/auth', serviceUrl);
  authorization.search = new URLSearchParams({
    client_id: 'gladstone-desktop',
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'openid profile offline_access record',
    prompt: 'login consent',
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();

  const browser = new Browser();
  const form = await browser.follow(authorization.href);
  const action = /<form method="post" action="([^"]+)"/.exec(form.body)?.[1];
  if (action === undefined) throw new Error(`no sign-in form: ${wordsOf(form.body)}`);
  const answer = await browser.follow(
    new URL(action, form.url).href,
    new URLSearchParams({ username, password }).toString(),
  );
  const returned = new URL(answer.url);
  const code = returned.searchParams.get('code');
  if (code === null) throw new Error(`sign-in refused (${answer.status}): ${wordsOf(answer.body)}`);
  if (returned.searchParams.get('state') !== state) throw new Error('the state came back changed');
  return redeem(serviceUrl, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT,
    code_verifier: verifier,
  });
}

/** New tokens for a refresh token. */
export function refresh(serviceUrl: string, refreshToken: string): Promise<Tokens> {
  return redeem(serviceUrl, { grant_type: 'refresh_token', refresh_token: refreshToken });
}

export async function revoke(serviceUrl: string, token: string): Promise<void> {
  const response = await fetch(new URL('/oidc/token/revocation', serviceUrl), {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'gladstone-desktop', token }),
  });
  if (!response.ok) throw new Error(`revocation answered ${response.status}`);
}

/** Access token of the service's own client, with the secret from its data folder. */
export async function systemToken(serviceUrl: string, dataFolder: string): Promise<string> {
  const secret = (await readFile(systemSecretPath(dataFolder), 'utf8')).trim();
  const response = await fetch(new URL('/oidc/token', serviceUrl), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`gladstone-system:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'record' }),
  });
  const answer = (await response.json()) as { readonly access_token?: string };
  if (answer.access_token === undefined) throw new Error(`no system token: ${JSON.stringify(answer)}`);
  return answer.access_token;
}

async function redeem(serviceUrl: string, parameters: Readonly<Record<string, string>>): Promise<Tokens> {
  const response = await fetch(new URL('/oidc/token', serviceUrl), {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'gladstone-desktop', ...parameters }),
  });
  const answer = (await response.json()) as {
    readonly access_token?: string;
    readonly refresh_token?: string;
    readonly id_token?: string;
    readonly error?: string;
  };
  if (answer.access_token === undefined) throw new Error(`no token: ${answer.error ?? response.status}`);
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    idToken: answer.id_token ?? '',
  };
}

interface Visited {
  readonly url: string;
  readonly status: number;
  readonly body: string;
}

/** As much of a browser as a sign-in needs: cookies and redirects. */
class Browser {
  readonly #cookies = new Map<string, string>();

  async follow(start: string, form?: string): Promise<Visited> {
    let url = start;
    let body = form;
    for (let hop = 0; hop < 10; hop += 1) {
      const response = await fetch(url, {
        redirect: 'manual',
        headers: {
          cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        ...(body === undefined ? {} : { method: 'POST', body }),
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        if (value === '') this.#cookies.delete(name);
        else this.#cookies.set(name, value);
      }
      const location = response.headers.get('location');
      if (location === null) return { url, status: response.status, body: await response.text() };
      await response.arrayBuffer();
      url = new URL(location, url).href;
      body = undefined;
      if (url.startsWith(REDIRECT)) return { url, status: response.status, body: '' };
    }
    throw new Error('too many redirects');
  }
}

function wordsOf(html: string): string {
  const alert =
    /role="alert"[^>]*>([^<]*)</.exec(html)?.[1] ?? html.replaceAll(/<[^>]*>/g, ' ').slice(0, 300);
  return alert.replaceAll(/&#(\d+);/g, (_match, code: string) => String.fromCharCode(Number(code))).trim();
}
