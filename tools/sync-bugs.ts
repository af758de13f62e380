import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * `npm run sync-bugs`: for every row of the list of bugs that others shipped (docs/sync-bugs-coverage.md holds the
 * rows' ids), the tests whose name carries its id, or the reason why it cannot apply. Exits with 1 while a row has
 * neither, or has a reason although a test names it.
 */
const root = join(import.meta.dirname, '..');
const rows: readonly (readonly [string, number])[] = [
  ['L', 30],
  ['D', 10],
  ['Q', 17],
  ['M', 15],
  ['S', 16],
];
const ids = rows.flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
);

const testName = /(?:describe|it|test)(?:\.\w+(?:\([^()]*\))?)*\(\s*['"`]([^'"`]+)['"`]/g;
/** The contract's checks are tests of `it.each`, each by its title. */
const checkTitle = /\btitle: '([^']+)'/g;

/** Row id → where a test names it. */
export function testsByRow(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const file of testFiles(join(root, 'test'))) {
    const text = readFileSync(file, 'utf8');
    for (const [, name = ''] of text.matchAll(file.endsWith('checks.ts') ? checkTitle : testName)) {
      for (const [id] of name.matchAll(/\b[LDQMS]\d{1,2}\b/g)) {
        if (!ids.includes(id)) continue;
        found.set(id, [...(found.get(id) ?? []), `${relative(root, file)}: ${name}`]);
      }
    }
  }
  return found;
}

/** Row id → why it needs no test of its own, from the table in docs/sync-bugs-coverage.md. */
export function exclusions(): ReadonlyMap<string, string> {
  const text = readFileSync(join(root, 'docs/sync-bugs-coverage.md'), 'utf8');
  return new Map(
    [...text.matchAll(/^\| ([LDQMS]\d{1,2})\s+\| (.+?)\s+\|$/gm)].map(([, id = '', reason = '']) => [
      id,
      reason,
    ]),
  );
}

function testFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(\.(test|spec)\.tsx?|checks\.ts)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { missing: { type: 'boolean', default: false } } });
  const tests = testsByRow();
  const reasons = exclusions();
  const missing = ids.filter((id) => !tests.has(id) && !reasons.has(id));
  for (const id of ids) {
    if (values.missing && !missing.includes(id)) continue;
    const reason = reasons.get(id);
    const lines =
      tests.get(id) ?? (reason === undefined ? ['NO TEST AND NO REASON'] : [`not applicable: ${reason}`]);
    console.log(`${id.padEnd(4)}${lines.join('\n    ')}`);
  }
  const tested = ids.filter((id) => tests.has(id)).length;
  console.log(
    `\n${ids.length} rows: ${tested} in the names of tests, ${ids.length - tested - missing.length} excluded with a reason, ${missing.length} open`,
  );
  if (missing.length > 0) {
    console.log(`open: ${missing.join(' ')}`);
    process.exitCode = 1;
  }
}
