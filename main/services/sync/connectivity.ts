import type { Probe } from '../../../contract/record-service.ts';
import { backoffMs } from '../../../domain/sync/backoff.ts';
import type { Chance } from '../../../domain/sync/backoff.ts';
import type { Connection } from '../../../domain/sync/status.ts';
import { classifyFailure, offlineWords } from '../../../domain/sync/transport-failure.ts';
import type { TransportFailure } from '../../../domain/sync/transport-failure.ts';
import type { Answered, Clock, RecordServicePort } from './ports.ts';

/** How often a connected device asks where the head is; half of it is left to chance. */
const heartbeatMs = 30_000;

/** A difference of clocks that a person should hear of. */
const clockToleranceMs = 120_000;

/**
 * Whether the record service can be reached, decided by an authenticated probe and by nothing else: not by the
 * operating system's flag, and not by a portal's friendly page (sync-bugs Q9).
 */
export class Connectivity {
  readonly #client: Pick<RecordServicePort, 'probe'>;
  readonly #clock: Clock;
  readonly #chance: Chance;
  #connection: Connection = 'connecting';
  #detail: string | undefined;
  #offlineSinceMs: number | undefined;
  #failures = 0;
  #notBeforeMs = 0;
  #lastProbe: Probe | null = null;
  #clockOffsetSeconds: number | undefined;

  constructor(client: Pick<RecordServicePort, 'probe'>, clock: Clock, chance: Chance) {
    this.#client = client;
    this.#clock = clock;
    this.#chance = chance;
  }

  get connection(): Connection {
    return this.#connection;
  }

  get isConnected(): boolean {
    return this.#connection === 'connected';
  }

  /** Why not connected, as a sentence. */
  get detail(): string | undefined {
    return this.#detail;
  }

  /** Wall clock, for people to read. */
  get offlineSinceMs(): number | undefined {
    return this.#offlineSinceMs;
  }

  get lastProbe(): Probe | null {
    return this.#lastProbe;
  }

  /** The service's clock minus this computer's, where that is worth a word. */
  get clockOffsetSeconds(): number | undefined {
    return this.#clockOffsetSeconds;
  }

  /** When the next probe is due, on the monotonic clock's scale. */
  get nextProbeInMs(): number {
    if (this.#connection === 'connected') return (heartbeatMs * (1 + this.#chance())) / 2;
    return Math.max(0, this.#notBeforeMs - this.#clock.monotonicMs());
  }

  /** One probe. */
  async probe(): Promise<Answered<Probe>> {
    const asked = this.#clock.wallMs();
    const answer = await this.#client.probe();
    if (!answer.ok) {
      this.failed(answer.error);
      return answer;
    }
    this.#connection = 'connected';
    this.#detail = undefined;
    this.#offlineSinceMs = undefined;
    this.#failures = 0;
    this.#lastProbe = answer.value;
    this.#compareClocks(answer.value.time, (asked + this.#clock.wallMs()) / 2);
    return answer;
  }

  /** Any request's failure, seen as news of the connection. Returns whether the connection is still good. */
  failed(failure: TransportFailure): boolean {
    switch (classifyFailure(failure)) {
      case 'offline':
        this.#down('offline', offlineWords(failure), failure);
        return false;
      case 'busy':
        this.#down('offline', 'The record service is busy and asks to wait a moment.', failure);
        return false;
      case 'retry-lane':
        // Only a probe or a pull comes here with it: the service is there and does not work.
        this.#down('offline', 'The record service reports a fault of its own.', failure);
        return false;
      case 'sign-in':
        this.#down('sign-in-needed', 'The online session has ended.', failure);
        return false;
      case 'upgrade':
        this.#down('upgrade-needed', 'The record service needs a newer version of this program.', failure);
        return false;
      case 'forbidden':
      case 'conflict':
      case 'too-large':
      case 'resync':
      case 'person':
        return true;
    }
  }

  /** A new sign-in, a new address, the network coming back: forget the pause. */
  expectBetter(): void {
    this.#notBeforeMs = 0;
    this.#failures = 0;
    if (this.#connection !== 'connected') this.#connection = 'connecting';
  }

  #down(connection: Connection, detail: string, failure: TransportFailure): void {
    this.#failures += 1;
    this.#connection = connection;
    this.#detail = detail;
    this.#offlineSinceMs ??= this.#clock.wallMs();
    const retryAfterMs = failure.kind === 'status' ? (failure.retryAfterMs ?? 0) : 0;
    this.#notBeforeMs = this.#clock.monotonicMs() + backoffMs(this.#failures, this.#chance, retryAfterMs);
  }

  #compareClocks(serviceTime: string, localMs: number): void {
    const serviceMs = Date.parse(serviceTime);
    const offset = Number.isNaN(serviceMs) ? 0 : serviceMs - localMs;
    this.#clockOffsetSeconds = Math.abs(offset) > clockToleranceMs ? Math.round(offset / 1_000) : undefined;
  }
}
