import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDmdLoader, dmdFileOf, type DmdFile } from '../../../../domain/terminology/dmd-loader.ts';
import { createRf2Loader, rf2FileOf, type Rf2File } from '../../../../domain/terminology/rf2-loader.ts';

const release = { name: 'SNOMED CT UK Edition', release: '20261028', attribution: 'made up for this test' };

const concept = [
  'id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId',
  '195967001\t20020131\t1\tm\td',
  '90560007\t20020131\t0\tm\td',
  '',
].join('\r\n');
const description = [
  'id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId',
  '1\t20020131\t1\tm\t195967001\ten\t900000000000003001\tAsthma (disorder)\tc',
  '2\t20020131\t1\tm\t195967001\ten\t900000000000013009\tBronchial asthma\tc',
  '3\t20020131\t1\tm\t195967001\ten\t900000000000013009\tAsthma\tc',
  '4\t20020131\t0\tm\t195967001\ten\t900000000000013009\tRetired word\tc',
  '5\t20020131\t1\tm\t90560007\ten\t900000000000013009\tGout\tc',
  '',
].join('\r\n');
const language = [
  'id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tacceptabilityId',
  'a\t20020131\t1\tm\t999001261000000100\t3\t900000000000548007',
  '',
].join('\r\n');

function load(files: readonly (readonly [Rf2File, string])[], size: number) {
  const loader = createRf2Loader(release);
  for (const [file, text] of files) {
    const sink = loader.open(file);
    for (let at = 0; at < text.length; at += size) sink.push(text.slice(at, at + size));
    sink.end();
  }
  return loader.finish();
}

const asthma = [
  { code: '195967001', tag: 'disorder', kind: 'preferred', term: 'Asthma' },
  { code: '195967001', tag: 'disorder', kind: 'synonym', term: 'Bronchial asthma' },
];

describe('an RF2 release', () => {
  it('gives the same terms whatever the chunks and the order of files', () => {
    const files = [
      ['concept', concept],
      ['description', description],
      ['language', language],
    ] as const;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.shuffledSubarray([...files], { minLength: 3 }),
        (size, order) => {
          expect(load(order, size)).toEqual({ ok: true, asset: { release, descriptions: asthma } });
        },
      ),
    );
  });

  it('refuses a damaged file and one without terms', () => {
    expect(load([['description', `${description}half a\tline`]], 100)).toMatchObject({
      ok: false,
      fault: { file: 'description', line: 7 },
    });
    expect(load([['concept', concept]], 100)).toMatchObject({ ok: false });
  });

  it('knows its files by name', () => {
    expect(rf2FileOf('sct2_Description_MONOSnapshot-en_GB_20261028.txt')).toBe('description');
    expect(rf2FileOf('sct2_Concept_MONOSnapshot_GB_20261028.txt')).toBe('concept');
    expect(rf2FileOf('der2_cRefset_LanguageMONOSnapshot-en_GB_20261028.txt')).toBe('language');
    expect(rf2FileOf('sct2_Relationship_MONOSnapshot_GB_20261028.txt')).toBeNull();
  });
});

const vmp = `<?xml version="1.0"?><VIRTUAL_MED_PRODUCTS><VMPS>
<VMP><VPID>39732311000001104</VPID><VTMID>774586009</VTMID><NM>Amoxicillin 250mg capsules</NM><ABBREVNM>Amox 250mg &amp; caps</ABBREVNM></VMP>
<VMP><VPID>322236009</VPID><INVALID>1</INVALID><NM>Gone</NM></VMP></VMPS></VIRTUAL_MED_PRODUCTS>`;
const amp = `<AMPS><AMP><APID>42111000001107</APID><VPID>1</VPID><NM>Microgynon 30 tablets</NM><DESC>Microgynon 30 tablets (Bayer Plc)</DESC></AMP></AMPS>`;

function loadDmd(files: readonly (readonly [DmdFile, string])[], size: number) {
  const loader = createDmdLoader(release);
  for (const [file, text] of files) {
    const sink = loader.open(file);
    for (let at = 0; at < text.length; at += size) sink.push(text.slice(at, at + size));
    sink.end();
  }
  return loader.finish();
}

describe('a dm+d release', () => {
  it('gives products whatever the chunks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (size) => {
        const outcome = loadDmd(
          [
            ['vmp', vmp],
            ['amp', amp],
          ],
          size,
        );
        expect(
          outcome.ok && outcome.asset.descriptions.map(({ code, kind, term }) => [code, kind, term]),
        ).toEqual([
          ['39732311000001104', 'preferred', 'Amoxicillin 250mg capsules'],
          ['39732311000001104', 'synonym', 'Amox 250mg & caps'],
          ['42111000001107', 'preferred', 'Microgynon 30 tablets (Bayer Plc)'],
          ['42111000001107', 'synonym', 'Microgynon 30 tablets'],
        ]);
      }),
    );
  });

  it('refuses a file that ends in an entry or has one without a name', () => {
    expect(loadDmd([['vmp', vmp.slice(0, 120)]], 50)).toMatchObject({ ok: false, fault: { file: 'vmp' } });
    expect(loadDmd([['vtm', '<VTM><VTMID>774586009</VTMID></VTM>']], 50)).toMatchObject({ ok: false });
    expect(loadDmd([], 50)).toMatchObject({ ok: false, fault: { file: null } });
    expect(dmdFileOf('f_vmp2_3221026.xml')).toBe('vmp');
    expect(dmdFileOf('f_gtin2_0221026.xml')).toBeNull();
  });
});
