/** The hazard log speaks of tests: every one of them exists under its name, and every row says where it stands. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  cellsOf,
  faultOf,
  hazardRows,
  missingFiles,
  page,
  project,
  rootsOf,
  standingOf,
  testsNamedIn,
} from './hazard-rows.ts';

const log = page('docs/clinical-safety/hazard-log.md');
const roots = rootsOf(log);
const rows = hazardRows(log);
const ids = new Set(rows.map(({ id }) => id));

describe('the hazard log', () => {
  it('is there, with its roots, each number once', () => {
    expect(rows.length).toBeGreaterThan(100);
    expect(roots.size).toBeGreaterThan(10);
    expect(ids.size).toBe(rows.length);
  });

  it.each(rows)('$id: names tests that exist, under their own words', ({ tests }) => {
    const named = testsNamedIn(tests, roots);
    expect(named.map(faultOf).filter(Boolean)).toEqual([]);
    const quoted = [...tests.matchAll(/"([^"]+)"/g)].map(([, words]) => words);
    expect(named.flatMap(({ words }) => words ?? [])).toEqual(quoted);
  });

  it.each(rows)('$id: is controlled by a test, or says what is missing and what to do meanwhile', (row) => {
    const standing = standingOf(row);
    expect(standing).not.toBeNull();
    if (standing === 'controlled') expect(testsNamedIn(row.tests, roots)).not.toEqual([]);
    else expect(row.status).toMatch(/Interim: \S/);
  });

  it.each(rows)('$id: is estimated by the scales of the plan', ({ severity, likelihood }) => {
    expect(severity).toMatch(/^(Cat|Maj|Con|Sig|Min)$/);
    expect(likelihood).toMatch(/^(VH|H|M|L|VL) → (VH|H|M|L|VL)$/);
  });

  it('names no file and no hazard that is not there', () => {
    expect(missingFiles(log, roots)).toEqual([]);
    expect([...log.matchAll(/\bH-\d{3}\b/g)].map(([id]) => id).filter((id) => !ids.has(id))).toEqual([]);
  });
});

/** Hazards of the design, by the words of their table's first column; numbers of the consumer log in front. */
const sources = ['clinical.md', 'sync.md'].map((name) => ({
  name,
  path: join(project, '../shared/design', name),
}));

describe.skipIf(!sources.every(({ path }) => existsSync(path)))(
  'every hazard of the design (../shared/design, where present) has its place in the log',
  () => {
    const checklist = new Map(
      (log.split('## Where each hazard of the design stands')[1] ?? '')
        .split('\n')
        .map(cellsOf)
        .filter(({ length }) => length === 2)
        .map(([source = '', where = '']) => [source, where]),
    );
    const tableUnder = (text: string, heading: string): readonly string[] => {
      const [, section = ''] = text.split(`\n## ${heading}`);
      return (section.split('\n## ')[0] ?? '')
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .slice(2)
        .map((line) => cellsOf(line)[0] ?? '');
    };
    const [clinical = '', sync = ''] = sources.map(({ path }) =>
      existsSync(path) ? readFileSync(path, 'utf8') : '',
    );
    it.each([
      ...tableUnder(clinical, 'Hazards of showing a copy'),
      ...tableUnder(clinical, 'Hazards of carrying a record'),
      ...tableUnder(sync, 'Invariants'),
      ...tableUnder(sync, 'Conflicts'),
      ...tableUnder(sync, 'Failures'),
    ])('%s', (source) => {
      expect(checklist.get(source) ?? '').toMatch(/^H-\d{3}(, H-\d{3})*$/);
    });
  },
);
