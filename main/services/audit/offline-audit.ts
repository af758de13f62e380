import type { OfflineAuditRequest } from '../../../contract/record-service.ts';
import type { AuthorSigner, Journal } from '../journal/journal.ts';
import type { AuditQueue } from '../sync/ports.ts';

export type AuditEvent = OfflineAuditRequest['events'][number];
export type AuditedAction = Pick<AuditEvent, 'action' | 'patientId' | 'detail'>;

const topic = 'offline-audit';
/** Events that have been sent leave the file when this many have gathered. */
const sentBeforeCompaction = 2_000;

export interface OfflineAuditOptions {
  /** A journal of its own, so that logging never stands in the way of clinical work (sync-bugs Q11). */
  readonly journal: Journal;
  readonly now: () => string;
  readonly newId: () => string;
}

/**
 * Who read, searched, printed or exported what, and who came and went, until the service has it. Sealed like the
 * journal. What happens while nobody's key is open (a failed unlock) waits in memory for the next unlock.
 */
export class OfflineAudit implements AuditQueue {
  readonly #options: OfflineAuditOptions;
  #waiting: AuditEvent[] = [];
  #sequence = 0;
  #sent = 0;

  constructor(options: OfflineAuditOptions) {
    this.#options = options;
  }

  /** After the journal was unsealed. */
  async resume(): Promise<void> {
    for (const event of this.#events()) this.#sequence = Math.max(this.#sequence, event.sequence);
    const waiting = this.#waiting;
    this.#waiting = [];
    await this.#keep(waiting.map((event) => ({ ...event, sequence: this.#nextSequence() })));
  }

  /** Durable when it resolves, unless no key is open. Never rejects: a full disk must not stop a consultation. */
  async record(who: { readonly userId: string; readonly role: string }, what: AuditedAction): Promise<void> {
    const { newId, now } = this.#options;
    const event: AuditEvent = {
      eventId: newId(),
      sequence: this.#nextSequence(),
      recorded: now(),
      userId: who.userId,
      role: who.role,
      action: what.action,
      ...(what.patientId !== undefined && { patientId: what.patientId }),
      ...(what.detail !== undefined && { detail: what.detail }),
    };
    await this.#keep([event]);
  }

  peek(most: number): Promise<OfflineAuditRequest['events']> {
    const events = this.#events().sort((left, right) => left.sequence - right.sequence);
    return Promise.resolve(events.slice(0, most));
  }

  async acknowledge(eventIds: readonly string[]): Promise<void> {
    const result = await this.#options.journal.putNotes(eventIds.map((key) => ({ topic, key, value: null })));
    if (result.ok) this.#sent += eventIds.length;
  }

  /** Lets go of what has been sent. */
  async tidy(signer: AuthorSigner, now: string): Promise<void> {
    if (this.#sent < sentBeforeCompaction) return;
    const compacted = await this.#options.journal.compact({ now, signer, durableThrough: null });
    if (compacted.ok) this.#sent = 0;
  }

  async #keep(events: readonly AuditEvent[]): Promise<void> {
    if (events.length === 0) return;
    const kept = await this.#options.journal.putNotes(
      events.map((event) => ({ topic, key: event.eventId, value: event })),
    );
    if (!kept.ok) this.#waiting.push(...events);
  }

  #events(): AuditEvent[] {
    // Written by this class alone, and sealed since.
    return [...this.#options.journal.notes(topic).values()] as AuditEvent[];
  }

  #nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }
}
