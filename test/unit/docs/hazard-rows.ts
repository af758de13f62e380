/** The hazard log as rows, and the tests that a page names, so that neither can go stale unseen. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const project = resolve(import.meta.dirname, '../../..');

export const page = (path: string): string => readFileSync(join(project, path), 'utf8');

export const cellsOf = (line: string): readonly string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());

export interface HazardRow {
  readonly id: string;
  /** Number of the log's section. */
  readonly section: string;
  readonly hazard: string;
  readonly severity: string;
  /** "H → VL": before and after the control. */
  readonly likelihood: string;
  readonly control: string;
  readonly tests: string;
  readonly status: string;
}

export type Standing = 'controlled' | 'partly' | 'open';

export function standingOf({ status }: HazardRow): Standing | null {
  return (['controlled', 'partly', 'open'] as const).find((word) => status.startsWith(word)) ?? null;
}

export function hazardRows(log: string): readonly HazardRow[] {
  return log.split('\n## ').flatMap((part) => {
    const section = /^\d+/.exec(part)?.[0] ?? '';
    return part
      .split('\n')
      .filter((line) => /^\| H-\d+ /.test(line))
      .map((line) => {
        const cell = cellsOf(line);
        const at = (index: number) => cell[index] ?? '';
        return {
          id: at(0),
          section,
          hazard: at(1),
          severity: at(4),
          likelihood: at(5),
          control: at(6),
          tests: at(7),
          status: at(8),
        };
      });
  });
}

/** The plan's matrix: risk from 1 to 5 by severity and likelihood in the log's short words. */
export function riskMatrix(plan: string): (severity: string, likelihood: string) => number {
  const short = new Map([
    ['catastrophic', 'Cat'],
    ['major', 'Maj'],
    ['considerable', 'Con'],
    ['significant', 'Sig'],
    ['minor', 'Min'],
  ]);
  const risks = new Map<string, number>();
  for (const line of plan.split('\n')) {
    const [severity = '', ...values] = cellsOf(line);
    const row = short.get(severity);
    if (row === undefined) continue;
    for (const [index, likelihood] of ['VL', 'L', 'M', 'H', 'VH'].entries())
      risks.set(`${row} ${likelihood}`, Number(values[index]));
  }
  return (severity, likelihood) => risks.get(`${severity} ${likelihood}`) ?? Number.NaN;
}

/** A page's short names for folders or files, from its table of roots: letters → `test/…`. */
export function rootsOf(text: string): ReadonlyMap<string, string> {
  const roots = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (!line.startsWith('|')) continue;
    const cells = cellsOf(line);
    for (let at = 0; at + 1 < cells.length; at += 2) {
      const [root = '', target = ''] = [cells[at], cells[at + 1]];
      if (/^[A-Za-z]{1,12}$/.test(root) && /^`test\/[^`]+`$/.test(target))
        roots.set(root, target.replaceAll('`', ''));
    }
  }
  return roots;
}

export interface NamedTest {
  readonly path: string;
  /** The test's own words or their beginning; null when the file alone is named. */
  readonly words: string | null;
}

/** `path` "words", "words"; same file "words"; … Words that do not follow a path name nothing. */
export function testsNamedIn(text: string, roots: ReadonlyMap<string, string>): readonly NamedTest[] {
  const named: NamedTest[] = [];
  let path = '';
  let end = 0;
  for (const { 0: token, 1: file, 2: words = '', index } of text.matchAll(
    /`([^`\s]+\.(?:ts|tsx|mjs))`|"([^"]+)"/g,
  )) {
    const follows = /^[,;]?\s*(?:same file\s*)?$/.test(text.slice(end, index));
    if (file !== undefined) {
      path = pathOf(file, roots);
      if (path.startsWith('test/')) named.push({ path, words: null });
    } else if (follows && path.startsWith('test/')) named.push({ path, words });
    else path = '';
    end = index + token.length;
  }
  return named;
}

function pathOf(named: string, roots: ReadonlyMap<string, string>): string {
  const [first = '', ...rest] = named.split('/');
  const folder = roots.get(first);
  return folder === undefined ? named : folder + rest.join('/');
}

/** What is wrong with a name, or null. Words in a comment are no test. */
export function faultOf({ path, words }: NamedTest): string | null {
  if (!existsSync(join(project, path))) return `${path} does not exist`;
  if (words === null) return null;
  const code = page(path)
    .split('\n')
    .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line))
    .join('\n')
    .replaceAll("\\'", "'");
  return code.includes(words) ? null : `${path} has no test "${words}"`;
}

/** Every file of the project that the text names between backticks, and is not there. */
export function missingFiles(text: string, roots: ReadonlyMap<string, string>): readonly string[] {
  return [...text.matchAll(/`([A-Za-z.][\w.-]*\/[\w./-]*\.(?:ts|tsx|mjs|md|json))`/g)]
    .map(([, path = '']) => pathOf(path, roots))
    .filter((path) => !existsSync(join(project, path)));
}
