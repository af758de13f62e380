import type { CacheToMain, MainToCache } from '../../contract/cache-port.ts';
import { indexSome } from './agenda-index.ts';
import { GatheredNotices } from './gathered-notices.ts';
import { MainRequests } from './main-requests.ts';
import { ClosedBagError, PageQueries } from './page-queries.ts';
import type { CacheNotice, CacheQuestion, CacheToPage } from './queries.ts';
import { TermSearch } from './term-search.ts';

export interface CacheEnds {
  readonly toPage: (message: CacheToPage) => void;
  readonly toMain: (message: CacheToMain) => void;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** The whole cache between its two ends; the worker gives it real ports, a test gives it functions. */
export class CacheService {
  readonly #ends: CacheEnds;
  readonly #terms = new TermSearch();
  readonly #main: MainRequests;
  readonly #page: PageQueries;
  readonly #arrivals: GatheredNotices;
  #indexing = false;
  #isDue = false;

  constructor(ends: CacheEnds) {
    this.#ends = ends;
    this.#arrivals = new GatheredNotices((notice) => {
      this.#notify(notice);
    }, ends.wait);
    this.#main = new MainRequests(
      {
        notify: (notice) => {
          this.#notify(notice);
        },
        arrived: (patientIds) => {
          this.#arrivals.add(patientIds, patientIds.length > 0 ? ['agenda', 'state'] : ['state']);
        },
        wakeIndexer: () => {
          void this.#index();
        },
        wait: ends.wait,
      },
      this.#terms,
    );
    this.#page = new PageQueries(this.#main, this.#terms, ends.toMain);
  }

  async onRequest({ id, request }: MainToCache): Promise<void> {
    this.#ends.toMain({ id, answer: await this.#main.answer(request) });
  }

  async onQuestion(question: CacheQuestion): Promise<void> {
    const { id, name } = question;
    try {
      this.#ends.toPage({ type: 'answer', id, value: await this.#page.answer(name, question.ask) });
    } catch (error) {
      const code = error instanceof ClosedBagError ? 'closed' : 'other';
      // The error's own words may hold content of a record; its name does not.
      const words =
        code === 'closed'
          ? 'The records are not open.'
          : `The records could not be read (${error instanceof Error ? error.name : 'unknown'}). Nothing was lost.`;
      this.#ends.toPage({ type: 'failed', id, code, message: words });
    }
  }

  #notify(notice: CacheNotice): void {
    // A registration made here is found by search before the service lists it.
    if (notice.kind === 'directory' || notice.kind === 'patients') this.#page.directoryChanged(notice);
    this.#ends.toPage({ type: 'notice', notice });
  }

  /**
   * Looks through packs for bookings and tasks, then tidies the store up, a little at a time, so that a question never
   * waits long behind it.
   */
  async #index(): Promise<void> {
    this.#isDue = true;
    if (this.#indexing) return;
    this.#indexing = true;
    try {
      // What comes while the last of it is tidied up is looked through in another round.
      while (this.#isDue) {
        this.#isDue = false;
        await this.#indexAll();
      }
    } catch {
      // A full disk or a closed store: what was not indexed is so again when packs come or the bag is opened.
    } finally {
      this.#indexing = false;
    }
  }

  async #indexAll(): Promise<void> {
    for (;;) {
      const open = this.#main.open;
      if (!open) return;
      const round = await open.bag.exclusively(() => indexSome(open.bag));
      for (const patientId of round.unreadable) this.#ends.toMain({ tell: 'wanted-now', patientId });
      if (round.indexed.length > 0) this.#arrivals.add([], ['agenda']);
      if (round.waiting <= 0 || round.indexed.length + round.unreadable.length === 0) {
        const settled = await open.bag.exclusively(() => open.bag.settle());
        for (const patientId of settled.lost) this.#ends.toMain({ tell: 'wanted-now', patientId });
        if (settled.isDone) return;
      }
      await this.#ends.wait(0);
    }
  }
}
