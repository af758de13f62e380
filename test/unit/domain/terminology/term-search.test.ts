import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isConceptId } from '../../../../domain/terminology/sctid.ts';
import {
  prepareTermSearch,
  searchTerms,
  type TermContext,
} from '../../../../domain/terminology/term-search.ts';
import { readTerminologyAsset } from '../../../../domain/terminology/terminology-asset.ts';

const path = 'assets/terminology/snomed.txt';
const text = readFileSync(path, 'utf8');
const read = readTerminologyAsset(text);
if ('fault' in read) throw new Error(read.fault.words);
const index = prepareTermSearch(read.asset);

const first = (typed: string, context: TermContext = 'diagnosis') =>
  searchTerms(index, typed, { context }).matches[0]?.term;
const terms = (typed: string, context: TermContext = 'diagnosis') =>
  searchTerms(index, typed, { context }).matches.map(({ term }) => term);

describe('terms as typed', () => {
  it.each([
    ['htn', 'Hypertension'],
    ['T2DM', 'Type 2 diabetes mellitus'],
    ['type 2 diab', 'Type 2 diabetes mellitus'],
    ['diabetes type 2', 'Type 2 diabetes mellitus'],
    ['copd', 'Chronic obstructive pulmonary disease'],
    ['urti', 'Upper respiratory tract infection'],
    ['uti', 'Urinary tract infection'],
    ['water inf', 'Urinary tract infection'],
    ['asthma', 'Asthma'],
    ['asth', 'Asthma'],
    ['heart attack', 'Myocardial infarction'],
    ['af', 'Atrial fibrillation'],
    ['ckd', 'Chronic kidney disease'],
    ['dvt', 'Deep vein thrombosis'],
    ['tia', 'Transient ischaemic attack'],
    ['gord', 'Gastro-oesophageal reflux disease'],
    ['ibs', 'Irritable bowel syndrome'],
    ['shingles', 'Shingles'],
    ['chickenpox', 'Chickenpox'],
    ['gout', 'Gout'],
    ['migraine', 'Migraine'],
    ['pneumonia', 'Pneumonia'],
    ['eczema', 'Eczema'],
    ['depression', 'Depression'],
  ])('%j begins with %j', (typed, term) => {
    expect(first(typed)).toBe(term);
  });

  it.each([
    ['sob', 'Breathlessness'],
    ['shortness of breath', 'Breathlessness'],
    ['short breath', 'Breathlessness'],
    ['chest pain', 'Chest pain'],
    ['pain chest', 'Chest pain'],
    ['tatt', 'Tired all the time'],
    ['tummy pain', 'Abdominal pain'],
    ['sore throat', 'Sore throat'],
  ])('as a symptom %j begins with %j', (typed, term) => {
    expect(first(typed, 'symptom')).toBe(term);
  });

  it.each([
    ['diarrhea', 'Diarrhoea'],
    ['diarrhoea', 'Diarrhoea'],
    ['anaemia', 'Anaemia'],
    ['anemia', 'Anaemia'],
    ['edema lower leg', 'Oedema of lower leg'],
  ])('finds %j by either spelling', (typed, term) => {
    expect(terms(typed, 'any')).toContain(term);
  });

  it.each([
    ['ashtma', 'Asthma'],
    ['diarhoea', 'Diarrhoea'],
    ['pnuemonia', 'Pneumonia'],
    ['hypertenssion', 'Hypertension'],
    ['migrane', 'Migraine'],
  ])('forgives %j', (typed, term) => {
    const result = searchTerms(index, typed, { context: 'diagnosis' });
    expect(result.forgiving).toBe(true);
    expect(result.mayDefault).toBe(false);
    expect(result.matches.slice(0, 5).map((match) => match.term)).toContain(term);
  });

  it('a medicine is sought among medicines alone, each name once', () => {
    for (const typed of ['asthma', 'amoxicillin', 'para', 'insulin', 'aspirin']) {
      const { matches } = searchTerms(index, typed, { context: 'medicine' });
      expect(matches.filter(({ tag }) => tag !== 'product' && tag !== 'substance')).toEqual([]);
      expect(new Set(matches.map(({ term }) => term.toLowerCase())).size).toBe(matches.length);
    }
    expect(first('amoxicillin', 'medicine')).toMatch(/^Amoxicillin/);
    expect(searchTerms(index, '195967001', { context: 'medicine' }).matches).toEqual([]);
  });

  it('forgives nothing while something matches as typed', () => {
    const result = searchTerms(index, 'hypertension', { context: 'diagnosis' });
    expect(result.forgiving).toBe(false);
    expect(result.matches.map(({ term }) => term).join()).not.toMatch(/hypotension/i);
  });

  it.each(['cp', 'CP', 'mi', 'pe', 'ms', 'pid'])('%s is ambiguous and has no default', (typed) => {
    for (const context of ['diagnosis', 'symptom', 'procedure', 'any'] as const) {
      const result = searchTerms(index, typed, { context });
      expect(result.ambiguous).toBe(true);
      expect(result.mayDefault).toBe(false);
      expect(result.matches.length).toBeGreaterThan(1);
    }
    expect(terms('cp').slice(0, 2).sort()).toEqual(['Cerebral palsy', 'Chest pain']);
  });

  it('never defaults a diagnosis or an allergy', () => {
    expect(searchTerms(index, 'asthma', { context: 'diagnosis' }).mayDefault).toBe(false);
    expect(searchTerms(index, 'penicillin', { context: 'allergy' }).mayDefault).toBe(false);
    expect(searchTerms(index, 'cough', { context: 'symptom' }).mayDefault).toBe(true);
  });

  it('ranks by context', () => {
    expect(
      searchTerms(index, 'peanut', { context: 'allergy' })
        .matches.slice(0, 3)
        .map(({ tag }) => tag),
    ).toContain('substance');
    expect(searchTerms(index, 'hysterectomy', { context: 'procedure' }).matches[0]?.tag).toBe('procedure');
    expect(searchTerms(index, 'diabetes', { context: 'family-history' }).matches[0]?.tag).toBe('situation');
    expect(searchTerms(index, 'diabetes', { context: 'diagnosis' }).matches[0]?.tag).toBe('disorder');
  });

  it('puts what the author uses first', () => {
    const before = terms('diabetes');
    const used = searchTerms(index, 'diabetes', { context: 'diagnosis' }).matches[8];
    if (!used) throw new Error('too few terms');
    const after = searchTerms(index, 'diabetes', { context: 'diagnosis', uses: new Map([[used.code, 20]]) });
    expect(before[0]).not.toBe(used.term);
    expect(after.matches.slice(0, 2).map(({ code }) => code)).toContain(used.code);
  });

  it('says by which word it was found', () => {
    expect(searchTerms(index, 'htn', { context: 'diagnosis' }).matches[0]).toMatchObject({
      term: 'Hypertension',
      foundBy: 'HTN',
    });
    expect(searchTerms(index, 'asthma', { context: 'diagnosis' }).matches[0]?.foundBy).toBeNull();
  });

  it('takes a code', () => {
    expect(searchTerms(index, '195967001', { context: 'any' }).matches).toMatchObject([{ term: 'Asthma' }]);
    expect(searchTerms(index, '1', { context: 'any' }).matches).not.toContainEqual(
      expect.objectContaining({ code: '1' }),
    );
  });

  it('answers nothing with nothing', () => {
    for (const typed of ['', '   ', '...', 'zzqqxxvv'])
      expect(searchTerms(index, typed, { context: 'any' }).matches).toEqual([]);
  });

  it('finds every concept by its preferred term’s words in reverse', () => {
    const preferred = read.asset.descriptions.filter(({ kind }) => kind === 'preferred');
    fc.assert(
      fc.property(fc.nat({ max: preferred.length - 1 }), (at) => {
        const one = preferred[at];
        if (!one) return;
        const typed = one.term.split(/\s+/).reverse().join(' ');
        const result = searchTerms(index, typed, { context: 'any', limit: 2000 });
        expect(result.forgiving).toBe(false);
        expect(result.matches.some(({ code }) => code === one.code)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (typed) => {
        expect(searchTerms(index, typed, { context: 'any' }).matches.length).toBeLessThanOrEqual(30);
      }),
    );
  });
});

describe('the asset', () => {
  it('names its release, licence and limits', () => {
    expect(index.release).toMatchObject({
      release: '2020-09',
      limits: expect.stringContaining('UK Edition') as string,
    });
    expect(index.release.attribution).toContain('CC BY 4.0');
  });

  it('has one preferred term a concept and only well-formed concept codes', () => {
    const seen = new Set<string>();
    for (const { code, kind } of read.asset.descriptions) {
      expect(isConceptId(code)).toBe(true);
      if (kind !== 'preferred') continue;
      expect(seen.has(code)).toBe(false);
      seen.add(code);
    }
    expect(seen.size).toBe(index.preferred.length);
  });
});

const sources = '../shared/data/terminology';
describe.skipIf(!existsSync(sources))(
  'the curated terms (skipped without ../shared/data/terminology)',
  () => {
    it('name only codes that a source has', () => {
      const known = new Set(
        ['snomed-gps.tsv', 'snomed-observed.tsv'].flatMap((file) =>
          readFileSync(`${sources}/${file}`, 'utf8')
            .split('\n')
            .map((line) => line.split('\t')[0]),
        ),
      );
      const curated = readFileSync('assets/terminology/synonyms.tsv', 'utf8').trim().split('\n').slice(1);
      expect(curated.length).toBeGreaterThan(1000);
      expect(curated.filter((line) => !known.has(line.split('\t')[0]))).toEqual([]);
    });
  },
);
