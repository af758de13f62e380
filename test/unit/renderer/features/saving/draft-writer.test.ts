import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DraftWriter, type DraftKept } from '../../../../../renderer/features/saving/draft-writer.ts';

const refused = {
  ok: false as const,
  error: { code: 'disk', message: 'The disk is full.', lost: 'not-saved' as const, remedy: 'Free some.' },
};
const kept = { ok: true as const, value: { durableAt: '2026-11-22T10:00:00Z' } };

/** Each write is answered when the test says so. */
function slowDisk() {
  const written: { content: unknown; answer: (given: typeof refused | typeof kept) => void }[] = [];
  const told: DraftKept[] = [];
  const writer = new DraftWriter(
    (content) =>
      new Promise((resolve) => {
        written.push({ content: JSON.parse(content), answer: resolve });
      }),
    (state) => told.push(state),
  );
  return { writer, written, told };
}

describe('the words of a draft', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('that failed late never come back over newer ones', async () => {
    const { writer, written } = slowDisk();
    writer.put('A');
    const first = writer.flush();
    writer.put('B');
    const second = writer.flush();
    written[1]?.answer(kept);
    await second;
    written[0]?.answer(refused);
    await first;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(written.map(({ content }) => content)).toEqual(['A', 'B']);
  });

  it('that failed are tried again by themselves', async () => {
    const { writer, written, told } = slowDisk();
    writer.put('A');
    await vi.advanceTimersByTimeAsync(1_000);
    written[0]?.answer(refused);
    await vi.advanceTimersByTimeAsync(0);
    expect(told.at(-1)?.error?.code).toBe('disk');
    await vi.advanceTimersByTimeAsync(5_000);
    written[1]?.answer(kept);
    await vi.advanceTimersByTimeAsync(0);
    expect(written.map(({ content }) => content)).toEqual(['A', 'A']);
    expect(told.at(-1)).toEqual({ durableAt: kept.value.durableAt, error: null });
  });

  it('say whether they are durable, and are put no more once they were saved or left', async () => {
    const { writer, written } = slowDisk();
    writer.put('A');
    const flushed = writer.flush();
    written[0]?.answer(refused);
    expect(await flushed).toBe(false);
    const left = writer.leave();
    written[1]?.answer(refused);
    await left;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(written).toHaveLength(2);
    writer.ended();
    expect(await writer.flush()).toBe(true);
    expect(written).toHaveLength(2);
  });
});
