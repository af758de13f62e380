import { createPrivateKey } from 'node:crypto';
import { exportJWK, type JWK } from 'jose';
import { Provider, interactionPolicy, type Configuration, type JWKS } from 'oidc-provider';
import type { IdentityDatabase } from './identity-tables.ts';
import { oidcArtifacts } from './oidc-artifacts.ts';
import { newPrivateKey, newRandomSecret, serviceSecret } from './service-secrets.ts';
import { messagePage, pageHeaders } from './sign-in-page.ts';
import type { SignInAccount, SignInAccounts } from './sign-in-accounts.ts';

/** The desktop: a public client; it proves itself by PKCE alone. */
export const DESKTOP_CLIENT = 'gladstone-desktop';
/** Import, seed and operations: client credentials with a secret that lies in the service's data folder. */
const SYSTEM_CLIENT = 'gladstone-system';
/** Audience of every access token for the record. */
export const RECORD_AUDIENCE = 'urn:gladstone:record-service';
const RECORD_SCOPE = 'record';

const MINUTE = 60;
const DAY = 86_400;

export interface IdentityProviderKeys {
  readonly signing: JWKS;
  readonly cookieSecret: string;
}

export async function identityProviderKeys(
  database: IdentityDatabase,
  now: () => Date,
): Promise<IdentityProviderKeys> {
  const pem = await serviceSecret(database, 'oidc-signing-key', newPrivateKey, now);
  const jwk: JWK = await exportJWK(createPrivateKey(pem));
  const cookieSecret = await serviceSecret(database, 'oidc-cookie-secret', newRandomSecret, now);
  return {
    signing: { keys: [{ ...jwk, alg: 'ES256', use: 'sig', kid: 'gladstone-1' }] as JWKS['keys'] },
    cookieSecret,
  };
}

export interface IdentityProviderOptions {
  /** e.g. `http://127.0.0.1:8460/oidc` */
  readonly issuer: string;
  readonly database: IdentityDatabase;
  readonly accounts: SignInAccounts;
  readonly keys: IdentityProviderKeys;
  readonly systemSecret: string;
  readonly systemOrganisation: string;
  /** Whether a reverse proxy's `X-Forwarded-*` headers are to be believed. */
  readonly behindProxy: boolean;
  readonly now: () => Date;
}

/** The embedded OpenID Connect provider for demonstration and development. */
export function createIdentityProvider(options: IdentityProviderOptions): Provider {
  const policy = interactionPolicy.base();
  // One workstation, many people: a session in the browser never signs the next person in as the last one.
  policy
    .get('login')
    ?.checks.add(
      new interactionPolicy.Check('always_asked', 'every sign-in asks for the password', (ctx) =>
        ctx.oidc.result?.login === undefined
          ? interactionPolicy.Check.REQUEST_PROMPT
          : interactionPolicy.Check.NO_NEED_TO_PROMPT,
      ),
    );
  // Both clients are the service's own: there is no third party to consent to. A client that asks for the prompt
  // all the same (the usual way to `offline_access`) is let through by the routes.
  policy.get('consent')?.checks.clear();

  const configuration: Configuration = {
    adapter: oidcArtifacts(options.database, options.now),
    jwks: options.keys.signing,
    cookies: {
      keys: [options.keys.cookieSecret],
      long: { signed: true, httpOnly: true, sameSite: 'lax' },
      short: { signed: true, httpOnly: true, sameSite: 'lax' },
    },
    clients: [
      {
        client_id: DESKTOP_CLIENT,
        client_name: 'Gladstone desktop',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        // A native client's loopback address is good on any port (RFC 8252, 7.3).
        redirect_uris: ['http://127.0.0.1/callback'],
        response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token'],
        id_token_signed_response_alg: 'ES256',
      },
      {
        client_id: SYSTEM_CLIENT,
        client_name: 'Gladstone system work',
        client_secret: options.systemSecret,
        token_endpoint_auth_method: 'client_secret_basic',
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    scopes: ['openid', 'offline_access', 'profile'],
    claims: {
      openid: ['sub'],
      profile: ['name', 'organisation', 'role', 'practitioner_id', 'role_expires'],
    },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RECORD_AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          audience: RECORD_AUDIENCE,
          scope: RECORD_SCOPE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 10 * MINUTE,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    ttl: {
      AccessToken: 10 * MINUTE,
      AuthorizationCode: MINUTE,
      ClientCredentials: 10 * MINUTE,
      IdToken: 10 * MINUTE,
      Interaction: 15 * MINUTE,
      Session: 15 * MINUTE,
      // The lease: after fourteen days without the network a person signs in again (sync.md, Keys).
      Grant: 14 * DAY,
      RefreshToken: 14 * DAY,
    },
    rotateRefreshToken: true,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false,
    findAccount: async (_ctx, subject) => {
      const account = await options.accounts.find(subject);
      if (account === null || isExpired(account, options.now())) return undefined;
      return { accountId: subject, claims: () => ({ sub: subject, ...claimsOf(account) }) };
    },
    extraTokenClaims: async (ctx, token) => {
      if (token.kind === 'ClientCredentials') {
        return { name: 'Record service', organisation: options.systemOrganisation, role: 'system' };
      }
      const account = await options.accounts.find((token as { readonly accountId: string }).accountId);
      if (account === null) return undefined;
      const source = ctx.oidc.entities.RefreshToken ?? ctx.oidc.entities.AuthorizationCode;
      return { ...claimsOf(account), auth_time: source?.authTime };
    },
    loadExistingGrant: async (ctx) => {
      const { client, session, provider } = ctx.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid offline_access profile');
      grant.addResourceScope(RECORD_AUDIENCE, RECORD_SCOPE);
      await grant.save();
      return grant;
    },
    interactions: { policy, url: (_ctx, interaction) => `/oidc/interaction/${interaction.uid}` },
    renderError: (ctx, out) => {
      for (const [name, value] of Object.entries(pageHeaders)) ctx.set(name, value);
      ctx.body = messagePage(
        'You are not signed in',
        `${out.error_description ?? out.error}. Nothing was lost. Go back to Gladstone and sign in again.`,
      );
    },
  };

  const provider = new Provider(options.issuer, configuration);
  provider.proxy = options.behindProxy;
  return provider;
}

function isExpired(account: SignInAccount, now: Date): boolean {
  return account.roleExpires !== null && account.roleExpires.getTime() <= now.getTime();
}

function claimsOf(account: SignInAccount): Record<string, string> {
  return {
    name: account.name,
    organisation: account.organisation,
    role: account.role,
    practitioner_id: account.practitionerId,
    ...(account.roleExpires === null ? {} : { role_expires: account.roleExpires.toISOString() }),
  };
}
