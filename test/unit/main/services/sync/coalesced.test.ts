import { describe, expect, it } from 'vitest';
import { Coalesced } from '../../../../../main/services/sync/coalesced.ts';

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('coalesced work', () => {
  it('Q8 L3: a trigger while it runs becomes one run that follows, never a second run beside it', async () => {
    const gates = [gate(), gate()];
    let started = 0;
    let atOnce = 0;
    let most = 0;
    const work = new Coalesced(async () => {
      const mine = gates[started];
      started += 1;
      atOnce += 1;
      most = Math.max(most, atOnce);
      await mine?.opened;
      atOnce -= 1;
    });
    const first = work.run();
    const later = [work.run(), work.run(), work.run()];
    expect(started).toBe(1);
    gates[0]?.open();
    await first;
    gates[1]?.open();
    await Promise.all(later);
    expect(started).toBe(2);
    expect(most).toBe(1);
  });

  it('Q2: a run that fails does not block the next', async () => {
    let runs = 0;
    const work = new Coalesced(() => {
      runs += 1;
      return runs === 1 ? Promise.reject(new Error('broken')) : Promise.resolve();
    });
    await expect(work.run()).rejects.toThrow('broken');
    await work.run();
    expect(runs).toBe(2);
    expect(work.isRunning).toBe(false);
  });
});
