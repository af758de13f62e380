import type { OpenBag } from './session/open-bag.ts';
import type { Clock } from './sync/ports.ts';

const firstMs = 5 * 60_000;
const everyMs = 60 * 60_000;

export interface HousekeepingOptions {
  readonly bag: Pick<OpenBag, 'signer' | 'journal' | 'audit'>;
  readonly clock: Clock;
  /** The service's backup watermark: nothing that it has not passed is ever let go of. */
  readonly durableThrough: () => { readonly epoch: string; readonly position: number } | null;
  readonly failed: (what: 'journal') => void;
}

/**
 * Lets the journal and the audit queue go of what is settled and kept elsewhere, so that they do not grow for ever.
 * Only while a person is at work: the anchor of a compacted chain is signed. What may go is the journal's own rule
 * (journal/retention.ts).
 */
export function keepHouse(options: HousekeepingOptions): () => void {
  const { bag, clock } = options;
  let cancel = clock.after(firstMs, tick);
  let ended = false;

  function tick(): void {
    cancel = clock.after(everyMs, tick);
    void tidy();
  }

  async function tidy(): Promise<void> {
    const signer = bag.signer();
    if (ended || signer === null) return;
    const now = new Date(clock.wallMs()).toISOString();
    const compacted = await bag.journal.compact({ now, durableThrough: options.durableThrough(), signer });
    if (!compacted.ok) options.failed('journal');
    await bag.audit.tidy(signer, now);
  }

  return () => {
    ended = true;
    cancel();
  };
}
