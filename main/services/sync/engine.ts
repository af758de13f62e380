import type { AttentionItem, SyncStatus } from '../../../contract/channels/sync.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { Result } from '../../../domain/result.ts';
import type { AttentionChoice } from '../../../domain/sync/attention.ts';
import type { Chance } from '../../../domain/sync/backoff.ts';
import { uploadAudit } from './audit-upload.ts';
import { CacheLink } from './cache-link.ts';
import { Coalesced } from './coalesced.ts';
import { Connectivity } from './connectivity.ts';
import { carryOutOrder } from './device-orders.ts';
import { EscrowUpload } from './escrow-upload.ts';
import { NeedsAttention } from './needs-attention.ts';
import { noteTopics, OutboxView } from './outbox-view.ts';
import { OverlayWriter } from './overlay-writer.ts';
import { Puller } from './pull.ts';
import { Pusher } from './push.ts';
import { StatusTeller } from './status-teller.ts';
import type {
  AuditQueue,
  CachePort,
  Clock,
  DecisionWriter,
  DeviceKeeper,
  RecordServicePort,
  SyncJournal,
} from './ports.ts';

export interface SyncEngineParts {
  readonly client: RecordServicePort;
  readonly journal: SyncJournal;
  readonly decisions: DecisionWriter;
  readonly keeper: DeviceKeeper;
  readonly audit: AuditQueue;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly newId: () => string;
  /** User id of whoever is at work. */
  readonly decidedBy?: () => string;
  /** The organisation's policy of what is carried. */
  readonly offlineScope: () => 'all' | 'booked';
  /** Patients opened on this computer, latest first. */
  readonly recent: () => readonly string[];
  /** `YYYY-MM-DD` at the practice. */
  readonly today: () => string;
  readonly lanesAtOnce?: number;
  /** The disk is filling: nothing more is fetched for the cache. */
  readonly isDiskLow?: () => boolean;
  /** Many records were fetched and stored. */
  readonly loadedMuch?: () => void;
}

export interface SyncListener {
  readonly status: (status: SyncStatus) => void;
  readonly attention: (items: readonly AttentionItem[]) => void;
}

/**
 * One bag's sync: decides when to probe, send and fetch, and tells the truth about it. One engine an organisation;
 * it works while the bag is locked too (sending only), because frames and tokens stay with main.
 */
export class SyncEngine {
  readonly #parts: SyncEngineParts;
  readonly #connectivity: Connectivity;
  readonly #outbox: OutboxView;
  readonly #pusher: Pusher;
  readonly #puller: Puller;
  readonly #attention: NeedsAttention;
  readonly #escrow: EscrowUpload;
  readonly #push: Coalesced;
  readonly #pull: Coalesced;
  readonly #round: Coalesced;
  readonly #overlay: Coalesced;
  readonly #teller: StatusTeller;
  readonly #listeners = new Set<SyncListener>();
  readonly #cleanups: (() => void)[] = [];
  #cache: CacheLink | null = null;
  #detachCache: (() => void) | null = null;
  #cancelTimer: (() => void) | null = null;
  #isRunning = false;
  #isOrdered = false;
  #wasDiskShort = false;

  constructor(parts: SyncEngineParts) {
    this.#parts = parts;
    const { client, journal, clock, chance } = parts;
    this.#connectivity = new Connectivity(client, clock, chance);
    this.#outbox = new OutboxView(journal);
    this.#escrow = new EscrowUpload(client, journal, this.#connectivity);
    this.#pusher = new Pusher({
      client,
      outbox: this.#outbox,
      connectivity: this.#connectivity,
      keeper: parts.keeper,
      clock,
      chance,
      lanesAtOnce: parts.lanesAtOnce ?? 4,
      answered: async (report) => {
        this.#puller.heardOf(report.answer.epoch, report.answer.position ?? 0);
        await this.#attention.remember(report);
      },
      diskRefused: () => {
        this.#notice('disk-full');
      },
    });
    this.#attention = new NeedsAttention({
      client,
      journal,
      outbox: this.#outbox,
      pusher: this.#pusher,
      decisions: parts.decisions,
      clock,
      newId: parts.newId,
      decidedBy: parts.decidedBy,
    });
    const overlay = new OverlayWriter({
      journal,
      outbox: this.#outbox,
      closed: () => this.#attention.closedOperations(),
    });
    this.#puller = new Puller({
      client,
      connectivity: this.#connectivity,
      clock,
      lanesCompared: (epoch) => this.#pusher.isCompared(epoch),
      beforeExit: (patientIds) => this.#saveBeforeExit(patientIds),
      offlineScope: parts.offlineScope,
      recent: parts.recent,
      today: parts.today,
      moved: async (atHead) => {
        if (atHead !== null) await overlay.reached(atHead);
        await this.#overlay.run();
      },
      beforeComparison: async () => {
        await this.#confirmHead();
        this.#tell();
      },
      notice: (code) => {
        this.#notice(code);
      },
      comparedEpoch: () => {
        const epoch = parts.journal.notes(noteTopics.manifest).get('epoch');
        return typeof epoch === 'string' ? epoch : null;
      },
      compared: (epoch, byManifest) => this.#noteCompared(epoch, byManifest),
    });
    this.#push = new Coalesced(() => this.#sendAll());
    this.#pull = new Coalesced(() => this.#fetchAll());
    this.#round = new Coalesced(() => this.#runRound());
    this.#overlay = new Coalesced(async () => {
      if (this.#cache !== null) await overlay.put(this.#cache);
    });
    this.#teller = new StatusTeller({
      connectivity: this.#connectivity,
      outbox: this.#outbox,
      puller: this.#puller,
      pusher: this.#pusher,
      attention: this.#attention,
      clock,
    });
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#cleanups.push(
      this.#parts.journal.onChanged(() => {
        if (!this.#isRunning) return;
        void this.#overlay.run();
        if (this.#connectivity.isConnected && !this.#push.isRunning)
          void this.#push.run().then(() => this.#pullIfBehind());
        this.#tell();
      }),
    );
    void this.#round.run();
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#cancelTimer?.();
    for (const cleanup of this.#cleanups.splice(0)) cleanup();
    this.detachCache();
    await Promise.all([
      this.#round.settled(),
      this.#push.settled(),
      this.#pull.settled(),
      this.#overlay.settled(),
    ]);
    this.#outbox.close();
  }

  /** The bag was unlocked: the worker is there. */
  attachCache(port: CachePort): void {
    this.detachCache();
    this.#cache = new CacheLink(port);
    this.#detachCache = port.onWantedNow((patientId) => {
      this.#puller.wantNow(patientId);
      void this.#pull.run();
    });
    this.#puller.attach(this.#cache);
    this.#pusher.releaseForked();
    if (this.#isManifestDue()) this.#puller.wantManifest();
    void this.#overlay.run();
    if (this.#isRunning) void this.#round.run();
  }

  /** The bag was locked: the worker is gone. Sending goes on. */
  detachCache(): void {
    this.#detachCache?.();
    this.#detachCache = null;
    this.#cache = null;
    this.#puller.detach();
  }

  /** One whole round, now: probe, send, fetch. Settles when it is over, whatever came of it. */
  async now(): Promise<SyncStatus> {
    this.#connectivity.expectBetter();
    this.#puller.spaceFreed();
    await this.#round.run();
    return this.status();
  }

  /** A new sign-in, the network or the computer coming back: do not wait for the pause to end. */
  nudge(): void {
    this.#connectivity.expectBetter();
    this.#pusher.releaseForked();
    if (this.#isRunning) void this.#round.run();
  }

  pauseLoading(paused: boolean): void {
    this.#puller.paused = paused;
    if (!paused && this.#isRunning) void this.#pull.run();
    this.#tell();
  }

  attention(): readonly AttentionItem[] {
    return this.#attention.items();
  }

  async resolve(
    itemId: string,
    choice: AttentionChoice,
    reason?: string,
  ): Promise<Result<void, BridgeError>> {
    const resolved = await this.#attention.resolve(itemId, choice, reason);
    if (resolved.ok && this.#isRunning) void this.#push.run();
    void this.#overlay.run();
    this.#tell();
    return resolved;
  }

  async undoResolve(itemId: string): Promise<Result<void, BridgeError>> {
    const undone = await this.#attention.undo(itemId);
    void this.#overlay.run();
    this.#tell();
    return undone;
  }

  /** The service's backup has everything up to here: what the journal may let go of. */
  get durableThrough(): { readonly epoch: string; readonly position: number } | null {
    return this.#puller.durableThrough;
  }

  /** The feed's place that stands on the screen: goes into `seen` of a save. Null while it cannot be told. */
  get seen(): { readonly epoch: string; readonly position: number } | null {
    return this.#puller.seen;
  }

  get lastServiceTime(): string | undefined {
    return this.#connectivity.lastProbe?.time;
  }

  listen(listener: SyncListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  addNotice(code: string, message: string): void {
    this.#teller.addNotice(code, message);
    this.#tell();
  }

  removeNotice(code: string): void {
    if (this.#teller.removeNotice(code)) this.#tell();
  }

  status(): SyncStatus {
    return this.#teller.status();
  }

  async #runRound(): Promise<void> {
    if (this.#isOrdered) return;
    this.#cancelTimer?.();
    const probed = await this.#connectivity.probe();
    this.#tell();
    if (probed.ok) {
      for (const order of probed.value.orders) {
        if (await this.#obey(order)) return;
      }
      await this.#push.run();
      await this.#pull.run();
      if (this.#connectivity.isConnected) await this.#attention.refresh();
      if (this.#connectivity.isConnected) await this.#escrow.upload(false);
      if (this.#connectivity.isConnected) {
        await uploadAudit(
          this.#parts.client,
          this.#parts.audit,
          this.#parts.journal.deviceId,
          this.#connectivity,
        );
      }
      await this.#overlay.run();
    }
    this.#tell();
    this.#schedule();
  }

  async #obey(order: Parameters<typeof carryOutOrder>[0]): Promise<boolean> {
    const done = await carryOutOrder(order, {
      client: this.#parts.client,
      keeper: this.#parts.keeper,
      escrow: this.#escrow,
      drain: () => this.#push.run(),
    });
    if (done) this.#isOrdered = true;
    return done;
  }

  async #sendAll(): Promise<void> {
    if (!this.#connectivity.isConnected) return;
    await this.#pusher.drain();
    this.#schedule();
    this.#tell();
  }

  async #fetchAll(): Promise<void> {
    if (!this.#connectivity.isConnected || this.#cache === null) return;
    const isShort = this.#parts.isDiskLow?.() === true;
    if (isShort) this.#puller.spaceShort();
    else if (this.#wasDiskShort) this.#puller.spaceFreed();
    this.#wasDiskShort = isShort;
    await this.#puller.run();
    await this.#confirmHead();
    this.#tell();
    if (this.#puller.hasLoadedMuch()) this.#parts.loadedMuch?.();
  }

  async #confirmHead(): Promise<void> {
    if (!this.#connectivity.isConnected || !this.#puller.isAtHead) return;
    await this.#cache?.ask({ type: 'put-as-of', dataAsOf: this.#teller.confirmed() });
  }

  async #pullIfBehind(): Promise<void> {
    if (this.#isRunning && this.#connectivity.isConnected) await this.#pull.run();
  }

  /** Unsent work for these patients goes first: as operations, else sealed. The journal keeps it in any case. */
  async #saveBeforeExit(patientIds: readonly string[]): Promise<boolean> {
    if (patientIds.every((patientId) => this.#outbox.waitingFor(patientId).length === 0)) return true;
    await this.#push.run();
    if (patientIds.every((patientId) => this.#outbox.waitingFor(patientId).length === 0)) return true;
    return (await this.#escrow.upload(true)) !== 'failed';
  }

  #schedule(): void {
    if (!this.#isRunning || this.#isOrdered) return;
    this.#cancelTimer?.();
    const release = this.#connectivity.isConnected ? this.#pusher.nextReleaseInMs : null;
    const pause = Math.min(this.#connectivity.nextProbeInMs, release ?? Number.POSITIVE_INFINITY);
    this.#cancelTimer = this.#parts.clock.after(pause, () => {
      if (this.#isRunning) void this.#round.run();
    });
  }

  #isManifestDue(): boolean {
    return this.#parts.journal.notes(noteTopics.manifest).get('last') !== this.#parts.today();
  }

  async #noteCompared(epoch: string, byManifest: boolean): Promise<void> {
    const topic = noteTopics.manifest;
    await this.#parts.journal.putNotes([
      { topic, key: 'epoch', value: epoch },
      ...(byManifest ? [{ topic, key: 'last', value: this.#parts.today() }] : []),
    ]);
  }

  #notice(code: keyof typeof noticeWords): void {
    this.addNotice(code, noticeWords[code]);
  }

  #tell(): void {
    if (this.#listeners.size === 0) return;
    const status = this.status();
    const items = this.#attention.items();
    for (const listener of this.#listeners) {
      listener.status(status);
      listener.attention(items);
    }
  }
}

const noticeWords = {
  'disk-full':
    'This computer’s disk is nearly full. No more records are fetched; everything saved is safe. Free some space.',
  'cache-rebuilt':
    'The stored copy of the records was damaged. It was set aside and is being fetched again. Nothing that was saved is lost.',
  'outside-scope':
    'A record was not handed out: this practice’s computers hold the records of booked patients, and as many others were opened today as one person may. Nothing was lost. Book the patient to have the record, or ask a colleague to open it.',
  'cache-drift': 'Some records here differed from the record service. They were fetched again.',
  resynced:
    'The record service was restored or replaced. The records here were compared with it, and work of yours that it had lost was sent to it again from this computer. There is nothing to do.',
} as const;
