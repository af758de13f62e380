import { describe, expect, it } from 'vitest';
import {
  mayHaveFurther,
  readPressures,
  representing,
  withFurther,
  withFurtherChanged,
} from '../../../../../renderer/features/observations/pressure-readings.ts';
import {
  EMPTY_SET,
  enteredOf,
  news2Of,
  withText,
  type SetState,
} from '../../../../../renderer/features/observations/set-state.ts';

const adult = { ageMonths: 600, ageYears: 50 };
const NOTHING = { pregnancy: null, spo2Scale: null, sex: 'not-recorded' } as const;

function taken(...texts: readonly string[]): SetState {
  const [first = '', ...others] = texts;
  return others.reduce<SetState>(
    (state, text, index) => withFurtherChanged(withFurther(state), index + 1, { text }),
    withText(EMPTY_SET, 'bloodPressure', first),
  );
}

const series = (state: SetState) =>
  enteredOf(['bloodPressure'], state, adult).entered.map((one) =>
    one.key === 'bloodPressure' ? one.series : null,
  );

describe('several pressures in one set', () => {
  it('one alone is no series', () => {
    expect(series(taken('128/76'))).toEqual([undefined]);
  });

  it('each has its number, exactly one stands for them; a blank box counts for nothing', () => {
    expect(series(taken('160/95', '', '152/90', '148/88'))).toEqual([
      { number: 1, of: 3, represents: false },
      { number: 2, of: 3, represents: false },
      { number: 3, of: 3, represents: true },
    ]);
  });

  it('a person’s choice stands until its box is emptied', () => {
    const chosen = { ...taken('160/95', '152/90'), represents: 0 };
    expect(representing(chosen, readPressures(chosen, adult))?.text).toBe('160/95');
    const emptied = withText(chosen, 'bloodPressure', '');
    expect(representing(emptied, readPressures(emptied, adult))?.text).toBe('152/90');
  });

  it('what is refused or unusual keeps the set open by its own box', () => {
    const set = enteredOf(['bloodPressure'], taken('128/76', '400/80', '215/118'), adult);
    expect(set.open.map(({ key, unusual }) => [key, unusual])).toEqual([
      ['bloodPressure-2', false],
      ['bloodPressure-3', true],
    ]);
  });

  it('the one that stands for the set is scored', () => {
    const { result } = news2Of(taken('128/76', '84/50'), adult, {
      by: 'Nurse',
      on: '2026-11-22',
      standing: NOTHING,
    });
    expect(result).toMatchObject({ kind: 'incomplete', atLeast: 3 });
  });

  it('goes on in the position of the last, and ends', () => {
    const standing = withFurtherChanged(withFurther(taken('128/76')), 1, { state: 'standing' });
    expect(withFurther(standing).further?.[1]?.state).toBe('standing');
    const full = taken('1', '2', '3', '4', '5', '6');
    expect(mayHaveFurther(full)).toBe(false);
    expect(withFurther(full)).toBe(full);
  });
});
