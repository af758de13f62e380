import { failure, success } from '../../../domain/result.ts';
import type { Answered } from '../sync/ports.ts';
import type { AccessTokens } from '../record-client/record-client.ts';
import type { IdentityClient, Tokens } from './identity-client.ts';

export interface OnlineSessionOptions {
  readonly identity: IdentityClient;
  readonly serviceUrl: string;
  readonly monotonicMs: () => number;
  /** The provider gave another refresh token: the old one is spent. Sealed before it is used again. */
  readonly keepRefreshToken: (refreshToken: string) => Promise<void>;
  /** `onlineSignInNeeded` changed. */
  readonly changed: () => void;
}

/** Renewed this long before the end, so that no request starts with a token that ends on the way. */
const marginMs = 30_000;

/** One person's tokens. They stay in main; when they end, a person signs in and work goes on meanwhile. */
export class OnlineSession implements AccessTokens {
  readonly #options: OnlineSessionOptions;
  #access: { readonly token: string; readonly endsAtMs: number } | null = null;
  #refreshToken: string | null;
  #renewing: Promise<Answered<string | null>> | null = null;

  constructor(options: OnlineSessionOptions, refreshToken: string | null) {
    this.#options = options;
    this.#refreshToken = refreshToken;
  }

  get signInNeeded(): boolean {
    return this.#refreshToken === null && this.#access === null;
  }

  get refreshToken(): string | null {
    return this.#refreshToken;
  }

  take(tokens: Tokens): void {
    const { monotonicMs } = this.#options;
    this.#access = {
      token: tokens.accessToken,
      endsAtMs: monotonicMs() + tokens.expiresInSeconds * 1_000 - marginMs,
    };
    this.#refreshToken = tokens.refreshToken ?? this.#refreshToken;
    this.#options.changed();
  }

  current(): Promise<Answered<string | null>> {
    if (this.#access !== null && this.#access.endsAtMs > this.#options.monotonicMs()) {
      return Promise.resolve(success(this.#access.token));
    }
    this.#access = null;
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  refused(token: string): void {
    if (this.#access?.token === token) this.#access = null;
  }

  end(): void {
    this.#access = null;
    this.#refreshToken = null;
  }

  async #renew(): Promise<Answered<string | null>> {
    const spent = this.#refreshToken;
    if (spent === null) return success(null);
    const renewed = await this.#options.identity.refresh(this.#options.serviceUrl, spent);
    // Signed out, or signed in anew, meanwhile.
    if (this.#refreshToken !== spent) return success(this.#access?.token ?? null);
    if (!renewed.ok) {
      if (renewed.error === 'unreachable') return failure({ kind: 'unreachable' });
      this.#refreshToken = null;
      this.#options.changed();
      return success(null);
    }
    if (renewed.value.refreshToken !== null) await this.#options.keepRefreshToken(renewed.value.refreshToken);
    this.take(renewed.value);
    return success(renewed.value.accessToken);
  }
}
