import { failure, success } from '../../../domain/result.ts';
import { sealFrame } from '../journal/sealed-frame.ts';
import { makeRing, openRings, ringClassesOf, wrapToEntitled } from './key-rings.ts';
import { beginLease, correctLease, leaseState } from './lease.ts';
import { keyFromSecret, newArgonParameters } from './passphrase.ts';
import { CannotOpen, makeKeyPair, seal, unseal } from './sealing.ts';
import { ownKeyOf, unlockedKeys } from './unlocked-keys.ts';
import { bytesOf, certificateInFile, fromText, sealedUnderSecret, text } from './vault-content.ts';
import { vaultFormat } from './vault-file.ts';
import { VaultStore } from './vault-store.ts';
import { WarmKeys } from './warm-keys.ts';
import type { EnrolDeviceAnswer } from '../../../contract/record-service.ts';
import type { Result } from '../../../domain/result.ts';
import type { AuthorCertificate } from '../../../domain/sync/operation.ts';
import type { DurableFiles } from '../storage/durable-files.ts';
import type { Keystore } from './keystore.ts';
import type { LeaseState } from './lease.ts';
import type { KeyPair } from './sealing.ts';
import type { UnlockedKeys } from './unlocked-keys.ts';
import type { UserInFile, VaultFile } from './vault-file.ts';
import type { VaultError } from './vault-store.ts';

export interface VaultClock {
  /** Milliseconds since 1970 by this computer's clock. */
  readonly wallMs: () => number;
  /** Milliseconds that only rise. */
  readonly monotonicMs: () => number;
}

export interface VaultOptions {
  readonly files: DurableFiles;
  /** The bag's folder. */
  readonly directory: string;
  readonly keystore: Keystore;
  readonly clock: VaultClock;
  /** Version of this build. */
  readonly build: string;
}

export type { VaultError };

export type UnlockError =
  | { readonly code: 'unknown-user' }
  | { readonly code: 'wrong-passphrase' }
  | { readonly code: 'wrong-pin'; readonly triesLeft: number }
  | { readonly code: 'pin-not-available' }
  | { readonly code: 'lease-expired' }
  | { readonly code: 'revoked' };

/** What an online sign-in established about a person; see session. */
export interface Enrolment {
  readonly certificate: AuthorCertificate;
  readonly signingKey: KeyPair;
  readonly refreshToken: string | null;
  /** The service's time at sign-in, ISO 8601. */
  readonly serviceTime: string;
}

/** The PIN is for a person who comes back to a locked screen, not for a thief with time. */
const pinTries = 5;

/**
 * The keys of one bag (one organisation on this computer), on disk as one small file that is replaced whole.
 *
 * A person's own key is opened by passphrase. A PIN opens it only while the process lives and nobody signed out or
 * suspended, and only where a real keystore holds its half; its tries are counted on disk, before each try.
 */
export class Vault {
  readonly #options: VaultOptions;
  readonly #warm: WarmKeys;
  readonly #store: VaultStore;
  #leaseReadAtMs: number;

  private constructor(options: VaultOptions, store: VaultStore) {
    this.#options = options;
    this.#store = store;
    this.#warm = new WarmKeys(options.keystore);
    this.#leaseReadAtMs = options.clock.monotonicMs();
  }

  static async open(options: VaultOptions): Promise<Result<Vault, VaultError>> {
    const store = await VaultStore.open(options);
    return store.ok ? success(new Vault(options, store.value)) : failure(store.error);
  }

  /** A bag without anybody in it yet. */
  static async create(
    options: VaultOptions,
    bag: {
      readonly organisation: string;
      readonly organisationName: string;
      readonly serviceUrl: string;
      readonly syncBase: string;
      readonly device: EnrolDeviceAnswer;
    },
  ): Promise<Vault> {
    await options.files.makeDirectory(options.directory);
    const store = await VaultStore.create(options, {
      format: vaultFormat,
      writtenBy: options.build,
      ...bag,
      keystoreBackend: await options.keystore.backend(),
      users: [],
      rings: [],
      revoked: false,
      wiped: false,
    });
    return new Vault(options, store);
  }

  get file(): VaultFile {
    return this.#store.file;
  }

  user(userId: string): UserInFile | undefined {
    return this.#store.file.users.find((user) => user.userId === userId);
  }

  canUnlockWarm(userId: string): boolean {
    const pin = this.user(userId)?.pin;
    return pin != null && pin.failedTries < pinTries && this.#warm.has(userId);
  }

  /**
   * Notes the keystore that is there now. `changed` when another one sealed before: what it held is gone, and the
   * passphrase is asked, never anything weaker (sync-bugs S8).
   */
  async checkKeystore(): Promise<{ readonly backend: string; readonly changed: boolean }> {
    const backend = await this.#options.keystore.backend();
    const changed = backend !== this.#store.file.keystoreBackend;
    if (changed) {
      this.#warm.forgetAll();
      await this.#store.update((file) => ({ ...file, keystoreBackend: backend }));
    }
    return { backend, changed };
  }

  /** Adds a person (or gives one whose key is lost a new one) with their passphrase, and opens the bag for them. */
  async enrol(enrolment: Enrolment, passphrase: string, pin: string | undefined): Promise<UnlockedKeys> {
    const { author } = enrolment.certificate;
    const pair = makeKeyPair();
    const ownKey = ownKeyOf(pair.privateKey);
    const person = { userId: author.userId, role: author.role, publicKey: pair.publicKey };
    const others = this.#store.file.users.filter((user) => user.userId !== author.userId);
    const holders = [...others, person];
    const kept = this.#store.file.rings.map((ring) => ({
      ...ring,
      wraps: ring.wraps.filter((wrap) => wrap.userId !== author.userId),
    }));
    const made = ringClassesOf(person).map((ringClass) => makeRing(ringClass, kept, holders));
    const cacheClass = ringClassesOf(person).includes('clinical') ? 'clinical' : 'directory';
    const cacheRing = made.find((ring) => ring.ringClass === cacheClass);
    if (cacheRing === undefined) throw new Error('every role has a ring for its cache');
    const user: UserInFile = {
      userId: author.userId,
      practitionerId: author.practitionerId,
      name: author.name,
      role: author.role,
      publicKey: pair.publicKey,
      passphrase: await sealedUnderSecret(passphrase, pair.privateKey),
      pin: pin === undefined ? null : await this.#pinInFile(pin, ownKey),
      signing: {
        certificate: certificateInFile(enrolment.certificate),
        sealed: text(seal(ownKey, enrolment.signingKey.privateKey)),
      },
      refreshToken:
        enrolment.refreshToken === null ? null : text(seal(ownKey, bytesOf(enrolment.refreshToken))),
      cacheRingId: cacheRing.ringId,
      lease: this.#newLease(enrolment.serviceTime),
      keyBackupToSend: text(this.#keyBackup(author.userId, pair.privateKey)),
    };
    await this.#store.update((file) => ({
      ...file,
      revoked: false,
      rings: [...kept, ...made],
      users: [...others, user],
    }));
    const keys = this.#openFor(user, pair.privateKey);
    if (pin !== undefined)
      await this.#warm.keep(user.userId, await this.#pinKey(user, ownKey), pair.privateKey);
    return keys;
  }

  async unlockByPassphrase(userId: string, passphrase: string): Promise<Result<UnlockedKeys, UnlockError>> {
    const user = this.user(userId);
    if (user === undefined) return failure({ code: 'unknown-user' });
    const refusal = this.#refusal(user);
    if (refusal !== null) return failure(refusal);
    let privateKey: Uint8Array;
    try {
      const key = await keyFromSecret(passphrase, user.passphrase.parameters);
      privateKey = unseal(key, fromText(user.passphrase.sealed));
    } catch (error) {
      if (error instanceof CannotOpen) return failure({ code: 'wrong-passphrase' });
      throw error;
    }
    return success(await this.#unlocked(user, privateKey));
  }

  /** `whileWorkIsOpen`: an open consultation may be finished though the lease has run out. */
  async unlockByPin(
    userId: string,
    pin: string,
    whileWorkIsOpen = false,
  ): Promise<Result<UnlockedKeys, UnlockError>> {
    const user = this.user(userId);
    if (user === undefined) return failure({ code: 'unknown-user' });
    const refusal = this.#refusal(user);
    if (refusal !== null && !(refusal.code === 'lease-expired' && whileWorkIsOpen)) return failure(refusal);
    if (user.pin === null || !this.canUnlockWarm(userId)) return failure({ code: 'pin-not-available' });
    const failedTries = user.pin.failedTries + 1;
    // Counted before it is tried: killing the program gives no further try.
    await this.#store.updateUser(userId, { pin: { ...user.pin, failedTries } });
    const key = await keyFromSecret(pin, user.pin.parameters);
    const privateKey = await this.#warm.open(userId, key);
    if (privateKey === null) {
      if (failedTries >= pinTries) this.#warm.forget(userId);
      return failure({ code: 'wrong-pin', triesLeft: pinTries - failedTries });
    }
    return success(await this.#unlocked(this.user(userId) ?? user, privateKey));
  }

  /** The escrow gave the person's own key back: a new passphrase is set and the bag opens. */
  async recover(
    userId: string,
    privateKey: Uint8Array,
    passphrase: string,
    pin: string | undefined,
  ): Promise<Result<UnlockedKeys, UnlockError>> {
    const user = this.user(userId);
    if (user === undefined) return failure({ code: 'unknown-user' });
    try {
      openRings(this.#store.file.rings, userId, privateKey);
    } catch (error) {
      if (error instanceof CannotOpen) return failure({ code: 'unknown-user' });
      throw error;
    }
    await this.#store.updateUser(userId, {
      passphrase: await sealedUnderSecret(passphrase, privateKey),
      pin: pin === undefined ? null : await this.#pinInFile(pin, ownKeyOf(privateKey)),
    });
    return success(await this.#unlocked(this.user(userId) ?? user, privateKey));
  }

  /** The keys as the file now has them: after a renewal, or when somebody else got a ring. */
  reopen(keys: UnlockedKeys): UnlockedKeys {
    const user = this.user(keys.user.userId);
    if (user === undefined) throw new Error('a person at work stands in the vault');
    return this.#openFor(user, keys.privateKey);
  }

  async keepSigningKey(
    keys: UnlockedKeys,
    certificate: AuthorCertificate,
    signingKey: KeyPair,
  ): Promise<void> {
    await this.#store.updateUser(keys.user.userId, {
      signing: {
        certificate: certificateInFile(certificate),
        sealed: text(seal(keys.ownKey, signingKey.privateKey)),
      },
    });
  }

  /** After an online sign-in: the lease begins anew, and the token, key and certificate are kept. */
  async renew(
    keys: UnlockedKeys,
    renewal: Partial<Enrolment> & { readonly serviceTime: string },
  ): Promise<void> {
    const { certificate, signingKey, refreshToken } = renewal;
    await this.#store.updateUser(keys.user.userId, {
      lease: this.#newLease(renewal.serviceTime),
      ...(refreshToken != null && { refreshToken: text(seal(keys.ownKey, bytesOf(refreshToken))) }),
      ...(certificate !== undefined &&
        signingKey !== undefined && {
          name: certificate.author.name,
          role: certificate.author.role,
          practitionerId: certificate.author.practitionerId,
          signing: {
            certificate: certificateInFile(certificate),
            sealed: text(seal(keys.ownKey, signingKey.privateKey)),
          },
        }),
    });
    await this.#store.update((file) => ({ ...file, revoked: false }));
  }

  /** A sign-in that found the bag locked: opens nothing, but the lease and the revocation are settled. */
  async renewLease(userId: string, serviceTime: string): Promise<void> {
    await this.#store.updateUser(userId, { lease: this.#newLease(serviceTime) });
    await this.#store.update((file) => ({ ...file, revoked: false }));
  }

  async keepRefreshToken(keys: UnlockedKeys, refreshToken: string): Promise<void> {
    await this.#store.updateUser(keys.user.userId, {
      refreshToken: text(seal(keys.ownKey, bytesOf(refreshToken))),
    });
  }

  refreshToken(keys: UnlockedKeys): string | null {
    const sealed = this.user(keys.user.userId)?.refreshToken ?? null;
    return sealed === null ? null : Buffer.from(unseal(keys.ownKey, fromText(sealed))).toString('utf8');
  }

  async forgetRefreshToken(userId: string): Promise<void> {
    await this.#store.updateUser(userId, { refreshToken: null });
  }

  /** The escrow holds the key backup durably. */
  async keyBackupReceived(userId: string): Promise<void> {
    await this.#store.updateUser(userId, { keyBackupToSend: null });
  }

  /** Another device id after `device-forked`. */
  async changeDevice(device: EnrolDeviceAnswer): Promise<void> {
    await this.#store.update((file) => ({ ...file, device }));
  }

  async nameOrganisation(organisationName: string): Promise<void> {
    if (organisationName !== this.#store.file.organisationName) {
      await this.#store.update((file) => ({ ...file, organisationName }));
    }
  }

  lease(userId: string): LeaseState | null {
    const user = this.user(userId);
    if (user === undefined) return null;
    const { wallMs, monotonicMs } = this.#options.clock;
    return leaseState(user.lease, wallMs(), monotonicMs() - this.#leaseReadAtMs);
  }

  /** Persists the high-water marks; to be called now and then, and when the service's time is heard. */
  async keepLeases(serviceTime?: string): Promise<void> {
    const { wallMs, monotonicMs } = this.#options.clock;
    const ran = monotonicMs() - this.#leaseReadAtMs;
    this.#leaseReadAtMs = monotonicMs();
    await this.#store.update((file) => ({
      ...file,
      users: file.users.map((user) => {
        const lease = { ...user.lease, elapsedMs: leaseState(user.lease, wallMs(), ran).elapsedMs };
        return {
          ...user,
          lease: serviceTime === undefined ? lease : correctLease(lease, serviceTime, wallMs()),
        };
      }),
    }));
  }

  async revoke(): Promise<void> {
    this.#warm.forgetAll();
    await this.#store.update((file) => ({ ...file, revoked: true }));
  }

  /** Sign-out and suspend: nothing opens without the passphrase. */
  forgetWarmKeys(): void {
    this.#warm.forgetAll();
  }

  /** Keys first: whatever happens to the files afterwards, nothing in them opens again. */
  async destroyKeys(): Promise<void> {
    this.#warm.forgetAll();
    await this.#store.update((file) => ({ ...file, wiped: true, users: [], rings: [] }));
  }

  #refusal(user: UserInFile): UnlockError | null {
    if (this.#store.file.revoked) return { code: 'revoked' };
    return this.lease(user.userId)?.expired === true ? { code: 'lease-expired' } : null;
  }

  async #unlocked(user: UserInFile, privateKey: Uint8Array): Promise<UnlockedKeys> {
    const ownKey = ownKeyOf(privateKey);
    if (user.pin !== null) {
      await this.#warm.keep(user.userId, await this.#pinKey(user, ownKey), privateKey);
      if (user.pin.failedTries > 0) {
        await this.#store.updateUser(user.userId, { pin: { ...user.pin, failedTries: 0 } });
      }
    }
    await this.#shareRings(user.userId, privateKey);
    return this.#openFor(this.user(user.userId) ?? user, privateKey);
  }

  /** People who joined while no holder of a ring was at work get it now; those who left a role lose it. */
  async #shareRings(userId: string, privateKey: Uint8Array): Promise<void> {
    const opened = new Map(
      openRings(this.#store.file.rings, userId, privateKey).map((ring) => [ring.ringId, ring]),
    );
    const rings = this.#store.file.rings.map((ring) => {
      const own = opened.get(ring.ringId);
      return own === undefined ? ring : wrapToEntitled(ring, own, this.#store.file.users);
    });
    if (JSON.stringify(rings) !== JSON.stringify(this.#store.file.rings)) {
      await this.#store.update((file) => ({ ...file, rings }));
    }
  }

  #openFor(user: UserInFile, privateKey: Uint8Array): UnlockedKeys {
    const rings = openRings(this.#store.file.rings, user.userId, privateKey);
    const signingKey = unseal(ownKeyOf(privateKey), fromText(user.signing.sealed));
    return unlockedKeys(this.#store.file, user, privateKey, rings, signingKey);
  }

  async #pinInFile(pin: string, ownKey: Uint8Array): Promise<UserInFile['pin']> {
    const parameters = newArgonParameters('pin');
    return { parameters, sealed: text(seal(ownKey, await keyFromSecret(pin, parameters))), failedTries: 0 };
  }

  #pinKey(user: UserInFile, ownKey: Uint8Array): Promise<Uint8Array> {
    if (user.pin === null) throw new Error('this user has no PIN');
    return Promise.resolve(unseal(ownKey, fromText(user.pin.sealed)));
  }

  #keyBackup(userId: string, privateKey: Uint8Array): Uint8Array {
    const { device } = this.#store.file;
    return sealFrame({
      kind: 'key-backup',
      userId,
      since: new Date(this.#options.clock.wallMs()).toISOString(),
      facts: { deviceId: device.deviceId },
      content: bytesOf(JSON.stringify({ userId, privateKey: text(privateKey) })),
      escrow: { keyId: device.escrowKeyId, publicKey: device.escrowPublicKey },
    }).bytes;
  }

  #newLease(serviceTime: string): UserInFile['lease'] {
    return beginLease(this.#store.file.device.policy.leaseDays, serviceTime, this.#options.clock.wallMs());
  }
}
