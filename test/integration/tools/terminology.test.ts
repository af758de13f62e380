import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readTerminologyAsset } from '../../../domain/terminology/terminology-asset.ts';

const root = resolve(import.meta.dirname, '../../..');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'terminology-'));
  await mkdir(join(folder, 'out'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The command as an administrator runs it. */
function terminology(...given: readonly string[]): Promise<{ code: number; out: string; said: string }> {
  return new Promise((settle) => {
    execFile(
      process.execPath,
      [join(root, 'tools/terminology.ts'), '--out', join(folder, 'out'), ...given],
      (error, out, said) => {
        settle({ code: error === null ? 0 : Number(error.code), out, said });
      },
    );
  });
}

async function written() {
  const read = readTerminologyAsset(await readFile(join(folder, 'out/snomed.txt'), 'utf8'));
  if ('fault' in read) throw new Error(read.fault.words);
  return read.asset;
}

const rows = (...lines: readonly (readonly string[])[]) => lines.map((line) => line.join('\t')).join('\r\n');

/** A made-up release, laid out as a real one is. */
async function rf2Release(): Promise<string> {
  const at = join(folder, 'rf2/SnomedCT_UKClinicalRF2/Snapshot');
  await mkdir(join(at, 'Terminology'), { recursive: true });
  await mkdir(join(at, 'Refset/Language'), { recursive: true });
  await writeFile(
    join(at, 'Terminology/sct2_Concept_UKCLSnapshot_GB1000000_20261028.txt'),
    rows(
      ['id', 'effectiveTime', 'active', 'moduleId', 'definitionStatusId'],
      ['195967001', '20020131', '1', 'm', 'd'],
      ['323509004', '20020131', '1', 'm', 'd'],
    ),
  );
  await writeFile(
    join(at, 'Terminology/sct2_Description_UKCLSnapshot-en_GB1000000_20261028.txt'),
    rows(
      ['id', 'effectiveTime', 'active', 'moduleId', 'conceptId', 'languageCode', 'typeId', 'term', 'case'],
      ['1', '2002', '1', 'm', '195967001', 'en', '900000000000003001', 'Asthma (disorder)', 'c'],
      ['2', '2002', '1', 'm', '195967001', 'en', '900000000000013009', 'Bronchial asthma', 'c'],
      ['3', '2002', '1', 'm', '195967001', 'en', '900000000000013009', 'Asthma', 'c'],
      [
        '4',
        '2002',
        '1',
        'm',
        '323509004',
        'en',
        '900000000000013009',
        'Amoxicillin 500 mg oral capsule',
        'c',
      ],
    ),
  );
  await writeFile(
    join(at, 'Refset/Language/der2_cRefset_LanguageUKCLSnapshot-en_GB1000000_20261028.txt'),
    rows(
      ['id', 'effectiveTime', 'active', 'moduleId', 'refsetId', 'referencedComponentId', 'acceptabilityId'],
      ['a', '2002', '1', 'm', '999001261000000100', '3', '900000000000548007'],
    ),
  );
  return join(folder, 'rf2');
}

async function dmdRelease(): Promise<string> {
  const at = join(folder, 'dmd');
  await mkdir(at);
  await writeFile(
    join(at, 'f_vtm2_3221026.xml'),
    '<V><VTM><VTMID>108537001</VTMID><NM>Amoxicillin</NM></VTM></V>',
  );
  await writeFile(
    join(at, 'f_vmp2_3221026.xml'),
    '<V><VMP><VPID>323509004</VPID><NM>Amoxicillin 500mg capsules</NM></VMP></V>',
  );
  await writeFile(
    join(at, 'f_amp2_3221026.xml'),
    '<A><AMP><APID>22480211000001104</APID><NM>Amoxil 500mg capsules</NM><DESC>Amoxil 500mg capsules (A maker)</DESC></AMP></A>',
  );
  return at;
}

it('a licensed SNOMED CT and dm+d release become the terms that the application runs on, and name themselves', async () => {
  const run = await terminology('--rf2', await rf2Release(), '--dmd', await dmdRelease());
  expect(run).toMatchObject({ code: 0, said: '' });
  expect(run.out).toContain('reading description: sct2_Description_UKCLSnapshot-en_GB1000000_20261028.txt');
  expect(run.out).toContain('SNOMED CT UK Edition with dm+d, release 20261028 with 3221026');
  const { release, descriptions } = await written();
  expect(release).toMatchObject({
    name: 'SNOMED CT UK Edition with dm+d',
    release: '20261028 with 3221026',
  });
  expect(release.attribution).toMatch(/SNOMED International.*dm\+d/);
  const preferred = descriptions.filter(({ kind }) => kind === 'preferred');
  expect(new Map(preferred.map(({ code, term }) => [code, term]))).toEqual(
    new Map([
      ['108537001', 'Amoxicillin'],
      ['323509004', 'Amoxicillin 500mg capsules'],
      ['22480211000001104', 'Amoxil 500mg capsules (A maker)'],
      ['195967001', 'Asthma'],
    ]),
  );
  expect(descriptions).toContainEqual({
    code: '195967001',
    tag: 'disorder',
    kind: 'synonym',
    term: 'Bronchial asthma',
  });
});

it('dm+d alone stands beside the terms that ship', async () => {
  expect(await terminology('--dmd', await dmdRelease())).toMatchObject({ code: 0 });
  const { release, descriptions } = await written();
  expect(release.name).toMatch(/^SNOMED CT Global Patient Set .* with dm\+d$/);
  expect(descriptions.length).toBeGreaterThan(20_000);
  expect(descriptions).toContainEqual(expect.objectContaining({ term: 'Amoxil 500mg capsules (A maker)' }));
});

it('a release that is not whole is refused in words, and what was there stays', async () => {
  await writeFile(join(folder, 'out/snomed.txt'), 'as it was');
  const whole = await rf2Release();
  const without = join(folder, 'without');
  await cp(whole, without, { recursive: true });
  await rm(join(without, 'SnomedCT_UKClinicalRF2/Snapshot/Refset'), { recursive: true });
  const damaged = join(folder, 'damaged');
  await cp(whole, damaged, { recursive: true });
  await writeFile(
    join(
      damaged,
      'SnomedCT_UKClinicalRF2/Snapshot/Terminology/sct2_Concept_UKCLSnapshot_GB1000000_20261028.txt',
    ),
    'id\teffectiveTime\n195967001\t2002\n',
  );
  for (const [given, words] of [
    [['--rf2', join(folder, 'nowhere')], 'is no folder'],
    [['--rf2', without], 'holds no der2_cRefset_Language'],
    [['--rf2', damaged], '2 columns in place of 5'],
    [['--dmd', whole], 'holds no f_vtm2_'],
  ] as const) {
    const run = await terminology(...given);
    expect(run.code).toBe(1);
    expect(run.said).toContain(words);
    expect(run.said).toContain('Nothing was written.');
  }
  expect(await readFile(join(folder, 'out/snomed.txt'), 'utf8')).toBe('as it was');
});
