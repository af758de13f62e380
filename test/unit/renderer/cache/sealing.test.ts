import { describe, expect, test } from 'vitest';
import { SealedLog } from '../../../../renderer/cache/sealed-log.ts';
import { sealerFrom, SealError } from '../../../../renderer/cache/sealing.ts';

const key = (fill: number): ArrayBuffer => new Uint8Array(32).fill(fill).buffer;
const bytes = new TextEncoder().encode('words');

describe('sealing', () => {
  test('opens only with the key, in the place and for the bag of the sealing', async () => {
    const sealer = await sealerFrom(key(1), 'bag');
    const sealed = await sealer.seal(bytes, 'packs|a|1');
    expect(new TextDecoder().decode(await sealer.open(sealed, 'packs|a|1'))).toBe('words');
    await expect(sealer.open(sealed, 'packs|a|2')).rejects.toThrow(SealError);
    await expect((await sealerFrom(key(2), 'bag')).open(sealed, 'packs|a|1')).rejects.toThrow(SealError);
    await expect((await sealerFrom(key(1), 'other')).open(sealed, 'packs|a|1')).rejects.toThrow(SealError);
    const torn = sealed.slice(0, -1);
    await expect(sealer.open(torn, 'packs|a|1')).rejects.toThrow(SealError);
  });

  test('the bytes of the key are overwritten once taken', async () => {
    const given = key(7);
    await sealerFrom(given, 'bag');
    expect(new Uint8Array(given).every((byte) => byte === 0)).toBe(true);
  });

  test('the same patient has one name in a bag, another in the next, and it tells nothing', async () => {
    const [one, other] = [await sealerFrom(key(1), 'a'), await sealerFrom(key(1), 'b')];
    expect(await one.nameOf('patient')).toBe(await one.nameOf('patient'));
    expect(await one.nameOf('patient')).not.toBe(await other.nameOf('patient'));
    expect(await one.nameOf('patient')).toMatch(/^[\w-]{22}$/);
  });
});

describe('a sealed log', () => {
  test('read again from its pieces it is what it was in memory, compacted or not', async () => {
    const sealer = await sealerFrom(key(1), 'bag');
    const log = new SealedLog<number>('agenda');
    const rows = [];
    for (const change of [
      { put: [['a', 1] as const, ['b', 2] as const] },
      { remove: ['a'] },
      { put: [['c', 3] as const], remove: ['b'] },
      { clear: true as const, put: [['d', 4] as const] },
      { put: [['a', 5] as const] },
    ]) {
      const staged = await log.stage(sealer, change);
      log.commit(change, staged);
      rows.push(...staged);
    }
    const again = new SealedLog<number>('agenda');
    await again.load(sealer, rows);
    expect([...again.entries]).toEqual([
      ['d', 4],
      ['a', 5],
    ]);
    const whole = await log.stageWhole(sealer);
    expect(whole.below).toBeGreaterThan(rows.length - 1);
    const compacted = new SealedLog<number>('agenda');
    await compacted.load(sealer, whole.rows);
    expect([...compacted.entries]).toEqual([...again.entries]);
  });
});
