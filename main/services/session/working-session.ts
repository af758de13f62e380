import { randomUUID } from 'node:crypto';
import { RecordClient } from '../record-client/record-client.ts';
import { makeAuthorKey } from '../vault/author-key.ts';
import { KeyBackupUpload } from './key-backup-upload.ts';
import { OnlineSession } from './online-session.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { SignedInUser } from '../../../contract/channels/session.ts';
import type { EnrolDeviceAnswer } from '../../../contract/record-service.ts';
import type { DeviceId, OperationId } from '../../../domain/identifiers.ts';
import type { Result } from '../../../domain/result.ts';
import type { AuditedAction, OfflineAudit } from '../audit/offline-audit.ts';
import type { AuthorSigner, Journal } from '../journal/journal.ts';
import type { DeviceKeeper } from '../sync/ports.ts';
import type { LeaseState } from '../vault/lease.ts';
import type { UnlockedKeys } from '../vault/unlocked-keys.ts';
import type { Bag } from './bag.ts';
import type { Enrolling } from './enrolling.ts';
import type { IdentityClient } from './identity-client.ts';
import { writeWorkFile } from './work-file.ts';
import { importWork, recoverLostWork } from './work-import.ts';
import type { ImportReport } from './work-import.ts';
import type { OpenBag } from './open-bag.ts';
import type { SessionOptions } from './session-service.ts';

export interface WorkingSessionParts {
  readonly bag: Bag;
  readonly keys: UnlockedKeys;
  readonly identity: IdentityClient;
  readonly options: SessionOptions;
  /** The online sign-in that came just before, if there was one. */
  readonly fresh: Enrolling | null;
  readonly changed: () => void;
  readonly wiped: () => Promise<void>;
  readonly revoked: () => Promise<void>;
}

/** The engine that gave the order may still say that it was carried out. */
const lastWordMs = 2_000;
const leaseKeptEveryMs = 10 * 60_000;

/** One person with one open bag, from unlock until sign-out, suspend or another person's unlock. */
export class WorkingSession implements OpenBag {
  readonly #parts: WorkingSessionParts;
  readonly #online: OnlineSession;
  readonly #backup: KeyBackupUpload;
  readonly client: RecordClient;
  #keys: UnlockedKeys;
  #report!: OpenBag['report'];
  #leaseKeptAtMs = -Infinity;
  lastServiceTime: string | undefined;
  /** False while the screen is locked. */
  atWork = false;

  private constructor(parts: WorkingSessionParts) {
    const { bag, keys, options, identity } = parts;
    this.#parts = parts;
    this.#keys = keys;
    this.#online = new OnlineSession(
      {
        identity,
        serviceUrl: bag.vault.file.serviceUrl,
        monotonicMs: () => options.clock.monotonicMs(),
        keepRefreshToken: (token) => bag.vault.keepRefreshToken(this.#keys, token),
        changed: parts.changed,
      },
      bag.vault.refreshToken(keys),
    );
    this.client = new RecordClient({
      fetch: options.fetch,
      syncBase: bag.vault.file.syncBase,
      deviceId: () => bag.journal.deviceId,
      tokens: this.#online,
      heardServiceTime: (time) => {
        this.#heardServiceTime(time);
      },
    });
    this.#backup = new KeyBackupUpload(this.client, bag.vault, keys.user.userId);
  }

  static async open(parts: WorkingSessionParts): Promise<WorkingSession> {
    const session = new WorkingSession(parts);
    const { bag, fresh } = parts;
    if (fresh !== null) await session.renew(fresh);
    session.#report = { opened: bag.report, unsealed: await bag.unseal(session.#keys) };
    await session.#settleDevice();
    return session;
  }

  get organisation(): string {
    return this.#parts.bag.organisation;
  }

  get user(): SignedInUser {
    const { organisation, organisationName } = this.#parts.bag.vault.file;
    const { userId, practitionerId, name, role } = this.#currentUser();
    return { userId, practitionerId, name, role, organisation, organisationName };
  }

  get policy(): EnrolDeviceAnswer['policy'] {
    return this.#parts.bag.vault.file.device.policy;
  }

  get journal(): Journal {
    return this.#parts.bag.journal;
  }

  get audit(): OfflineAudit {
    return this.#parts.bag.audit;
  }

  get report(): OpenBag['report'] {
    return this.#report;
  }

  get signInNeeded(): boolean {
    return this.#online.signInNeeded;
  }

  readonly keeper: DeviceKeeper = {
    wipe: () => this.#wipe(),
    revoked: () => this.#revoked(),
    forked: (opIds) => this.#forked(opIds),
  };

  signer(): AuthorSigner | null {
    return this.atWork ? this.#keys.signer : null;
  }

  cache(): { readonly database: string; readonly key: Uint8Array } | null {
    return this.atWork ? this.#keys.cache() : null;
  }

  async exportWork(): Promise<{
    readonly bytes: Uint8Array;
    readonly operations: number;
    readonly drafts: number;
  }> {
    const { organisation, rings, device } = this.#parts.bag.vault.file;
    const exportedAt = new Date(this.#parts.options.clock.wallMs()).toISOString();
    const frames = await this.journal.sealedFrames('unsent');
    return writeWorkFile(frames, { organisation, rings, exportedAt, deviceId: device.deviceId });
  }

  async importWork(bytes: Uint8Array): Promise<Result<ImportReport, BridgeError>> {
    const { signer, privateKey } = this.#keys;
    const { organisation, journal, client } = this;
    return await importWork({ bytes, organisation, journal, client, signer, privateKey });
  }

  /** Null where nothing could be asked: the next sign-in asks again. */
  async recoverLostWork(): Promise<ImportReport | null> {
    const { journal, client } = this;
    const recovered = await recoverLostWork({ journal, client, signer: this.#keys.signer });
    return recovered.ok ? recovered.value : null;
  }

  async nameOrganisation(name: string): Promise<void> {
    await this.#parts.bag.vault.nameOrganisation(name);
    this.#parts.changed();
  }

  lease(): LeaseState {
    const lease = this.#parts.bag.vault.lease(this.#keys.user.userId);
    if (lease === null) throw new Error('a person at work has a lease');
    return lease;
  }

  hasOpenDrafts(): boolean {
    return (this.journal.counts().byUser.get(this.#keys.user.userId)?.openDrafts ?? 0) > 0;
  }

  belongsTo(bag: Bag, userId: string): boolean {
    return this.#parts.bag === bag && this.#keys.user.userId === userId;
  }

  /** Takes over what an online sign-in brought. */
  async renew(fresh: Enrolling): Promise<void> {
    const { vault } = this.#parts.bag;
    await vault.renew(this.#keys, fresh.enrolment);
    this.#keys = vault.reopen(this.#keys);
    this.#online.take(fresh.tokens);
  }

  async auditing(action: AuditedAction['action']): Promise<void> {
    const { userId, role } = this.#currentUser();
    await this.audit.record({ userId, role }, { action });
  }

  async endOnlineSession(): Promise<void> {
    const { bag, identity } = this.#parts;
    const refreshToken = this.#online.refreshToken;
    this.#online.end();
    await bag.vault.forgetRefreshToken(this.#keys.user.userId);
    // Not awaited: signing out works without the network too.
    if (refreshToken !== null) void identity.revoke(bag.vault.file.serviceUrl, refreshToken);
  }

  forgetWarm(): void {
    this.#parts.bag.vault.forgetWarmKeys();
  }

  /** Waits for writes under way; then every key of this person is gone from memory. */
  async close(): Promise<void> {
    this.atWork = false;
    this.#online.end();
    await this.#parts.bag.seal();
    this.#keys.forget();
  }

  #currentUser() {
    return this.#parts.bag.vault.user(this.#keys.user.userId) ?? this.#keys.user;
  }

  #heardServiceTime(time: string): void {
    this.lastServiceTime = time;
    const now = this.#parts.options.clock.monotonicMs();
    void this.#backup.sendOnce();
    if (now - this.#leaseKeptAtMs < leaseKeptEveryMs) return;
    this.#leaseKeptAtMs = now;
    void this.#parts.bag.vault.keepLeases(time).then(this.#parts.changed, () => {
      // A full disk: the lease is kept at the next chance, and never extended by that.
      this.#leaseKeptAtMs = -Infinity;
    });
  }

  /** No receipt, no destruction: a keystroke may have come in behind the upload. */
  async #wipe(): Promise<'done' | 'work-remains'> {
    const { bag, options, wiped } = this.#parts;
    const wasAtWork = this.atWork;
    // Before the count: whoever goes on working is told that nothing is saved any more, and what was said to be is in.
    this.atWork = false;
    await bag.seal();
    const uncovered = await this.journal.sealedFrames('without-receipt');
    if (uncovered.some(({ ended }) => !ended)) {
      await bag.unseal(this.#keys);
      this.atWork = wasAtWork;
      return 'work-remains';
    }
    await bag.vault.destroyKeys();
    options.clock.after(lastWordMs, () => void wiped());
    return 'done';
  }

  async #revoked(): Promise<void> {
    const { bag, options, revoked } = this.#parts;
    await bag.vault.revoke();
    options.clock.after(lastWordMs, () => void revoked());
  }

  async #forked(opIds: readonly string[]): Promise<'done' | 'needs-unlock'> {
    if (!this.atWork) return 'needs-unlock';
    const { bag, options } = this.#parts;
    const deviceId = randomUUID() as string as DeviceId;
    const device = await this.client.enrolDevice(deviceId, options.deviceLabel);
    if (!device.ok) return 'needs-unlock';
    if (!(await this.#certifyFor(deviceId))) return 'needs-unlock';
    await bag.vault.changeDevice(device.value);
    const renumbered = await this.journal.renumber(
      deviceId,
      opIds.map((opId) => opId as OperationId),
      this.#keys.signer,
    );
    return renumbered.ok ? 'done' : 'needs-unlock';
  }

  /** A crash, or another person, left this person's key or the journal with the device of before a fork. */
  async #settleDevice(): Promise<void> {
    const { bag } = this.#parts;
    const deviceId = bag.vault.file.device.deviceId as DeviceId;
    if (this.#keys.signer.deviceId !== deviceId && !(await this.#certifyFor(deviceId))) return;
    if (this.journal.deviceId === deviceId) return;
    const unsent = this.journal
      .operations()
      .filter(({ outcome }) => outcome === null)
      .map(({ signed }) => signed.operation.opId);
    await this.journal.renumber(deviceId, unsent, this.#keys.signer);
  }

  async #certifyFor(deviceId: DeviceId): Promise<boolean> {
    const { vault } = this.#parts.bag;
    const signingKey = makeAuthorKey();
    const certificate = await this.client.certifyAuthor(deviceId, signingKey.publicKey);
    if (!certificate.ok) return false;
    await vault.keepSigningKey(this.#keys, certificate.value, signingKey);
    this.#keys = vault.reopen(this.#keys);
    return true;
  }
}
