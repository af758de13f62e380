import { failure, success } from '../../../domain/result.ts';
import { Bags } from './bags.ts';
import { IdentityClient, serviceAddress } from './identity-client.ts';
import { InactivityLock } from './inactivity-lock.ts';
import { Enrolling } from './enrolling.ts';
import { recoverPrivateKey } from './key-recovery.ts';
import { WorkingSession } from './working-session.ts';
import { sessionWords, signInWords, transportWords, unlockWords, unopenedWords } from './session-words.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { SessionState, UnlockRequest } from '../../../contract/channels/session.ts';
import type { Handlers } from '../../../contract/ipc.ts';
import type { Result } from '../../../domain/result.ts';
import type { DurableFiles } from '../storage/durable-files.ts';
import type { Clock } from '../sync/ports.ts';
import type { Keystore } from '../vault/keystore.ts';
import type { UnlockedKeys } from '../vault/unlocked-keys.ts';
import type { ShowSignIn } from './identity-client.ts';
import type { Bag } from './bag.ts';
import type { BagChange, OpenBag } from './open-bag.ts';

export interface SessionOptions {
  /** The profile's folder. */
  readonly profile: string;
  readonly files: DurableFiles;
  readonly keystore: Keystore;
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  /** Opens the sign-in page in the system's browser or in a window of the app. */
  readonly showSignIn: ShowSignIn;
  /** Version of this build. */
  readonly build: string;
  /** What a person calls this computer. */
  readonly deviceLabel: string;
  /** An address that was given with the start of the program; stands in the form until the service has answered once. */
  readonly suggestedService?: string;
  /** The setting; the practice's policy may ask for less. */
  readonly inactivityLockMinutes: () => number;
  /** Deletes the sealed copies that the window keeps, of every bag: asked for when a wipe left none. */
  readonly forgetCopies: () => Promise<void>;
}

export interface SessionListener {
  readonly changed: (state: SessionState) => void;
  /** 60, then 0 when it was taken back. */
  readonly lockWarning: (seconds: number) => void;
  /** Awaited: what a closing bag still writes is written before its keys go. */
  readonly bag: (change: BagChange) => Promise<void> | void;
}

type Answer = Promise<Result<SessionState, BridgeError>>;
const recoveryMs = 5 * 60_000;
const leaseTickMs = 10 * 60_000;

/**
 * Who is at this computer, and which bag is open for them. One person at a time; a locked screen keeps the bag open
 * for sending, everything else closes it. Nothing here ever drops drafts or operations (sync-bugs L20, L21, S16).
 */
export class SessionService {
  readonly #options: SessionOptions;
  readonly #identity: IdentityClient;
  readonly #bags: Bags;
  readonly #listeners = new Set<SessionListener>();
  readonly #inactivity: InactivityLock;
  #phase: SessionState['phase'] = 'choose-service';
  #serviceName: string | undefined;
  #working: WorkingSession | null = null;
  #atWork = false;
  /** Signed in online, waiting for a passphrase. */
  #enrolling: Enrolling | null = null;
  #cancelSignIn: (() => void) | null = null;
  #stopTick: () => void = () => undefined;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: SessionOptions, bags: Bags) {
    this.#options = options;
    this.#bags = bags;
    this.#identity = new IdentityClient({ fetch: options.fetch, wallMs: () => options.clock.wallMs() });
    this.#inactivity = new InactivityLock(options.clock, {
      warn: (seconds) => {
        for (const listener of this.#listeners) listener.lockWarning(seconds);
      },
      lock: () => {
        void this.lock();
      },
    });
  }

  /** Opens every bag, sealed. */
  static async start(options: SessionOptions): Promise<SessionService> {
    const service = new SessionService(options, await Bags.open(options));
    service.#phase = service.#restingPhase();
    service.#tick();
    return service;
  }

  /** The open bag of the person at work; null while locked. */
  bagAtWork(): OpenBag | null {
    return this.#atWork ? this.#working : null;
  }

  get lastServiceTime(): string | undefined {
    return this.#working?.lastServiceTime;
  }

  listen(listener: SessionListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get handlers(): Pick<
    Handlers,
    | 'session.state'
    | 'session.configure'
    | 'session.sign-in'
    | 'session.cancel-sign-in'
    | 'session.set-passphrase'
    | 'session.unlock'
    | 'session.recover'
    | 'session.lock'
    | 'session.sign-out'
    | 'session.another-user'
    | 'session.activity'
  > {
    return {
      'session.state': () => success(this.state()),
      'session.configure': ({ serviceUrl }) => this.#inTurn(() => this.#configure(serviceUrl)),
      'session.sign-in': () => this.#signIn(),
      'session.cancel-sign-in': () => {
        this.#cancelSignIn?.();
        return success(this.state());
      },
      'session.set-passphrase': (request) =>
        this.#inTurn(() => this.#setPassphrase(request.passphrase, request.pin)),
      'session.unlock': (request) => this.#inTurn(() => this.#unlock(request)),
      'session.recover': (request) => this.#inTurn(() => this.#recover(request.passphrase, request.pin)),
      'session.lock': async () => {
        await this.lock();
        return success(this.state());
      },
      'session.sign-out': () => this.#inTurn(() => this.#signOut()),
      'session.another-user': () =>
        this.#inTurn(async () => {
          await this.#lockNow();
          if (this.#phase === 'locked') this.#enter('signed-out');
          return success(this.state());
        }),
      'session.activity': () => {
        if (this.#atWork) this.#inactivity.activity();
        return success(undefined);
      },
    };
  }

  state(): SessionState {
    const working = this.#working;
    const lease = working === null ? null : working.lease();
    const serviceUrl = this.#bags.serviceUrl ?? this.#options.suggestedService ?? null;
    const isKnown = this.#phase === 'unlocked' || this.#phase === 'locked';
    return {
      phase: this.#phase,
      ...(serviceUrl !== null && { serviceUrl }),
      ...(this.#serviceName !== undefined && { serviceName: this.#serviceName }),
      ...(working !== null && isKnown && { user: working.user }),
      ...(this.#phase === 'set-passphrase' && this.#enrolling !== null && { user: this.#enrolling.user }),
      enrolled: [...this.#bags.enrolled],
      ...(this.#bags.unopened.length > 0 && { unopened: this.#bags.unopened.map(unopenedWords) }),
      ...(lease !== null && {
        lease: {
          until: lease.until,
          expired: lease.expired,
          hoursLeft: Math.round(lease.hoursLeft * 10) / 10,
          ...(lease.warning !== null && { warning: lease.warning }),
        },
      }),
      onlineSignInNeeded: working?.signInNeeded ?? false,
      keystore: this.#bags.keystore,
      inactivityLockMinutes: this.#lockMinutes(),
    };
  }

  /** Drops the worker and the screen; sealed and signed work goes on being sent. */
  lock(): Promise<void> {
    return this.#inTurn(() => this.#lockNow());
  }

  /** The computer goes to sleep: every key leaves memory. */
  suspend(): Promise<void> {
    return this.#inTurn(async () => {
      this.#bags.forgetWarmKeys();
      await this.#closeWorking();
      if (this.#phase === 'unlocked') this.#enter('locked');
      else this.#tell();
    });
  }

  /** The program ends. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      this.#stopTick();
      this.#inactivity.stop();
      this.#cancelSignIn?.();
      await this.#closeWorking();
      await this.#bags.close();
    });
  }

  settingsChanged(): void {
    if (this.#atWork) this.#inactivity.start(this.#lockMinutes());
    this.#tell();
  }

  async #configure(typed: string): Answer {
    const address = serviceAddress(typed);
    if (!address.ok) return failure(signInWords(address.error));
    const holdsWork = this.#bags.all.some(
      (bag) =>
        bag.vault.file.serviceUrl !== address.value &&
        (bag.journal.counts().unsentOperations > 0 || bag.journal.counts().openDrafts > 0),
    );
    if (holdsWork) return failure(sessionWords.otherServiceHasWork);
    const described = await this.#identity.describe(address.value);
    if (!described.ok) return failure(signInWords(described.error));
    await this.#bags.keepServiceUrl(address.value);
    this.#serviceName = described.value.description.name;
    if (this.#phase === 'choose-service' || this.#phase === 'signed-out') this.#phase = this.#restingPhase();
    this.#tell();
    return success(this.state());
  }

  /** Not in turn with the rest: a person may lock, or give up, while the browser is open. */
  async #signIn(): Answer {
    const serviceUrl = this.#bags.serviceUrl;
    if (serviceUrl === null) return failure(sessionWords.notConfigured);
    if (this.#cancelSignIn !== null) return success(this.state());
    const before = this.#phase;
    let cancel: () => void = () => undefined;
    const cancelled = new Promise<void>((resolve) => {
      cancel = resolve;
    });
    this.#cancelSignIn = cancel;
    // Somebody at work stays at work while they renew their sign-in.
    if (!this.#atWork) this.#enter('signing-in');
    const signedIn = await this.#identity.signIn(serviceUrl, this.#options.showSignIn, cancelled);
    this.#cancelSignIn = null;
    return await this.#inTurn(async () => {
      if (!signedIn.ok) {
        if (this.#phase === 'signing-in')
          this.#enter(before === 'signing-in' ? this.#restingPhase() : before);
        return failure(signInWords(signedIn.error));
      }
      const { description } = signedIn.value;
      this.#serviceName = description.name;
      const { organisation, userId } = signedIn.value;
      const bag = this.#bags.find(organisation, serviceUrl);
      const enrolling = await Enrolling.begin({
        options: this.#options,
        signedIn: signedIn.value,
        serviceUrl,
        syncBase: description.syncBase.replace('{organisation}', encodeURIComponent(organisation)),
        bag,
        identity: this.#identity,
      });
      if (!enrolling.ok) {
        if (this.#phase === 'signing-in') this.#enter(this.#restingPhase());
        return failure(transportWords(enrolling.error));
      }
      if (bag?.vault.user(userId) === undefined) {
        if (this.#atWork) await this.#lockNow();
        this.#enrolling = enrolling.value;
        this.#enter('set-passphrase');
        return success(this.state());
      }
      if (this.#atWork && this.#working?.belongsTo(bag, userId) === true) {
        await this.#working.renew(enrolling.value);
        this.#recoverLostWork(this.#working);
        this.#tell();
        return success(this.state());
      }
      await bag.vault.renewLease(userId, signedIn.value.serviceTime);
      this.#enrolling = enrolling.value;
      this.#enter('locked');
      return success(this.state());
    });
  }

  async #setPassphrase(passphrase: string, pin: string | undefined): Answer {
    const enrolling = this.#enrolling;
    if (this.#phase !== 'set-passphrase' || enrolling === null) return failure(sessionWords.notSignedIn);
    const refusal = this.#secretRefusal(passphrase, pin);
    if (refusal !== null) return failure(refusal);
    const bag = enrolling.bag ?? (await this.#bags.create(enrolling.newBag));
    const keys = await bag.vault.enrol(enrolling.enrolment, passphrase, pin);
    await this.#startWork(bag, keys, enrolling);
    return success(this.state());
  }

  async #unlock(request: UnlockRequest): Answer {
    const bag = this.#bags.ofUser(request.organisation, request.userId);
    if (bag === undefined) return failure(unlockWords({ code: 'unknown-user' }));
    const { userId, secret } = request;
    const openDrafts = bag.journal.counts().byUser.get(userId)?.openDrafts ?? 0;
    const unlocked =
      secret.kind === 'passphrase'
        ? await bag.vault.unlockByPassphrase(userId, secret.passphrase)
        : await bag.vault.unlockByPin(userId, secret.pin, openDrafts > 0);
    const role = bag.vault.user(userId)?.role ?? '';
    if (!unlocked.ok) {
      await bag.audit.record({ userId, role }, { action: 'unlock-failed' });
      this.#tell();
      return failure(unlockWords(unlocked.error));
    }
    const fresh = this.#enrolling?.isFor(bag, userId) === true ? this.#enrolling : null;
    await this.#startWork(bag, unlocked.value, fresh);
    return success(this.state());
  }

  async #recover(passphrase: string, pin: string | undefined): Answer {
    const enrolling = this.#enrolling;
    const bag = enrolling?.bag ?? null;
    if (enrolling === null || bag === null) return failure(sessionWords.notSignedIn);
    if (this.#options.clock.monotonicMs() - enrolling.signedInAtMs > recoveryMs) {
      return failure(sessionWords.signInTooOld);
    }
    const refusal = this.#secretRefusal(passphrase, pin);
    if (refusal !== null) return failure(refusal);
    const privateKey = await recoverPrivateKey(enrolling.client, bag.vault, enrolling.user.userId);
    if (!privateKey.ok) {
      return failure(
        privateKey.error === 'no-backup' ? sessionWords.noBackup : transportWords(privateKey.error),
      );
    }
    const recovered = await bag.vault.recover(enrolling.user.userId, privateKey.value, passphrase, pin);
    if (!recovered.ok) return failure(unlockWords(recovered.error));
    await this.#startWork(bag, recovered.value, enrolling);
    return success(this.state());
  }

  async #signOut(): Answer {
    const working = this.#working;
    if (working !== null) {
      await working.auditing('sign-out');
      await working.endOnlineSession();
      working.forgetWarm();
    }
    this.#enrolling = null;
    await this.#closeWorking();
    this.#enter(this.#restingPhase());
    return success(this.state());
  }

  async #startWork(bag: Bag, keys: UnlockedKeys, fresh: Enrolling | null): Promise<void> {
    await this.#closeWorking();
    const working = await WorkingSession.open({
      bag,
      keys,
      identity: this.#identity,
      options: this.#options,
      fresh,
      changed: () => {
        this.#tell();
      },
      wiped: () => this.#inTurn(() => this.#wiped(bag)),
      revoked: () => this.#inTurn(() => this.#revoked(bag)),
    });
    this.#working = working;
    this.#enrolling = null;
    this.#atWork = true;
    working.atWork = true;
    await working.auditing('unlock');
    this.#phase = 'unlocked';
    await this.#tellBag({ kind: 'opened', bag: working });
    await this.#tellBag({ kind: 'at-work', bag: working });
    this.#inactivity.start(this.#lockMinutes());
    if (fresh !== null) this.#recoverLostWork(working);
    this.#tell();
  }

  /** Beside the work of the day: nobody waits for it, and a failure is made up for at the next sign-in. */
  #recoverLostWork(working: WorkingSession): void {
    void working.recoverLostWork().then(async (report) => {
      if (report === null || report.operations + report.drafts === 0) return;
      await this.#tellBag({ kind: 'lost-work-taken-in', bag: working, report });
    });
  }

  async #lockNow(): Promise<void> {
    const working = this.#working;
    if (!this.#atWork || working === null) return;
    this.#inactivity.stop();
    await working.auditing('lock');
    this.#atWork = false;
    working.atWork = false;
    await this.#tellBag({ kind: 'locked', bag: working });
    this.#enter('locked');
  }

  async #closeWorking(): Promise<void> {
    const working = this.#working;
    if (working === null) return;
    this.#inactivity.stop();
    if (this.#atWork) {
      this.#atWork = false;
      working.atWork = false;
      await this.#tellBag({ kind: 'locked', bag: working });
    }
    await this.#tellBag({ kind: 'closed', bag: working });
    this.#working = null;
    await working.close();
  }

  async #revoked(bag: Bag): Promise<void> {
    await bag.vault.revoke();
    await this.#closeWorking();
    this.#enter('locked');
  }

  async #wiped(bag: Bag): Promise<void> {
    await this.#closeWorking();
    await this.#bags.wipe(bag);
    this.#enter(this.#restingPhase());
  }

  #secretRefusal(passphrase: string, pin: string | undefined): BridgeError | null {
    if (Array.from(passphrase).length < 12) return sessionWords.passphraseShort;
    if (pin === undefined) return null;
    if (!/^\d{4,8}$/.test(pin)) return sessionWords.pinForm;
    return this.#bags.keystore === 'none' ? sessionWords.pinWithoutKeystore : null;
  }

  #restingPhase(): SessionState['phase'] {
    if (this.#bags.all.some((bag) => bag.vault.file.users.length > 0)) return 'locked';
    return this.#bags.serviceUrl === null ? 'choose-service' : 'signed-out';
  }

  #lockMinutes(): number {
    const policy = this.#working?.policy.inactivityLockMinutes ?? Infinity;
    return Math.min(this.#options.inactivityLockMinutes(), policy);
  }

  /** Leases run on, and an expired one locks unless a consultation is open. */
  #tick(): void {
    this.#stopTick = this.#options.clock.after(leaseTickMs, () => {
      this.#tick();
      void this.#inTurn(async () => {
        await this.#bags.keepLeases();
        const working = this.#working;
        if (working?.lease().expired === true && this.#atWork && !working.hasOpenDrafts())
          await this.#lockNow();
        this.#tell();
      });
    });
  }

  #enter(phase: SessionState['phase']): void {
    this.#phase = phase;
    this.#tell();
  }

  #tell(): void {
    const state = this.state();
    for (const listener of this.#listeners) listener.changed(state);
  }

  async #tellBag(change: BagChange): Promise<void> {
    for (const listener of this.#listeners) await listener.bag(change);
  }

  /** Changes of the session take turns: a lock never meets a half-done unlock. */
  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#turn.then(work, work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
