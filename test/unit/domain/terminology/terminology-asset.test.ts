import { describe, expect, it } from 'vitest';
import { isConceptId, isLocalSystemCode, isSctid } from '../../../../domain/terminology/sctid.ts';
import {
  readTerminologyAsset,
  splitFullySpecifiedName,
  writeTerminologyAsset,
  type TerminologyAsset,
} from '../../../../domain/terminology/terminology-asset.ts';
import { buildDescriptions } from '../../../../domain/terminology/terminology-build.ts';
import { britishSpelling } from '../../../../domain/terminology/uk-spelling.ts';

const asset: TerminologyAsset = {
  release: { name: 'Made up', release: '2026-01', attribution: 'None' },
  descriptions: [
    { code: '195967001', tag: 'disorder', kind: 'preferred', term: 'Asthma' },
    { code: '195967001', tag: 'disorder', kind: 'synonym', term: 'Bronchial asthma' },
  ],
};

describe('the terminology text', () => {
  it('is read as it was written', () => {
    expect(readTerminologyAsset(writeTerminologyAsset(asset))).toEqual({ asset });
  });

  it.each([
    ['', 1],
    ['not json\n', 1],
    ['{"name":"x"}\n', 1],
    ['{"name":"x","release":"1","attribution":"a"}\n195967001\td\tP\tAsthma\n195967001\td\tZ\tAsthma\n', 3],
    ['{"name":"x","release":"1","attribution":"a"}\n195967001\td\tP\t\n', 2],
  ])('names the damaged line of %j', (text, line) => {
    expect(readTerminologyAsset(text)).toMatchObject({ fault: { line } });
  });
});

describe('SNOMED CT identifiers', () => {
  it.each([
    ['195967001', true, true],
    ['1104051000000101', true, true],
    ['195967002', false, false],
    ['370729019', true, false],
    ['0195967001', false, false],
    ['abc', false, false],
  ])('%s', (code, whole, concept) => {
    expect(isSctid(code)).toBe(whole);
    expect(isConceptId(code)).toBe(concept);
  });

  it('knows the local codes of one GP system', () => {
    expect(isLocalSystemCode('1990681000006100')).toBe(true);
    expect(isLocalSystemCode('195967001')).toBe(false);
  });
});

describe('building', () => {
  it.each([
    ['Iron deficiency anemia', 'Iron deficiency anaemia'],
    ['Edema of lower extremity', 'Oedema of lower extremity'],
    ['Esophageal tumor', 'Oesophageal tumour'],
    ['Hemorrhage', 'Haemorrhage'],
    ['Hematuria', 'Haematuria'],
    ['Hemiplegia', 'Hemiplegia'],
    ['Epidemic', 'Epidemic'],
    ['Systemic disease', 'Systemic disease'],
    ['Tumoral calcinosis', 'Tumoral calcinosis'],
    ['Pediatric dyspnea', 'Paediatric dyspnoea'],
    ['Paresthesia', 'Paraesthesia'],
    ['Hypoglycemic coma', 'Hypoglycaemic coma'],
    ['Leukemia', 'Leukaemia'],
    ['Hernia', 'Hernia'],
  ])('%s is spelt %s', (american, british) => {
    expect(britishSpelling(american)).toBe(british);
  });

  it('splits the tag from the name', () => {
    expect(splitFullySpecifiedName('Asthma (disorder)')).toEqual({ term: 'Asthma', tag: 'disorder' });
    expect(splitFullySpecifiedName('Vitamin (product) (assessment scale)')).toEqual({
      term: 'Vitamin (product)',
      tag: 'observable',
    });
    expect(splitFullySpecifiedName('Asthma')).toEqual({ term: 'Asthma', tag: 'other' });
  });

  it('prefers the curated UK term, keeps the others, and names codes that no source has', () => {
    const outcome = buildDescriptions({
      concepts: [{ code: '62315008', name: 'Diarrhea (finding)' }],
      observed: [
        { code: '62315008', term: 'Loose stools' },
        { code: '370729019', term: 'a description id' },
        { code: '39112411000001109', term: 'Dihydrocodeine 60mg modified-release tablets' },
      ],
      curated: [
        { code: '62315008', kind: 'preferred', term: 'The runs' },
        { code: '1234567890', kind: 'synonym', term: 'Nowhere' },
      ],
    });
    expect(outcome.unknownCodes).toEqual(['1234567890']);
    expect(outcome.descriptions).toEqual([
      { code: '62315008', tag: 'finding', kind: 'preferred', term: 'The runs' },
      { code: '62315008', tag: 'finding', kind: 'synonym', term: 'Diarrhea' },
      { code: '62315008', tag: 'finding', kind: 'synonym', term: 'Loose stools' },
      { code: '62315008', tag: 'finding', kind: 'synonym', term: 'Diarrhoea' },
      {
        code: '39112411000001109',
        tag: 'product',
        kind: 'preferred',
        term: 'Dihydrocodeine 60mg modified-release tablets',
      },
    ]);
  });
});
