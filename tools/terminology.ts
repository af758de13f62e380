/**
 * Writes the terminology that the application runs on, assets/terminology/snomed.txt:
 *
 *   npm run terminology                                what ships: built from [--data DIR] and the curated UK terms
 *   npm run terminology -- --rf2 DIR [--dmd DIR]       from the SNOMED CT release (RF2) that an organisation is licensed for
 *   npm run terminology -- --dmd DIR                   dm+d (XML) beside the terms that are there
 *
 * --out DIR takes another folder, so for an installed application its resources/assets/terminology. Nothing is written
 * unless the whole release could be read. Licences of what ships: assets/terminology/ATTRIBUTION.md.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { licensedTerms } from '../domain/terminology/licensed-terms.ts';
import { buildDescriptions, type CuratedTerm } from '../domain/terminology/terminology-build.ts';
import {
  readTerminologyAsset,
  writeTerminologyAsset,
  type DescriptionKind,
  type TerminologyAsset,
  type TerminologyRelease,
} from '../domain/terminology/terminology-asset.ts';
import { readDmd, readRf2, ReleaseRefused } from './terminology/read-release.ts';

const SHIPPED = resolve(import.meta.dirname, '../assets/terminology');

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
    out: { type: 'string', default: SHIPPED },
    rf2: { type: 'string' },
    dmd: { type: 'string' },
  },
});
const file = join(resolve(values.out), 'snomed.txt');

try {
  const asset =
    values.rf2 === undefined && values.dmd === undefined
      ? shipped(resolve(values.data))
      : await licensed(values.rf2, values.dmd);
  const text = writeTerminologyAsset(asset);
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
  const { name, release } = asset.release;
  console.log(`${name}, release ${release}`);
  console.log(
    `${asset.descriptions.length} descriptions of ${new Set(asset.descriptions.map(({ code }) => code)).size} concepts, ${(text.length / 1e6).toFixed(1)} MB, in ${file}`,
  );
} catch (error) {
  if (!(error instanceof ReleaseRefused)) throw error;
  console.error(`${error.message}\nNothing was written.`);
  process.exitCode = 1;
}

function shipped(data: string): TerminologyAsset {
  const concepts = rowsOf(join(data, 'snomed-gps.tsv')).map(([code = '', name = '']) => ({ code, name }));
  const observed = rowsOf(join(data, 'snomed-observed.tsv')).map(([code = '', term = '']) => ({
    code,
    term,
  }));
  const { descriptions, unknownCodes } = buildDescriptions({ concepts, observed, curated: curatedTerms() });
  if (unknownCodes.length > 0)
    throw new Error(`synonyms.tsv names codes that no source has: ${unknownCodes.join(', ')}`);
  return { release: RELEASE, descriptions };
}

async function licensed(rf2: string | undefined, dmd: string | undefined): Promise<TerminologyAsset> {
  const tell = (line: string) => {
    console.log(line);
  };
  const { asset, unknownCodes } = licensedTerms({
    snomed: rf2 === undefined ? present() : await readRf2(resolve(rf2), tell),
    dmd: dmd === undefined ? null : await readDmd(resolve(dmd), tell),
    curated: curatedTerms(),
  });
  if (unknownCodes.length > 0)
    console.log(
      `${unknownCodes.length} codes of synonyms.tsv are not in this release; their words are left out: ${unknownCodes.join(', ')}`,
    );
  return asset;
}

/** The terms that are there now. */
function present(): TerminologyAsset {
  const read = readTerminologyAsset(readFileSync(join(SHIPPED, 'snomed.txt'), 'utf8'));
  if ('fault' in read) throw new ReleaseRefused(`${read.fault.words} (line ${read.fault.line})`);
  if (read.asset.release.name.includes('dm+d'))
    throw new ReleaseRefused(
      'The terms here hold a dm+d release already: give --rf2 as well, or build what ships first (npm run terminology).',
    );
  return read.asset;
}

function curatedTerms(): readonly CuratedTerm[] {
  return rowsOf(join(SHIPPED, 'synonyms.tsv')).map((row) => ({
    code: row[0] ?? '',
    kind: kindOf(row[1], row.join(' ')),
    term: row[2] ?? '',
  }));
}
