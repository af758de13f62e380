import { describe, expect, it } from 'vitest';
import { licensedTerms } from '../../../../domain/terminology/licensed-terms.ts';
import type { Description, TerminologyAsset } from '../../../../domain/terminology/terminology-asset.ts';

const term = (code: string, words: string, kind: Description['kind'] = 'preferred'): Description => ({
  code,
  tag: 'disorder',
  kind,
  term: words,
});
const assetOf = (name: string, ...descriptions: readonly Description[]): TerminologyAsset => ({
  release: { name, release: '1', attribution: `${name}.` },
  descriptions,
});

describe('terms of licensed releases', () => {
  it('a medicine is called as dm+d calls it, found by its SNOMED CT name too, and both releases are named', () => {
    const { asset } = licensedTerms({
      snomed: assetOf('S', term('1', 'Amoxicillin 500 mg oral capsule'), term('2', 'Asthma')),
      dmd: assetOf('D', { ...term('1', 'Amoxicillin 500mg capsules'), tag: 'product' }),
      curated: [],
    });
    expect(asset.descriptions).toEqual([
      { ...term('1', 'Amoxicillin 500mg capsules'), tag: 'product' },
      { ...term('1', 'Amoxicillin 500 mg oral capsule', 'synonym'), tag: 'product' },
      term('2', 'Asthma'),
    ]);
    expect(asset.release).toMatchObject({ name: 'S with D', release: '1 with 1', attribution: 'S. D.' });
  });

  it('curated words are added; the preferred term stays the release’s own; an unknown code is named', () => {
    const { asset, unknownCodes } = licensedTerms({
      snomed: assetOf('S', term('2', 'Hypertensive disorder')),
      dmd: null,
      curated: [
        { code: '2', kind: 'preferred', term: 'Hypertension' },
        { code: '2', kind: 'abbreviation', term: 'HTN' },
        { code: '9', kind: 'synonym', term: 'Gone' },
      ],
    });
    expect(asset.descriptions).toEqual([
      term('2', 'Hypertensive disorder'),
      term('2', 'Hypertension', 'synonym'),
      term('2', 'HTN', 'abbreviation'),
    ]);
    expect(unknownCodes).toEqual(['9']);
  });

  it('an abbreviation with two senses, or that is known to have more, has no default', () => {
    const { asset } = licensedTerms({
      snomed: assetOf(
        'S',
        term('2', 'Multiple sclerosis'),
        term('2', 'MS', 'abbreviation'),
        term('3', 'Mitral stenosis'),
        term('3', 'MS', 'abbreviation'),
        term('4', 'Pulmonary embolism'),
        term('4', 'PE', 'abbreviation'),
      ),
      dmd: null,
      curated: [{ code: '4', kind: 'ambiguous', term: 'PE' }],
    });
    expect(asset.descriptions.filter((one) => one.kind === 'ambiguous').map((one) => one.term)).toEqual([
      'MS',
      'MS',
      'PE',
    ]);
  });
});
