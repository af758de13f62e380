import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compressSync } from 'snappy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needlesOf } from '../../../tools/plain-text-search/needles.ts';
import { distinctive, search } from '../../../tools/plain-text-search/plain-text.ts';
import type { Needle } from '../../../tools/plain-text-search/needles.ts';

const needles: readonly Needle[] = [{ text: 'Quibblethorpe', kind: 'name' }];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gladstone-plain-text-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function formsIn(bytes: Uint8Array, name = 'file'): readonly string[] {
  writeFileSync(join(folder, name), bytes);
  return search(needles, [folder]).hits.map(({ form, where }) => `${form} in ${where}`);
}

describe('every form in which a text may lie on the disk is found', () => {
  it('UTF-8, in any case of letters', () => {
    expect(formsIn(Buffer.from('xx Quibblethorpe xx'))).toEqual(['utf-8 in file']);
    expect(formsIn(Buffer.from('xx quibblethorpe xx'))).toEqual(['utf-8 in file']);
    expect(formsIn(Buffer.from('xx QUIBBLETHORPE xx'))).toEqual(['utf-8 in file']);
  });

  it('UTF-16, at an odd place too', () => {
    const bytes = Buffer.concat([Buffer.from('x'), Buffer.from('Quibblethorpe', 'utf16le')]);
    expect(formsIn(bytes)).toEqual(['utf-16 in file']);
  });

  it.each(['', 'a', 'ab', 'abc'])('base64 with "%s" in front of it', (before) => {
    const encoded = Buffer.from(`${before}Quibblethorpe and more`).toString('base64');
    expect(formsIn(Buffer.from(`{"sealed":"${encoded}"}`))).toContain('base64 in file');
  });

  it('in a LevelDB log, across its blocks', () => {
    const value = Buffer.concat([Buffer.alloc(40_000), Buffer.from('Quibblethorpe')]);
    const batch = Buffer.concat([
      Buffer.alloc(12),
      Buffer.from([1, 1, 0x6b]),
      Buffer.from([(value.length & 0x7f) | 0x80, ((value.length >> 7) & 0x7f) | 0x80, value.length >> 14]),
      value,
    ]);
    const first = batch.subarray(0, 32_761);
    const record = (type: number, bytes: Buffer): Buffer => {
      const header = Buffer.alloc(7);
      header.writeUInt16LE(bytes.length, 4);
      header[6] = type;
      return Buffer.concat([header, bytes]);
    };
    const log = Buffer.concat([record(2, first), record(4, batch.subarray(first.length))]);
    expect(formsIn(log, '000003.log')).toEqual(['utf-8 in file', 'utf-8 in level-db']);
  });

  it('in a compressed block of a LevelDB table, where the file itself does not show it', () => {
    const table = tableWith('Quibb-Quibb-Quibblethorpe-Quibblethorpe');
    expect(table.includes('Quibblethorpe')).toBe(false);
    expect(formsIn(table, '000005.ldb')).toEqual(['utf-8 in level-db']);
  });

  it('a printed page is a hit by itself', () => {
    expect(formsIn(Buffer.from('%PDF-1.7 …'))).toEqual(['utf-8 in printed-page']);
  });

  it('sealed bytes are none', () => {
    expect(formsIn(Buffer.from('nothing of the kind'))).toEqual([]);
  });
});

/** One entry in one compressed data block, its index block, and the footer. */
function tableWith(text: string): Buffer {
  const block = (key: string, value: Buffer): Buffer =>
    Buffer.concat([
      Buffer.from([0, key.length, value.length]),
      Buffer.from(key),
      value,
      Buffer.from([0, 0, 0, 0, 1, 0, 0, 0]),
    ]);
  const data = compressSync(block('k', Buffer.from(text)));
  const trailer = (type: number): Buffer => Buffer.from([type, 0, 0, 0, 0]);
  const index = block('k', Buffer.from([0, data.length]));
  const footer = Buffer.alloc(48);
  footer.set([0, 0, data.length + 5, index.length]);
  footer.writeBigUInt64LE(0xdb4775248b80fb57n, 40);
  return Buffer.concat([data, trailer(1), index, trailer(0), footer]);
}

describe('what is looked for', () => {
  it('names, numbers, terms and words; not who wrote it, not what is too short', () => {
    const found = needlesOf(
      [
        {
          resourceType: 'Patient',
          name: [{ family: 'Shaw', given: ['Al'] }],
          identifier: [{ value: '9434765919' }],
        },
        {
          resourceType: 'Observation',
          code: { coding: [{ code: '1', display: 'Plaster cast applied' }] },
          performer: [{ reference: 'Practitioner/1', display: 'Dr Ada Example' }],
          note: [{ text: 'Dr Other Example' }],
          valueString: 'wheezes at night',
        },
      ],
      new Set(['Dr Other Example']),
    ).map(({ text }) => text);
    expect(found).toEqual([
      'Shaw',
      'Shaw, Al',
      '9434765919',
      '943 476 5919',
      'Plaster cast applied',
      'wheezes',
    ]);
  });

  it('what the program holds itself is left out, and said', () => {
    writeFileSync(join(folder, 'bundle.js'), 'const word = `Asthma`;');
    const asked: readonly Needle[] = [...needles, { text: 'Asthma', kind: 'term' }];
    const { used, ownToTheProgram } = distinctive(asked, [folder]);
    expect(used.map(({ text }) => text)).toEqual(['Quibblethorpe']);
    expect(ownToTheProgram.map(({ text }) => text)).toEqual(['Asthma']);
  });
});
