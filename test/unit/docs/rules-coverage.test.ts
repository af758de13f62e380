/** The table of clinical rules names tests that are there, and leaves no rule without one, a reason, or an open hazard. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  cellsOf,
  faultOf,
  hazardRows,
  page,
  project,
  rootsOf,
  standingOf,
  testsNamedIn,
} from './hazard-rows.ts';

const text = page('docs/clinical-safety/rules-coverage.md');
const roots = rootsOf(text);
const hazards = new Map(
  hazardRows(page('docs/clinical-safety/hazard-log.md')).map((row) => [row.id, standingOf(row)]),
);

interface Rule {
  readonly section: string;
  readonly rule: string;
  readonly by: string;
}

const rules: readonly Rule[] = text
  .split('\n## ')
  .slice(1)
  .flatMap((part) =>
    part
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2)
      .map(cellsOf)
      .map(([rule = '', by = '']) => ({ section: part.split('\n')[0] ?? '', rule, by })),
  );
/** What is said to be missing: everything after "open:". */
const openIn = (by: string) => [...(/open: .*/.exec(by)?.[0] ?? '').matchAll(/H-\d{3}/g)].map(([id]) => id);

it('has its rules and its roots', () => {
  expect(rules.length).toBeGreaterThan(150);
  expect(roots.size).toBeGreaterThan(10);
});

it.each(rules)('$section: $rule', ({ by }) => {
  const named = testsNamedIn(by, roots);
  expect(named.map(faultOf).filter(Boolean)).toEqual([]);
  if (!by.startsWith('excluded: ')) {
    // Every word in quotes names a test: nothing is taken for one that is not.
    const quoted = [...by.matchAll(/"([^"]+)"/g)].map(([, words]) => words);
    expect(named.flatMap(({ words }) => words ?? [])).toEqual(quoted);
    if (!/^open: H-\d{3}/.test(by)) expect(quoted).not.toEqual([]);
  }
  // What is open here is open or held in part there, with what to do meanwhile.
  expect(openIn(by).filter((id) => !['partly', 'open'].includes(hazards.get(id) ?? ''))).toEqual([]);
  if (by.includes('open:')) expect(openIn(by)).not.toEqual([]);
});

const design = join(project, '../shared/design/clinical.md');

/** The tables of the design, by the words of their first column. */
describe.skipIf(!existsSync(design))('every row of the design (../shared/design, where present)', () => {
  const source = existsSync(design) ? readFileSync(design, 'utf8') : '';
  const firstColumn = (heading: string): readonly string[] =>
    ((source.split(`\n## ${heading}`)[1] ?? '').split('\n## ')[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .slice(2)
      .map((line) => cellsOf(line)[0] ?? '');
  const rulesOf = (section: string) =>
    rules.filter((one) => one.section.startsWith(section)).map(({ rule }) => rule);

  it.each([
    ...firstColumn('Hazards of showing a copy').map((row) => ['Hazards of showing a copy', row] as const),
    ...firstColumn('Hazards of carrying').map((row) => ['Hazards of carrying', row] as const),
  ])('%s: %s', (section, row) => {
    expect(rulesOf(section)).toContain(row);
  });

  it.each(firstColumn('On screen'))('On screen: %s', (row) => {
    const id = row.replace(/ (?:M|R)\b.*$/, '');
    expect(rulesOf('On screen').filter((rule) => rule.startsWith(id))).not.toEqual([]);
  });

  it.each(firstColumn('Governance'))('Governance: %s', (row) => {
    expect(rulesOf('Governance').filter((rule) => rule.startsWith(`${row}:`))).not.toEqual([]);
  });
});
