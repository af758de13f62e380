import { describe, expect, test } from 'vitest';
import { SealedLog } from '../../../../renderer/cache/sealed-log.ts';
import { sealerFrom, SealError } from '../../../../renderer/cache/sealing.ts';

const key = (fill: number): ArrayBuffer => new Uint8Array(32).fill(fill).buffer;
const bytes = new TextEncoder().encode('words');
const salt = (fill: number) => new Uint8Array(32).fill(fill);
const sealFrom = async (fill: number, bag: string, salted = 9) =>
  (await sealerFrom(key(fill), bag)).under(salt(salted));

describe('sealing', () => {
  test('opens only with the key and the salt, in the place and for the bag of the sealing', async () => {
    const seal = await sealFrom(1, 'bag');
    const sealed = await seal.seal(bytes, 'packs|1|1');
    expect(new TextDecoder().decode(await (await sealFrom(1, 'bag')).open(sealed, 'packs|1|1'))).toBe(
      'words',
    );
    await expect(seal.open(sealed, 'packs|1|2')).rejects.toThrow(SealError);
    for (const other of [sealFrom(2, 'bag'), sealFrom(1, 'other'), sealFrom(1, 'bag', 8)]) {
      await expect((await other).open(sealed, 'packs|1|1')).rejects.toThrow(SealError);
    }
    await expect(seal.open(sealed.slice(0, -1), 'packs|1|1')).rejects.toThrow(SealError);
  });

  test('the bytes of the key are overwritten once taken', async () => {
    const given = key(7);
    await sealerFrom(given, 'bag');
    expect(new Uint8Array(given).every((byte) => byte === 0)).toBe(true);
  });
});

describe('a sealed log', () => {
  test('read again from its pieces it is what it was in memory, compacted or not', async () => {
    const seal = await sealFrom(1, 'bag');
    const log = new SealedLog<number>('agenda');
    const rows = [];
    for (const change of [
      { put: [['a', 1] as const, ['b', 2] as const] },
      { remove: ['a'] },
      { put: [['c', 3] as const], remove: ['b'] },
      { clear: true as const, put: [['d', 4] as const] },
      { put: [['a', 5] as const] },
    ]) {
      const staged = await log.stage(seal, change);
      log.commit(change, staged);
      rows.push(...staged);
    }
    const again = new SealedLog<number>('agenda');
    await again.load(seal, rows);
    expect([...again.entries]).toEqual([
      ['d', 4],
      ['a', 5],
    ]);
    const whole = await log.stageWhole(seal);
    expect(whole.below).toBeGreaterThan(rows.length - 1);
    const compacted = new SealedLog<number>('agenda');
    await compacted.load(seal, whole.rows);
    expect([...compacted.entries]).toEqual([...again.entries]);
  });
});
