import {
  createLocalJWKSet,
  createRemoteJWKSet,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { roles, type Role } from '../../domain/sync/operation.ts';
import { activitiesOf } from './activities.ts';
import { AuthenticationError, type Actor, type Authenticator } from './actor.ts';

/** Where an issuer's token says what; names differ between providers. */
export interface ClaimNames {
  readonly name: string;
  /** ODS code. */
  readonly organisation: string;
  readonly role: string;
  readonly practitionerId: string;
  readonly roleExpires: string;
}

export const ownClaimNames: ClaimNames = {
  name: 'name',
  organisation: 'organisation',
  role: 'role',
  practitionerId: 'practitioner_id',
  roleExpires: 'role_expires',
};

export interface TrustedIssuer {
  /** Asked at each verification: the embedded provider's own address is known only once it listens. */
  readonly issuer: () => string;
  readonly audience: string;
  readonly keys: JWTVerifyGetKey;
  readonly claims: ClaimNames;
  /** The issuer's name of a role (e.g. an SDS job role code) → ours. A value that is not listed grants nothing. */
  readonly roleNames: Readonly<Record<string, Role | 'system'>>;
}

const ownRoleNames: TrustedIssuer['roleNames'] = {
  ...(Object.fromEntries(roles.map((role) => [role, role])) as Record<Role, Role>),
  system: 'system',
};

/** An issuer elsewhere, by its discovery document. Its keys are fetched when first needed and cached. */
export async function discoverIssuer(
  issuer: string,
  audience: string,
  claims: ClaimNames,
  roleNames: TrustedIssuer['roleNames'],
): Promise<TrustedIssuer> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`the identity provider's discovery document answered ${response.status}`);
  const document = (await response.json()) as { readonly issuer?: unknown; readonly jwks_uri?: unknown };
  if (document.issuer !== issuer || typeof document.jwks_uri !== 'string') {
    throw new Error('the identity provider names itself differently from the configured issuer');
  }
  return {
    issuer: () => issuer,
    audience,
    keys: createRemoteJWKSet(new URL(document.jwks_uri)),
    claims,
    roleNames,
  };
}

export function embeddedIssuer(
  issuer: () => string,
  audience: string,
  publicKeys: Parameters<typeof createLocalJWKSet>[0],
): TrustedIssuer {
  return {
    issuer,
    audience,
    keys: createLocalJWKSet(publicKeys),
    claims: ownClaimNames,
    roleNames: ownRoleNames,
  };
}

const algorithms = ['ES256', 'ES384', 'RS256', 'RS384', 'RS512', 'PS256', 'EdDSA'];

/** Verifies signature, issuer, audience and times of an access token, then who it makes of its bearer. */
export function createAuthenticator(trusted: TrustedIssuer, now: () => Date): Authenticator {
  return async (authorizationHeader, organisation) => {
    const token = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(authorizationHeader ?? '')?.[1];
    if (token === undefined) throw unauthenticated('Sign in first.');
    const payload = await verify(token, trusted, now());
    const actor = actorOf(payload, trusted, now());
    if (actor.organisation !== organisation) {
      throw new AuthenticationError('wrong-organisation', 'You are signed in for another organisation.');
    }
    return actor;
  };
}

async function verify(token: string, trusted: TrustedIssuer, now: Date): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, trusted.keys, {
      issuer: trusted.issuer(),
      audience: trusted.audience,
      algorithms,
      currentDate: now,
      clockTolerance: 5,
      requiredClaims: ['sub', 'exp'],
    });
    return payload;
  } catch (error) {
    // Which check failed helps an attacker more than a clinician; the cause is for the log.
    throw Object.assign(unauthenticated('Your sign-in is no longer valid. Sign in again.'), { cause: error });
  }
}

function actorOf(payload: JWTPayload, trusted: TrustedIssuer, now: Date): Actor {
  const text = (claim: string): string => {
    const value = payload[claim];
    return typeof value === 'string' ? value : '';
  };
  // Own names only: `constructor` is no role.
  const named = text(trusted.claims.role);
  const role = Object.hasOwn(trusted.roleNames, named) ? trusted.roleNames[named] : undefined;
  if (role === undefined) throw unauthenticated('Your sign-in names no role that may use this record.');
  const roleExpires = text(trusted.claims.roleExpires);
  if (roleExpires !== '' && !(Date.parse(roleExpires) > now.getTime())) {
    throw unauthenticated('Your role here has ended. Your work is kept; ask the practice to renew it.');
  }
  const authenticated = payload['auth_time'];
  return {
    userId: payload.sub ?? '',
    practitionerId: text(trusted.claims.practitionerId),
    name: text(trusted.claims.name),
    organisation: text(trusted.claims.organisation),
    role,
    activities: activitiesOf(role),
    ...(roleExpires === '' ? {} : { roleExpires }),
    ...(typeof authenticated === 'number'
      ? { authenticatedAt: new Date(authenticated * 1_000).toISOString() }
      : {}),
  };
}

function unauthenticated(message: string): AuthenticationError {
  return new AuthenticationError('unauthenticated', message);
}
