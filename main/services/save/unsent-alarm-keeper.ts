import type { UnsentAlarm } from '../../../contract/channels/alarm.ts';
import { failure, success } from '../../../domain/result.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { Result } from '../../../domain/result.ts';
import { unsentAlarms } from '../../../domain/sync/unsent-alarm.ts';
import { noteTopics, OutboxView } from '../sync/outbox-view.ts';
import type { Clock, SyncJournal } from '../sync/ports.ts';

export interface UnsentAlarmParts {
  readonly journal: SyncJournal;
  readonly clock: Clock;
  /** An authenticated probe was answered and nothing has failed since. */
  readonly isConnected: () => boolean;
  readonly changed: (alarms: UnsentAlarm[]) => void;
}

/** A save made while connected is on its way: it alarms when it has not arrived after this. */
const graceMs = 10_000;
/** Note in the journal: groupId → {@link Phoned}. Earlier notes of one alarm stay in the journal's frames. */
const acknowledgedTopic = 'unsent-alarm.acknowledged';

interface Phoned {
  readonly userId: string;
  readonly by: string;
  readonly spokenTo: string;
  readonly at: string;
  /** How it stood then: a refusal that comes later is news. */
  readonly state: UnsentAlarm['state'];
  /** It was a mistake. */
  readonly revoked?: { readonly userId: string; readonly at: string };
}

/**
 * Keeps "NOT SENT: phone …" for one open bag. Nothing is stored but that a person has phoned: what alarms is worked
 * out from the journal's operations after every change, so a restart, another person's unlock or a restored service
 * neither loses an alarm nor leaves one behind.
 */
export class UnsentAlarmKeeper {
  readonly #parts: UnsentAlarmParts;
  readonly #outbox: OutboxView;
  readonly #stopListening: () => void;
  /** When a save was first seen here (monotonic); those that were there at unlock have waited long enough. */
  readonly #firstSeenMs = new Map<string, number>();
  #cancelTimer: () => void = () => undefined;
  #told = '[]';

  constructor(parts: UnsentAlarmParts) {
    this.#parts = parts;
    this.#outbox = new OutboxView(parts.journal);
    for (const { groupId } of this.#alarms()) this.#firstSeenMs.set(groupId, -Infinity);
    this.#stopListening = parts.journal.onChanged(() => {
      this.refresh();
    });
  }

  close(): void {
    this.#cancelTimer();
    this.#stopListening();
    this.#outbox.close();
  }

  list(): UnsentAlarm[] {
    return this.#settle().due;
  }

  async acknowledge(
    groupId: string,
    user: { readonly userId: string; readonly name: string },
    spokenTo: string,
  ): Promise<Result<UnsentAlarm[], BridgeError>> {
    const alarm = this.#alarms().find((one) => one.groupId === groupId);
    if (alarm === undefined) return failure(notThere);
    const { userId, name: by } = user;
    return this.#note(groupId, { userId, by, spokenTo, at: this.#now(), state: alarm.state });
  }

  /** "I have phoned" was a mistake: it alarms again. */
  async revoke(groupId: string, userId: string): Promise<Result<UnsentAlarm[], BridgeError>> {
    const phoned = this.#phoned().get(groupId);
    if (phoned === undefined || phoned.revoked !== undefined) return failure(notThere);
    return this.#note(groupId, { ...phoned, revoked: { userId, at: this.#now() } });
  }

  async #note(groupId: string, value: Phoned): Promise<Result<UnsentAlarm[], BridgeError>> {
    const kept = await this.#parts.journal.putNotes([{ topic: acknowledgedTopic, key: groupId, value }]);
    if (!kept.ok) return failure({ code: kept.error.code, message: kept.error.message, lost: 'not-saved' });
    return success(this.list());
  }

  /** The connection may have changed, or the journal. Tells only what is new. */
  refresh(): void {
    const { due, nextDueInMs } = this.#settle();
    this.#cancelTimer();
    if (nextDueInMs !== null) {
      this.#cancelTimer = this.#parts.clock.after(nextDueInMs, () => {
        this.refresh();
      });
    }
    const now = JSON.stringify(due);
    if (now === this.#told) return;
    this.#told = now;
    this.#parts.changed(due);
  }

  #settle(): { readonly due: UnsentAlarm[]; readonly nextDueInMs: number | null } {
    const now = this.#parts.clock.monotonicMs();
    const due: UnsentAlarm[] = [];
    let nextDueInMs: number | null = null;
    for (const alarm of this.#alarms()) {
      const since = this.#firstSeenMs.get(alarm.groupId) ?? now;
      this.#firstSeenMs.set(alarm.groupId, since);
      const left = since + graceMs - now;
      if (alarm.state === 'waiting' && alarm.phoned === undefined && this.#parts.isConnected() && left > 0) {
        nextDueInMs = Math.min(nextDueInMs ?? left, left);
      } else due.push(alarm);
    }
    return { due, nextDueInMs };
  }

  #alarms(): UnsentAlarm[] {
    const { journal } = this.#parts;
    const settled = new Set(journal.notes(noteTopics.closed).keys());
    const phoned = this.#phoned();
    return unsentAlarms(this.#outbox.entries(), settled).map((alarm) => {
      const said = phoned.get(alarm.groupId);
      const isNews = alarm.state === 'refused' && said?.state === 'waiting';
      return said === undefined || said.revoked !== undefined || isNews
        ? { ...alarm }
        : { ...alarm, phoned: { by: said.by, spokenTo: said.spokenTo, at: said.at } };
    });
  }

  #phoned(): ReadonlyMap<string, Phoned> {
    return this.#parts.journal.notes(acknowledgedTopic) as ReadonlyMap<string, Phoned>;
  }

  #now(): string {
    return new Date(this.#parts.clock.wallMs()).toISOString();
  }
}

const notThere: BridgeError = {
  code: 'not-there',
  message: 'This alarm does not stand any more: it was sent, settled or answered meanwhile.',
  lost: 'nothing',
};
