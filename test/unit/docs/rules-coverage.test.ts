/** The table of clinical rules names tests that are there, and leaves no rule without one or a reason. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const text = readFileSync('docs/clinical-safety/rules-coverage.md', 'utf8');

const ROOTS: Readonly<Record<string, string>> = {
  C: 'test/unit/domain/clinical/',
  F: 'test/unit/domain/fhir/',
  T: 'test/unit/domain/terminology/',
  S: 'test/unit/domain/search/',
  R: 'test/unit/domain/record/',
  W: 'test/e2e/workspace/',
};

it('every test file that is named exists', () => {
  const named = [...text.matchAll(/`((?:[A-Z]\/|test\/)[\w./-]+\.ts)`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(80);
  const missing = named.filter((path) => {
    const root = ROOTS[path.slice(0, path.indexOf('/'))];
    return !existsSync(root === undefined ? path : root + path.slice(2));
  });
  expect(missing).toEqual([]);
});

it('no rule waits for its test', () => {
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:rule|-+) /.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const shown = rows.map(([, rule = '', by = '']) => ({ rule, by }));
  expect(shown.filter(({ by }) => /(?:^data:|: (?:screen|open|data)\b)/.test(by))).toEqual([]);
  expect(
    shown.filter(
      ({ by }) => !by.includes('.test.ts') && !by.includes('.spec.ts') && !by.startsWith('excluded:'),
    ),
  ).toEqual([]);
});
