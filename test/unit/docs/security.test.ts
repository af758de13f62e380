/** The threat model names tests, files, hazards and breaches; every one of them is there. */
import { describe, expect, it } from 'vitest';
import { cellsOf, faultOf, hazardRows, missingFiles, page, rootsOf, testsNamedIn } from './hazard-rows.ts';

const threats = page('docs/security.md');
const log = page('docs/clinical-safety/hazard-log.md');
const roots = rootsOf(log);

/** Attempts of every actor: those tables begin with "attempt", and their third column is the test. */
const attempts = threats
  .split('\n## ')
  .filter((section) => section.includes('\n| attempt '))
  .flatMap((section) =>
    section
      .split('\n')
      .filter((line) => line.startsWith('| ') && !/^\| (attempt|-)/.test(line))
      .map((line) => {
        const [attempt = '', control = '', tests = ''] = cellsOf(line);
        return { attempt, control, tests };
      }),
  );

const tags = (text: string) => [...text.matchAll(/@[a-z]+(?:-[a-z]+)*/g)].map(([tag]) => tag);
const sorted = (of: Iterable<string>) => [...new Set(of)].sort();

describe('the threat model', () => {
  it('has attempts of all five actors', () => {
    expect(attempts.length).toBeGreaterThan(40);
  });

  it.each(attempts)('$attempt: its control has tests that exist', ({ control, tests }) => {
    if (control.startsWith('none')) return;
    const named = testsNamedIn(tests, roots);
    expect(named.filter(({ words }) => words !== null)).not.toEqual([]);
    expect(named.map(faultOf).filter(Boolean)).toEqual([]);
    const quoted = [...tests.matchAll(/"([^"]+)"/g)].map(([, words]) => words);
    expect(named.flatMap(({ words }) => words ?? [])).toEqual(quoted);
  });

  it('names no file and no hazard that is not there', () => {
    const ids = new Set(hazardRows(log).map(({ id }) => id));
    expect(missingFiles(threats, roots)).toEqual([]);
    expect([...threats.matchAll(/\bH-\d{3}\b/g)].map(([id]) => id).filter((id) => !ids.has(id))).toEqual([]);
  });

  it('lists the breaches that the command makes, and every tagged test of the shell has one', () => {
    const [, list = ''] = /It breaks (\d+ lines, one for each of:.*?)\.\n/s.exec(threats) ?? [];
    const breached = [...page('tools/breach.ts').matchAll(/test: '(@[\w-]+)'/g)].map(([, tag = '']) => tag);
    expect(Number(list.split(' ')[0])).toBe(breached.length);
    expect(sorted(tags(list))).toEqual(sorted(breached));
    const tested = ['test/e2e/shell/security.spec.ts', 'test/e2e/shell/reliability.spec.ts'].flatMap((path) =>
      [...page(path).matchAll(/^test\('(@[\w-]+):/gm)].map(([, tag = '']) => tag),
    );
    expect(sorted(tested)).toEqual(sorted(breached));
  });
});
