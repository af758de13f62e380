import { CannotOpen, seal, unseal } from './sealing.ts';
import { noBackend } from './keystore.ts';
import type { Keystore } from './keystore.ts';

/**
 * People's keys while their screen is locked and the process lives: sealed under the PIN's key, and that again by
 * the system's keystore. Nothing of it is on disk. Without a keystore nothing is kept: the passphrase alone opens.
 */
export class WarmKeys {
  readonly #keystore: Keystore;
  readonly #kept = new Map<string, Uint8Array>();

  constructor(keystore: Keystore) {
    this.#keystore = keystore;
  }

  has(userId: string): boolean {
    return this.#kept.has(userId);
  }

  async keep(userId: string, pinKey: Uint8Array, privateKey: Uint8Array): Promise<void> {
    if ((await this.#keystore.backend()) === noBackend) return;
    try {
      this.#kept.set(userId, await this.#keystore.seal(seal(pinKey, privateKey)));
    } catch {
      this.#kept.delete(userId);
    }
  }

  /** Null where the PIN is wrong or the keystore no longer opens. */
  async open(userId: string, pinKey: Uint8Array): Promise<Uint8Array | null> {
    const kept = this.#kept.get(userId);
    if (kept === undefined) return null;
    try {
      return unseal(pinKey, await this.#keystore.open(kept));
    } catch (error) {
      if (!(error instanceof CannotOpen)) this.#kept.delete(userId);
      return null;
    }
  }

  forget(userId: string): void {
    this.#kept.delete(userId);
  }

  forgetAll(): void {
    this.#kept.clear();
  }
}
