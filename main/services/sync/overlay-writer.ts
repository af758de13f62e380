import type { PendingOperation } from '../../../contract/cache-port.ts';
import { stringifyExact } from '../../../domain/fhir/exact-json.ts';
import type { OperationId } from '../../../domain/identifiers.ts';
import type { FeedCursor } from '../../../domain/sync/pull.ts';
import { overlayOf } from '../../../domain/sync/overlay.ts';
import type { CacheLink } from './cache-link.ts';
import { noteTopics, type OutboxView } from './outbox-view.ts';
import type { SyncJournal } from './ports.ts';

export interface OverlayParts {
  readonly journal: Pick<SyncJournal, 'notes' | 'putNotes'>;
  readonly outbox: OutboxView;
  /** Operations whose conflict a person has settled. */
  readonly closed: () => ReadonlySet<OperationId>;
}

/** Tells the cache which of this device's work its records do not hold yet. */
export class OverlayWriter {
  readonly #parts: OverlayParts;

  constructor(parts: OverlayParts) {
    this.#parts = parts;
  }

  /**
   * The cache has everything up to here. Kept with the journal, so that after a restart without a connection the
   * overlay is not the whole journal; only when some work of this device is among it.
   */
  async reached(head: FeedCursor): Promise<void> {
    const before = this.#lastAtHead();
    const isNews = this.#parts.outbox
      .entries()
      .some(
        ({ settlement }) =>
          settlement?.epoch === head.epoch &&
          settlement.position !== undefined &&
          settlement.position <= head.position &&
          (before?.epoch !== head.epoch || settlement.position > before.position),
      );
    if (isNews) {
      await this.#parts.journal.putNotes([{ topic: noteTopics.feed, key: 'at-head', value: head }]);
    }
  }

  async put(cache: CacheLink): Promise<void> {
    const overlay = overlayOf({
      journal: this.#parts.outbox.entries(),
      cursor: this.#lastAtHead(),
      closed: this.#parts.closed(),
    });
    await cache.ask({
      type: 'put-pending',
      pending: overlay.map(({ signed, state, resultVersion }): PendingOperation => {
        const { after, ...operation } = signed.operation;
        return {
          operation: { ...operation, diff: [] },
          state,
          ...(after === undefined ? {} : { after: stringifyExact(after) }),
          ...(resultVersion === undefined ? {} : { resultVersion }),
        };
      }),
    });
  }

  #lastAtHead(): FeedCursor | null {
    const noted = this.#parts.journal.notes(noteTopics.feed).get('at-head');
    return (noted as FeedCursor | undefined) ?? null;
  }
}
