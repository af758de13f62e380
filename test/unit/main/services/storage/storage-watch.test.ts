import { describe, expect, it } from 'vitest';
import { StorageWatch } from '../../../../../main/services/storage/storage-watch.ts';
import type { Room } from '../../../../../main/services/storage/storage-watch.ts';
import { HandClock } from '../../../../support/hand-clock.ts';

const megabyte = 1_000_000;

function watchOf(free: () => Promise<number>) {
  const rooms: Room[] = [];
  const clock = new HandClock();
  const watch = new StorageWatch({
    freeBytes: free,
    clock,
    changed: (room) => {
      rooms.push(room);
    },
  });
  return { watch, rooms, clock };
}

describe('free space', () => {
  it('S1: warns below 500 MB, refuses below 50 MB, and comes back when clearly more is free', async () => {
    let free = 600 * megabyte;
    const { watch, rooms } = watchOf(() => Promise.resolve(free));
    for (const megabytes of [600, 499, 510, 51, 49, 60, 71, 519, 521]) {
      free = megabytes * megabyte;
      await watch.look();
    }
    expect(rooms).toEqual(['low', 'none', 'low', 'enough']);
  });

  it('holds nothing back where the file system does not say', async () => {
    const { watch } = watchOf(() => Promise.reject(new Error('ENOSYS')));
    expect(await watch.look()).toBe('enough');
  });

  it('looks by itself until it is stopped', async () => {
    let looks = 0;
    const { watch, clock } = watchOf(() => {
      looks += 1;
      return Promise.resolve(0);
    });
    watch.start();
    clock.pass(60_000);
    watch.stop();
    clock.pass(60_000);
    expect(looks).toBe(3);
    await watch.look();
    expect(watch.room).toBe('none');
  });
});
