import type { Observation } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { news2Components, news2Concept } from '../../../../domain/clinical/news2-codes.ts';
import { news2Reading } from '../../../../domain/clinical/news2-reading.ts';

const score = (total: number | null, more: Partial<Observation> = {}): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: news2Concept(),
  ...(total !== null && { valueQuantity: { value: total, code: '{ScoreOf}' } }),
  ...more,
});

describe('the band of a recorded NEWS2', () => {
  it.each([
    [17, 'Emergency', true],
    [7, 'Emergency', true],
    [6, 'Urgent', true],
    [5, 'Urgent', true],
    [4, 'Low, unless one parameter scored 3', false],
    [2, 'Low', false],
    [0, 'Low', false],
  ] as const)('%i is %s', (total, words, isUrgent) => {
    expect(news2Reading(score(total))).toEqual({ words, isUrgent });
  });

  it('reads a single 3 from its parts', () => {
    const component = news2Components([{ parameter: 'pulse', score: 3 }], 1);
    expect(news2Reading(score(3, { component }))?.words).toMatch(/^Low-medium/);
    const plain = news2Components([{ parameter: 'pulse', score: 2 }], 1);
    expect(news2Reading(score(4, { component: plain }))?.words).toBe('Low');
  });

  it('never says less than was recorded, and of an incomplete one what was recorded', () => {
    expect(news2Reading(score(2, { interpretation: [{ text: 'emergency' }] }))?.isUrgent).toBe(true);
    expect(news2Reading(score(null, { interpretation: [{ text: 'urgent' }] }))?.words).toBe('Urgent');
    expect(news2Reading(score(null))?.words).toBe('Incomplete');
  });

  it('says nothing of other observations', () => {
    expect(news2Reading({ ...score(17), code: { text: 'Pulse' } })).toBeNull();
  });
});
