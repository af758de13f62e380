/**
 * Builds assets/terminology/snomed.txt from the data beside the repository and the curated UK terms in it:
 *   node tools/terminology.ts [--data ../shared/data/terminology] [--out assets/terminology]
 * Licences: the Global Patient Set is CC BY 4.0, the observed codes MIT/Apache-2.0; dm+d files are not read here.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildDescriptions, type CuratedTerm } from '../domain/terminology/terminology-build.ts';
import {
  writeTerminologyAsset,
  type DescriptionKind,
  type TerminologyRelease,
} from '../domain/terminology/terminology-asset.ts';

const RELEASE: TerminologyRelease = {
  name: 'SNOMED CT Global Patient Set with UK terms in common use',
  release: '2020-09',
  attribution:
    'Contains the SNOMED CT Global Patient Set, © SNOMED International, used under CC BY 4.0, with British spelling, synonyms and abbreviations added. SNOMED CT is a registered trademark of SNOMED International.',
  limits:
    'Not the UK Edition: 26,000 of its concepts, and no hierarchy. Where a check goes by name only, the screen says so.',
};

function rowsOf(path: string): string[][] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.replace(/\r$/, '').split('\t'));
}

function kindOf(text: string | undefined, line: string): DescriptionKind {
  if (text === 'preferred' || text === 'synonym' || text === 'abbreviation' || text === 'ambiguous')
    return text;
  throw new Error(`synonyms.tsv: not a kind: ${line}`);
}

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data/terminology' },
    out: { type: 'string', default: 'assets/terminology' },
  },
});
const data = resolve(values.data);
const out = resolve(values.out);

const concepts = rowsOf(join(data, 'snomed-gps.tsv')).map(([code = '', name = '']) => ({ code, name }));
const observed = rowsOf(join(data, 'snomed-observed.tsv')).map(([code = '', term = '']) => ({ code, term }));
const curated: CuratedTerm[] = rowsOf(join(out, 'synonyms.tsv')).map((row) => ({
  code: row[0] ?? '',
  kind: kindOf(row[1], row.join(' ')),
  term: row[2] ?? '',
}));
const { descriptions, unknownCodes } = buildDescriptions({ concepts, observed, curated });
if (unknownCodes.length > 0)
  throw new Error(`synonyms.tsv names codes that no source has: ${unknownCodes.join(', ')}`);
const text = writeTerminologyAsset({ release: RELEASE, descriptions });
writeFileSync(join(out, 'snomed.txt'), text);
console.log(
  `${descriptions.length} descriptions of ${new Set(descriptions.map(({ code }) => code)).size} concepts, ${(text.length / 1e6).toFixed(1)} MB`,
);
