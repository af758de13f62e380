import { expect, test, vi } from 'vitest';
import { keepHouse } from '../../../../main/services/housekeeping.ts';
import type { HousekeepingOptions } from '../../../../main/services/housekeeping.ts';
import { success } from '../../../../domain/result.ts';

type Bag = HousekeepingOptions['bag'];

function house(signer: ReturnType<Bag['signer']>) {
  const timers: (() => void)[] = [];
  const compact = vi.fn(() => Promise.resolve(success({} as never)));
  const tidy = vi.fn(() => Promise.resolve());
  const stop = keepHouse({
    bag: { signer: () => signer, journal: { compact } as never, audit: { tidy } as never },
    clock: {
      wallMs: () => 0,
      monotonicMs: () => 0,
      after: (_ms, run) => {
        timers.push(run);
        return () => {
          timers.length = 0;
        };
      },
    },
    durableThrough: () => ({ epoch: 'e', position: 7 }),
    failed: () => undefined,
  });
  return {
    compact,
    tidy,
    stop,
    pass: () => {
      timers.shift()?.();
      return Promise.resolve();
    },
  };
}

const signer = {} as ReturnType<Bag['signer']>;

test('compacts with the service’s backup watermark while a person is at work, again and again', async () => {
  const { compact, tidy, pass } = house(signer);
  await pass();
  await pass();
  expect(compact).toHaveBeenCalledTimes(2);
  expect(compact).toHaveBeenCalledWith({
    now: '1970-01-01T00:00:00.000Z',
    durableThrough: { epoch: 'e', position: 7 },
    signer,
  });
  await vi.waitFor(() => {
    expect(tidy).toHaveBeenCalledTimes(2);
  });
});

test('touches nothing while the screen is locked', async () => {
  const { compact, pass } = house(null);
  await pass();
  expect(compact).not.toHaveBeenCalled();
});

test('touches nothing once the bag was closed', async () => {
  const { compact, pass, stop } = house(signer);
  stop();
  await pass();
  expect(compact).not.toHaveBeenCalled();
});
