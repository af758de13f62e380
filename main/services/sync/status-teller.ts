import type { SyncStatus } from '../../../contract/channels/sync.ts';
import { isInStep, longWaitMs, pendingSummary } from '../../../domain/sync/status.ts';
import type { Connectivity } from './connectivity.ts';
import type { NeedsAttention } from './needs-attention.ts';
import type { OutboxView } from './outbox-view.ts';
import type { Clock } from './ports.ts';
import type { Puller } from './pull.ts';
import type { Pusher } from './push.ts';

type Notice = SyncStatus['notices'][number];

export interface StatusParts {
  readonly connectivity: Connectivity;
  readonly outbox: OutboxView;
  readonly puller: Puller;
  readonly pusher: Pusher;
  readonly attention: NeedsAttention;
  readonly clock: Clock;
}

/** What a clinician is told of one bag's sync, and never more than is known (I15). */
export class StatusTeller {
  readonly #parts: StatusParts;
  readonly #notices = new Map<Notice['code'], Notice>();
  #confirmedMs: number | null = null;
  #lastInStepMs: number | null = null;
  #dataAsOfMs: number | null = null;
  #longWaitSinceMs: number | null = null;

  constructor(parts: StatusParts) {
    this.#parts = parts;
  }

  /** The service just said that the cache is at its head. Answers the time to show with the data. */
  confirmed(): string {
    const { clock } = this.#parts;
    this.#confirmedMs = clock.monotonicMs();
    this.#dataAsOfMs = clock.wallMs();
    return instant(this.#dataAsOfMs);
  }

  addNotice(code: string, message: string): void {
    if (!this.#notices.has(code)) {
      this.#notices.set(code, { code, message, since: instant(this.#parts.clock.wallMs()) });
    }
  }

  /** Whether there was one. */
  removeNotice(code: string): boolean {
    return this.#notices.delete(code);
  }

  status(): SyncStatus {
    const { connectivity, outbox, puller, pusher, attention } = this.#parts;
    const loading = puller.progress;
    const inStep = this.#isInStep();
    const { connection, detail, offlineSinceMs, clockOffsetSeconds } = connectivity;
    const pending = pendingSummary(outbox.waiting());
    return {
      connection,
      ...(detail === undefined ? {} : { connectionDetail: detail }),
      ...(offlineSinceMs === undefined ? {} : { offlineSince: instant(offlineSinceMs) }),
      ...(this.#lastInStepMs === null ? {} : { lastInStep: instant(this.#lastInStepMs) }),
      inStep,
      ...(this.#dataAsOfMs === null ? {} : { dataAsOf: instant(this.#dataAsOfMs) }),
      pending: { ...pending, byPatient: [...pending.byPatient] },
      attention: attention.count,
      ...(loading === null ? {} : { firstLoad: loading }),
      sending: pusher.isSending,
      serviceDurable: pusher.serviceDurable,
      ...(clockOffsetSeconds === undefined ? {} : { clockOffsetSeconds }),
      notices: [...this.#notices.values(), ...this.#longWait()],
    };
  }

  #isInStep(): boolean {
    const { connectivity, outbox, puller, clock } = this.#parts;
    const inStep = isInStep({
      connection: connectivity.connection,
      waiting: outbox.waiting().length,
      atHead: puller.isAtHead,
      sinceConfirmedMs: this.#confirmedMs === null ? null : clock.monotonicMs() - this.#confirmedMs,
    });
    if (inStep) this.#lastInStepMs = this.#dataAsOfMs;
    return inStep;
  }

  /** Connected and yet not draining: a person is told, though nothing has failed (sync-bugs Q3). */
  #longWait(): readonly Notice[] {
    const { outbox, clock } = this.#parts;
    const now = clock.monotonicMs();
    if (outbox.waiting().length === 0) this.#longWaitSinceMs = null;
    else this.#longWaitSinceMs ??= now;
    if (this.#longWaitSinceMs === null || now - this.#longWaitSinceMs < longWaitMs) return [];
    return [
      {
        code: 'long-wait',
        message:
          'Some work has been waiting to be sent for more than half an hour. It is kept on this computer.',
        since: instant(clock.wallMs() - (now - this.#longWaitSinceMs)),
      },
    ];
  }
}

function instant(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
