import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUESTIONNAIRES, scoreQuestionnaire } from '../../../../domain/clinical/questionnaire-scores.ts';

/** Answers of n items that sum to the total. */
function answersFor(total: number, items: number): number[] {
  return Array.from({ length: items }, (_unused, at) => Math.max(0, Math.min(3, total - at * 3)));
}

describe('PHQ-9', () => {
  it.each([
    [0, 'None or minimal'],
    [4, 'None or minimal'],
    [5, 'Mild'],
    [9, 'Mild'],
    [10, 'Moderate'],
    [14, 'Moderate'],
    [15, 'Moderately severe'],
    [19, 'Moderately severe'],
    [20, 'Severe'],
    [27, 'Severe'],
  ])('%d is %s', (total, band) => {
    expect(scoreQuestionnaire('phq9', answersFor(total, 9))).toMatchObject({ total, band });
  });

  it('alerts on item 9 whatever the total, complete or not', () => {
    expect(scoreQuestionnaire('phq9', [0, 0, 0, 0, 0, 0, 0, 0, 1])).toMatchObject({
      total: 1,
      alert: expect.stringContaining('assess the risk') as string,
    });
    expect(scoreQuestionnaire('phq9', [null, null, null, null, null, null, null, null, 1])).toMatchObject({
      total: null,
      alert: expect.any(String) as string,
    });
    expect(scoreQuestionnaire('phq9', [3, 3, 3, 3, 3, 3, 3, 3, 0]).alert).toBeNull();
  });
});

describe('GAD-7', () => {
  it.each([
    [4, 'None or minimal'],
    [5, 'Mild'],
    [9, 'Mild'],
    [10, 'Moderate'],
    [14, 'Moderate'],
    [15, 'Severe'],
    [21, 'Severe'],
  ])('%d is %s', (total, band) => {
    const result = scoreQuestionnaire('gad7', answersFor(total, 7));
    expect(result).toMatchObject({ total, band, alert: null });
    expect(result.words).toBe(`GAD-7 ${total} of 21: ${band.toLowerCase()}`);
  });
});

describe('an unfinished questionnaire', () => {
  it('gives no total and names what is not answered', () => {
    expect(scoreQuestionnaire('gad7', [1, null, 1, 1, 1, 1, 4])).toMatchObject({
      total: null,
      band: null,
      unanswered: [2, 7],
      words: 'GAD-7 incomplete: item 2, 7 not answered',
    });
    expect(scoreQuestionnaire('phq9', []).unanswered).toHaveLength(9);
  });

  it('has a total exactly when every item is 0 to 3', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('phq9' as const, 'gad7' as const),
        fc.array(fc.oneof(fc.constant(null), fc.integer({ min: -1, max: 4 })), { maxLength: 10 }),
        (key, answers) => {
          const { length } = QUESTIONNAIRES[key].items;
          const whole = Array.from({ length }, (_unused, at) => answers[at]).every(
            (answer) => answer === 0 || answer === 1 || answer === 2 || answer === 3,
          );
          expect(scoreQuestionnaire(key, answers).total !== null).toBe(whole);
        },
      ),
    );
  });
});
