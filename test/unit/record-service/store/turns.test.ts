import { describe, expect, it } from 'vitest';
import { Turns } from '../../../../record-service/store/turns.ts';

function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('turns', () => {
  it('lets so many work at once, the others in the order in which they came, a failed one included', async () => {
    const turns = new Turns(2);
    const gates = Array.from({ length: 5 }, gate);
    const begun: number[] = [];
    const works = gates.map((one, index) =>
      turns.take(async () => {
        begun.push(index);
        await one.opened;
        if (index === 0) throw new Error('failed');
        return index;
      }),
    );
    const settled = Promise.allSettled(works);
    expect(begun).toEqual([0, 1]);
    gates[0]?.open();
    await expect(works[0]).rejects.toThrow('failed');
    expect(begun).toEqual([0, 1, 2]);
    for (const one of gates) one.open();
    await settled;
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    await expect(turns.take(() => Promise.resolve('free again'))).resolves.toBe('free again');
  });
});
