import { describe, expect, it } from 'vitest';
import {
  letterMask,
  lettersMissing,
  prefixSlips,
  slipsAllowed,
} from '../../../../domain/search/edit-distance.ts';

describe('slips', () => {
  it.each([
    ['asthma', 'asthma', 0],
    ['asth', 'asthma', 0],
    ['ashtma', 'asthma', 1],
    ['astma', 'asthma', 1],
    ['assthma', 'asthma', 1],
    ['asthna', 'asthma', 1],
    ['diarrohea', 'diarrhoea', 1],
    ['diarhoae', 'diarrhoea', 2],
    ['pnumonia', 'pneumonia', 1],
    ['neumonia', 'pneumonia', 1],
    ['hypertension', 'hypotension', 2],
    ['asthma', 'eczema', 3],
  ])('%s is %s with %i', (typed, word, slips) => {
    expect(prefixSlips(typed, word, 2)).toBe(slips);
  });

  it('grow with the length of the word', () => {
    expect([3, 4, 7, 8].map(slipsAllowed)).toEqual([0, 1, 1, 2]);
  });

  it('are sieved by letters', () => {
    expect(lettersMissing(letterMask('astma'), letterMask('asthma'))).toBe(0);
    expect(lettersMissing(letterMask('xyz'), letterMask('asthma'))).toBe(3);
  });
});
