import type { Clock } from '../sync/ports.ts';

/**
 * - `enough`
 * - `low`: nothing is fetched any more, and a person is told.
 * - `none`: no new save is taken. What is left is for drafts, for what the service answers, and for the reserve.
 */
export type Room = 'enough' | 'low' | 'none';

export interface StorageWatchParts {
  /** Bytes that this user may still write where the profile lies. */
  readonly freeBytes: () => Promise<number>;
  readonly clock: Pick<Clock, 'after'>;
  readonly changed: (room: Room) => void;
}

const lowBytes = 500_000_000;
/** A save of the largest kind is 8 MB, and Chromium resets its stores when the disk is really full (sync-bugs S1). */
const noneBytes = 50_000_000;
/** Freed space counts once it is clearly more, so that words do not come and go. */
const marginBytes = 20_000_000;
const everyMs = 30_000;

/** Knows that the disk is filling before it is full. Where it cannot be told, nothing is held back. */
export class StorageWatch {
  readonly #parts: StorageWatchParts;
  #room: Room = 'enough';
  #cancel: () => void = () => undefined;

  constructor(parts: StorageWatchParts) {
    this.#parts = parts;
  }

  get room(): Room {
    return this.#room;
  }

  start(): void {
    void this.look();
    this.#cancel = this.#parts.clock.after(everyMs, () => {
      this.start();
    });
  }

  stop(): void {
    this.#cancel();
  }

  async look(): Promise<Room> {
    const free = await this.#parts.freeBytes().catch(() => null);
    const room = free === null ? 'enough' : roomOf(free, this.#room);
    if (room !== this.#room) {
      this.#room = room;
      this.#parts.changed(room);
    }
    return room;
  }
}

function roomOf(free: number, before: Room): Room {
  if (free < noneBytes + (before === 'none' ? marginBytes : 0)) return 'none';
  return free < lowBytes + (before === 'enough' ? 0 : marginBytes) ? 'low' : 'enough';
}

/** What a person reads while space is short; null while there is enough. */
export function roomWords(room: Room): { readonly code: string; readonly message: string } | null {
  switch (room) {
    case 'enough':
      return null;
    case 'low':
      return {
        code: 'disk-nearly-full',
        message:
          'This computer’s disk has less than 500 MB left. Saving still works; no more records are fetched. Free some space now.',
      };
    case 'none':
      return {
        code: 'disk-no-room',
        message:
          'This computer’s disk is nearly full: nothing new can be saved. What you type stays in its form and everything saved before is safe. Free some space, then save again.',
      };
  }
}
