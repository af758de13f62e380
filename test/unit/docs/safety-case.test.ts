/** The figures of the safety case are those of the hazard log, and what it offers as evidence is there. */
import { describe, expect, it } from 'vitest';
import {
  cellsOf,
  faultOf,
  hazardRows,
  missingFiles,
  page,
  riskMatrix,
  rootsOf,
  standingOf,
  testsNamedIn,
} from './hazard-rows.ts';
import type { HazardRow, Standing } from './hazard-rows.ts';

const safetyCase = page('docs/clinical-safety/safety-case.md');
const log = page('docs/clinical-safety/hazard-log.md');
const plan = page('docs/clinical-safety/plan.md');
const rows = hazardRows(log);
const roots = rootsOf(log);
const ids = new Set(rows.map(({ id }) => id));
const riskOf = riskMatrix(plan);

const before = ({ severity, likelihood }: HazardRow) => riskOf(severity, likelihood.split(' → ')[0] ?? '');
const after = ({ severity, likelihood }: HazardRow) => riskOf(severity, likelihood.split(' → ')[1] ?? '');
const number = (of: readonly HazardRow[], standing: Standing) =>
  of.filter((row) => standingOf(row) === standing).length;

/** Rows of the table whose head begins with these words, as cells. */
function table(head: string): readonly (readonly string[])[] {
  const lines = safetyCase.split('\n');
  const at = lines.findIndex((line) => cellsOf(line)[0] === head);
  const end = lines.findIndex((line, index) => index > at && !line.startsWith('|'));
  return at === -1 ? [] : lines.slice(at + 2, end).map(cellsOf);
}

const idsIn = (text: string) => [...text.matchAll(/\bH-\d{3}\b/g)].map(([id]) => id);
const sorted = (of: readonly string[]) => [...of].sort();

describe('the safety case', () => {
  it('counts the hazards as the log does, section by section', () => {
    const sections = [...new Set(rows.map(({ section }) => section))];
    const counted = [...sections, 'all'].map((section) => {
      const of = rows.filter((row) => section === 'all' || row.section === section);
      return [
        section,
        ...[of.length, number(of, 'controlled'), number(of, 'partly'), number(of, 'open')].map(String),
      ];
    });
    expect(
      table('section').map(([name = '', ...figures]) => [/^\d+|all/.exec(name)?.[0], ...figures]),
    ).toEqual(counted);
  });

  it('counts the risks before and after control by the scale of the plan', () => {
    expect(table('risk').map((cells) => cells.slice(0, 3))).toEqual(
      [5, 4, 3, 2, 1].map((risk) => [
        String(risk),
        String(rows.filter((row) => before(row) === risk).length),
        String(rows.filter((row) => after(row) === risk).length),
      ]),
    );
  });

  it('argues for every risk that is still 4 or more, and for no other', () => {
    expect(sorted(table('still 4 or more').map(([id = '']) => id))).toEqual(
      sorted(rows.filter((row) => after(row) >= 4).map(({ id }) => id)),
    );
  });

  it('names every hazard that is open, and no other', () => {
    const [, words = ''] = /^Open, with nothing but a rule of use: (.*?)\.$/ms.exec(safetyCase) ?? [];
    expect(sorted(idsIn(words))).toEqual(
      sorted(rows.filter((row) => standingOf(row) === 'open').map(({ id }) => id)),
    );
  });
});

describe.each([
  ['safety-case.md', safetyCase],
  ['plan.md', plan],
])('%s', (_name, text) => {
  it('names tests, files and hazards that exist', () => {
    expect(testsNamedIn(text, roots).map(faultOf).filter(Boolean)).toEqual([]);
    expect(missingFiles(text, roots)).toEqual([]);
    expect(idsIn(text).filter((id) => !ids.has(id))).toEqual([]);
  });

  it('names commands that exist', () => {
    const { scripts } = JSON.parse(page('package.json')) as { readonly scripts: Record<string, string> };
    const named = [...text.matchAll(/`npm run ([\w:-]+)/g)].map(([, script = '']) => script);
    expect(named).not.toEqual([]);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });
});
