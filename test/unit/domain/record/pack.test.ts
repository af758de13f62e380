import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyToPack,
  manifestLines,
  PackError,
  readPack,
  splitArray,
  writePack,
  type PackChange,
} from '../../../../domain/record/pack.ts';

const resource = (id: string, version: number, more = ''): string =>
  `{"resourceType":"Condition","id":"${id}","meta":{"versionId":"${version}"}${more}}`;

const upsert = (id: string, version: number, position: number): PackChange => ({
  kind: 'upsert',
  position,
  key: `Condition/${id}`,
  version,
  resource: resource(id, version),
});

describe('splitting a pack', () => {
  test('keeps every element letter for letter, whatever its strings hold', () => {
    const element = fc.dictionary(
      fc.string(),
      fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.array(fc.string()), fc.object()),
    );
    fc.assert(
      fc.property(fc.array(element), (elements) => {
        const texts = elements.map((one) => JSON.stringify(one));
        expect(splitArray(`[${texts.join(',')}]`)).toEqual(texts);
      }),
    );
  });

  test('decimals stay as written', () => {
    const text = `[${resource('a', 1, ',"valueQuantity":{"value":8.000}')}]`;
    expect(writePack(readPack(text))).toBe(text);
  });

  test.each(['', '{}', '[', '[{"a":1}', '[{"a":"]}', '[{"a":1}],[', '[{"resourceType":"Condition"}]'])(
    'what is no whole array of resources is refused: %s',
    (text) => {
      expect(() => readPack(text)).toThrow(PackError);
    },
  );
});

describe('feeding a pack', () => {
  const items = readPack(`[${resource('a', 2)},${resource('b', 1)}]`);

  test('a higher version replaces, a new one is added, a tombstone removes', () => {
    const { items: fed } = applyToPack(
      items,
      [
        upsert('a', 3, 11),
        upsert('c', 1, 12),
        { kind: 'tombstone', position: 13, key: 'Condition/b', version: 2 },
      ],
      10,
    );
    expect(fed.map(({ key, version }) => `${key} ${version}`)).toEqual(['Condition/a 3', 'Condition/c 1']);
  });

  test('L23: a version that is not higher changes nothing', () => {
    expect(applyToPack(items, [upsert('a', 2, 11), upsert('a', 1, 12)], 10)).toEqual({
      items,
      changed: false,
    });
  });

  test('M12: an entry at or before the position of the pack does not raise what was deleted since', () => {
    expect(applyToPack(items, [upsert('gone', 1, 10)], 10).changed).toBe(false);
  });

  test('M6, L15: created and deleted in one page leaves nothing', () => {
    const { items: fed } = applyToPack(
      items,
      [upsert('d', 1, 11), { kind: 'tombstone', position: 12, key: 'Condition/d', version: 2 }],
      10,
    );
    expect(fed.map(({ key }) => key)).not.toContain('Condition/d');
  });

  test('applying a feed in two halves gives what applying it at once gives', () => {
    const change = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      version: fc.integer({ min: 1, max: 6 }),
      dead: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change), fc.nat(), (raw, cut) => {
        // Versions of a resource only rise in the feed (I6).
        const last = new Map<string, number>();
        const changes = raw.map(({ id, version, dead }, index): PackChange => {
          const next = (last.get(id) ?? 0) + version;
          last.set(id, next);
          return dead
            ? { kind: 'tombstone', position: 11 + index, key: `Condition/${id}`, version: next }
            : upsert(id, next, 11 + index);
        });
        const at = changes.length === 0 ? 0 : cut % changes.length;
        const halves = applyToPack(
          applyToPack(items, changes.slice(0, at), 10).items,
          changes.slice(at),
          10,
        ).items;
        const whole = applyToPack(items, changes, 10).items;
        const keys = (list: typeof whole): string[] => list.map((one) => `${one.key} ${one.version}`).sort();
        expect(keys(halves)).toEqual(keys(whole));
      }),
    );
  });
});

test('M10: the manifest digests lines sorted by code unit', () => {
  expect(
    manifestLines([
      { key: 'Patient/a', version: 1, digest: 'x' },
      { key: 'Condition/b', version: 2, digest: 'y' },
    ]),
  ).toBe('Condition/b|2|y\nPatient/a|1|x');
});
