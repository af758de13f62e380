import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { Result } from '../../../domain/result.ts';

/** Well under the 2 s after a keystroke that sync.md allows. */
const PUT_AFTER_MS = 600;
const TRY_AGAIN_AFTER_MS = 3_000;

/** What is known of the words of one draft. */
export interface DraftKept {
  /** When the last keystroke became durable; `null` while nothing was typed. */
  readonly durableAt: string | null;
  readonly error: BridgeError | null;
}

export const NOTHING_KEPT: DraftKept = { durableAt: null, error: null };

/**
 * Writes the newest words of one draft a moment after they were typed. What failed is tried again by itself; what failed
 * late never comes back over something newer.
 */
export class DraftWriter {
  readonly #write: (content: string) => Promise<Result<{ readonly durableAt: string }, BridgeError>>;
  readonly #tell: (kept: DraftKept) => void;
  #waiting: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts what was handed over; only the newest may fail back into waiting. */
  #newest = 0;
  #kept = NOTHING_KEPT;
  #left = false;

  constructor(
    write: (content: string) => Promise<Result<{ readonly durableAt: string }, BridgeError>>,
    tell: (kept: DraftKept) => void,
  ) {
    this.#write = write;
    this.#tell = tell;
  }

  put(content: unknown): void {
    this.#waiting = JSON.stringify(content);
    this.#later(PUT_AFTER_MS);
  }

  /** Resolves when all that was typed until now is durable (`true`), or could not be made so. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    const content = this.#waiting;
    if (content === null) return this.#kept.error === null;
    this.#waiting = null;
    const mine = ++this.#newest;
    const answer = await this.#write(content);
    // Words that were typed meanwhile are handed over or waiting: this answer says nothing of them.
    if (mine !== this.#newest) return answer.ok;
    this.#kept = answer.ok
      ? { durableAt: answer.value.durableAt, error: null }
      : { durableAt: this.#kept.durableAt, error: answer.error };
    if (!answer.ok) this.#failed(content);
    this.#tell(this.#kept);
    return answer.ok;
  }

  /** The draft was saved or given up: nothing of it is put any more. */
  ended(): void {
    clearTimeout(this.#timer);
    this.#waiting = null;
    this.#newest += 1;
    this.#kept = { ...this.#kept, error: null };
  }

  enter(): void {
    this.#left = false;
  }

  /** The last words go out; nothing is tried again once the person is elsewhere, where another may be at work. */
  async leave(): Promise<void> {
    this.#left = true;
    await this.flush();
  }

  #failed(content: string): void {
    if (this.#waiting !== null) return;
    this.#waiting = content;
    if (!this.#left) this.#later(TRY_AGAIN_AFTER_MS);
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), ms);
  }
}
