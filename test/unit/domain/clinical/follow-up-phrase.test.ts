import { describe, expect, it } from 'vitest';
import { headingAtLineStart, HEADING_KEYS } from '../../../../domain/clinical/consultation-headings.ts';
import { readFollowUp } from '../../../../domain/clinical/follow-up-phrase.ts';

describe('follow-up phrases', () => {
  it.each([
    ['2/52', '2026-12-06', 'in 2 weeks'],
    ['3/7', '2026-11-25', 'in 3 days'],
    ['6/12', '2027-05-22', 'in 6 months'],
    ['6m', '2027-05-22', 'in 6 months'],
    ['1w', '2026-11-29', 'in 1 week'],
    ['1y', '2027-11-22', 'in 1 year'],
    ['in 2 weeks', '2026-12-06', 'in 2 weeks'],
    ['10 days', '2026-12-02', 'in 10 days'],
    [' 2 / 52 ', '2026-12-06', 'in 2 weeks'],
    ['tomorrow', '2026-11-23', 'tomorrow'],
  ])('%s is %s', (text, date, words) => {
    expect(readFollowUp(text, '2026-11-22')).toMatchObject({ date, words });
  });

  it.each(['0/52', '2/53', '2/5', '120/80', '999m', 'soon', '', 'm', '-2w'])('%j is no date', (text) => {
    expect(readFollowUp(text, '2026-11-22')).toBeNull();
  });

  it('clips to the month’s end', () => {
    expect(readFollowUp('1m', '2026-01-31')?.date).toBe('2026-02-28');
    expect(readFollowUp('1m', 'not a day')).toBeNull();
  });
});

describe('heading keys', () => {
  it.each([
    ['h ', 'History'],
    ['e ', 'Examination'],
    ['a ', 'Assessment'],
    ['p ', 'Plan'],
    ['P ', 'Plan'],
    ['fh ', 'Family history'],
    ['h', null],
    ['a rash ', null],
    ['z ', null],
    [' h ', null],
  ])('%j begins %s', (line, heading) => {
    expect(headingAtLineStart(line)).toBe(heading);
  });

  it('give each heading one key', () => {
    expect(new Set(Object.values(HEADING_KEYS)).size).toBe(Object.keys(HEADING_KEYS).length);
  });
});
