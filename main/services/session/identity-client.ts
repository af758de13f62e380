import * as client from 'openid-client';
import * as v from 'valibot';
import { serviceDescriptionSchema } from '../../../contract/record-service.ts';
import { failure, success } from '../../../domain/result.ts';
import { listenForCallback } from './loopback-listener.ts';
import type { ServiceDescription } from '../../../contract/record-service.ts';
import type { Result } from '../../../domain/result.ts';

/** What an online sign-in gives. */
export interface SignedIn {
  readonly userId: string;
  readonly organisation: string;
  readonly tokens: Tokens;
  /** The service's time, ISO 8601. */
  readonly serviceTime: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly refreshToken: string | null;
}

export type SignInFailure = 'unreachable' | 'not-gladstone' | 'insecure' | 'cancelled' | 'refused';

/** Shows the sign-in page to the person; `closed` settles when they closed it (never for a system browser). */
export type ShowSignIn = (url: string) => Promise<{ readonly closed: Promise<void>; close(): void }>;

export interface IdentityClientOptions {
  readonly fetch: typeof globalThis.fetch;
  readonly wallMs: () => number;
}

const claimsSchema = v.object({ sub: v.string(), organisation: v.string() });

/** The record service's address as the person gave it: https, or plain http on this computer alone. */
export function serviceAddress(typed: string): Result<string, 'insecure'> {
  const url = new URL(typed);
  const isLoopback = url.hostname === '127.0.0.1' || url.hostname === 'localhost' || url.hostname === '[::1]';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) return failure('insecure');
  return success(`${url.origin}${url.pathname.replace(/\/+$/, '')}`);
}

/** Asks the record service who it is, and signs people in with its OpenID Connect provider (code flow with PKCE). */
export class IdentityClient {
  readonly #options: IdentityClientOptions;
  readonly #configurations = new Map<string, Promise<client.Configuration>>();

  constructor(options: IdentityClientOptions) {
    this.#options = options;
  }

  async describe(
    serviceUrl: string,
  ): Promise<
    Result<{ readonly description: ServiceDescription; readonly serviceTime: string }, SignInFailure>
  > {
    let response: Response;
    try {
      response = await this.#options.fetch(`${serviceUrl}/.well-known/gladstone`, {
        redirect: 'manual',
        cache: 'no-store',
        signal: AbortSignal.timeout(20_000),
      });
    } catch {
      return failure('unreachable');
    }
    try {
      const description = v.parse(serviceDescriptionSchema, await response.json());
      return success({ description, serviceTime: this.#timeOf(response) });
    } catch {
      return failure('not-gladstone');
    }
  }

  /** Resolves when the person is back, gave up, or `cancelled` did. */
  async signIn(
    serviceUrl: string,
    show: ShowSignIn,
    cancelled: Promise<void>,
  ): Promise<Result<SignedIn & { readonly description: ServiceDescription }, SignInFailure>> {
    const described = await this.describe(serviceUrl);
    if (!described.ok) return described;
    const { description, serviceTime } = described.value;
    let configuration: client.Configuration;
    try {
      configuration = await this.#configuration(description, serviceTime);
    } catch {
      return failure('unreachable');
    }
    const listener = await listenForCallback();
    try {
      const codeVerifier = client.randomPKCECodeVerifier();
      const state = client.randomState();
      const nonce = client.randomNonce();
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: listener.redirectUri,
        scope: 'openid profile offline_access',
        prompt: 'login',
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      const shown = await show(url.href);
      const closed = shown.closed.then(() => null);
      const back = await Promise.race([listener.callback, closed, cancelled.then(() => null)]);
      shown.close();
      if (back === null) return failure('cancelled');
      const granted = await client.authorizationCodeGrant(configuration, back, {
        pkceCodeVerifier: codeVerifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const claims = v.parse(claimsSchema, granted.claims());
      return success({
        userId: claims.sub,
        organisation: claims.organisation,
        tokens: tokensOf(granted),
        serviceTime,
        description,
      });
    } catch {
      // The provider's words may name accounts; the person is told in ours.
      return failure('refused');
    } finally {
      listener.close();
    }
  }

  /** `refused`: the person has to sign in again. */
  async refresh(
    serviceUrl: string,
    refreshToken: string,
  ): Promise<Result<Tokens, 'unreachable' | 'refused'>> {
    const described = await this.describe(serviceUrl);
    if (!described.ok) return failure('unreachable');
    try {
      const { description, serviceTime } = described.value;
      const configuration = await this.#configuration(description, serviceTime);
      return success(tokensOf(await client.refreshTokenGrant(configuration, refreshToken)));
    } catch (error) {
      return failure(error instanceof client.ResponseBodyError ? 'refused' : 'unreachable');
    }
  }

  /** Tells the provider that the token is no longer wanted; silent when it cannot be told. */
  async revoke(serviceUrl: string, refreshToken: string): Promise<void> {
    const described = await this.describe(serviceUrl);
    if (!described.ok) return;
    try {
      const { description, serviceTime } = described.value;
      await client.tokenRevocation(await this.#configuration(description, serviceTime), refreshToken);
    } catch {
      // It ends by itself with the lease.
    }
  }

  #configuration(description: ServiceDescription, serviceTime: string): Promise<client.Configuration> {
    const key = `${description.issuer} ${description.clientId}`;
    const known = this.#configurations.get(key);
    if (known !== undefined) return known;
    const issuer = new URL(description.issuer);
    // A computer whose clock is days off signs in all the same (sync-bugs M14): tokens are read by the service's time.
    const clockSkew = Math.round((Date.parse(serviceTime) - this.#options.wallMs()) / 1_000);
    const made = client.discovery(
      issuer,
      description.clientId,
      { [client.clockSkew]: clockSkew, [client.clockTolerance]: 60 },
      client.None(),
      {
        [client.customFetch]: this.#options.fetch as unknown as client.CustomFetch,
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated only so as to be noticed
        execute: isPlainHttpHere(description.issuer) ? [client.allowInsecureRequests] : [],
      },
    );
    this.#configurations.set(key, made);
    made.catch(() => this.#configurations.delete(key));
    return made;
  }

  #timeOf(response: Response): string {
    const told = Date.parse(response.headers.get('date') ?? '');
    return new Date(Number.isNaN(told) ? this.#options.wallMs() : told).toISOString();
  }
}

/** Plain http is for a service on this very computer. */
function isPlainHttpHere(issuer: string): boolean {
  return issuer.startsWith('http:') && serviceAddress(issuer).ok;
}

function tokensOf(granted: client.TokenEndpointResponse): Tokens {
  return {
    accessToken: granted.access_token,
    expiresInSeconds: granted.expires_in ?? 60,
    refreshToken: granted.refresh_token ?? null,
  };
}
