import type { FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import type { Provider } from 'oidc-provider';
import type { RecordStore } from '../store/record-store.ts';
import { systemActor, type Authenticator } from './actor.ts';
import {
  createAuthenticator,
  discoverIssuer,
  embeddedIssuer,
  ownClaimNames,
  type ClaimNames,
  type TrustedIssuer,
} from './authenticator.ts';
import { demoOrganisation } from '../seed/demo-practice.ts';
import { DEMONSTRATION_PASSWORD, ensureDemonstrationAccounts } from './demonstration-accounts.ts';
import {
  createIdentityProvider,
  DESKTOP_CLIENT,
  identityProviderKeys,
  RECORD_AUDIENCE,
} from './identity-provider.ts';
import { identityRoutes } from './identity-routes.ts';
import { identityDatabase } from './identity-tables.ts';
import { createSignInAccounts } from './sign-in-accounts.ts';
import { ensureSystemSecret } from './system-secret.ts';
import { roles } from '../../domain/sync/operation.ts';

/** An identity provider elsewhere (NHS Care Identity Service 2 in production). Without it the embedded one is used. */
export interface ExternalIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly clientId: string;
  readonly claims?: Partial<ClaimNames>;
  /** The issuer's role names → ours; ours by default, without `system`. */
  readonly roleNames?: TrustedIssuer['roleNames'];
}

export interface IdentityOptions {
  readonly store: RecordStore;
  /** Where the system client's secret lies. */
  readonly dataFolder: string;
  readonly external?: ExternalIssuer;
  /** The address under which clients reach the service; its own loopback address by default. */
  readonly publicUrl?: string;
  readonly behindProxy?: boolean;
  readonly demonstrationPassword?: string;
  readonly now?: () => Date;
}

export interface Identity {
  readonly authenticate: Authenticator;
  /** Known once the service listens. */
  readonly issuer: () => string;
  readonly clientId: string;
  /** The address under which clients reach the service; known once it listens. */
  readonly serviceUrl: () => string;
}

/** Sets up sign-in for the service: keys, accounts and routes of the embedded provider, or trust in another one. */
export async function registerIdentity(app: FastifyInstance, options: IdentityOptions): Promise<Identity> {
  const now = options.now ?? (() => new Date());
  const serviceUrl = (): string => options.publicUrl ?? ownAddress(app);
  if (options.external !== undefined) return trustExternal(options.external, serviceUrl, now);

  const database = identityDatabase(options.store);
  const password = options.demonstrationPassword ?? DEMONSTRATION_PASSWORD;
  await ensureDemonstrationAccounts(database, password, now);
  const keys = await identityProviderKeys(database, now);
  const systemSecret = await ensureSystemSecret(options.dataFolder);
  const accounts = createSignInAccounts(database, now);
  const issuer = (): string => `${serviceUrl()}/oidc`;

  let provider: Provider | undefined;
  await identityRoutes(app, {
    provider: () =>
      (provider ??= createIdentityProvider({
        issuer: issuer(),
        database,
        accounts,
        keys,
        systemSecret,
        systemOrganisation: demoOrganisation.odsCode,
        behindProxy: options.behindProxy ?? false,
        now,
      })),
    accounts,
    demonstration: { accounts: roles, password },
    nobody: { ...systemActor(demoOrganisation.odsCode), userId: 'unknown', name: 'No such account' },
    audit: (actor, entry) => options.store.auditReads({ organisation: actor.organisation, actor }, [entry]),
  });

  const publicKeys = {
    keys: keys.signing.keys.map(({ kty, crv, x, y, kid, alg, use }) => ({ kty, crv, x, y, kid, alg, use })),
  };
  const trusted = embeddedIssuer(issuer, RECORD_AUDIENCE, publicKeys as Parameters<typeof embeddedIssuer>[2]);
  return { authenticate: createAuthenticator(trusted, now), issuer, clientId: DESKTOP_CLIENT, serviceUrl };
}

async function trustExternal(
  external: ExternalIssuer,
  serviceUrl: () => string,
  now: () => Date,
): Promise<Identity> {
  const trusted = await discoverIssuer(
    external.issuer,
    external.audience,
    { ...ownClaimNames, ...external.claims },
    external.roleNames ?? Object.fromEntries(roles.map((role) => [role, role])),
  );
  return {
    authenticate: createAuthenticator(trusted, now),
    issuer: () => external.issuer,
    clientId: external.clientId,
    serviceUrl,
  };
}

function ownAddress(app: FastifyInstance): string {
  const address: AddressInfo | string | null = app.server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('the service knows its own address only once it listens, or from publicUrl');
  }
  return `http://127.0.0.1:${address.port}`;
}
